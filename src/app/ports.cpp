// Engine inputs and outputs as ports.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/ports.h"

namespace mixrig::app {

using param::Kind;

namespace {

std::string name_of(const param::Layout& layout, const param::Values& values, Kind kind,
                    std::size_t number) {
    if (kind == Kind::master) return {};
    return values.text(layout.slot(kind, number, param::row("name")));
}

std::string base_name(Kind kind, std::size_t number) {
    std::string out(param::kPrefix[static_cast<std::size_t>(kind)].substr(1));
    return param::is_counted(kind) ? out + "-" + std::to_string(number + 1) : out;
}

unsigned channel_at(const std::vector<std::size_t>& ports, std::size_t side) {
    return side < ports.size() ? static_cast<unsigned>(ports[side]) : 0;
}

std::string port_name(const std::string& base, bool stereo, std::size_t side,
                      const std::string& name) {
    std::string out = base;
    if (stereo) out += side == 0 ? "-L" : "-R";
    return name.empty() ? out : out + " " + name;
}

const std::vector<std::size_t>& output_ports(const session::DeskConfig& config,
                                             const engine::StripPlace& place) {
    static const std::vector<std::size_t> kNone;
    switch (place.kind) {
        case Kind::aux:
            return config.auxes[place.number].ports;
        case Kind::mtx:
            return config.matrices[place.number].ports;
        case Kind::main:
            return config.main_output;
        default:
            return kNone;
    }
}

}  // namespace

backend::Ports make_ports(const session::DeskConfig& config, const engine::Geometry& geometry,
                          const param::Layout& layout, const param::Values& values) {
    backend::Ports ports;
    for (std::size_t c = 0; c < config.channels.size(); ++c) {
        const engine::StripPlace& place = geometry.strips[geometry.strip(Kind::ch, c)];
        for (std::size_t side = 0; side < place.lanes(); ++side)
            ports.inputs.push_back({.name = port_name(base_name(Kind::ch, c), place.stereo, side,
                                                      name_of(layout, values, Kind::ch, c)),
                                    .device_channel = channel_at(config.channels[c].ports, side)});
    }
    if (config.talkback)
        ports.inputs.push_back(
            {.name = "talkback", .device_channel = channel_at(config.talkback_input, 0)});
    for (const engine::OutputPlace& output : geometry.outputs) {
        if (output.monitor) {
            const std::size_t pair = output.pair;
            ports.outputs.push_back(
                {.name = port_name(pair == 0 ? "monitor" : "monitor-" + std::to_string(pair + 1),
                                   true, output.side, {}),
                 .device_channel =
                     channel_at(pair == 0 ? config.monitor_output : config.more_speakers[pair - 1],
                                output.side)});
            continue;
        }
        const engine::StripPlace& place = geometry.strips[output.strip];
        ports.outputs.push_back(
            {.name = port_name(base_name(place.kind, place.number), place.stereo, output.side,
                               name_of(layout, values, place.kind, place.number)),
             .device_channel = channel_at(output_ports(config, place), output.side)});
    }
    return ports;
}

std::string strip_title(const engine::Geometry& geometry, const param::Layout& layout,
                        const param::Values& values, engine::Strip strip) {
    const engine::StripPlace& place = geometry.strips[strip];
    std::string out(param::kPrefix[static_cast<std::size_t>(place.kind)].substr(1));
    if (param::is_counted(place.kind)) out += "/" + std::to_string(place.number + 1);
    const std::string name = name_of(layout, values, place.kind, place.number);
    return name.empty() ? out : out + " " + name;
}

}  // namespace mixrig::app
