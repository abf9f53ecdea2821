// How each value of a desk gets from here to there when a recall takes time.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"
#include "src/param/values.h"
#include "src/session/scene.h"

#include <cstdint>
#include <vector>

namespace mixrig::app {

// How a number moves.
enum class Law : std::uint8_t {
    linear,       // as decibels and most others do
    logarithmic,  // frequencies, ratios, times
    rise,         // a level out of silence: its amplitude as a quarter of a sine
    fall,         // a level into silence: likewise, so that two that cross keep the power constant
};

// The way of one value. A function of the frame: it does not matter which frames are asked.
struct Track {
    param::Slot slot = 0;
    float start = 0.0f;                         // before anything
    std::uint64_t jump_at = 0;                  // then `from`
    std::uint64_t ramp_at = 0, arrives_at = 0;  // from `from` to `to`
    float from = 0.0f, to = 0.0f;
    Law law = Law::linear;
    std::uint64_t ends_at = 0;  // then `goal`
    float goal = 0.0f;

    float at(std::uint64_t frame) const;
};

// Frames, all of them quantum boundaries. Between `begin` and `open`, as between `end` and
// `closed`, a glide of the engine has its time: what is to be silent then is.
struct FadeTimes {
    std::uint64_t begin = 0, open = 0, end = 0, closed = 0;
};
FadeTimes fade_times(std::uint64_t frame, double seconds, dsp::Hertz rate);

// The rules stand in docs/osc.md. `now` are the values at `begin`; slots that do not change have no
// track.
std::vector<Track> plan_fade(const param::Layout& layout, const param::Values& now,
                             const session::Scene& wanted, const FadeTimes& times, dsp::Hertz rate);

}  // namespace mixrig::app
