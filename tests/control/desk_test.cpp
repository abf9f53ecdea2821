// The desk's mirror.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/desk.h"

#include "tests/control/support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

using namespace mixrig;
using namespace mixrig::control;
using namespace mixrig::control::test;

namespace desk_test {

struct DeskRig {
    Seen seen;
    param::Layout layout{param::DeskShape::of(2, 1, 1, 1, 1)};
    Desk desk{layout, desk_hooks(seen)};
    std::vector<Change> told;

    DeskRig() {
        desk.observe([this](const Change& change) { told.push_back(change); });
    }
    param::Slot slot(const char* address) const { return *layout.find(address); }
};

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST_CASE("desk: an accepted value is stored, handed on and told") {
    DeskRig rig;
    const auto slot = rig.slot("/ch/1/fader");
    const auto done = rig.desk.set(slot, {-6.0f}, 7);
    REQUIRE(done);
    CHECK(done->number == -6.0f);
    CHECK(rig.desk.get(slot).number == -6.0f);
    REQUIRE(rig.seen.changes.size() == 1);
    CHECK(rig.seen.changes[0].second.number == -6.0f);
    REQUIRE(rig.told.size() == 1);
    CHECK(rig.told[0].origin == 7);
    CHECK(rig.told[0].before.number == 0.0f);
    CHECK_FALSE(rig.told[0].adjusted);
}

TEST_CASE("desk: every row clamps to its range and says that it did") {
    DeskRig rig;
    for (param::Slot slot = 0; slot < rig.layout.size(); ++slot) {
        CAPTURE(rig.layout.address(slot));
        const param::Row& row = rig.layout.row(slot);
        if (row.type == param::Type::text || row.keep == param::Keep::told) continue;
        rig.told.clear();
        CHECK(rig.desk.set(slot, {1e30f}, 1)->number == rig.layout.high(slot));
        CHECK(rig.desk.set(slot, {-1e30f}, 1)->number == rig.layout.row(slot).low);
        REQUIRE(rig.told.size() == 2);
        CHECK(rig.told[0].adjusted);
        CHECK(rig.told[1].adjusted);
    }
}

TEST_CASE("desk: what is not finite is refused by every row and changes nothing") {
    DeskRig rig;
    for (param::Slot slot = 0; slot < rig.layout.size(); ++slot) {
        if (rig.layout.row(slot).type == param::Type::text) continue;
        for (const float bad : {kNan, -kNan, kInfinity, -kInfinity})
            CHECK_FALSE(rig.desk.set(slot, {bad}, 1));
        CHECK(rig.desk.get(slot) == rig.layout.initial(slot));
    }
    CHECK(rig.seen.changes.empty());
    CHECK(rig.told.empty());
}

TEST_CASE("desk: what it tells, nobody else sets") {
    DeskRig rig;
    const param::Slot seconds = rig.slot("/record/seconds");
    const auto refused = rig.desk.set(seconds, {3.0f}, 1);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().what.find("told by the desk") != std::string::npos);
    CHECK(rig.desk.get(seconds).number == 0.0f);
    CHECK(rig.told.empty());
    CHECK(rig.desk.set(seconds, {3.0f}, control::kDeskItself));
    CHECK(rig.desk.get(seconds).number == 3.0f);
    CHECK(rig.told.size() == 1);
}

TEST_CASE("desk: a check that refuses leaves everything as it was") {
    DeskRig rig;
    rig.seen.check = [](param::Slot, const param::Value&) -> base::Status {
        return base::Error{"would loop"};
    };
    const auto done = rig.desk.set(rig.slot("/ch/1/to"), {2.0f}, 1);
    REQUIRE_FALSE(done);
    CHECK(done.error().what == "would loop");
    CHECK(rig.desk.get(rig.slot("/ch/1/to")).number == 1.0f);
    CHECK(rig.seen.changes.empty());
}

TEST_CASE("desk: text is taken with its unit") {
    DeskRig rig;
    const auto set = [&](const char* address, const char* text) {
        const auto done = rig.desk.set_text(rig.slot(address), text, 1);
        REQUIRE(done);
        return rig.desk.get(rig.slot(address)).number;
    };
    CHECK(set("/ch/1/fader", "-6 dB") == -6.0f);
    CHECK(set("/ch/1/fader", "-inf dB") == param::kSilence);
    CHECK(set("/ch/1/hpf/freq", "1.2 kHz") == 1200.0f);
    CHECK(set("/ch/1/mute", "on") == 1.0f);
    CHECK(set("/ch/1/eq/2/type", "notch") == 3.0f);
    CHECK(set("/ch/1/to", "sub/1") == 2.0f);
    CHECK_FALSE(rig.desk.set_text(rig.slot("/ch/1/fader"), "loud", 1));
    CHECK_FALSE(rig.desk.set_text(rig.slot("/ch/1/fader"), "nan", 1));
}

TEST_CASE("desk: a name is cleaned and cut to 64 bytes between characters, and that is told") {
    DeskRig rig;
    const auto slot = rig.slot("/ch/1/name");
    const auto named = [&](std::string text) {
        rig.told.clear();
        REQUIRE(rig.desk.set(slot, {0.0f, std::move(text)}, 1));
        return rig.desk.get(slot).text;
    };
    CHECK(named("Kick") == "Kick");
    CHECK_FALSE(rig.told.at(0).adjusted);
    CHECK(named("Gro\xC3\x9F"
                "e Trommel") ==
          "Gro\xC3\x9F"
          "e Trommel");
    CHECK(named("a\xFF"
                "b\n\x1B[31mc\x7F") == "ab[31mc");
    CHECK(rig.told.at(0).adjusted);
    CHECK(named("x\xC0\xAF\xED\xA0\x80\xF4\x90\x80\x80\xE2\x82y") ==
          "xy");  // overlong, surrogate, ...
    std::string emoji;
    for (int n = 0; n < 20; ++n) emoji += "\xF0\x9F\xA5\x81";
    CHECK(named("a" + emoji).size() == 1 + 15 * 4);
}

TEST_CASE("desk: observers are told of what differs, the engine of everything") {
    DeskRig rig;
    const auto slot = rig.slot("/ch/1/fader");
    CHECK(rig.desk.set(slot, {-6.0f}, 1));
    CHECK(rig.desk.set(slot, {-6.0f}, 2));
    CHECK(rig.seen.changes.size() == 2);
    CHECK(rig.told.size() == 1);
    // But who was clamped is told each time.
    CHECK(rig.desk.set(slot, {99.0f}, 2));
    CHECK(rig.desk.set(slot, {99.0f}, 2));
    CHECK(rig.told.size() == 3);
}

TEST_CASE("desk: a batch is flushed once, at the outermost end") {
    DeskRig rig;
    {
        const OpenBatch outer(rig.desk);
        CHECK(rig.desk.set(rig.slot("/ch/1/fader"), {-6.0f}, 1));
        {
            const OpenBatch inner(rig.desk);
            CHECK(rig.desk.set(rig.slot("/ch/2/fader"), {-6.0f}, 1));
        }
        rig.desk.flush();
        CHECK(rig.seen.batches.empty());
    }
    REQUIRE(rig.seen.batches.size() == 1);
    CHECK(rig.seen.batches[0].number == 1);
    CHECK(rig.seen.batches[0].changes == 2);
    rig.desk.flush();  // nothing waits
    CHECK(rig.seen.batches.size() == 1);
    CHECK(rig.desk.set(rig.slot("/ch/1/fader"), {-7.0f}, 1));
    rig.desk.flush();
    CHECK(rig.seen.batches.size() == 2);
    CHECK(rig.seen.batches[1].number == 2);
}

TEST_CASE("desk: a flush that throws ends a batch all the same") {
    DeskRig rig;
    rig.seen.on_flush = [](const Batch&) { throw std::runtime_error("full"); };
    {
        const OpenBatch batch(rig.desk);
        CHECK(rig.desk.set(rig.slot("/ch/1/fader"), {-6.0f}, 1));
    }
    rig.seen.on_flush = nullptr;
    CHECK(rig.desk.set(rig.slot("/ch/1/fader"), {-7.0f}, 1));
    rig.desk.flush();
    CHECK(rig.seen.batches.size() == 2);
}

}  // namespace desk_test
