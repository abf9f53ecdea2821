// One block after the other.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/restore/restore.h"

#include <cmath>

namespace mixrig::restore {

base::Result<Found> restore(std::span<float> channel, dsp::Hertz rate, const Settings& settings) {
    Found found;
    for (float& x : channel)
        if (!std::isfinite(x)) {
            x = 0.0f;
            ++found.not_finite;
        }
    if (settings.clipping) found.clipping = mend_clipping(channel, rate);
    if (settings.clicks) found.clicks = mend_clicks(channel, rate, *settings.clicks);
    if (settings.dc) found.dc = remove_dc(channel, rate);
    if (settings.hum) found.hum = remove_hum(channel, rate, *settings.hum);
    if (settings.noise) {
        auto noise = reduce_noise(channel, rate, *settings.noise);
        if (!noise) return noise.error();
        found.noise = *noise;
    }
    return found;
}

}  // namespace mixrig::restore
