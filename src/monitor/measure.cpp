// Sums, peaks and clips of a sound, beside its loudness.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/measure.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace mixrig::monitor {
namespace {

constexpr std::size_t kChunkFrames = 4096;
constexpr std::uint64_t kClipRun = 2;  // one sample at full scale may be a peak that just fits
constexpr float kHalfRoot = 0.70710678f;
constexpr double kMeasureSilence = -std::numeric_limits<double>::infinity();

double power_decibels(double power) {
    return power > 0.0 ? 10.0 * std::log10(power) : kMeasureSilence;
}

std::uint64_t total(const std::vector<ChannelMeasurement>& each,
                    std::uint64_t ChannelMeasurement::*count) {
    return std::accumulate(each.begin(), each.end(), std::uint64_t{0},
                           [&](std::uint64_t sum, const auto& c) { return sum + c.*count; });
}

}  // namespace

std::uint64_t Measurement::clipped_samples() const {
    return total(each, &ChannelMeasurement::clipped_samples);
}
std::uint64_t Measurement::samples_over() const {
    return total(each, &ChannelMeasurement::samples_over);
}
std::uint64_t Measurement::not_finite() const {
    return total(each, &ChannelMeasurement::not_finite);
}

base::Result<Measurer> Measurer::create(const MeasureSettings& settings) {
    auto meter = LoudnessMeter::create({.channels = settings.channels, .rate = settings.rate});
    if (!meter) return meter.error();
    std::optional<LoudnessMeter> mono;
    if (settings.channels == 2) {
        auto one = LoudnessMeter::create(
            {.channels = 1, .rate = settings.rate, .extent = Extent::integrated});
        if (!one) return one.error();
        mono = std::move(*one);
    }
    return Measurer(settings, *std::move(meter), std::move(mono));
}

Measurer::Measurer(const MeasureSettings& settings, LoudnessMeter meter,
                   std::optional<LoudnessMeter> mono)
    : settings_(settings),
      meter_(std::move(meter)),
      mono_(std::move(mono)),
      tallies_(settings.channels) {}

void Measurer::tally(Tally& t, float& sample) const {
    if (!std::isfinite(sample)) {
        ++t.seen.not_finite;
        sample = 0.0f;
    }
    const float x = sample;
    t.sum += static_cast<double>(x);
    t.squares += static_cast<double>(x) * static_cast<double>(x);
    if (std::fabs(x) >= 1.0f) ++t.seen.samples_over;
    if (std::fabs(x) >= settings_.full_scale) {
        t.run = t.run > 0 && (x > 0.0f) == (t.last > 0.0f) ? t.run + 1 : 1;
        t.last = x;
        if (t.run == kClipRun) {
            ++t.seen.clipped_runs;
            t.seen.clipped_samples += kClipRun;
        } else if (t.run > kClipRun) {
            ++t.seen.clipped_samples;
        }
    } else {
        t.run = 0;
    }
}

void Measurer::add(std::span<const float> interleaved) {
    const std::size_t most = kChunkFrames * settings_.channels;
    const std::size_t size = interleaved.size() - interleaved.size() % settings_.channels;
    for (std::size_t at = 0; at < size; at += most) {
        const auto part = interleaved.subspan(at, std::min(most, size - at));
        chunk_.assign(part.begin(), part.end());
        add_chunk(chunk_);
    }
}

void Measurer::add_chunk(std::span<float> chunk) {
    const std::size_t channels = settings_.channels;
    for (std::size_t c = 0; c < channels; ++c)
        for (std::size_t i = c; i < chunk.size(); i += channels) tally(tallies_[c], chunk[i]);
    frames_ += chunk.size() / channels;
    meter_.add(chunk);
    if (!mono_) return;
    mono_chunk_.resize(chunk.size() / 2);
    for (std::size_t i = 0; i < chunk.size(); i += 2) {
        product_ += static_cast<double>(chunk[i]) * static_cast<double>(chunk[i + 1]);
        // Both loudspeakers play (L + R) / 2: twice the power of one, in one channel.
        mono_chunk_[i / 2] = kHalfRoot * (chunk[i] + chunk[i + 1]);
    }
    mono_->add(mono_chunk_);
}

Measurement Measurer::result() const {
    Measurement m{.channels = settings_.channels,
                  .rate = settings_.rate,
                  .frames = frames_,
                  .duration = {static_cast<double>(frames_) / settings_.rate.value},
                  .integrated_lufs = meter_.integrated(),
                  .short_term_max_lufs = meter_.short_term_max(),
                  .momentary_max_lufs = meter_.momentary_max(),
                  .range_lu = meter_.range(),
                  .true_peak_dBTP = meter_.true_peak(),
                  .sample_peak_dBFS = meter_.sample_peak()};
    const double frames = static_cast<double>(std::max<std::uint64_t>(frames_, 1));
    double squares = 0.0;
    for (std::size_t c = 0; c < tallies_.size(); ++c) {
        ChannelMeasurement one = tallies_[c].seen;
        one.sample_peak_dBFS = meter_.sample_peak(c);
        one.true_peak_dBTP = meter_.true_peak(c);
        one.rms_dBFS = power_decibels(tallies_[c].squares / frames);
        one.dc_offset = tallies_[c].sum / frames;
        squares += tallies_[c].squares;
        m.each.push_back(one);
    }
    m.rms_dBFS = power_decibels(squares / (frames * static_cast<double>(settings_.channels)));
    const bool silent = squares == 0.0;
    m.crest_dB = silent ? 0.0 : m.sample_peak_dBFS - m.rms_dBFS;
    m.plr_lu = std::isfinite(m.integrated_lufs) ? m.true_peak_dBTP - m.integrated_lufs : 0.0;
    if (!mono_) return m;
    const double powers = tallies_[0].squares * tallies_[1].squares;
    if (powers > 0.0) m.correlation = product_ / std::sqrt(powers);
    if (std::isfinite(m.integrated_lufs)) m.mono_loss_lu = m.integrated_lufs - mono_->integrated();
    return m;
}

base::Result<Measurement> measure(const MeasureSettings& settings, const ReadFrames& read) {
    auto measurer = Measurer::create(settings);
    if (!measurer) return measurer.error();
    std::vector<float> chunk(kChunkFrames * settings.channels);
    while (true) {
        const auto frames = read(chunk);
        if (!frames) return frames.error();
        measurer->add(std::span<const float>(chunk).first(*frames * settings.channels));
        if (*frames < kChunkFrames) return measurer->result();
    }
}

}  // namespace mixrig::monitor
