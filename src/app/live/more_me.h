// "More me": some strips up in one monitor mix and all others down, and the mix as loud as before.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/song/moves.h"
#include "src/base/result.h"
#include "src/engine/geometry.h"
#include "src/monitor/meters.h"
#include "src/param/values.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace mixrig::app {

struct MoreMe {
    std::size_t aux = 0;   // from 0
    std::string_view own;  // "ch/3", or several: "ch/3 ch/4"
    double step_dB = 1.5;  // by how much own strips rise against the others
};

struct Rebalanced {
    Moves moves;
    double own_dB = 0.0, others_dB = 0.0;  // of each
};

// With O and T the K-weighted powers that own strips and the others have in the mix, as measured at
// the taps of their sends over the last seconds, and r = 10^(step/20): the others are multiplied by
//     b = sqrt((O + T) / (r^2 O + T)),
// own strips by r b, so that (r b)^2 O + b^2 T = O + T. Powers add, so strips are taken to be
// independent of one another; what is below -70 LUFS counts as silent, as in BS.1770. While neither
// side sounds, each takes half of the step.
base::Result<Rebalanced> more_me(const param::Layout& layout, const param::Values& values,
                                 const engine::Geometry& geometry,
                                 std::span<const monitor::StripLoudness> loudness,
                                 const MoreMe& asked);

}  // namespace mixrig::app
