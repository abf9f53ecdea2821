// What desk.toml and map files say of MIDI.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/midi_maps.h"

#include "src/session/section.h"

namespace mixrig::session {

void read_midi(Section section, MidiConfig& midi) {
    section.read("enabled", midi.enabled);
    section.read_list("surfaces", midi.surfaces);
    section.read_list("controllers", midi.controllers);
    section.read_paths("maps", midi.maps);
    section.read("rights", midi.rights);
    for (const auto* names : {&midi.surfaces, &midi.controllers})
        for (const std::string& name : *names)
            if (name.empty())
                section.problem(names == &midi.surfaces ? "surfaces" : "controllers",
                                "a name is empty", "part of what `aconnect -l` calls the device");
    section.finish();
}

base::Result<std::vector<MidiMap>> parse_midi_maps(std::string_view text, const std::string& file) {
    const auto tree = parse_toml(text, file);
    if (!tree) return tree.error();
    Problems problems(file);
    Section root(&*tree, "", problems);
    std::string device;
    root.read("device", device);
    std::vector<MidiMap> out;
    for (Section& section : root.tables("map")) {
        MidiMap map{.device = device, .line = section.line()};
        section.read("device", map.device);
        section.read("control", map.control);
        section.read("address", map.address);
        section.read("mode", map.mode);
        section.read("feedback", map.feedback);
        for (const char* needed : {"control", "address"})
            if (!section.has(needed)) section.problem(needed, "is missing");
        if (map.device.empty())
            section.problem("device", "is missing", "part of the controller's name");
        section.finish();
        out.push_back(std::move(map));
    }
    root.finish();
    if (problems.any()) return problems.first();
    return out;
}

}  // namespace mixrig::session
