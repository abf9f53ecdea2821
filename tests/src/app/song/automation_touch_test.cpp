// Fingers on lanes: how long they are felt, and by whom they are lifted.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/song/automation.h"
#include "src/base/clock.h"
#include "tests/support/scratch_folder.h"

#include <doctest/doctest.h>

#include <array>
#include <string>

namespace mixrig::app {
namespace automation_touch_test {

using control::Origin;
using control::OscArg;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMargin = kSecond / 2;  // of this machine, between two lines of a test

// Rolls, with nothing to play; channel 1 is written while a hand is on it.
class Rig {
public:
    Rig() {
        set("/ch/1/automation/mode", "touch");
        transport.use(dsp::Hertz{48000.0});
        automation.use(dsp::Hertz{48000.0});
        transport.play();
        transport.turn(0);
        REQUIRE(transport.roll());
        position = transport.roll()->from + 4800;
        turn(0);
    }

    param::Slot slot(std::string_view address) const { return *layout.find(address); }
    void set(std::string_view address, std::string_view text, Origin hand = control::kDeskItself) {
        REQUIRE(desk.set_text(slot(address), text, hand));
    }
    void touch(Origin hand, const char* pattern, bool on) {
        REQUIRE(automation.act({hand, "/automation/touch",
                                std::array{OscArg::text(pattern), OscArg::integer(on ? 1 : 0)}}));
    }
    // So long after now.
    void turn(std::int64_t later) { automation.turn(base::monotonic_ns() + later); }
    bool is_written(std::string_view address) const { return automation.is_ridden(slot(address)); }

    tests::ScratchFolder folder;
    param::Layout layout{param::DeskShape::of(2, 1, 1, 1, 1)};
    monitor::Log log{{.target = monitor::LogTarget::nowhere}};
    std::uint64_t position = 0;  // frame of the engine
    control::Desk desk{layout,
                       {.held = [this](param::Slot held, bool on) { automation.hold(held, on); },
                        .gone = [this](Origin hand) { automation.let_go(hand); }}};
    Soundcheck soundcheck{folder / "takes", desk, log};
    Transport transport{
        desk,
        soundcheck,
        {.position = [this] { return position; }, .earliest = [this] { return position + 640; }}};
    Automation automation{layout,
                          desk,
                          log,
                          transport,
                          folder / "automation",
                          {.position = [this] { return position; },
                           .record = [](const std::string&, const Undo::Deed&) {},
                           .answer = [](Origin, std::string_view, const auto&) {},
                           .wake = [] {}}};
    const Origin anna = desk.admit(control::kEngineer), ben = desk.admit(control::kEngineer);
};

TEST_CASE("automation: a finger is felt for ten seconds unless it says so again") {
    Rig rig;
    rig.touch(rig.anna, "/ch/1/{fader,pan}", true);
    CHECK(rig.is_written("/ch/1/fader"));
    rig.turn(Fingers::kLease - kMargin);
    CHECK(rig.is_written("/ch/1/fader"));  // though it has not moved for long
    rig.turn(Fingers::kLease + kMargin);
    CHECK_FALSE(rig.is_written("/ch/1/fader"));
    CHECK_FALSE(rig.is_written("/ch/1/pan"));

    // Whoever has vanished holds nothing that comes later either.
    rig.set("/ch/1/fader", "-3 dB", rig.ben);
    CHECK(rig.is_written("/ch/1/fader"));
    rig.turn(kSecond);
    CHECK_FALSE(rig.is_written("/ch/1/fader"));
}

TEST_CASE("automation: saying so again and moving keep a finger where it is") {
    Fingers fingers;
    const param::Slot fader = 3, pan = 4, mute = 5;
    for (const param::Slot slot : {fader, pan, mute}) fingers.rest(slot, 1, 0);
    fingers.rest(fader, 1, 6 * kSecond);
    fingers.moved(pan, 1, 7 * kSecond);
    fingers.moved(mute, 2, 7 * kSecond);  // somebody else
    CHECK(fingers.end(Fingers::kLease - 1).empty());
    CHECK(fingers.end(Fingers::kLease) == std::vector<param::Slot>{mute});
    CHECK(fingers.end(16 * kSecond) == std::vector<param::Slot>{fader});
    CHECK(fingers.rests_on(pan));
    CHECK(fingers.end(17 * kSecond) == std::vector<param::Slot>{pan});
    fingers.moved(pan, 1, 17 * kSecond);  // was not heard of in time
    CHECK_FALSE(fingers.rests_on(pan));
}

TEST_CASE("automation: fingers of a peer that is gone are lifted at once, others stay") {
    Rig rig;
    rig.touch(rig.anna, "/ch/1/fader", true);
    rig.touch(rig.ben, "/ch/1/pan", true);
    rig.desk.let_go(rig.anna);
    rig.turn(kSecond);
    CHECK_FALSE(rig.is_written("/ch/1/fader"));
    CHECK(rig.is_written("/ch/1/pan"));
    rig.touch(rig.anna, "/ch/1/pan", false);  // by anybody
    rig.turn(kSecond);
    CHECK_FALSE(rig.is_written("/ch/1/pan"));
}

TEST_CASE("automation: one finger is not lifted by another's end") {
    Rig rig;
    REQUIRE(rig.desk.hold(rig.slot("/ch/1/fader"), rig.anna));
    rig.touch(rig.ben, "/ch/1/fader", true);
    rig.touch(rig.ben, "/ch/1/fader", false);
    rig.turn(kSecond);
    CHECK(rig.is_written("/ch/1/fader"));
    rig.touch(rig.ben, "/ch/1/fader", true);
    REQUIRE(rig.desk.let_go(rig.slot("/ch/1/fader"), rig.anna));
    rig.turn(kSecond);
    CHECK(rig.is_written("/ch/1/fader"));
    rig.turn(Fingers::kLease + kMargin);
    CHECK_FALSE(rig.is_written("/ch/1/fader"));
}

TEST_CASE("automation: the stop lifts all fingers") {
    Rig rig;
    rig.touch(rig.anna, "/ch/1/fader", true);
    rig.transport.stop();
    rig.position += 48000;
    rig.transport.turn(0);
    rig.turn(0);
    CHECK_FALSE(rig.is_written("/ch/1/fader"));
    rig.transport.play();
    rig.transport.turn(0);
    rig.position = rig.transport.roll()->from + 4800;
    rig.turn(0);
    rig.set("/ch/1/fader", "-3 dB", rig.anna);
    CHECK(rig.is_written("/ch/1/fader"));
    rig.turn(kSecond);
    CHECK_FALSE(rig.is_written("/ch/1/fader"));
}

}  // namespace automation_touch_test
}  // namespace mixrig::app
