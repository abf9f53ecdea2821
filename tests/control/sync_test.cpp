// What keeps every remote's view true: repeats, numbers, hashes; and hands that do not fight.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/osc_value.h"
#include "control/repeats.h"
#include "src/base/clock.h"
#include "tests/control/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <utility>

namespace mixrig::control::test {
namespace sync_test {

void set(RouterRig& rig, const std::string& address, float value, Origin by = kDeskItself) {
    CHECK(rig.desk.set(rig.slot(address), {value}, by));
}

// As a client would work it out, from the messages it was sent.
std::uint32_t hash_of(const std::vector<OscMessage>& messages) {
    std::uint32_t sum = 0;
    for (const OscMessage& message : messages) {
        std::string bytes = message.address + '\0' + message.args.at(0).type;
        const OscArg& arg = message.args[0];
        if (arg.is_text()) {
            bytes += arg.as_text();
        } else {
            const auto bits =
                arg.is_real() ? std::bit_cast<std::uint32_t>(static_cast<float>(arg.as_number()))
                              : static_cast<std::uint32_t>(arg.as_number());
            for (const unsigned shift : {24u, 16u, 8u, 0u})
                bytes += static_cast<char>(bits >> shift & 255u);
        }
        std::uint32_t hash = 2166136261u;
        for (const char c : bytes) hash = (hash ^ static_cast<std::uint8_t>(c)) * 16777619u;
        sum += hash;
    }
    return sum;
}

TEST_CASE(
    "sync: what goes by UDP to another machine is told again, as it is then, and then no more") {
    RouterRig rig;
    rig.is_far[1] = true;
    rig.receive(1, {"/subscribe", {s("/ch/1/fader"), i(60)}});
    rig.turn();
    rig.take(1);
    set(rig, "/ch/1/fader", -6.0f);
    for (int n = 0; n < 100; ++n) rig.turn();
    CHECK(rig.take(1).size() == 3);  // at once, after 35 and after 80 ms
    set(rig, "/ch/1/fader", -7.0f);
    for (int n = 0; n < 2000; ++n) rig.turn();
    const auto rest = rig.take(1);
    REQUIRE(rest.size() == 1 + Repeats::kAfter.size());
    for (const OscMessage& one : rest) CHECK(one == OscMessage{"/ch/1/fader", {f(-7.0f)}});
}

TEST_CASE("sync: who can lose nothing is told once") {
    RouterRig rig;
    rig.receive(1, {"/subscribe", {s("/ch/1/fader"), i(60)}});
    rig.turn();
    rig.take(1);
    set(rig, "/ch/1/fader", -6.0f);
    for (int n = 0; n < 2000; ++n) rig.turn();
    CHECK(rig.take(1).size() == 1);
}

TEST_CASE("sync: a hand that moves all the time is not repeated behind its back") {
    RouterRig rig;
    rig.is_far[1] = true;
    rig.receive(1, {"/subscribe", {s("/ch/1/fader"), i(60)}});
    rig.turn();
    rig.take(1);
    for (int n = 0; n < 1000; ++n) {
        set(rig, "/ch/1/fader", -0.01f * static_cast<float>(n + 1));
        rig.turn();
    }
    CHECK(rig.take(1).size() == 1000);
}

TEST_CASE("sync: who wants dates finds one before all values, a repeat's is that of the change") {
    RouterRig rig;
    rig.is_far[1] = true;
    rig.receive(1, {"/sync", {i(2)}});
    rig.receive(1, {"/subscribe", {s("/ch/1/fader"), i(60)}});
    rig.turn();
    std::vector<double> dates;
    std::vector<std::string> dated;
    double told = -1.0;
    const auto take = [&] {
        for (const Packet& packet : std::exchange(rig.sent[1], {})) {
            const std::vector<OscMessage> all = messages_of(packet);
            if (all.front().address != "/turn") continue;
            const double date = all.front().args[0].as_number();
            if (date != told) dates.push_back(date);
            dated.push_back(all.back().address);
        }
    };
    set(rig, "/ch/1/fader", -1.0f);
    rig.turn();
    take();
    told = dates.back();
    rig.receive(1, OscMessage{"/ch/1/fader"});  // between two turns
    take();
    CHECK(dates.back() == told + 1.0);
    for (int n = 0; n < 1000; ++n) rig.turn();
    take();
    // The value of the beginning, the change, the answer behind it, repeats; and sums.
    CHECK(std::is_sorted(dates.begin(), dates.end()));
    CHECK(std::count(dated.begin(), dated.end(), "/ch/1/fader") ==
          3 + static_cast<std::ptrdiff_t>(Repeats::kAfter.size()));
    CHECK(std::count(dated.begin(), dated.end(), "/hash") > 1);
    rig.receive(1, {"/sync", {i(1)}});
    dated.clear();
    set(rig, "/ch/1/fader", -2.0f);
    rig.turn();
    take();
    CHECK(dated.empty());
}

TEST_CASE("sync: what a peer has set since is not told to it again, nor as if it were new") {
    RouterRig rig;
    rig.is_far[1] = true;
    rig.receive(1, {"/sync", {i(2)}});
    rig.receive(1, {"/subscribe", {s("/ch/*/fader"), i(60)}});
    rig.turn();
    rig.take(1);
    // By address, each with the date that stands before it.
    std::map<std::string, std::vector<std::pair<double, OscArg>>> told;
    const auto run = [&](int turns) {
        for (int n = 0; n < turns; ++n) rig.turn();
        double date = -1.0;
        for (const OscMessage& one : rig.take(1)) {
            if (one.address == "/turn")
                date = one.args[0].as_number();
            else if (one.address.ends_with("/fader"))
                told[one.address].emplace_back(date, one.args[0]);
        }
    };
    for (const char* fader : {"/ch/1/fader", "/ch/2/fader", "/ch/3/fader"}) {
        set(rig, fader, -30.0f);
        run(25);
    }
    run(25);
    told.clear();
    rig.receive(1, {"/ch/1/fader", {f(-31.0f)}});
    run(1000);
    CHECK(!told.contains("/ch/1/fader"));
    for (const char* other : {"/ch/2/fader", "/ch/3/fader"}) {
        REQUIRE(told[other].size() >= 4);
        for (const auto& one : told[other]) CHECK(one == told[other][0]);
    }
    CHECK(told["/ch/2/fader"][0].first < told["/ch/3/fader"][0].first);
    // One who is beyond a range is told the end of it, and that again.
    told.clear();
    rig.receive(1, {"/ch/1/fader", {f(50.0f)}});
    run(1000);
    CHECK(told["/ch/1/fader"].size() == 1 + Repeats::kAfter.size());
}

TEST_CASE("sync: who switches it on finds numbers without gaps, and the hash of what he has") {
    RouterRig rig;
    rig.is_tcp[1] = true;
    rig.receive(1, {"/sync", {i(1)}});
    rig.receive(1, {"/subscribe", {s("/ch/1//*"), i(60)}});
    rig.turn();
    std::map<std::string, OscMessage> view;
    std::vector<std::int32_t> numbers;
    std::vector<OscMessage> hashes;
    const auto take = [&] {
        for (const OscMessage& one : rig.take(1)) {
            if (one.address == "/seq")
                numbers.push_back(static_cast<std::int32_t>(one.args[0].as_number()));
            else if (one.address == "/hash")
                hashes.push_back(one);
            else if (one.address != "/synced")
                view[one.address] = one;
        }
    };
    const auto hash = [&] {
        std::vector<OscMessage> all;
        for (const auto& [address, message] : view) all.push_back(message);
        return static_cast<std::int32_t>(hash_of(all));
    };
    take();
    rig.turn(600 * kMs);
    take();
    REQUIRE(!hashes.empty());
    CHECK(hashes.back().args.at(0) == s("/ch/1//*"));
    CHECK(hashes.back().args.at(1) == i(static_cast<std::int32_t>(view.size())));
    CHECK(hashes.back().args.at(2) == i(hash()));
    for (int n = 0; n < 20; ++n) {
        set(rig, "/ch/1/fader", -static_cast<float>(n + 1));
        set(rig, "/ch/1/mute", static_cast<float>(n % 2));
        CHECK(rig.desk.set_text(rig.slot("/ch/1/name"), "N" + std::to_string(n), kDeskItself));
        rig.turn();
    }
    take();
    hashes.clear();
    rig.turn(600 * kMs);
    take();
    REQUIRE(numbers.size() == 20);
    for (std::size_t n = 0; n < numbers.size(); ++n)
        CHECK(numbers[n] == static_cast<std::int32_t>(n + 1));
    REQUIRE(hashes.size() == 1);
    CHECK(hashes.back().args.at(2) == i(hash()));
    // One that was lost shows.
    view["/ch/1/fader"].args = {f(-1.0f)};
    CHECK(hashes.back().args.at(2) != i(hash()));
    rig.receive(1, {"/hash", {s("/ch/1/fader")}});
    const auto answer = rig.take(1, "/hash");
    REQUIRE(answer.size() == 1);
    CHECK(answer[0].args.at(2) ==
          i(static_cast<std::int32_t>(hash_of({{"/ch/1/fader", {f(-20.0f)}}}))));
    rig.receive(1, {"/sync", {i(0)}});
    rig.turn(600 * kMs);
    CHECK(rig.take(1).empty());
}

TEST_CASE("hands: who came first has it, and the other is told how it stands") {
    RouterRig rig;
    rig.is_tcp[2] = true;
    rig.receive(2, {"/subscribe", {s("/ch/1/fader"), i(60)}});
    rig.turn();
    rig.receive(1, {"/touch", {s("/ch/1/fader"), i(1)}});
    rig.receive(1, {"/ch/1/fader", {f(-6.0f)}});
    rig.turn();
    rig.take(2);
    rig.receive(2, {"/ch/1/fader", {f(-40.0f)}});
    rig.receive(2, {"/touch", {s("/ch/1/fader"), i(1)}});
    rig.turn();
    CHECK(rig.number("/ch/1/fader") == -6.0f);
    CHECK(rig.take(2) == std::vector<OscMessage>{
                             {"/error", {s("/ch/1/fader"), s("another hand holds it")}},
                             {"/error", {s("/touch"), s("/ch/1/fader: another hand holds it")}},
                             {"/ch/1/fader", {f(-6.0f)}}});
    // Nobody lets go for somebody else, of the lane that it writes neither.
    rig.receive(2, {"/touch", {s("/ch/1/fader"), i(0)}});
    CHECK(rig.take(2, "/error").size() == 1);
    set(rig, "/ch/1/fader", -9.0f);  // a scene
    rig.receive(1, {"/touch", {s("/ch/1/fader"), i(0)}});
    rig.receive(2, {"/ch/1/fader", {f(-40.0f)}});
    CHECK(rig.number("/ch/1/fader") == -40.0f);
}

TEST_CASE("hands: what one wants before it has heard of a scene is dropped, and it is told") {
    RouterRig rig;
    const auto wants = [&](Origin from, float value) {
        rig.receive(from, {"/ch/1/fader", {f(value)}});
        return rig.number("/ch/1/fader");
    };
    for (const Origin peer : {Origin{1}, Origin{2}}) {
        rig.is_tcp[peer] = true;
        if (peer == 2) rig.receive(peer, {"/sync", {i(1)}});
        rig.receive(peer, {"/subscribe", {s("/ch/1/fader"), i(60)}});
        rig.receive(peer, {"/touch", {s("/ch/1/fader"), i(1)}});
        CHECK(wants(peer, -6.0f) == -6.0f);
        set(rig, "/ch/1/fader", -20.0f);  // a scene
        rig.turn();
        rig.take(peer);
        CHECK(wants(peer, -6.1f) == -20.0f);
        rig.receive(peer, {"/touch", {s("/ch/1/fader"), i(1)}});  // says no more than before
        CHECK(wants(peer, -6.2f) == -20.0f);
        rig.turn();
        // Who compares has asked by the time it comes.
        CHECK(rig.take(peer, "/ch/1/fader").size() == (peer == 1 ? 1u : 0u));
        rig.receive(peer, OscMessage{"/ch/1/fader", {}});
        CHECK(rig.take(peer, "/ch/1/fader").back() == OscMessage{"/ch/1/fader", {f(-20.0f)}});
        CHECK(wants(peer, -20.1f) == -20.1f);
        set(rig, "/ch/1/fader", -30.0f);
        CHECK(wants(peer, -20.2f) == -30.0f);
        rig.receive(peer, {"/touch", {s("/ch/1/fader"), i(0)}});
        rig.receive(peer, {"/touch", {s("/ch/1/fader"), i(1)}});
        CHECK(wants(peer, -6.0f) == -6.0f);
        rig.receive(peer, {"/touch", {s("/ch/1/fader"), i(0)}});
        CHECK(rig.take(peer, "/error").empty());
    }
}

TEST_CASE(
    "hands: a fade is overtaken, and who holds nothing or does not listen by OSC waits never") {
    RouterRig rig;
    const param::Slot fader = rig.slot("/ch/1/fader");
    rig.receive(1, {"/touch", {s("/ch/1/fader"), i(1)}});
    CHECK(rig.desk.glide(fader, {-7.0f}));
    rig.receive(1, {"/ch/1/fader", {f(-6.0f)}});
    CHECK(rig.number("/ch/1/fader") == -6.0f);
    set(rig, "/ch/1/fader", -6.0f);  // a scene that has it where it is
    rig.receive(1, {"/ch/1/fader", {f(-6.5f)}});
    CHECK(rig.number("/ch/1/fader") == -6.5f);
    set(rig, "/ch/2/fader", -20.0f);
    rig.receive(1, {"/ch/2/fader", {f(-5.0f)}});
    CHECK(rig.number("/ch/2/fader") == -5.0f);
    const Origin surface = rig.desk.admit(kEngineer);  // MIDI: its motors have gone there already
    CHECK(rig.desk.hold(rig.slot("/ch/2/fader"), surface));
    set(rig, "/ch/2/fader", -20.0f);
    set(rig, "/ch/2/fader", -5.0f, surface);
    CHECK(rig.number("/ch/2/fader") == -5.0f);
}

TEST_CASE("hands: one that never says what it has heard is believed again after 300 ms") {
    Holds holds;
    CHECK(holds.hold(7, 1, 0));
    CHECK_FALSE(holds.is_unaware(7, 1, 0));
    holds.overrule(7, 1, 0);  // its own change
    CHECK_FALSE(holds.is_unaware(7, 1, 0));
    holds.overrule(7, kDeskItself, 0);
    CHECK(holds.is_unaware(7, 1, Holds::kUnaware - 1));
    CHECK_FALSE(holds.is_unaware(7, 2, 0));
    CHECK_FALSE(holds.is_unaware(7, 1, Holds::kUnaware));
}

TEST_CASE("hands: a peer that is gone holds nothing, and nobody holds a whole desk") {
    RouterRig rig;
    rig.receive(1, {"/touch", {s("/ch/1/fader"), i(1)}});
    rig.router.forget(1);
    rig.receive(2, {"/ch/1/fader", {f(-40.0f)}});
    CHECK(rig.number("/ch/1/fader") == -40.0f);
    rig.receive(3, {"/touch", {s("//*"), i(1)}});
    std::size_t refused = 0;
    for (param::Slot slot = 0; slot < rig.layout.size(); ++slot)
        refused += rig.desk.hold(slot, 2) ? 0u : 1u, (void)rig.desk.let_go(slot, 2);
    CHECK(refused == Holds::kMostEach);
}

TEST_CASE("hands: one that does not move loses its hold after ten seconds") {
    Holds holds;
    CHECK(holds.hold(7, 1, 0));
    CHECK(holds.is_taken(7, 2, Holds::kLease - 1));
    CHECK_FALSE(holds.is_taken(7, 1, Holds::kLease - 1));  // moves it
    CHECK(holds.is_taken(7, 2, Holds::kLease + 1));
    CHECK(holds.end(2 * Holds::kLease - 2).empty());
    CHECK_FALSE(holds.is_taken(7, 2, 2 * Holds::kLease));
    CHECK(holds.end(2 * Holds::kLease) == std::vector<param::Slot>{7});
    CHECK(holds.empty());
}

TEST_CASE("hands: whatever ends a hold is told, and only what was held") {
    const param::Layout layout(param::DeskShape::of(4, 2, 2, 1, 1));
    std::vector<std::pair<param::Slot, bool>> told;
    Desk desk(layout, {.held = [&](param::Slot slot, bool on) { told.emplace_back(slot, on); }});
    const Origin one = desk.admit(kEngineer), two = desk.admit(kEngineer);
    const auto taken = [&] { return std::exchange(told, {}); };
    using Told = std::vector<std::pair<param::Slot, bool>>;
    CHECK(desk.hold(3, one));
    CHECK(desk.hold(5, one));
    CHECK_FALSE(desk.hold(3, two));
    CHECK(taken() == Told{{3, true}, {5, true}});
    CHECK_FALSE(desk.let_go(3, two));
    CHECK(desk.let_go(3, one));
    CHECK(desk.let_go(3, one));  // has let go already
    CHECK(taken() == Told{{3, false}});
    desk.let_go(one);  // is gone
    CHECK(taken() == Told{{5, false}});
    CHECK(desk.hold(7, two));
    const std::int64_t now = base::monotonic_ns();
    desk.end_holds(now);
    CHECK(taken() == Told{{7, true}});
    desk.end_holds(now + Holds::kLease);  // is silent
    CHECK(taken() == Told{{7, false}});
}

}  // namespace sync_test
}  // namespace mixrig::control::test
