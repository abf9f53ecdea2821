// Ballistics of the strips' meters.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/meters.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace mixrig::monitor {
namespace {

constexpr double kFall_dB_per_s = 20.0;
constexpr double kHold_s = 1.5;
constexpr double kRms_s = 0.3;           // time constant of the mean square, as of a VU's needle
constexpr double kLoudness_s = 1.5;      // time constant of the strips' loudness
constexpr double kNoMeanSquare = 1e-15;  // below the floor: rather nothing than a subnormal
constexpr float kMostReduction_dB = 144.0f;  // a gate that shuts altogether

// What is not a number does not show: its strip is silenced, and a notice says so.
float level_dB(float peak) {
    if (!std::isfinite(peak) || peak <= 0.0f) return kFloor_dB;
    return std::max(kFloor_dB, 20.0f * std::log10(peak));
}

float power_dB(double mean_square) {
    if (mean_square <= 0.0) return kFloor_dB;
    return std::max(kFloor_dB, static_cast<float>(10.0 * std::log10(mean_square)));
}

float reduction(float dB) {
    return std::isfinite(dB) ? std::clamp(dB, 0.0f, kMostReduction_dB) : 0.0f;
}

float louder_dB(const std::array<link::LaneMeter, 2>& sides, bool stereo) {
    const float left = level_dB(sides[0].peak);
    return stereo ? std::max(left, level_dB(sides[1].peak)) : left;
}

float fallen(float old_dB, float new_dB, float fall_dB) {
    return std::max({new_dB, old_dB - fall_dB, kFloor_dB});
}

}  // namespace

Reading::Reading() {
    values.fill(kFloor_dB);
    for (const MeterField field : {MeterField::gate, MeterField::comp_1, MeterField::comp_2,
                                   MeterField::limiter, MeterField::clips, MeterField::automix})
        (*this)[field] = 0.0f;
}

Meters::Meters(dsp::Hertz rate, const std::vector<bool>& stereo_strips)
    : rate_(rate),
      strips_(stereo_strips.size()),
      readings_(stereo_strips.size()),
      loudness_(stereo_strips.size()) {
    for (std::size_t s = 0; s < strips_.size(); ++s) strips_[s].stereo = stereo_strips[s];
}

void Meters::add(const link::MeterFrame& frame) {
    assert(frame.strips.size() == strips_.size());
    if (frame.frames == 0) return;
    const double seconds = frame.frames / rate_.value;
    const Step step{.seconds = seconds,
                    .frames = static_cast<double>(frame.frames),
                    .fall_dB = static_cast<float>(kFall_dB_per_s * seconds),
                    .keep = std::exp(-seconds / kRms_s),
                    .keep_loudness = std::exp(-seconds / kLoudness_s)};
    std::transform(frame.bands_dB.begin(), frame.bands_dB.end(), bands_dB_.begin(), reduction);
    for (std::size_t s = 0; s < strips_.size(); ++s) {
        add_levels(strips_[s], frame.strips[s], step);
        readings_[s] = reading(strips_[s], frame.strips[s]);
        loudness_[s] = add_loudness(strips_[s], frame.strips[s], step);
    }
}

ChainReading chain_reading(const Reading& master, const Reading& main,
                           const link::BandReductions& bands_dB) {
    ChainReading out{master[MeterField::comp_1], master[MeterField::comp_2]};
    std::copy(bands_dB.begin(), bands_dB.end(), out.begin() + 2);
    out.back() = main[MeterField::limiter];
    return out;
}

void Meters::add_levels(Strip& strip, const link::StripMeter& meter, const Step& step) {
    const auto tap = [&](link::Tap which) { return meter.tap[static_cast<std::size_t>(which)]; };
    strip.input_dB =
        fallen(strip.input_dB, louder_dB(tap(link::Tap::input), strip.stereo), step.fall_dB);
    strip.pre_dB = fallen(strip.pre_dB, louder_dB(tap(link::Tap::pre), strip.stereo), step.fall_dB);
    const auto post = tap(link::Tap::post);
    for (std::size_t side = 0; side < 2; ++side) {
        const link::LaneMeter& lane = post[strip.stereo ? side : 0];
        Side& now = strip.post[side];
        now.peak_dB = fallen(now.peak_dB, level_dB(lane.peak), step.fall_dB);
        const double square = static_cast<double>(lane.square_sum) / step.frames;
        now.mean_square *= step.keep;
        if (std::isfinite(square)) now.mean_square += (1.0 - step.keep) * square;
        if (now.mean_square < kNoMeanSquare) now.mean_square = 0.0;
    }
    hold(strip, louder_dB(post, strip.stereo), step.seconds);
    strip.limiter_dB = std::max(reduction(meter.limiter_dB), strip.limiter_dB - step.fall_dB);
    for (std::size_t t = 0; t < link::kMeteredTaps; ++t)
        for (std::size_t side = 0; side < (strip.stereo ? 2u : 1u); ++side)
            strip.clips[t] += meter.tap[t][side].clips;
}

StripLoudness Meters::add_loudness(Strip& strip, const link::StripMeter& meter, const Step& step) {
    StripLoudness out;
    for (std::size_t t = 0; t < link::kMeteredTaps; ++t) {
        const link::TapLoudness& now = meter.loudness[t];
        Fading& fading = strip.loudness[t];
        if (!now.measured) {
            fading = {};
            continue;
        }
        const auto add = [&](double& sum, float square) {
            sum *= step.keep_loudness;
            if (std::isfinite(square))
                sum += static_cast<double>(square) / step.frames * step.seconds;
            if (std::fabs(sum) < kNoMeanSquare * step.seconds) sum = 0.0;
        };
        add(fading.sum.left, now.left);
        add(fading.sum.right, now.right);
        add(fading.sum.cross, now.cross);
        fading.seconds = fading.seconds * step.keep_loudness + step.seconds;
        out.tap[t] = {fading.sum.left / fading.seconds, fading.sum.right / fading.seconds,
                      fading.sum.cross / fading.seconds};
    }
    return out;
}

void Meters::hold(Strip& strip, float peak_dB, double seconds) {
    if (peak_dB >= strip.hold_dB) {
        strip.hold_dB = peak_dB;
        strip.held_s = 0.0;
        return;
    }
    strip.held_s += seconds;
    const double falling_s = std::clamp(strip.held_s - kHold_s, 0.0, seconds);
    strip.hold_dB = fallen(strip.hold_dB, peak_dB, static_cast<float>(kFall_dB_per_s * falling_s));
}

Reading Meters::reading(const Strip& strip, const link::StripMeter& meter) {
    Reading out;
    out[MeterField::input_peak] = strip.input_dB;
    out[MeterField::pre_peak] = strip.pre_dB;
    out[MeterField::post_peak_left] = strip.post[0].peak_dB;
    out[MeterField::post_peak_right] = strip.post[1].peak_dB;
    out[MeterField::post_rms_left] = power_dB(strip.post[0].mean_square);
    out[MeterField::post_rms_right] = power_dB(strip.post[1].mean_square);
    out[MeterField::peak_hold] = strip.hold_dB;
    out[MeterField::gate] = reduction(meter.reduction_dB[0]);
    out[MeterField::comp_1] = reduction(meter.reduction_dB[1]);
    out[MeterField::comp_2] = reduction(meter.reduction_dB[2]);
    out[MeterField::limiter] = strip.limiter_dB;
    out[MeterField::automix] = reduction(-level_dB(meter.automix));
    out[MeterField::clips] =
        static_cast<float>(*std::max_element(strip.clips.begin(), strip.clips.end()));
    return out;
}

void Meters::reset_clips(std::size_t strip) {
    strips_[strip].clips = {};
    readings_[strip][MeterField::clips] = 0.0f;
}

}  // namespace mixrig::monitor
