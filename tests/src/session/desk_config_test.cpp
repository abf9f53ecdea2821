// desk.toml: defaults, keys, ports.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/desk_config.h"

#include "tests/support/scratch_folder.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

using namespace mixrig;
using namespace mixrig::session;
using Ports = std::vector<std::size_t>;

namespace desk_config_test {

DeskConfig desk(std::string_view text) {
    auto result = parse_desk(text, "desk.toml");
    REQUIRE_MESSAGE(result, (result ? "" : result.error().text()));
    return *std::move(result);
}

std::string error(std::string_view text) {
    const auto result = parse_desk(text, "desk.toml");
    REQUIRE_FALSE(result);
    return result.error().text();
}

TEST_CASE("desk: an empty file is a 16-channel desk") {
    const DeskConfig d = desk("");
    CHECK(d.channels.size() == 16);
    CHECK(d.subgroups.size() == 4);
    CHECK(d.auxes.size() == 4);
    CHECK(d.effects.size() == 2);
    CHECK(d.matrices.size() == 2);
    CHECK(d.main_output == Ports{1, 2});
    CHECK(d.monitor_output.empty());
    CHECK(d.audio.rate.value == 48000.0);
    CHECK(d.osc.listen == "127.0.0.1");
    CHECK(d.engine.ramp.value == 0.5);
    for (std::size_t i = 0; i < 16; ++i) {
        CHECK_FALSE(d.channels[i].stereo);
        CHECK(d.channels[i].ports == Ports{i + 1});
    }
    CHECK(d.auxes[0].stereo);
    CHECK(d.auxes[0].ports.empty());
}

TEST_CASE("desk: every key is read") {
    const DeskConfig d = desk(R"(
[desk]
name = "Stage"
channels = 3
subgroups = 1
auxes = 1
effects = 1
matrices = 1
[[channel]]
number = 2
name = "Keys"
stereo = true
input = [7, 8]
[[subgroup]]
number = 1
name = "Band"
[[aux]]
number = 1
name = "Singer"
stereo = false
output = 5
[[effect]]
number = 1
name = "Hall"
[[matrix]]
number = 1
stereo = true
output = [6, 7]
[main]
output = [3, 4]
[monitor]
output = [1, 2]
[audio]
backend = "rtaudio"
device = "USB"
api = "alsa"
rate = 96000
block = 32
jack_server = "x"
autoconnect = false
[engine]
threads = 2
ramp_ms = 250
ceiling_dB = -3
[osc]
port = 9001
listen = "0.0.0.0"
allow = ["192.168.1.0/24", "10.0.0.7", "fe80::1"]
[state]
folder = "/var/lib/x"
[recording]
folder = "takes"
[log]
level = "debug"
[null]
play = "/tracks"
loop = false
)");
    CHECK(d.name == "Stage");
    CHECK(d.channels[1].name == "Keys");
    CHECK(d.channels[1].stereo);
    CHECK(d.channels[1].ports == Ports{7, 8});
    CHECK(d.subgroups[0].name == "Band");
    CHECK_FALSE(d.auxes[0].stereo);
    CHECK(d.auxes[0].ports == Ports{5});
    CHECK(d.effects[0].name == "Hall");
    CHECK(d.matrices[0].ports == Ports{6, 7});
    CHECK(d.main_output == Ports{3, 4});
    CHECK(d.monitor_output == Ports{1, 2});
    CHECK(d.audio.backend == "rtaudio");
    CHECK(d.audio.device == "USB");
    CHECK(d.audio.api == "alsa");
    CHECK(d.audio.rate.value == 96000.0);
    CHECK(d.audio.block == 32);
    CHECK(d.audio.jack_server == "x");
    CHECK_FALSE(d.audio.autoconnect);
    CHECK(d.engine.threads == 2);
    CHECK(d.engine.ramp.value == 0.25);
    CHECK(d.engine.ceiling.value == -3.0);
    CHECK(d.osc.port == 9001);
    CHECK(d.osc.listen == "0.0.0.0");
    CHECK(d.osc.allow.size() == 3);
    CHECK(d.state_folder == "/var/lib/x");
    CHECK(d.recording.folder == "takes");
    CHECK(d.log_level == "debug");
    CHECK(d.play_folder == "/tracks");
    CHECK_FALSE(d.play_loop);
}

TEST_CASE("desk: channels without an input take the free ones in order") {
    const DeskConfig d = desk(R"(
desk.channels = 5
[[channel]]
number = 2
input = [2, 3]
[[channel]]
number = 4
stereo = true
[[channel]]
number = 5
input = [])");
    CHECK(d.channels[0].ports == Ports{1});
    CHECK(d.channels[1].stereo);  // two inputs
    CHECK(d.channels[2].ports == Ports{4});
    CHECK(d.channels[3].ports == Ports{5, 6});
    CHECK(d.channels[4].ports.empty());  // said to have none
}

TEST_CASE("desk: inputs may be shared, outputs may not") {
    const DeskConfig d = desk(R"(
[[channel]]
number = 1
input = 1
[[channel]]
number = 2
input = 1)");
    CHECK(d.channels[0].ports == d.channels[1].ports);
    CHECK(error("[[aux]]\nnumber = 1\noutput = [2, 3]").find("output 2 is taken by [main]") !=
          std::string::npos);
    CHECK(desk("main.output = []\n[[aux]]\nnumber = 1\noutput = [1, 2]").main_output.empty());
}

TEST_CASE("desk: paths are relative to the file") {
    const tests::ScratchFolder folder;
    std::ofstream(folder / "first.scene") << "/ch/1/fader -6\n";
    std::ofstream(folder / "desk.toml") << "scene.start = \"first.scene\"\nnull.play = \"../x\"\n";
    const auto d = load_desk(folder / "desk.toml");
    REQUIRE_MESSAGE(d, (d ? "" : d.error().text()));
    CHECK(d->start_scene == folder / "first.scene");
    CHECK(d->play_folder == folder.path().parent_path() / "x");
}

TEST_CASE("desk: an unknown key names the nearest known one, its line and its table") {
    CHECK(error("\n[audio]\nblok = 64") ==
          "desk.toml:3: [audio] blok: is not a known key (did you mean \"block\"?)");
    CHECK(error("[audo]\nblock = 64").find("did you mean \"audio\"?") != std::string::npos);
    CHECK(error("[[channel]]\nnumber = 1\ninputs = 3").find("\"input\"") != std::string::npos);
}

TEST_CASE("desk: of several problems the first in the file is told") {
    CHECK(error("[web]\nlisten = \"all\"").find("desk.toml:2: [web] listen") == 0);
    CHECK(error("[web]\nkey = \"desk.pem\"").find("[web] certificate: is missing") !=
          std::string::npos);
    CHECK(error("[osc]\nport = 70000\n[desk]\nchannels = 0").find("desk.toml:2: [osc] port") == 0);
}

TEST_CASE("desk: the shape follows counts and widths") {
    const auto shape = shape_of(desk("desk.channels = 2\n[[channel]]\nnumber = 2\nstereo = true"));
    CHECK(shape.count(param::Kind::ch) == 2);
    CHECK_FALSE(shape.is_stereo(param::Kind::ch, 0));
    CHECK(shape.is_stereo(param::Kind::ch, 1));
    CHECK(shape.is_stereo(param::Kind::aux, 3));
}

TEST_CASE("desk: names reach the strips that have one") {
    const DeskConfig d =
        desk("[[channel]]\nnumber = 2\nname = \"Kick\"\n[[aux]]\nnumber = 1\nname = \"Ears\"");
    const param::Layout layout(shape_of(d));
    param::Values values(layout);
    apply_names(d, layout, values);
    CHECK(values.text(*layout.find("/ch/2/name")) == "Kick");
    CHECK(values.text(*layout.find("/aux/1/name")) == "Ears");
    CHECK(values.text(*layout.find("/ch/1/name")).empty());
}

TEST_CASE("desk: the state's folder is the configured one, systemd's, XDG's, or below home") {
    const std::string home = std::getenv("HOME") == nullptr ? "" : std::getenv("HOME");
    ::unsetenv("STATE_DIRECTORY");
    ::unsetenv("XDG_STATE_HOME");
    ::setenv("HOME", "/home/x", 1);
    CHECK(*state_folder({}) == "/home/x/.local/state/mixrig");
    ::setenv("XDG_STATE_HOME", "/xdg", 1);
    CHECK(*state_folder({}) == "/xdg/mixrig");
    ::setenv("STATE_DIRECTORY", "/var/lib/mixrig", 1);
    CHECK(*state_folder({}) == "/var/lib/mixrig");
    CHECK(*state_folder({.state_folder = "/mine"}) == "/mine");
    ::unsetenv("STATE_DIRECTORY");
    ::unsetenv("XDG_STATE_HOME");
    ::unsetenv("HOME");
    CHECK_FALSE(state_folder({}));
    ::setenv("HOME", home.c_str(), 1);
}

TEST_CASE("desk: what is not there or no file says so") {
    const tests::ScratchFolder folder;
    CHECK(load_desk(folder / "no.toml").error().what == "no such file");
    CHECK(load_desk(folder.path()).error().what == "is a folder, not a file");
}

TEST_CASE("desk: pairs of loudspeakers, and a talkback whose input no channel takes") {
    const DeskConfig d = desk(R"(
[desk]
channels = 3
[monitor]
speakers = 3
output = [3, 4]
output_3 = [5, 6]
[talkback]
input = 2
)");
    CHECK(d.monitor_output == Ports{3, 4});
    CHECK(d.more_speakers == std::vector<Ports>{{}, {5, 6}});
    CHECK(shape_of(d).speakers == 3);
    CHECK(shape_of(d).talkback);
    CHECK(d.talkback_input == Ports{2});
    CHECK(d.channels[1].ports == Ports{3});
    CHECK_FALSE(shape_of(desk("")).talkback);
    CHECK(shape_of(desk("[talkback]\ninput = []\n")).talkback);
    CHECK(error("[monitor]\nspeakers = 4\n").find("speakers") != std::string::npos);
    CHECK(error("[monitor]\noutput_2 = [5, 6]\n").find("beyond [monitor] speakers = 1") !=
          std::string::npos);
    CHECK(error("[monitor]\nspeakers = 2\noutput = [1, 2]\n").find("taken by [main]") !=
          std::string::npos);
    CHECK(error("[monitor]\nspeakers = 2\noutput_2 = [5]\n").find("two channels") !=
          std::string::npos);
    CHECK(error("[talkback]\ninput = [1, 2]\n").find("mono") != std::string::npos);
}

TEST_CASE("desk: two doors at one place are refused, at two places or of two kinds they are not") {
    CHECK(error("[web]\nport = 9000\n").find("[web] port is that of [osc] port, 9000") !=
          std::string::npos);
    CHECK(error("[x32]\nenabled = true\nair_enabled = true\nair_port = 10023\n")
              .find("[x32] air_port is that of [x32] port") != std::string::npos);
    (void)desk("[web]\nport = 9000\nenabled = false\n");
    (void)desk("[x32]\nenabled = true\nport = 8080\n");  // UDP there, TCP here
    (void)desk("[osc]\nlisten = \"192.168.1.2\"\n[web]\nport = 9000\n");
    (void)desk("[osc]\nport = 0\n[web]\nport = 0\n");
}

}  // namespace desk_config_test
