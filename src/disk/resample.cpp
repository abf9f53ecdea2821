// soxr behind our header.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/resample.h"

#include <cmath>
#include <memory>
#include <soxr.h>
#include <string>

namespace mixrig::disk {
namespace {

// Channel by channel: planar as it is, and one channel's worth of extra memory.
base::Result<std::vector<float>> convert(const std::vector<float>& in, double from, double to) {
    const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_VHQ, 0);
    const soxr_runtime_spec_t one_thread = soxr_runtime_spec(1);
    const soxr_io_spec_t floats = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
    std::vector<float> out(
        static_cast<std::size_t>(std::llround(static_cast<double>(in.size()) * to / from)));
    soxr_error_t error = nullptr;
    const std::unique_ptr<soxr, decltype(&soxr_delete)> resampler(
        soxr_create(from, to, 1, &error, &floats, &quality, &one_thread), &soxr_delete);
    std::size_t done = 0;
    if (error == nullptr)
        error = soxr_process(resampler.get(), in.data(), in.size(), nullptr, out.data(), out.size(),
                             &done);
    while (error == nullptr && done < out.size()) {
        std::size_t more = 0;
        error = soxr_process(resampler.get(), nullptr, 0, nullptr, out.data() + done,
                             out.size() - done, &more);
        if (more == 0) break;  // its own length is one frame shorter than ours: the last stays 0
        done += more;
    }
    if (error != nullptr) return base::Error{.what = std::string("resampling failed: ") + error};
    return out;
}

}  // namespace

base::Result<Sound> resample(Sound sound, dsp::Hertz to) {
    if (!(sound.rate.value > 0.0 && to.value > 0.0))
        return base::Error{.what = "cannot resample: a sample rate is not positive"};
    if (sound.rate.value == to.value) return sound;
    for (std::vector<float>& track : sound.tracks) {
        auto converted = convert(track, sound.rate.value, to.value);
        if (!converted) return converted.error();
        track = std::move(*converted);
    }
    sound.rate = to;
    sound.full_scale = 1.0f;
    return sound;
}

}  // namespace mixrig::disk
