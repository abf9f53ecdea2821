// Between planar buffers, as sound cards and files have them, and banks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/bank_io.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/bank_io.cpp"
#include "dsp/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mixrig::dsp {
namespace HWY_NAMESPACE {

// Four lanes by four frames fit the narrowest vector there is; wider transposes gain nothing that
// matters here.
using Four = hn::FixedTag<float, 4>;

struct Square {
    hn::Vec<Four> row0, row1, row2, row3;
};

HWY_INLINE Square transpose(const Square& s) {
    const Four d;
    const auto low01 = hn::InterleaveLower(d, s.row0, s.row1);
    const auto low23 = hn::InterleaveLower(d, s.row2, s.row3);
    const auto high01 = hn::InterleaveUpper(d, s.row0, s.row1);
    const auto high23 = hn::InterleaveUpper(d, s.row2, s.row3);
    return {hn::ConcatLowerLower(d, low23, low01), hn::ConcatUpperUpper(d, low23, low01),
            hn::ConcatLowerLower(d, high23, high01), hn::ConcatUpperUpper(d, high23, high01)};
}

void interleave_kernel(const PlanarInputs& planar, float* x, Slice slice) {
    alignas(64) static constexpr float kSilence[kQuantum] = {};
    const Four d;
    for (std::size_t lane = 0; lane < kLanes; lane += 4) {
        const float* in[4];
        for (std::size_t k = 0; k < 4; ++k) in[k] = planar[lane + k] ? planar[lane + k] : kSilence;
        float* out = x + slice.first * kLanes + lane;
        std::size_t n = 0;
        for (; n + 4 <= slice.count; n += 4, out += 4 * kLanes) {
            const Square frames = transpose({hn::LoadU(d, in[0] + n), hn::LoadU(d, in[1] + n),
                                             hn::LoadU(d, in[2] + n), hn::LoadU(d, in[3] + n)});
            hn::Store(frames.row0, d, out);
            hn::Store(frames.row1, d, out + kLanes);
            hn::Store(frames.row2, d, out + 2 * kLanes);
            hn::Store(frames.row3, d, out + 3 * kLanes);
        }
        for (; n < slice.count; ++n, out += kLanes)
            for (std::size_t k = 0; k < 4; ++k) out[k] = in[k][n];
    }
}

void deinterleave_kernel(const float* x, const PlanarOutputs& planar, Slice slice) {
    const Four d;
    for (std::size_t lane = 0; lane < kLanes; lane += 4) {
        alignas(64) float nobody[kQuantum];
        float* out[4];
        for (std::size_t k = 0; k < 4; ++k) out[k] = planar[lane + k] ? planar[lane + k] : nobody;
        const float* in = x + slice.first * kLanes + lane;
        std::size_t n = 0;
        for (; n + 4 <= slice.count; n += 4, in += 4 * kLanes) {
            const Square lanes =
                transpose({hn::Load(d, in), hn::Load(d, in + kLanes), hn::Load(d, in + 2 * kLanes),
                           hn::Load(d, in + 3 * kLanes)});
            hn::StoreU(lanes.row0, d, out[0] + n);
            hn::StoreU(lanes.row1, d, out[1] + n);
            hn::StoreU(lanes.row2, d, out[2] + n);
            hn::StoreU(lanes.row3, d, out[3] + n);
        }
        for (; n < slice.count; ++n, in += kLanes)
            for (std::size_t k = 0; k < 4; ++k) out[k][n] = in[k];
    }
}

}  // namespace HWY_NAMESPACE
}  // namespace mixrig::dsp
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mixrig::dsp {

HWY_EXPORT(interleave_kernel);
HWY_EXPORT(deinterleave_kernel);

void interleave(const PlanarInputs& planar, float* x, Slice slice) MIXRIG_REALTIME {
    HWY_DYNAMIC_DISPATCH(interleave_kernel)(planar, x, slice);
}

void deinterleave(const float* x, const PlanarOutputs& planar, Slice slice) MIXRIG_REALTIME {
    HWY_DYNAMIC_DISPATCH(deinterleave_kernel)(x, planar, slice);
}

void deinterleave(const float* x, std::size_t lane, float* out, Slice slice) MIXRIG_REALTIME {
    const float* in = x + slice.first * kLanes + lane;
    for (std::size_t n = 0; n < slice.count; ++n) out[n] = in[n * kLanes];
}

}  // namespace mixrig::dsp
#endif
