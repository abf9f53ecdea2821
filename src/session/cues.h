// Cue lists: which scene comes when in a show.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/session/line_grammar.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::session {

// A cue's number counts thousandths: 1.5 is 1500.
using CueNumber = std::uint32_t;

struct Cue {
    CueNumber number = 0;
    std::string name = {};
    std::string scene = {};
    std::optional<float> fade_ms = {};  // else as the desk says
    std::size_t line = 0;
};

// `1.5 "Chorus" scene "chorus" fade 2000 ms`: number, name, scene or snippet, and perhaps a fade.
// Numbers rise from line to line, 0.001 to 999999.999. All or nothing.
base::Result<std::vector<Cue>> parse_cues(std::string_view text, const std::string& file);
base::Result<std::vector<Cue>> load_cues(const std::filesystem::path& path);

std::optional<CueNumber> cue_number(std::string_view text);
std::string cue_text(CueNumber number);  // "1.5"

inline constexpr float kLongestFade = 60000.0f;  // ms

}  // namespace mixrig::session
