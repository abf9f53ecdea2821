// Lanes: what each parameter does in the course of a song, and how that is edited.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/param/values.h"
#include "src/session/automation.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace mixrig::session {

// A value from this frame on.
struct Point {
    std::uint64_t frame = 0;
    float value = 0.0f;
};
using Points = std::vector<Point>;  // by frame, no two of the same

// What holds at a frame; nothing before the first point.
std::optional<float> value_at(const Points& points, std::uint64_t frame);

// `old` with `fresh` in place of what is from `begin` up to `end`; at `end` the old values go on.
Points spliced(const Points& old, const Points& fresh, std::uint64_t begin, std::uint64_t end);

// Without the points that can be missed: at every frame the value is within `tolerance` of what it
// was; at the end it is what it was.
Points thinned(const Points& points, float tolerance);

// How coarse a lane of this parameter may be. A level: 0.03 dB, so that three of them that act on
// one sound, say trim, fader and DCA, are not 0.1 dB off together. What may switch something
// (gates), and whatever is not in dB: exact.
float tolerance_of(const param::Layout& layout, param::Slot slot);

// Two layers. Levels are the sum of both, in dB: one for moves within a phrase, the other for those
// of whole parts of the song, whichever way around.
struct Lane {
    Points moves = {};
    Points trims = {};  // dB; 0 before the first

    bool is_empty() const { return moves.empty() && trims.empty(); }
};

// A level with its trim: within its range, and silence stays silence.
float trimmed(const param::Layout& layout, param::Slot slot, float value, float trim_dB);

// What a lane says at a frame; nothing if it says nothing yet.
std::optional<float> value_at(const param::Layout& layout, param::Slot slot, const Lane& lane,
                              std::uint64_t frame);

using Lanes = std::map<param::Slot, Lane>;

// Each begins at the start of the song, with what the file says there or else with `before`.
Lanes lanes_of(const Automation& automation, const param::Values& before);
// The other way, without markers.
Automation automation_of(const Lanes& lanes);

// What is to be done, with both layers in one: by frame, then in the order of the addresses.
std::vector<Move> moves_of(const Lanes& lanes, const param::Layout& layout);
// The same of a file, as it stands there if it has no trims: in its order, with its lines.
std::vector<Move> moves_of(const Automation& automation, const param::Layout& layout,
                           const param::Values& before);

// The trims of a lane become part of its moves.
void fold(Lane& lane, const param::Layout& layout, param::Slot slot);

}  // namespace mixrig::session
