// The limiter at the end of the master chain: dsp/limiter.h, switched like the other blocks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/master/master_limiter.h"

#include <algorithm>

namespace mixrig::dsp {
namespace {

constexpr Seconds kSettle{0.010};  // longer than the look-ahead

}  // namespace

MasterLimiter::MasterLimiter(Hertz rate)
    : limiter_(rate), past_(limiter_.latency_frames()), on_off_(rate, kSettle) {
    past_.set({.on = true});
}

// Within, the limiter is on until the crossfade to off is over: it is reset when it begins anew.
void MasterLimiter::set(const LimiterSettings& settings, Change change) MIXRIG_REALTIME {
    wanted_ = settings.on;
    const bool begins = on_off_.set(settings.on, change);
    limiter_.set({.ceiling = settings.ceiling, .release = settings.release, .on = true});
    if (begins) limiter_.reset();
}

// The mix passes the follower as well, so that its past is there when it is switched off.
template <typename Sample>
void MasterLimiter::process(Sample* left, Sample* right, Slice slice) MIXRIG_REALTIME {
    Sample* const sides[] = {left + slice.first, right + slice.first};
    std::array<std::array<float, kQuantum>, 2> limited;
    for (std::size_t s = 0; s < 2; ++s)
        for (std::size_t n = 0; n < slice.count; ++n)
            limited[s][n] = static_cast<float>(sides[s][n]);
    if (on_off_.is_off())
        for (auto& side : gains_.side) std::fill_n(side.begin(), slice.count, 1.0f);
    else
        limiter_.process(limited[0].data(), limited[1].data(), slice.count, gains_);
    if (!on_off_.is_on() && !on_off_.is_off())
        for (auto& side : gains_.side)
            for (std::size_t n = 0; n < slice.count; ++n) {
                const auto share = static_cast<float>(on_off_.weight(slice.first + n));
                side[n] = 1.0f + share * (side[n] - 1.0f);
            }
    past_.follow(sides[0], sides[1], slice.count, gains_);
    if (!on_off_.is_on()) return;
    for (std::size_t s = 0; s < 2; ++s) std::copy_n(limited[s].begin(), slice.count, sides[s]);
}

template <typename Sample>
void MasterLimiter::follow(Sample* left, Sample* right, Slice slice, const Gains& gains)
    MIXRIG_REALTIME {
    past_.follow(left + slice.first, right + slice.first, slice.count, gains);
}

void MasterLimiter::reset() MIXRIG_REALTIME {
    limiter_.reset();
    past_.reset();
    static_cast<void>(on_off_.set(wanted_, Change::jump));
}

template void MasterLimiter::process(float*, float*, Slice);
template void MasterLimiter::follow(float*, float*, Slice, const Gains&);
template void MasterLimiter::process(double*, double*, Slice);
template void MasterLimiter::follow(double*, double*, Slice, const Gains&);

}  // namespace mixrig::dsp
