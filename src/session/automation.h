// Automation: values that change at a moment, and the markers of the song.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"
#include "src/session/line_grammar.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mixrig::session {

struct Move {
    std::uint64_t frame = 0;
    Setting setting = {};
};

inline constexpr std::size_t kLongestMarker = 64;  // bytes

struct Marker {
    std::uint64_t frame = 0;
    std::string name = {};
};

// What a file of it says. Everything by frame; what has the same frame in the order of the file.
struct Automation {
    std::vector<Move> moves = {};
    std::vector<Move> trims = {};  // dB, on top of what the moves of the same level say
    std::vector<Marker> markers = {};
};

// Whether a parameter may have a lane: it is the mix's, not the desk's, and no text, which never
// reaches the engine.
bool can_be_automated(const param::Layout& layout, param::Slot slot);
// Whether it is a level, which may have trims.
bool can_be_trimmed(const param::Layout& layout, param::Slot slot);

// One line of it that is a move.
base::Result<Move> read_move(const Words& words, const param::Layout& layout, dsp::Hertz rate,
                             const std::string& file);

//     12.500s ADDRESS VALUE            600000f ADDRESS VALUE
//     12.500s trim ADDRESS DECIBELS    12.500s marker "NAME"
// All or nothing.
base::Result<Automation> parse_automation(std::string_view text, const param::Layout& layout,
                                          dsp::Hertz rate, const std::string& file);
// Line by line, leaving out what this desk has no place for, with the reasons: what a desk kept
// whose configuration has changed since.
struct FittingAutomation {
    Automation automation = {};
    std::vector<std::string> left_out = {};
};
base::Result<FittingAutomation> parse_automation_that_fits(std::string_view text,
                                                           const param::Layout& layout,
                                                           dsp::Hertz rate,
                                                           const std::string& file);
base::Result<Automation> load_automation(const std::filesystem::path& path,
                                         const param::Layout& layout, dsp::Hertz rate);

// The same in seconds, exact to the frame. parse_automation reads it back.
std::string write_automation(const Automation& automation, const param::Layout& layout,
                             dsp::Hertz rate);

}  // namespace mixrig::session
