// desk.toml, table by table.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/desk_tables.h"

#include "src/session/access_table.h"
#include "src/session/networks.h"
#include "src/session/web_table.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

namespace mixrig::session {
namespace {

using Ports = std::vector<std::size_t>;

enum class PortKey : std::uint8_t { none, input, output };

// One of the five kinds of counted strips: how the file calls it and how many there may be.
struct StripKind {
    const char* count_key;
    const char* table_key;
    std::size_t most;
    std::size_t usual;
    bool stereo;
    PortKey port;
    std::vector<StripConfig> DeskConfig::*strips;
};

const std::array<StripKind, 5> kKinds = {{
    {"channels", "channel", 1024, 16, false, PortKey::input, &DeskConfig::channels},
    {"subgroups", "subgroup", 64, 4, true, PortKey::none, &DeskConfig::subgroups},
    {"auxes", "aux", 64, 4, true, PortKey::output, &DeskConfig::auxes},
    {"effects", "effect", 16, 2, true, PortKey::none, &DeskConfig::effects},
    {"matrices", "matrix", 16, 2, true, PortKey::output, &DeskConfig::matrices},
}};

const char* port_key(PortKey port) {
    return port == PortKey::input ? "input" : "output";
}

// Playback channels and who has them; two strips on one output would be summed behind the ceiling.
class Outputs {
public:
    void take(const Ports& ports, const std::string& owner, Section& section,
              std::string_view key) {
        for (const std::size_t port : ports) {
            const auto [taken, fresh] = owners_.emplace(port, owner);
            if (!fresh)
                section.problem(key,
                                "output " + std::to_string(port) + " is taken by " + taken->second,
                                "each output of the device has one source");
        }
    }

private:
    std::map<std::size_t, std::string> owners_;
};

// Width and ports of a strip must agree; each decides the other when only one is said.
void read_width(Section& section, const StripKind& kind, StripConfig& strip, bool forced_stereo) {
    std::optional<Ports> ports;
    const char* key = port_key(kind.port);
    if (kind.port != PortKey::none) section.read_ports(key, ports);
    if (ports) strip.ports = *ports;
    if (ports && !ports->empty()) strip.stereo = ports->size() == 2;
    bool said = strip.stereo;
    section.read("stereo", said);
    if (ports && !ports->empty() && section.has("stereo") && said != strip.stereo)
        section.problem(key, said ? "a stereo strip needs two" : "a mono strip needs one",
                        said ? "write [left, right], or stereo = false" : "or write stereo = true");
    strip.stereo = said || forced_stereo;
    // A song plays its track there, not this input.
    if (forced_stereo && strip.ports.size() == 1) strip.ports.clear();
}

// Strips by their tables; returns the numbers of those whose ports were said.
std::set<std::size_t> read_strips(Section& root, const StripKind& kind, const TrackChannels& tracks,
                                  Outputs& outputs, std::vector<StripConfig>& strips) {
    std::map<std::size_t, std::size_t> lines;  // number -> line of its table
    std::set<std::size_t> said;
    const bool is_channel = kind.port == PortKey::input;
    for (Section& section : root.tables(kind.table_key)) {
        std::size_t number = 0;
        StripConfig strip{.stereo = kind.stereo};
        if (!section.has("number")) section.problem("", "has no number", "number = 1");
        section.read("number", number, 1, kind.most);
        section.read_name("name", strip.name);
        const auto track = tracks.find(number);
        read_width(section, kind, strip,
                   is_channel && track != tracks.end() && track->second.width == 2);
        section.finish();
        if (number == 0) continue;
        if (number > strips.size()) {
            section.problem("number",
                            std::to_string(number) + " is more than the desk has: " +
                                kind.count_key + " = " + std::to_string(strips.size()),
                            std::string("raise [desk] ") + kind.count_key);
            continue;
        }
        if (const auto [first, fresh] = lines.emplace(number, section.line()); !fresh)
            section.problem("number", std::to_string(number) + " is there already, in line " +
                                          std::to_string(first->second));
        if (section.has(port_key(kind.port))) said.insert(number);
        if (kind.port == PortKey::output)
            outputs.take(strip.ports, std::string(kind.table_key) + " " + std::to_string(number),
                         section, "output");
        strips[number - 1] = std::move(strip);
    }
    return said;
}

// Channels whose input was not said take the free capture channels in order.
void assign_inputs(std::vector<StripConfig>& channels, const std::set<std::size_t>& said,
                   const Ports& talkback) {
    std::set<std::size_t> taken(talkback.begin(), talkback.end());
    for (const StripConfig& channel : channels)
        taken.insert(channel.ports.begin(), channel.ports.end());
    std::size_t next = 1;
    for (std::size_t i = 0; i < channels.size(); ++i) {
        if (said.contains(i + 1)) continue;
        const std::size_t width = channels[i].stereo ? 2 : 1;
        while (channels[i].ports.size() < width) {
            if (!taken.contains(next)) channels[i].ports.push_back(next);
            ++next;
        }
    }
}

void read_pair(Section& section, const char* key, const std::string& owner, Ports& ports,
               Outputs& outputs) {
    std::optional<Ports> said;
    section.read_ports(key, said);
    if (said && said->size() == 1)
        section.problem(key, "needs two channels", "[left, right], or []");
    if (said) ports = *said;
    outputs.take(ports, owner, section, key);
}

void read_main(Section section, Ports& ports, Outputs& outputs) {
    read_pair(section, "output", "[main]", ports, outputs);
    section.finish();
}

void read_monitor(Section section, DeskConfig& desk, Outputs& outputs) {
    std::size_t speakers = 1;
    section.read("speakers", speakers, 1, param::kMostSpeakers);
    read_pair(section, "output", "[monitor]", desk.monitor_output, outputs);
    for (std::size_t pair = 2; pair <= param::kMostSpeakers; ++pair) {
        const std::string key = "output_" + std::to_string(pair);
        Ports ports;
        read_pair(section, key.c_str(), "[monitor] " + key, ports, outputs);
        if (pair <= speakers)
            desk.more_speakers.push_back(std::move(ports));
        else if (section.has(key))
            section.problem(key, "is beyond [monitor] speakers = " + std::to_string(speakers),
                            "raise it");
    }
    section.finish();
}

void read_talkback(Section section, DeskConfig& desk) {
    std::optional<Ports> said;
    section.read_ports("input", said);
    if (said && said->size() > 1)
        section.problem("input", "the talkback is mono", "one channel, or []");
    desk.talkback = said.has_value();
    if (said) desk.talkback_input = *said;
    section.finish();
}

void read_counts(Section section, const TrackChannels& tracks, DeskConfig& desk,
                 Problems& problems) {
    section.read_name("name", desk.name);
    for (const StripKind& kind : kKinds) {
        std::size_t count = kind.usual;
        section.read(kind.count_key, count, kind.port == PortKey::input ? 1 : 0, kind.most);
        // A song that does not say how many channels it has, has as many as its tracks need.
        if (kind.port == PortKey::input && !section.has(kind.count_key) && !tracks.empty())
            count = std::max(count, std::min(tracks.rbegin()->first, kind.most));
        (desk.*kind.strips).assign(count, StripConfig{.stereo = kind.stereo});
    }
    section.finish();
    for (const auto& [number, track] : tracks) {
        if (number <= desk.channels.size())
            desk.channels[number - 1].stereo = track.width == 2;
        else
            problems.add(
                track.line,
                "[[track]] channel: " + std::to_string(number) +
                    " is more than [desk] channels = " + std::to_string(desk.channels.size()),
                "raise it, or leave it out");
    }
}

void read_audio(Section section, AudioConfig& audio) {
    section.read("backend", audio.backend);
    constexpr std::array backends = {"auto", "jack", "rtaudio", "null"};
    // fake:PORT is the device of the fault tests; a build without it says so when asked.
    if (std::find(backends.begin(), backends.end(), audio.backend) == backends.end() &&
        !audio.backend.starts_with("fake:"))
        section.problem("backend", "\"" + audio.backend + "\" is not known",
                        "one of \"auto\", \"jack\", \"rtaudio\", \"null\"");
    section.read("device", audio.device);
    section.read_word("api", audio.api, {"", "alsa", "pulse"});
    std::size_t rate = static_cast<std::size_t>(audio.rate.value);
    section.read("rate", rate, 8000, 384000);
    audio.rate = {static_cast<double>(rate)};
    section.read("block", audio.block, 1, 8192);
    section.read("jack_server", audio.jack_server);
    section.read("autoconnect", audio.autoconnect);
    section.finish();
}

void read_engine(Section section, EngineConfig& engine) {
    section.read("threads", engine.threads, 1, 16);
    double ramp_ms = engine.ramp.value * 1000.0;
    section.read("ramp_ms", ramp_ms, 10.0, 60000.0);
    engine.ramp = {ramp_ms / 1000.0};
    section.read("ceiling_dB", engine.ceiling.value, -24.0, 0.0);
    section.finish();
}

// Where something listens, and to whom.
void read_reach(Section& section, std::string& listen, std::vector<std::string>& allow) {
    section.read("listen", listen);
    if (!is_address(listen))
        section.problem("listen", "\"" + listen + "\" is not an address",
                        "127.0.0.1 for this machine only, 0.0.0.0 for all networks");
    section.read_list("allow", allow);
    for (const std::string& one : allow)
        if (!is_network(one))
            section.problem("allow", "\"" + one + "\" is not an address",
                            "as 192.168.1.7, or a network as 192.168.1.0/24");
}

void read_osc(Section section, OscConfig& osc) {
    section.read("port", osc.port, 0, 65535);
    read_reach(section, osc.listen, osc.allow);
    section.finish();
}

void read_x32(Section section, X32Config& x32) {
    section.read("enabled", x32.enabled);
    section.read("port", x32.port, 0, 65535);
    section.read_word("model", x32.model,
                      {"X32", "X32RACK", "X32C", "X32P", "X32CORE", "M32", "M32C", "M32R"});
    section.read("air_enabled", x32.air_enabled);
    section.read("air_port", x32.air_port, 0, 65535);
    section.read_word("air_model", x32.air_model, {"XR18", "X18", "MR18"});
    read_reach(section, x32.listen, x32.allow);
    section.read_name("rights", x32.rights);
    section.finish();
}

void read_null(Section section, DeskConfig& desk) {
    section.read_path("play", desk.play_folder);
    section.read("loop", desk.play_loop);
    section.finish();
}

void read_start(Section section, NamedFiles files, DeskConfig& desk) {
    section.read_path("start", desk.start_scene);
    if (files == NamedFiles::must_be_there && !desk.start_scene.empty() &&
        !std::filesystem::is_regular_file(desk.start_scene))
        section.problem("start", "no such file: " + desk.start_scene.string());
    section.finish();
}

void read_folder(Section section, std::filesystem::path& folder) {
    section.read_path("folder", folder);
    section.finish();
}

void read_flight(Section section, DeskConfig& desk) {
    section.read_path("folder", desk.flight_folder);
    section.read("always", desk.flight_always);
    section.finish();
}

void read_recording(Section section, RecordingConfig& recording) {
    section.read_path("folder", recording.folder);
    std::string arm = "off", format = "24";
    section.read_word("arm", arm, {"off", "inputs"});
    section.read_word("format", format, {"24", "32f"});
    section.read("lookback_s", recording.lookback.value, 0.0, 600.0);
    section.finish();
    recording.arm_inputs = arm == "inputs";
    recording.is_float = format == "32f";
}

void read_log(Section section, std::string& level) {
    section.read_word("level", level, {"debug", "info", "warning", "error"});
    section.finish();
}

}  // namespace

DeskConfig read_desk(Section& root, const TrackChannels& tracks, Problems& problems,
                     NamedFiles files) {
    DeskConfig desk;
    desk.file = problems.file();
    Outputs outputs;
    read_counts(root.table("desk"), tracks, desk, problems);
    read_main(root.table("main"), desk.main_output, outputs);
    read_monitor(root.table("monitor"), desk, outputs);
    read_talkback(root.table("talkback"), desk);
    for (const StripKind& kind : kKinds) {
        auto& strips = desk.*kind.strips;
        const auto said = read_strips(root, kind, tracks, outputs, strips);
        if (kind.port == PortKey::input) assign_inputs(strips, said, desk.talkback_input);
    }
    read_audio(root.table("audio"), desk.audio);
    read_engine(root.table("engine"), desk.engine);
    read_osc(root.table("osc"), desk.osc);
    read_web(root.table("web"), desk.web);
    read_x32(root.table("x32"), desk.x32);
    read_midi(root.table("midi"), desk.midi);
    read_access(root.table("access"), desk.access);
    read_folder(root.table("state"), desk.state_folder);
    read_recording(root.table("recording"), desk.recording);
    read_flight(root.table("flight"), desk);
    read_log(root.table("log"), desk.log_level);
    read_null(root.table("null"), desk);
    read_start(root.table("scene"), files, desk);
    return desk;
}

}  // namespace mixrig::session
