// A sound in tenths of a second.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/check/sound_listener.h"

#include "src/monitor/levels.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mixrig::app::check {
namespace {

constexpr double kStep = 0.1;
constexpr double kEdge = 0.01;       // what is looked at of both ends, seconds
constexpr float kSilent = 3.16e-5f;  // -90 dBFS, rule N11
constexpr double kQuiet = 1e-8;      // mean square: below it a correlation says nothing

float level_of(float amplitude) {
    return amplitude > 0.0f ? std::max(monitor::kFloor_dB, 20.0f * std::log10(amplitude))
                            : monitor::kFloor_dB;
}

float shown(double lufs) {
    return std::isfinite(lufs) ? std::max(monitor::kFloor_dB, static_cast<float>(lufs))
                               : monitor::kFloor_dB;
}

std::size_t frames_of(double seconds, dsp::Hertz rate) {
    return std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(seconds * rate.value)));
}

}  // namespace

base::Result<SoundListener> SoundListener::create(const monitor::MeasureSettings& settings) {
    auto measurer = monitor::Measurer::create(settings);
    if (!measurer) return measurer.error();
    return SoundListener(settings, *std::move(measurer));
}

SoundListener::SoundListener(const monitor::MeasureSettings& settings, monitor::Measurer measurer)
    : channels_(settings.channels),
      rate_(settings.rate),
      measurer_(std::move(measurer)),
      fft_(settings.rate),
      bands_(fft_, settings.channels > 1),
      step_frames_(frames_of(kStep, settings.rate)),
      edge_frames_(frames_of(kEdge, settings.rate)) {}

void SoundListener::add(std::span<const float> interleaved) {
    while (interleaved.size() >= channels_) {
        const std::size_t frames =
            std::min(interleaved.size() / channels_, step_frames_ - in_step_);
        add_step(interleaved.first(frames * channels_));
        interleaved = interleaved.subspan(frames * channels_);
        in_step_ += frames;
        if (in_step_ == step_frames_) end_step();
    }
}

// Of more than two channels the first two are looked at; the measurer counts them all.
void SoundListener::add_step(std::span<const float> part) {
    measurer_.add(part);
    const std::size_t frames = part.size() / channels_, right = channels_ > 1 ? 1 : 0;
    planar_.resize(2 * frames);
    Products& now = last_[at_];
    for (std::size_t n = 0; n < frames; ++n) {
        float l = part[n * channels_], r = part[n * channels_ + right];
        if (!std::isfinite(l)) l = 0.0f;
        if (!std::isfinite(r)) r = 0.0f;
        planar_[n] = l;
        planar_[frames + n] = r;
        now.left += static_cast<double>(l * l);
        now.right += static_cast<double>(r * r);
        now.both += static_cast<double>(l * r);
    }
    watch_edges(planar_);
    bands_.add(fft_, planar_.data(), planar_.data() + frames, frames);
    frames_ += frames;
}

void SoundListener::watch_edges(std::span<const float> planar) {
    const std::size_t frames = planar.size() / 2;
    const std::size_t piece = std::max<std::size_t>(1, edge_frames_ / pieces_.size());
    for (std::size_t n = 0; n < frames; ++n) {
        const float peak = std::max(std::fabs(planar[n]), std::fabs(planar[frames + n]));
        if (frames_ + n < edge_frames_) first_ = std::max(first_, peak);
        piece_peak_ = std::max(piece_peak_, peak);
        if (++in_piece_ == piece) {
            pieces_[piece_++ % pieces_.size()] = std::exchange(piece_peak_, 0.0f);
            in_piece_ = 0;
        }
        if (peak <= kSilent) {
            silent_ += began_ ? 1u : 0u;
            continue;
        }
        longest_silent_ = std::max(longest_silent_, std::exchange(silent_, 0));
        began_ = true;
    }
}

void SoundListener::end_step() {
    in_step_ = 0;
    (void)bands_.take_windows();  // the mean is enough
    momentary_.values.push_back(shown(measurer_.meter().momentary()));
    short_term_.values.push_back(shown(measurer_.meter().short_term()));
    Products sum;
    for (const Products& each : last_) {
        sum.left += each.left;
        sum.right += each.right;
        sum.both += each.both;
    }
    const double quiet = kQuiet * static_cast<double>(last_.size() * step_frames_);
    const bool sounds = sum.left > quiet && sum.right > quiet;
    const double correlation = sounds ? sum.both / std::sqrt(sum.left * sum.right) : 0.0;
    correlation_.values.push_back(static_cast<float>(correlation));
    sounding_ += sounds ? 1u : 0u;
    negative_ += correlation < 0.0 ? 1u : 0u;
    at_ = (at_ + 1) % last_.size();
    last_[at_] = {};
}

SoundFacts SoundListener::facts() const {
    SoundFacts out{.measured = measurer_.result(),
                   .bands = bands_.bands(),
                   .low_side_dB = bands_.low_side_dB()};
    out.begin_dBFS = static_cast<double>(level_of(first_));
    const float last = std::max(piece_peak_, *std::max_element(pieces_.begin(), pieces_.end()));
    out.end_dBFS = static_cast<double>(level_of(last));
    out.longest_silence_s = static_cast<double>(longest_silent_) / rate_.value;
    if (sounding_ > 0)
        out.negative_share = static_cast<double>(negative_) / static_cast<double>(sounding_);
    out.momentary = momentary_;
    out.short_term = short_term_;
    if (channels_ > 1) out.correlation = correlation_;
    return out;
}

}  // namespace mixrig::app::check
