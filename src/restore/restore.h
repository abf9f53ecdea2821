// All of the repair of a sound, in the order in which damage hides damage.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/restore/clicks.h"
#include "src/restore/clipping.h"
#include "src/restore/dc.h"
#include "src/restore/hum.h"
#include "src/restore/noise.h"

#include <optional>
#include <span>
#include <vector>

namespace mixrig::restore {

// What is not here is not done.
struct Settings {
    bool clipping = false, dc = false;
    std::optional<ClickSettings> clicks = {};
    std::optional<HumSettings> hum = {};
    std::optional<NoiseSettings> noise = {};

    bool any() const { return clipping || dc || clicks || hum || noise; }
};

// Of one channel; what was not asked for stays empty.
struct Found {
    std::uint64_t not_finite = 0;  // samples that were no numbers and are silence now
    std::optional<ClippingFound> clipping = {};
    std::optional<ClicksFound> clicks = {};
    std::optional<DcFound> dc = {};
    std::optional<HumFound> hum = {};
    std::optional<NoiseFound> noise = {};
};

// [one thread, not audio] In place. Clipping first, while its levels are exact; then clicks, which
// would spoil what the others learn; offset, hum, and noise at last.
base::Result<Found> restore(std::span<float> channel, dsp::Hertz rate, const Settings& settings);

}  // namespace mixrig::restore
