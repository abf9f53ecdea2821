// Undo: what is one step, and the way back and forth.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/undo.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

using namespace mixrig;
using namespace mixrig::app;

namespace undo_test {

constexpr std::int64_t kMs = 1'000'000;

// Values, and an undo that sees every change of them.
struct Stage {
    param::Layout layout{param::DeskShape::of(4, 2, 2, 1, 1)};
    param::Values values{layout};
    Undo undo{layout};
    std::int64_t now = 0;
    std::uint64_t batch = 1;
    bool in_batch = false;

    param::Slot slot(const std::string& address) const { return *layout.find(address); }
    void set(const std::string& address, param::Value value, control::Origin origin = 1) {
        const param::Slot at = slot(address);
        undo.note({at, values.get(at), value}, origin, {batch, in_batch}, now);
        values.set(at, value);
        if (!in_batch) ++batch;
    }
    void bundle(const std::vector<std::string>& addresses, float value) {
        in_batch = true;
        for (const std::string& address : addresses) set(address, {value});
        in_batch = false;
        ++batch;
    }
    std::string back() {
        const auto way = undo.back();
        if (!way) return {};
        session::apply(way->settings, values);
        undo.went_back();
        return way->text;
    }
    std::string forth() {
        const auto way = undo.forth();
        if (!way) return {};
        session::apply(way->settings, values);
        undo.went_forth();
        return way->text;
    }
    float number(const std::string& address) const { return values.number(slot(address)); }
};

TEST_CASE("undo: a value goes back and forth, and the text says which") {
    Stage stage;
    stage.set("/ch/1/fader", {-6.0f});
    CHECK(stage.back() == "/ch/1/fader from -6 dB to 0 dB");
    CHECK(stage.number("/ch/1/fader") == 0.0f);
    CHECK(stage.back().empty());
    CHECK(stage.forth() == "/ch/1/fader from 0 dB to -6 dB");
    CHECK(stage.number("/ch/1/fader") == -6.0f);
    CHECK(stage.forth().empty());
}

TEST_CASE("undo: names and routes go back as well") {
    Stage stage;
    stage.set("/ch/1/name", {0.0f, "Kick"});
    stage.now += 1000 * kMs;
    stage.set("/ch/1/name", {0.0f, "Snare"});
    stage.set("/ch/1/to", {2.0f});
    CHECK(stage.back() == "/ch/1/to from sub/1 to main");
    stage.back();
    CHECK(stage.values.text(stage.slot("/ch/1/name")) == "Kick");
    stage.back();
    CHECK(stage.values.text(stage.slot("/ch/1/name")).empty());
}

TEST_CASE("undo: moves of one control within half a second are one step") {
    Stage stage;
    for (int i = 1; i <= 20; ++i, stage.now += 400 * kMs)
        stage.set("/ch/1/fader", {static_cast<float>(-i)});
    stage.now += 200 * kMs;  // 600 ms behind the last
    stage.set("/ch/1/fader", {5.0f});
    stage.now += 100 * kMs;
    stage.set("/ch/1/fader", {6.0f}, 2);  // somebody else
    CHECK(stage.back() == "/ch/1/fader from 6 dB to 5 dB");
    CHECK(stage.back() == "/ch/1/fader from 5 dB to -20 dB");
    CHECK(stage.back() == "/ch/1/fader from -20 dB to 0 dB");
    CHECK(stage.undo.steps() == 0);
}

TEST_CASE("undo: two faders moved at the same time are two steps") {
    Stage stage;
    for (int i = 1; i <= 50; ++i, stage.now += 10 * kMs) {
        stage.set("/ch/1/fader", {static_cast<float>(-i)});
        stage.set("/ch/2/fader", {static_cast<float>(-i)});
    }
    CHECK(stage.back() == "/ch/2/fader from -50 dB to 0 dB");
    CHECK(stage.back() == "/ch/1/fader from -50 dB to 0 dB");
    CHECK(stage.back().empty());
}

TEST_CASE("undo: a bundle is one step, and so is a sweep of a pattern") {
    Stage stage;
    stage.bundle({"/ch/1/fader", "/ch/2/fader", "/ch/1/fader"}, -3.0f);
    CHECK(stage.back() == "/ch/1/fader from -3 dB to 0 dB, and 1 more");
    CHECK(stage.number("/ch/2/fader") == 0.0f);
    for (int i = 1; i <= 30; ++i, stage.now += 20 * kMs)
        stage.bundle({"/ch/1/trim", "/ch/2/trim", "/ch/3/trim"}, static_cast<float>(-i));
    CHECK(stage.back() == "/ch/1/trim from -30 dB to 0 dB, and 2 more");
    CHECK(stage.back().empty());
}

TEST_CASE("undo: what is recorded with a title is one step, whatever comes before and behind") {
    Stage stage;
    stage.set("/ch/1/fader", {-1.0f});
    stage.undo.record("recall of `a`",
                      {{stage.slot("/ch/1/fader"), {-1.0f}, {-9.0f}},
                       {stage.slot("/ch/1/name"), {}, {0.0f, "Kick"}}},
                      {stage.batch++, false});
    stage.values.set(stage.slot("/ch/1/fader"), {-9.0f});
    stage.set("/ch/1/fader", {-2.0f});
    CHECK(stage.back() == "/ch/1/fader from -2 dB to -9 dB");
    CHECK(stage.back() == "recall of `a` (2 values)");
    CHECK(stage.number("/ch/1/fader") == -1.0f);
    CHECK(stage.forth() == "recall of `a` (2 values)");
    CHECK(stage.number("/ch/1/fader") == -9.0f);
    CHECK(stage.values.text(stage.slot("/ch/1/name")) == "Kick");
}

TEST_CASE("undo: a change behind an undo gives up what could have been done again") {
    Stage stage;
    stage.set("/ch/1/fader", {-6.0f});
    stage.back();
    stage.set("/ch/2/fader", {-6.0f});
    CHECK(stage.forth().empty());
    CHECK(stage.back() == "/ch/2/fader from -6 dB to 0 dB");
    CHECK(stage.back().empty());
}

TEST_CASE("undo: what is linked goes back with what was moved") {
    Stage stage;
    for (int i = 1; i <= 10; ++i, stage.now += 50 * kMs) {
        const auto value = static_cast<float>(-i);
        stage.set("/ch/1/fader", {value});
        const param::Slot along = stage.slot("/ch/2/fader");
        stage.undo.note_along({along, stage.values.get(along), {value}});
        stage.values.set(along, {value});
    }
    CHECK(stage.back() == "/ch/1/fader from -10 dB to 0 dB, and 1 more");
    CHECK(stage.number("/ch/2/fader") == 0.0f);
    CHECK(stage.back().empty());
}

TEST_CASE("undo: ten thousand random changes go back to the start and forth to the end") {
    Stage stage;
    std::mt19937 random(3);
    const param::Values start = stage.values;
    const auto any = [&] {
        return stage.layout.address(static_cast<param::Slot>(random() % stage.layout.size()));
    };
    for (int i = 0; i < 10000; ++i, stage.now += static_cast<std::int64_t>(random() % 400) * kMs) {
        const std::string address = random() % 3 == 0 ? any() : "/ch/1/fader";
        if (random() % 50 == 0)
            stage.bundle({any(), any(), any()}, static_cast<float>(random() % 100));
        else
            stage.set(address, {static_cast<float>(random() % 100), std::to_string(i)},
                      random() % 2);
    }
    const param::Values end = stage.values;
    const auto same = [&](const param::Values& wanted) {
        for (param::Slot slot = 0; slot < stage.layout.size(); ++slot) {
            const bool is_text = stage.layout.row(slot).type == param::Type::text;
            if (is_text ? stage.values.text(slot) != wanted.text(slot)
                        : stage.values.number(slot) != wanted.number(slot))
                return false;
        }
        return true;
    };
    std::size_t steps = 0;
    while (!stage.back().empty()) ++steps;
    CHECK(same(start));
    while (!stage.forth().empty()) --steps;
    CHECK(steps == 0);
    CHECK(same(end));
}

}  // namespace undo_test
