// DCAs in DCAs, several mute groups, solo by DCA, safes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/engine/click_measure.h"
#include "tests/src/engine/rig.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

using namespace mixrig;
using param::DeskShape;
using param::Kind;
using test::Channels;
using test::dB;
using test::noises;
using test::Rig;
using test::rms;
using test::stereo_channels;

namespace groups_test {

using Settings = std::initializer_list<std::pair<const char*, const char*>>;

// Of channel 1 on the main bus, in dB.
double level(const Settings& settings) {
    Rig rig(stereo_channels(1));
    for (const auto& [address, text] : settings) rig.set(address, text);
    const Channels in = noises(2, 2400);
    return dB(rms(rig.render(in, 64)[0], 0) / rms(in[0], 0));
}

doctest::Approx approx(double dB) {
    return doctest::Approx(dB).epsilon(1e-4);
}

// The loudest moment of any output, by the loudest of the input, while settings change at once.
double heard(const Settings& before, const Settings& after) {
    Rig rig(stereo_channels(1));
    for (const auto& [address, text] : before) rig.set(address, text);
    constexpr std::size_t kFrames = 4800, kChange = 2400;
    const Channels in = noises(2, kFrames);
    Channels out(rig.geometry().outputs.size(), test::Samples(kFrames));
    rig.process(in, out, 0, kChange);
    for (const auto& [address, text] : after) rig.set(address, text);
    rig.send();
    rig.process(in, out, kChange, kFrames - kChange);
    double loudest = 0.0;
    for (const test::Samples& x : out) loudest = std::max(loudest, test::peak(x, 0, kFrames));
    return loudest / test::peak(in[0], 0, kFrames);
}

TEST_CASE("groups: a strip of several DCAs has the sum of their faders, and any of them mutes it") {
    CHECK(level({{"/ch/1/dca", "1,3"}, {"/dca/1/fader", "-4 dB"}, {"/dca/3/fader", "-7 dB"}}) ==
          approx(-11.0));
    CHECK(level({{"/ch/1/dca", "1,3"}, {"/dca/2/fader", "-4 dB"}, {"/dca/2/mute", "on"}}) ==
          approx(0.0));
    CHECK(level({{"/ch/1/dca", "1,3"}, {"/dca/3/mute", "on"}}) < -300.0);
    CHECK(level({{"/ch/1/mutegroup", "2,5"}, {"/mutegroup/5/on", "on"}}) < -300.0);
    CHECK(level({{"/ch/1/mutegroup", "2,5"}, {"/mutegroup/4/on", "on"}}) == approx(0.0));
}

TEST_CASE(
    "groups: a DCA acts on the strips of the DCAs in it, once, however many ways lead there") {
    const Settings nested = {{"/ch/1/dca", "1,2"},      {"/dca/1/dca", "4"},
                             {"/dca/2/dca", "4"},       {"/dca/4/dca", "8"},
                             {"/dca/1/fader", "-1 dB"}, {"/dca/2/fader", "-2 dB"},
                             {"/dca/4/fader", "-5 dB"}, {"/dca/8/fader", "-10 dB"}};
    CHECK(level(nested) == approx(-18.0));
    CHECK(level({{"/ch/1/dca", "1"}, {"/dca/1/dca", "2"}, {"/dca/2/mute", "on"}}) < -300.0);
    // Taken out of it while it plays.
    Rig rig(stereo_channels(1));
    for (const auto& [address, text] : nested) rig.set(address, text);
    const Channels in = noises(2, 9600);
    Channels out(rig.geometry().outputs.size(), test::Samples(9600));
    rig.process(in, out, 0, 2400);
    rig.set("/dca/4/dca", "none");
    rig.send();
    rig.process(in, out, 2400, 7200);
    CHECK(dB(rms(out[0], 4800) / rms(in[0], 4800)) == approx(-8.0));
}

TEST_CASE("groups: a DCA that would sit in itself is refused") {
    Rig rig(stereo_channels(1));
    CHECK_FALSE(rig.check("/dca/1/dca", "1"));
    CHECK(rig.check("/dca/1/dca", "2,3"));
    rig.set("/dca/1/dca", "2,3");
    rig.set("/dca/3/dca", "5");
    CHECK_FALSE(rig.check("/dca/5/dca", "1"));
    CHECK(rig.check("/dca/5/dca", "1").error().where == "/dca/1/dca");
    CHECK(rig.check("/dca/5/dca", "8"));
    CHECK(rig.resolver().check_all());
    rig.set("/dca/5/dca", "1");  // from a file, say
    CHECK_FALSE(rig.resolver().check_all());
    (void)rig.render(noises(2, 64), 64);  // and it ends all the same
}

TEST_CASE("groups: the solo of a DCA solos its strips, on the monitor bus and in place") {
    for (const char* mode : {"afl", "in_place"}) {
        Rig rig(stereo_channels(2));
        rig.set("/solo/mode", mode);
        rig.set("/ch/1/dca", "2");
        rig.set("/dca/2/dca", "7");
        rig.set("/dca/7/solo", "on");
        const Channels in = noises(4, 2400);
        const Channels out = rig.render(in, 64);
        const std::size_t heard =
            mode == std::string_view("afl") ? rig.geometry().outputs.size() - 2 : 0;
        CHECK(test::largest_difference(out[heard], in[0]) == 0.0f);
    }
}

TEST_CASE("groups: solo in place leaves safe strips alone, and effect returns are safe at first") {
    DeskShape shape = DeskShape::of(3, 0, 0, 1, 0);
    shape.stereo[0].assign(3, true);
    const auto main_with = [&](const Settings& settings) {
        Rig rig(shape);
        rig.set("/solo/mode", "in_place");
        rig.set("/ch/1/to", "none");
        rig.set("/ch/1/send/fx/1/level", "0 dB");
        rig.set("/ch/3/solo", "on");
        for (const auto& [address, text] : settings) rig.set(address, text);
        Channels in = noises(6, 2400);
        in[4].assign(2400, 0.0f);
        const Channels out = rig.render(in, 64);
        return std::pair{out[0], in};
    };
    const auto [plain, in] = main_with({});
    CHECK(test::largest_difference(plain, in[0]) == 0.0f);  // the return of channel 1, no channel 2
    const auto unsafe = main_with({{"/fx/1/solo_safe", "off"}}).first;
    CHECK(rms(unsafe, 0) == 0.0);
    const auto safe = main_with({{"/fx/1/solo_safe", "off"}, {"/ch/2/solo_safe", "on"}}).first;
    CHECK(test::largest_difference(safe, in[2]) == 0.0f);
}

TEST_CASE("groups: what is silent before and after a change is silent in between") {
    struct Change {
        const char* what;
        Settings before, after;
    };
    const Change changes[] = {
        {"unmuted, fader down",
         {{"/ch/1/mute", "on"}},
         {{"/ch/1/mute", "off"}, {"/ch/1/fader", "-90 dB"}}},
        {"muted, fader up",
         {{"/ch/1/fader", "-90 dB"}},
         {{"/ch/1/mute", "on"}, {"/ch/1/fader", "0 dB"}}},
        {"mute group opens, DCA down",
         {{"/ch/1/mutegroup", "2"}, {"/ch/1/dca", "3"}, {"/mutegroup/2/on", "on"}},
         {{"/mutegroup/2/on", "off"}, {"/dca/3/fader", "-90 dB"}}},
        {"DCA up, fader down",
         {{"/ch/1/dca", "3"}, {"/dca/3/fader", "-90 dB"}},
         {{"/dca/3/fader", "0 dB"}, {"/ch/1/fader", "-90 dB"}}},
        {"out of a DCA that mutes, fader down",
         {{"/ch/1/dca", "3"}, {"/dca/3/mute", "on"}},
         {{"/ch/1/dca", "none"}, {"/ch/1/fader", "-90 dB"}}},
        {"routed, fader down",
         {{"/ch/1/to", "none"}},
         {{"/ch/1/to", "main"}, {"/ch/1/fader", "-90 dB"}}},
        {"routed, muted", {{"/ch/1/to", "none"}}, {{"/ch/1/to", "main"}, {"/ch/1/mute", "on"}}},
        {"not routed, unmuted",
         {{"/ch/1/mute", "on"}},
         {{"/ch/1/to", "none"}, {"/ch/1/mute", "off"}}},
        {"send, fader down",
         {{"/ch/1/to", "none"}},
         {{"/ch/1/send/aux/1/level", "0 dB"},
          {"/ch/1/send/aux/1/on", "on"},
          {"/ch/1/send/aux/1/tap", "post"},
          {"/ch/1/fader", "-90 dB"}}},
    };
    for (const Change& change : changes) {
        const std::string what = change.what;
        CAPTURE(what);
        CHECK(heard(change.before, change.after) == 0.0);
    }
    // A bus may have other things to say, so it is a gain of its own: at most half of half.
    const double passing =
        heard({{"/main/mute", "on"}}, {{"/main/mute", "off"}, {"/ch/1/fader", "-90 dB"}});
    CHECK(passing < 0.25);
    CHECK(passing > 0.1);
}

}  // namespace groups_test
