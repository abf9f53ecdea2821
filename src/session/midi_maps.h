// [midi] of a desk, and files of maps for plain MIDI controllers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::session {

class Section;

struct MidiConfig {
    bool enabled = false;
    std::vector<std::string> surfaces = {};        // Mackie Control units from left to right
    std::vector<std::string> controllers = {"*"};  // plain ones; parts of names, as above
    std::vector<std::filesystem::path> maps = {};
    std::string rights = "engineer";
};

// Words as the file has them: what they mean is known where MIDI is.
struct MidiMap {
    std::string device = {};
    std::string control = {};
    std::string address = {};
    std::string mode = {};  // empty: the usual one
    bool feedback = true;
    std::size_t line = 0;
};

void read_midi(Section section, MidiConfig& midi);

// `device` before the first [[map]] stands for all of them.
base::Result<std::vector<MidiMap>> parse_midi_maps(std::string_view text, const std::string& file);

}  // namespace mixrig::session
