// The true-peak detector on vectors of consecutive frames; true_peak.cpp is the definition.
// SPDX-License-Identifier: GPL-3.0-or-later
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/true_peak_kernel.cpp"
#include <hwy/foreach_target.h>
//
#include "dsp/lanes-inl.h"
#include "dsp/true_peak.h"

#include <hwy/highway.h>

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace mixrig::dsp {
namespace HWY_NAMESPACE {
namespace {

template <std::size_t kPairs, std::size_t kMirrored>
HWY_INLINE Vector highest_between(const float* x, const MirroredFilter<kPairs, kMirrored>& filter) {
    const Floats d;
    Vector even[kMirrored], odd[kMirrored], middle = hn::Zero(d);
    for (std::size_t p = 0; p < kMirrored; ++p) even[p] = odd[p] = hn::Zero(d);
    for (std::size_t k = 0; k < kPairs; ++k) {
        const Vector before = hn::LoadU(d, x - k), after = hn::LoadU(d, x + 1 + k);
        const Vector sum = hn::Add(before, after), difference = hn::Sub(before, after);
        for (std::size_t p = 0; p < kMirrored; ++p) {
            even[p] = hn::MulAdd(set(filter.even[p][k]), sum, even[p]);
            odd[p] = hn::MulAdd(set(filter.odd[p][k]), difference, odd[p]);
        }
        middle = hn::MulAdd(set(filter.middle[k]), sum, middle);
    }
    Vector peak = hn::Abs(middle);
    for (std::size_t p = 0; p < kMirrored; ++p)
        peak = hn::Max(peak, hn::Add(hn::Abs(even[p]), hn::Abs(odd[p])));
    return peak;
}

HWY_INLINE Vector peak_after(const float* x, const TruePeakFilters& filters) {
    const Vector fine = highest_between(x, filters.fine);
    const Vector coarse = highest_between(x, filters.coarse);
    const Vector printed = highest_between(x, filters.printed);
    const Vector own = hn::Abs(hn::LoadU(Floats(), x));
    return hn::Max(hn::Max(own, fine), hn::Max(coarse, printed));
}

// The last frames take the same arithmetic, on a copy that may be read beyond its end.
void measure_tail(const float* x, float* peaks, std::size_t frames,
                  const TruePeakFilters& filters) {
    float around[kTruePeakBehind + kWidth + kTruePeakAhead] = {};
    std::copy_n(x - kTruePeakBehind, kTruePeakBehind + frames + kTruePeakAhead, around);
    alignas(64) float found[kWidth];
    store(peak_after(around + kTruePeakBehind, filters), found);
    std::copy_n(found, frames, peaks);
}

void measure_peaks(const float* x, float* peaks, std::size_t frames) {
    const TruePeakFilters& filters = true_peak_filters();
    std::size_t n = 0;
    for (; n + kWidth <= frames; n += kWidth)
        hn::StoreU(peak_after(x + n, filters), Floats(), peaks + n);
    if (n < frames) measure_tail(x + n, peaks + n, frames - n, filters);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace mixrig::dsp
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mixrig::dsp {

HWY_EXPORT(measure_peaks);

void true_peaks(const float* x, float* peaks, std::size_t frames) MIXRIG_REALTIME {
    HWY_DYNAMIC_DISPATCH(measure_peaks)(x, peaks, frames);
}

}  // namespace mixrig::dsp
#endif
