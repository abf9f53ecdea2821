// Automation: values that change at a moment.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"
#include "src/session/line_grammar.h"

#include <cstdint>
#include <filesystem>

namespace mixrig::session {

struct Move {
    std::uint64_t frame = 0;
    Setting setting = {};
};

// One line of it. Names cannot be automated: they never reach the engine.
base::Result<Move> read_move(const Words& words, const param::Layout& layout, dsp::Hertz rate,
                             const std::string& file);

// `12.500s ADDRESS VALUE` or `600000f ADDRESS VALUE`. By frame; moves of one frame in the order of
// the file. All or nothing.
base::Result<std::vector<Move>> parse_automation(std::string_view text, const param::Layout& layout,
                                                 dsp::Hertz rate, const std::string& file);
base::Result<std::vector<Move>> load_automation(const std::filesystem::path& path,
                                                const param::Layout& layout, dsp::Hertz rate);

}  // namespace mixrig::session
