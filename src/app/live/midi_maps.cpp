// Words of map files, looked up.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/midi_maps.h"

#include "src/session/midi_maps.h"
#include "src/session/text_file.h"

namespace mixrig::app {
namespace {

base::Result<midi::Mapping> mapping_of(const session::MidiMap& map, const param::Layout& layout) {
    const auto control = midi::parse_control(map.control);
    if (!control) return control.error();
    midi::Mapping out{.device = map.device,
                      .control = *control,
                      .mode = midi::usual_mode(layout, *control, map.address),
                      .address = map.address,
                      .feedback = map.feedback};
    if (!map.mode.empty()) {
        const auto mode = midi::parse_mode(map.mode);
        if (!mode) return mode.error();
        out.mode = *mode;
    }
    if (const auto target = midi::target_of(layout, out); !target) return target.error();
    return out;
}

}  // namespace

base::Result<std::vector<midi::Mapping>> parse_mappings(std::string_view text,
                                                        const std::string& file,
                                                        const param::Layout& layout) {
    const auto maps = session::parse_midi_maps(text, file);
    if (!maps) return maps.error();
    std::vector<midi::Mapping> out;
    for (const session::MidiMap& map : *maps) {
        auto mapping = mapping_of(map, layout);
        if (!mapping)
            return base::Error{mapping.error().what, session::at_line(file, map.line),
                               mapping.error().hint};
        out.push_back(std::move(*mapping));
    }
    return out;
}

base::Result<std::vector<midi::Mapping>> load_mappings(const std::filesystem::path& file,
                                                       const param::Layout& layout) {
    const auto text = session::read_text(file);
    return text ? parse_mappings(*text, file.string(), layout) : text.error();
}

}  // namespace mixrig::app
