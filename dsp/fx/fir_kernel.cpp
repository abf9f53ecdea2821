// A filter of taps that follow each other, on vectors of consecutive frames.
// SPDX-License-Identifier: GPL-3.0-or-later
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/fx/fir_kernel.cpp"
#include <hwy/foreach_target.h>
//
#include "dsp/fx/fir.h"

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mixrig::dsp {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// So many vectors of sums at a time as hide the time that an addition takes. Multiplied and added,
// not fused: that is what one frame alone does below.
template <std::size_t kVectors, typename Sample>
HWY_INLINE void frames_at_once(const Sample* weights, std::size_t taps, const Sample* x,
                               Sample* y) {
    const hn::ScalableTag<Sample> d;
    hn::Vec<decltype(d)> sum[kVectors];
    for (std::size_t v = 0; v < kVectors; ++v) sum[v] = hn::Zero(d);
    for (std::size_t k = 0; k < taps; ++k) {
        const auto weight = hn::Set(d, weights[k]);
        for (std::size_t v = 0; v < kVectors; ++v)
            sum[v] = hn::Add(sum[v], hn::Mul(weight, hn::LoadU(d, x - k + v * hn::Lanes(d))));
    }
    for (std::size_t v = 0; v < kVectors; ++v) hn::StoreU(sum[v], d, y + v * hn::Lanes(d));
}

template <typename Sample>
HWY_INLINE void run(const Sample* weights, std::size_t taps, const Sample* x, Sample* y,
                    std::size_t count) {
    const std::size_t one = hn::Lanes(hn::ScalableTag<Sample>()), four = 4 * one;
    std::size_t n = 0;
    for (; n + four <= count; n += four) frames_at_once<4>(weights, taps, x + n, y + n);
    for (; n + one <= count; n += one) frames_at_once<1>(weights, taps, x + n, y + n);
    for (; n < count; ++n) {
        const Sample* past = x + n;
        Sample sum = 0;
        for (std::size_t k = 0; k < taps; ++k) sum += weights[k] * *past--;
        y[n] = sum;
    }
}

void fir_floats(const float* weights, std::size_t taps, const float* x, float* y,
                std::size_t count) {
    run(weights, taps, x, y, count);
}
void fir_doubles(const double* weights, std::size_t taps, const double* x, double* y,
                 std::size_t count) {
    run(weights, taps, x, y, count);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace mixrig::dsp
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mixrig::dsp {

HWY_EXPORT(fir_floats);
HWY_EXPORT(fir_doubles);

void fir(const float* weights, std::size_t taps, const float* x, float* y, std::size_t count)
    MIXRIG_REALTIME {
    HWY_DYNAMIC_DISPATCH(fir_floats)(weights, taps, x, y, count);
}
void fir(const double* weights, std::size_t taps, const double* x, double* y, std::size_t count)
    MIXRIG_REALTIME {
    HWY_DYNAMIC_DISPATCH(fir_doubles)(weights, taps, x, y, count);
}

}  // namespace mixrig::dsp
#endif
