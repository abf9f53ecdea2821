// What is fixed while a desk runs: its strips, its ports, its machine. From desk.toml.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"
#include "src/base/result.h"
#include "src/param/values.h"
#include "src/session/access_config.h"
#include "src/session/midi_maps.h"
#include "src/session/web_config.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::session {

struct StripConfig {
    std::string name = {};
    bool stereo = false;
    // Device channels from 1: capture for a channel, playback for an aux or matrix. One if mono,
    // two if stereo, none if it is not connected. Always empty for subgroups and effects.
    std::vector<std::size_t> ports = {};
};

struct AudioConfig {
    std::string backend = "auto";  // auto, jack, rtaudio, null; in test builds also fake:PORT
    std::string device = {};
    std::string api = {};  // alsa, pulse or empty
    dsp::Hertz rate = {48000.0};
    std::size_t block = 128;
    std::string jack_server = {};
    bool autoconnect = true;
};

struct EngineConfig {
    std::size_t threads = 1;
    dsp::Seconds ramp = {0.5};
    dsp::Decibels ceiling = {0.0};
};

struct OscConfig {
    std::size_t port = 9000;  // 0: any that is free
    std::string listen = "127.0.0.1";
    std::vector<std::string> allow = {};  // addresses, or networks as 192.168.1.0/24
};

// The desk as an X32 and as an X-Air, for the apps of those desks.
struct X32Config {
    bool enabled = false, air_enabled = false;
    std::size_t port = 10023, air_port = 10024;  // 0: any that is free
    std::string listen = "127.0.0.1";
    std::vector<std::string> allow = {};
    std::string rights = "engineer";
    std::string model = "X32", air_model = "XR18";
};

struct RecordingConfig {
    std::filesystem::path folder = {};  // empty: `recordings` beside the state
    bool arm_inputs = false;            // at every start
    bool is_float = false;              // else 24 bit
    dsp::Seconds lookback = {60.0};
};

struct DeskConfig {
    std::filesystem::path file = {};
    std::string name = "mixrig";
    std::vector<StripConfig> channels = {}, subgroups = {}, auxes = {}, effects = {}, matrices = {};
    std::vector<std::size_t> main_output = {1, 2};
    std::vector<std::size_t> monitor_output = {};
    std::vector<std::vector<std::size_t>> more_speakers = {};  // further pairs of monitor outputs
    bool talkback = false;                                     // there is an input for it
    std::vector<std::size_t> talkback_input = {};
    AudioConfig audio = {};
    EngineConfig engine = {};
    OscConfig osc = {};
    WebConfig web = {};
    X32Config x32 = {};
    MidiConfig midi = {};
    AccessConfig access = {};
    RecordingConfig recording = {};
    // Paths are absolute or relative to the working folder, ready to be opened; empty is not said.
    std::filesystem::path state_folder = {};
    std::filesystem::path play_folder = {};  // what the null backend plays
    bool play_loop = true;
    std::filesystem::path start_scene = {};
    std::filesystem::path flight_folder = {};  // empty: `flights` in the state's folder
    bool flight_always = false;
    std::string log_level = "info";
    std::string text = {};  // all of this, as it was read; empty for a song
};

// Whether the files that a desk names must be there: not for a copy of it somewhere else.
enum class NamedFiles : std::uint8_t { must_be_there, may_be_away };

// An empty text is a 16-channel desk. `file` names the text in messages, and paths are relative to
// it.
base::Result<DeskConfig> parse_desk(std::string_view text, const std::filesystem::path& file,
                                    NamedFiles files = NamedFiles::must_be_there);
base::Result<DeskConfig> load_desk(const std::filesystem::path& file);

param::DeskShape shape_of(const DeskConfig& desk);
// Gives the strips their names from the configuration; strips without one are left alone.
void apply_names(const DeskConfig& desk, const param::Layout& layout, param::Values& values);

// The configured folder; else $STATE_DIRECTORY, as systemd sets it; else $XDG_STATE_HOME/mixrig;
// else
// ~/.local/state/mixrig.
base::Result<std::filesystem::path> state_folder(const DeskConfig& desk);
// Arms the inputs that are not armed yet, if the configuration says so.
void apply_arms(const DeskConfig& desk, const param::Layout& layout, param::Values& values);

}  // namespace mixrig::session
