// Link groups and exclusive solo.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/desk.h"
#include "tests/control/support.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace mixrig;
using namespace mixrig::control;
using namespace mixrig::control::test;

namespace followers_test {

constexpr Origin kHand = 7;

struct LinkRig {
    Seen seen;
    param::Layout layout{param::DeskShape::of(4, 2, 2, 1, 1)};
    Desk desk{layout, desk_hooks(seen)};

    LinkRig() {
        for (const char* strip : {"/ch/1", "/ch/2", "/sub/1"})
            put(std::string(strip) + "/link", "3");
        for (const char* what : {"trim", "eq", "dynamics", "sends"})
            put("/link/3/" + std::string(what), "on");
    }
    void set(const std::string& address, const std::string& text, Origin origin) {
        const auto slot = layout.find(address);
        REQUIRE(slot);
        REQUIRE(desk.set_text(*slot, text, origin));
    }
    void put(const std::string& address, const std::string& text) {
        set(address, text, kDeskItself);
    }
    void move(const std::string& address, const std::string& text) { set(address, text, kHand); }
    float at(const std::string& address) const { return desk.get(*layout.find(address)).number; }
};

doctest::Approx approx(double value) {
    return doctest::Approx(value).epsilon(1e-5);
}

TEST_CASE("link: a fader takes the others of its group along, by as many dB") {
    LinkRig rig;
    rig.put("/ch/2/fader", "-10 dB");
    rig.put("/ch/3/fader", "-20 dB");
    rig.move("/ch/1/fader", "-4 dB");
    CHECK(rig.at("/ch/2/fader") == approx(-14.0));
    CHECK(rig.at("/sub/1/fader") == approx(-4.0));
    CHECK(rig.at("/ch/3/fader") == approx(-20.0));  // in no group
    rig.move("/ch/2/fader", "-12 dB");              // any of them leads
    CHECK(rig.at("/ch/1/fader") == approx(-2.0));
    rig.put("/link/3/fader", "off");
    rig.move("/ch/1/fader", "0 dB");
    CHECK(rig.at("/ch/2/fader") == approx(-12.0));
}

TEST_CASE("link: what was stopped by its end has its old distance on the way back") {
    LinkRig rig;
    rig.put("/ch/2/fader", "4 dB");
    rig.move("/ch/1/fader", "9 dB");
    CHECK(rig.at("/ch/2/fader") == approx(10.0));  // it would be at 13
    rig.move("/ch/1/fader", "7 dB");
    CHECK(rig.at("/ch/2/fader") == approx(10.0));
    rig.move("/ch/1/fader", "1 dB");
    CHECK(rig.at("/ch/2/fader") == approx(5.0));
    // What a hand moves counts from where it stands.
    rig.move("/ch/1/fader", "9 dB");
    CHECK(rig.at("/ch/2/fader") == approx(10.0));
    rig.move("/ch/2/fader", "8 dB");
    CHECK(rig.at("/ch/1/fader") == approx(7.0));
    rig.move("/ch/1/fader", "5 dB");
    CHECK(rig.at("/ch/2/fader") == approx(6.0));
    // So does what a scene has set.
    rig.put("/ch/2/fader", "-30 dB");
    rig.move("/ch/1/fader", "6 dB");
    CHECK(rig.at("/ch/2/fader") == approx(-29.0));
}

TEST_CASE(
    "link: through silence and back all have their distances; from silence alone none moves") {
    LinkRig rig;
    rig.put("/ch/1/fader", "-10 dB");
    rig.put("/ch/2/fader", "-25 dB");
    rig.move("/ch/1/fader", "-inf dB");
    CHECK(rig.at("/ch/2/fader") == -90.0f);
    CHECK(rig.at("/sub/1/fader") == approx(-80.0));
    rig.move("/ch/1/fader", "-7 dB");
    CHECK(rig.at("/ch/2/fader") == approx(-22.0));
    CHECK(rig.at("/sub/1/fader") == approx(3.0));
    rig.put("/ch/1/fader", "-inf dB");  // a scene
    rig.move("/ch/1/fader", "-10 dB");
    CHECK(rig.at("/ch/2/fader") == approx(-22.0));
    CHECK(rig.at("/sub/1/fader") == approx(3.0));
}

TEST_CASE("link: frequencies, times and Q by the same ratio, gains by dB, choices the same") {
    LinkRig rig;
    rig.put("/ch/2/eq/2/freq", "1 kHz");
    rig.move("/ch/1/eq/2/freq", "400 Hz");  // from 200
    CHECK(rig.at("/ch/2/eq/2/freq") == approx(2000.0));
    rig.move("/ch/1/eq/2/freq", "10 kHz");
    CHECK(rig.at("/ch/2/eq/2/freq") == approx(20000.0));
    rig.move("/ch/1/eq/2/freq", "200 Hz");
    CHECK(rig.at("/ch/2/eq/2/freq") == approx(1000.0));
    rig.move("/ch/1/eq/2/gain", "-5 dB");
    CHECK(rig.at("/ch/2/eq/2/gain") == approx(-5.0));
    CHECK(rig.at("/ch/2/eq/3/gain") == 0.0f);
    rig.move("/ch/1/eq/2/type", "notch");
    CHECK(rig.at("/ch/2/eq/2/type") == 3.0f);
    rig.move("/ch/1/hpf/on", "on");
    CHECK(rig.at("/sub/1/hpf/on") == 1.0f);
    rig.put("/ch/2/comp/1/threshold", "-30 dB");
    rig.move("/ch/1/comp/1/threshold", "-14 dB");
    CHECK(rig.at("/ch/2/comp/1/threshold") == approx(-24.0));
    rig.move("/ch/1/comp/1/attack", "20 ms");
    CHECK(rig.at("/sub/1/comp/1/attack") == approx(20.0));
    rig.move("/ch/1/send/aux/2/level", "-20 dB");  // from silence: it alone
    CHECK(rig.at("/ch/2/send/aux/2/level") == -90.0f);
    rig.put("/ch/2/send/aux/2/level", "-10 dB");
    rig.move("/ch/1/send/aux/2/level", "-23 dB");
    CHECK(rig.at("/ch/2/send/aux/2/level") == approx(-13.0));
    rig.move("/ch/1/mute", "on");
    CHECK(rig.at("/ch/2/mute") == 1.0f);
}

TEST_CASE("link: pans, names, routes and keys are nobody else's") {
    LinkRig rig;
    rig.move("/ch/1/pan", "-0.5");
    rig.move("/ch/1/send/aux/1/pan", "0.5");
    rig.move("/ch/1/to", "sub/2");
    rig.move("/ch/1/gate/key", "ch/3");
    rig.move("/ch/1/dca", "2");
    rig.move("/ch/1/name", "Kick");
    for (const char* same : {"/ch/2/pan", "/ch/2/send/aux/1/pan", "/ch/2/gate/key", "/ch/2/dca"})
        CHECK(rig.at(same) == 0.0f);
    CHECK(rig.at("/ch/2/to") == 1.0f);
    CHECK(rig.desk.get(*rig.layout.find("/ch/2/name")).text.empty());
}

TEST_CASE("link: scenes and automation stand for themselves") {
    LinkRig rig;
    rig.put("/ch/1/fader", "-6 dB");
    CHECK(rig.at("/ch/2/fader") == 0.0f);
}

TEST_CASE("link: in a batch each has what was said of it, and the others follow the first") {
    LinkRig rig;
    rig.put("/ch/2/fader", "-10 dB");
    rig.put("/sub/1/fader", "-30 dB");
    {
        const OpenBatch batch(rig.desk);
        rig.move("/ch/1/fader", "-5 dB");
        rig.move("/ch/2/fader", "-5 dB");
    }
    CHECK(rig.at("/ch/1/fader") == approx(-5.0));
    CHECK(rig.at("/ch/2/fader") == approx(-5.0));
    CHECK(rig.at("/sub/1/fader") == approx(-35.0));
}

TEST_CASE("link: a move and what follows are one batch, and who moved is told of the others") {
    LinkRig rig;
    rig.desk.flush();
    rig.seen.batches.clear();
    rig.seen.changes.clear();
    std::vector<Change> told;
    rig.desk.observe([&](const Change& change) { told.push_back(change); });
    rig.move("/ch/1/fader", "-6 dB");
    CHECK(rig.seen.batches.empty());
    rig.desk.flush();
    REQUIRE(rig.seen.batches.size() == 1);
    CHECK(rig.seen.batches[0].changes == 3);
    CHECK(rig.seen.changes.size() == 3);
    REQUIRE(told.size() == 3);
    CHECK_FALSE(told[0].adjusted);
    for (const std::size_t i : {1u, 2u}) {
        CHECK(told[i].adjusted);
        CHECK(told[i].origin == kHand);
    }
}

TEST_CASE("solo: exclusive ends the others, DCAs as well; a clear ends all") {
    LinkRig rig;
    rig.move("/ch/1/solo", "on");
    rig.move("/dca/2/solo", "on");
    CHECK(rig.at("/ch/1/solo") == 1.0f);
    rig.put("/solo/exclusive", "on");
    rig.move("/aux/1/solo", "on");
    CHECK(rig.at("/ch/1/solo") == 0.0f);
    CHECK(rig.at("/dca/2/solo") == 0.0f);
    CHECK(rig.at("/aux/1/solo") == 1.0f);
    {
        const OpenBatch batch(rig.desk);  // several at once, as by a pattern
        rig.move("/ch/1/solo", "on");
        rig.move("/ch/2/solo", "on");
    }
    CHECK(rig.at("/ch/1/solo") == 1.0f);
    CHECK(rig.at("/ch/2/solo") == 1.0f);
    CHECK(rig.at("/aux/1/solo") == 0.0f);
    rig.move("/ch/2/solo", "off");
    CHECK(rig.at("/ch/1/solo") == 1.0f);
    rig.desk.clear_solos(kDeskItself);
    CHECK(rig.at("/ch/1/solo") == 0.0f);
}

}  // namespace followers_test
