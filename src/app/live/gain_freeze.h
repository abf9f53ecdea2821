// Gain freeze: a channel's trim moves, and nothing that leaves the channel is to notice.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/song/moves.h"
#include "src/base/result.h"
#include "src/param/values.h"

#include <cstddef>

namespace mixrig::app {

// What has to move when the trim of a channel (from 0) does: its `freeze` by as much, and so the
// thresholds that judge its signal, its own and those of every strip it keys. All of it or nothing:
// an error names the row that would leave its range. Thresholds of what is off do not stand in the
// way; they go as far as they can.
base::Result<Moves> freeze_gain(const param::Layout& layout, const param::Values& values,
                                std::size_t channel, double dB);

}  // namespace mixrig::app
