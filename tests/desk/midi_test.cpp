// MIDI surfaces on the running desk: both ways, plugged in and out, echoing, learning.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/base/clock.h"
#include "src/midi/turn.h"
#include "tests/desk/midi_stage.h"
#include "tests/desk/osc_peer.h"
#include "tests/src/midi/rig.h"

#include <atomic>
#include <csignal>
#include <optional>
#include <thread>

namespace mixrig::tests {

namespace {

const std::string kUnit = "mixrig test unit", kKnobs = "mixrig test knobs";

// A desk with a unit that was there before it, and one peer that looks on.
struct Show {
    ScratchFolder home;
    Stage stage;
    std::map<int, VirtualSurface> surfaces;
    bool echoes = false;
    int unit = 0;
    std::optional<Daemon> desk;
    std::optional<OscPeer> me;
    param::Layout layout{param::DeskShape::of(16, 4, 4, 2, 2)};

    explicit Show(Stage where) : stage(std::move(where)) {
        unit = plug(kUnit);
        write_text(home.path() / "knobs.toml",
                   "device = \"" + kKnobs +
                       "\"\n[[map]]\ncontrol = \"cc14 7\"\naddress = \"/ch/5/fader\"\nmode = "
                       "\"absolute\"\n[[map]]\ncontrol = \"note 36\"\naddress = \"/ch/5/mute\"\n");
        write_text(home.path() / "desk.toml", "[midi]\nenabled = true\nsurfaces = [\"" + kUnit +
                                                  "\"]\ncontrollers = [\"" + kKnobs +
                                                  "\"]\nmaps = [\"knobs.toml\"]\n");
        start();
    }
    void start() {
        me.reset();
        desk.reset();
        stage.prepare();
        // The stand-in is spoken to while the desk starts.
        // Large blocks: the machine may be an emulated one.
        desk.emplace(Words{"-c", (home.path() / "desk.toml").string(), "--backend", "null",
                           "--block", "1024"},
                     home.path());
        stage.up();
        me.emplace(desk->port(), Wire::sized);  // which loses nothing, whatever the load
        CHECK_MESSAGE(desk->log_says(stage.port(kUnit) + " is Mackie Control unit 1"), desk->log());
    }
    int plug(const std::string& name) {
        const int surface = stage.plug(name);
        surfaces[surface] = {};
        return surface;
    }
    VirtualSurface& here() { return surfaces.at(unit); }
    // What surfaces are told, until nothing has come for so long or the time is up.
    void listen(int quiet_ms, int most_ms = 3000) {
        const std::int64_t until = base::monotonic_ns() + most_ms * kMillisecond;
        while (base::monotonic_ns() < until) {
            const auto heard = stage.hear(quiet_ms);
            if (!heard) return;
            if (!surfaces.contains(heard->first)) continue;
            surfaces.at(heard->first).told(heard->second, base::monotonic_ns());
            if (echoes) stage.say(heard->first, heard->second);
        }
    }
    bool shows(const std::function<bool()>& what) {
        return poll_until(
            [&] {
                listen(1, 20);
                return what();
            },
            Milliseconds(5000));
    }
    bool stands_at(const std::string& address, float value) {
        return poll_until([&] { return std::abs(me->get(address).number() - value) < 1e-4f; },
                          Milliseconds(3000));
    }
    unsigned code(const std::string& address, float value) const {
        return midi::fader_code(layout, *layout.find(address), {value});
    }
    float value(const std::string& address, unsigned code) const {
        return midi::fader_value(layout, *layout.find(address), code).number;
    }
};

void play_both_ways(Show& show) {
    using midi::note;
    REQUIRE(show.shows([&] { return show.here().display.substr(49, 7) == "Ch 8   "; }));
    for (unsigned fader = 0; fader < 9; ++fader) {
        const std::string address =
            fader == 8 ? "/main/fader" : "/ch/" + std::to_string(fader + 1) + "/fader";
        CAPTURE(address);
        show.stage.say(show.unit, note(0, 104 + fader, 127));
        show.stage.say(show.unit, midi::bend(fader, 9000 + fader));
        show.stage.say(show.unit, note(0, 104 + fader, 0));
        CHECK(show.stands_at(address, show.value(address, 9000 + fader)));
        show.me->send({address, {-20.0f}});
        CHECK(show.shows([&] { return show.here().motors[fader] == show.code(address, -20.0f); }));
        CHECK(show.me->get(address).number() == -20.0f);
        if (fader == 8) continue;
        const std::string strip = "/ch/" + std::to_string(fader + 1);
        show.stage.say(show.unit, note(0, 16 + fader, 127));
        show.stage.say(show.unit, note(0, 16 + fader, 0));
        CHECK(show.stands_at(strip + "/mute", 1.0f));
        CHECK(show.shows([&] { return show.here().lamps[16 + fader] == 127; }));
        show.me->send({strip + "/mute", {false}});
        CHECK(show.shows([&] { return show.here().lamps[16 + fader] == 0; }));
        show.stage.say(show.unit, midi::cc(0, 16 + fader, 10));
        CHECK(show.stands_at(strip + "/pan", 0.1f));
        CHECK(
            show.shows([&] { return show.here().display.substr(56 + 7 * fader, 7) == "R10    "; }));
    }
}

void play_knobs(Show& show) {
    const int knobs = show.plug(kKnobs);
    REQUIRE(show.desk->log_says(show.stage.port(kKnobs) + " is a controller"));
    show.stage.say(knobs, midi::cc(0, 7, 64));
    show.stage.say(knobs, midi::cc(0, 39, 3));
    const float half = (64.0f * 128.0f + 3.0f) / 16383.0f;
    CHECK(show.stands_at(
        "/ch/5/fader",
        midi::at_position(show.layout, *show.layout.find("/ch/5/fader"), half).number));
    show.me->send({"/ch/5/fader", {10.0f}});
    CHECK(show.shows([&] { return show.surfaces.at(knobs).controllers[{0, 7}] == 127; }));
    show.stage.say(knobs, midi::note(0, 36, 80));
    CHECK(show.stands_at("/ch/5/mute", 1.0f));

    show.me->send({"/midi/learn", {std::string("/ch/6/pan"), std::string("absolute")}});
    std::optional<Message> learnt;
    for (int tries = 0; tries < 10 && !learnt; ++tries) {  // the desk may not have it yet
        show.stage.say(knobs, midi::cc(2, 20, 5));
        learnt = show.me->wait("/midi/learn", Milliseconds(200));
    }
    REQUIRE(learnt);
    CHECK(say(*learnt) == say(Message{"/midi/learn",
                                      {kKnobs, std::string("cc 20 ch 3"), std::string("/ch/6/pan"),
                                       std::string("absolute")}}));
    show.stage.say(knobs, midi::cc(2, 20, 127));
    CHECK(show.stands_at("/ch/6/pan", 1.0f));
    CHECK(
        poll_until([&] { return !read_text(show.home.path() / "state/mixrig/midi.toml").empty(); },
                   Milliseconds(3000)));
    show.me->send({"/midi/learn", {std::string("/ch/99/pan")}});
    CHECK(show.me->wait("/error"));
    show.stage.unplug(knobs);
    CHECK(show.desk->log_says(show.stage.port(kKnobs) + " is gone"));
}

// Each time all of it is told anew, and it plays.
void plug_and_unplug(Show& show) {
    for (int round = 0; round < 20; ++round) {
        CAPTURE(round);
        show.stage.unplug(show.unit);
        show.surfaces.erase(show.unit);
        const bool on = round % 2 == 0;
        show.me->send({"/ch/1/mute", {on}});
        show.unit = show.plug(kUnit);
        REQUIRE(show.shows([&] {
            return show.here().lamps.contains(16) && show.here().lamps[16] == (on ? 127u : 0u);
        }));
        show.stage.say(show.unit, midi::cc(0, 17, 1));
        CHECK(show.stands_at("/ch/2/pan", 0.1f + 0.01f * static_cast<float>(round + 1)));
    }
    show.me->send({"/midi/ports", {}});
    const auto port = show.me->wait("/midi/ports");
    REQUIRE(port);
    CHECK(port->number(1) == 1.0f);
    const auto end = show.me->wait("/midi/ports/end");
    REQUIRE(end);
    CHECK(end->number() == 1.0f);
}

// What it sends back changes nothing; and never more than a 5-pin cable carries.
void echo(Show& show) {
    show.listen(200);
    show.echoes = true;
    show.stage.unplug(show.unit);
    show.surfaces.erase(show.unit);
    show.unit = show.plug(kUnit);
    show.listen(100);
    show.here().traffic.clear();
    const std::int64_t began = base::monotonic_ns();
    for (int step = 0; step < 75; ++step) {
        for (int i = 1; i <= 8; ++i) {
            const std::string strip = "/ch/" + std::to_string(i);
            show.me->send({strip + "/fader", {static_cast<float>(-(step * 7 + i) % 50)}});
            show.me->send({strip + "/mute", {(step + i) % 2 == 0}});
        }
        show.listen(10, 10);
    }
    std::size_t bytes = 0;
    for (const auto& one : show.here().traffic) bytes += one.second;
    const double seconds = static_cast<double>(base::monotonic_ns() - began) * 1e-9;
    const double pace = static_cast<double>(bytes) / seconds;
    MESSAGE(pace, " bytes a second");
    CHECK(static_cast<double>(bytes) <= midi::kBytesPerSecond * seconds + midi::kBytesAtOnce);
    show.listen(150);
    for (int i = 1; i <= 8; ++i) {
        const std::string strip = "/ch/" + std::to_string(i);
        const auto expected = static_cast<float>(-(74 * 7 + i) % 50);
        CHECK(show.me->get(strip + "/fader").number() == expected);
        CHECK(show.me->get(strip + "/mute").number() == ((74 + i) % 2 == 0 ? 1.0f : 0.0f));
    }
    // What goes round would go on.
    CHECK(poll_until(
        [&] {
            show.here().messages = 0;
            show.listen(300, 300);
            return show.here().messages == 0;
        },
        Milliseconds(5000)));
}

void play_all(Stage stage) {
    Show show(std::move(stage));
    play_both_ways(show);
    play_knobs(show);
    plug_and_unplug(show);
    echo(show);
    // What was learnt outlives the desk.
    show.echoes = false;
    REQUIRE(show.desk->program().end(SIGTERM) == 0);
    show.listen(100);
    for (const auto& [fader, at] : show.here().motors) CHECK(at == 0);
    for (const auto& [lamp, value] : show.here().lamps) CHECK(value == 0);
    CHECK(show.here().display == std::string(112, ' '));
    show.start();
    show.me->send({"/midi/forget", {std::string("/ch/6/pan")}});
    const auto forgot = show.me->wait("/midi/forget");
    REQUIRE(forgot);
    CHECK(forgot->number(1) == 1.0f);
}

}  // namespace

TEST_CASE("desk: MIDI surfaces play it, by a stand-in for the sequencer") {
    const char* module = std::getenv("MIXRIG_MIDI_DOUBLE");
    REQUIRE(module != nullptr);
    const ScratchFolder folder;
    play_all(stand_in((folder.path() / "stage").string(), module));
}

TEST_CASE("desk: MIDI surfaces play it, by the sequencer of this machine") {
    Stage stage = real_sequencer();
    if (!stage.plug) {
        MESSAGE("skipped: no /dev/snd/seq; tests/machine/run midi has one");
        return;
    }
    play_all(std::move(stage));
}

TEST_CASE("desk: who does not read at the sequencer, or floods it, keeps nobody else waiting") {
    Stage stage = real_sequencer();
    if (!stage.plug) {
        MESSAGE("skipped: no /dev/snd/seq; tests/machine/run midi has one");
        return;
    }
    Show show(std::move(stage));
    const auto lamp_follows = [&](bool on) {
        show.me->send({"/ch/1/mute", {on}});
        return show.shows([&] { return show.here().lamps[16] == (on ? 127u : 0u); });
    };
    // Its queue at the sequencer takes some hundred messages.
    const Stage other = real_sequencer();
    const int deaf = other.plug(kKnobs);
    REQUIRE(show.desk->log_says(show.stage.port(kKnobs) + " is a controller"));
    for (int step = 0; step < 300; ++step) {
        show.me->send({"/ch/5/fader", {static_cast<float>(-(step % 50))}});
        show.listen(10, 10);
    }
    CHECK(lamp_follows(true));
    CHECK(lamp_follows(false));

    std::atomic<bool> on = true;
    std::atomic<std::uint64_t> said = 0;
    std::thread flood([&] {
        for (; on; ++said) other.say(deaf, midi::cc(0, 7, static_cast<unsigned>(said % 128)));
    });
    for (int round = 0; round < 10; ++round) {
        show.stage.unplug(show.unit);
        show.surfaces.erase(show.unit);
        show.unit = show.plug(kUnit);
        CHECK(show.shows([&] { return show.here().lamps.contains(16); }));
        CHECK(lamp_follows(round % 2 == 0));
    }
    CHECK(show.desk->program().end(SIGTERM) == 0);
    on = false;
    flood.join();
    MESSAGE(said.load(), " messages by the one that floods");
}

TEST_CASE("desk: MIDI surfaces play it, by USB") {
    Stage stage = usb_devices();
    if (!stage.plug) {
        MESSAGE("skipped: no USB to plug devices into; tests/machine/run midi has one");
        return;
    }
    play_all(std::move(stage));
}

TEST_CASE("desk: without a sequencer it says so and works; without MIDI its actions are refused") {
    const ScratchFolder home;
    write_text(home.path() / "on.toml", "[midi]\nenabled = true\n");
    const char* module = std::getenv("MIXRIG_MIDI_DOUBLE");
    REQUIRE(module != nullptr);
    setenv("LD_PRELOAD", module, 1);
    unsetenv(kStageVariable);
    const Daemon desk({"-c", (home.path() / "on.toml").string(), "--backend", "null"}, home.path());
    unsetenv("LD_PRELOAD");
    CHECK(desk.log_says("looks again every two seconds"));
    OscPeer me(desk.port());
    CHECK(me.get("/ch/1/fader").number() == 0.0f);
    const Daemon off({"--backend", "null", "--no-state"}, home.path());
    OscPeer you(off.port());
    you.send({"/midi/ports", {}});
    const auto error = you.wait("/error");
    REQUIRE(error);
    CHECK(error->text(1).find("MIDI is off") != std::string::npos);
}

}  // namespace mixrig::tests
