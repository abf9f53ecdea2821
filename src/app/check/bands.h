// Third octaves of a stream of sound, window by window: cheap enough for every strip of a song.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"
#include "src/app/check/facts.h"
#include "src/fft/fft.h"

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace mixrig::app::check {

using Window31 = std::array<float, monitor::kThirdOctaves>;

// [one thread] What all strips of a rate share. A transform of 8192 frames (at 44.1 and 48 kHz; as
// many seconds at other rates) under a Hann window. A bin on the edge of two bands is shared out,
// so below 40 Hz, where a band is narrower than a bin, neighbours see one another.
class BandFft {
public:
    explicit BandFft(dsp::Hertz rate);

    std::size_t size() const { return fft_.size(); }
    std::size_t hop() const { return fft_.size() / 2; }
    double step_s() const { return static_cast<double>(hop()) / rate_.value; }

    // Mean square of a sound of size() frames, by band, and below 90 Hz and 40 Hz.
    struct Powers {
        Window31 bands = {};
        double below_90 = 0.0, below_40 = 0.0;
    };
    Powers run(std::span<const float> sound);

private:
    struct Share {
        std::size_t bin = 0;
        float part = 0.0f;
    };
    struct Range {
        std::vector<Share> shares;
    };
    Range range(double low, double high) const;

    dsp::Hertz rate_;
    fft::PowerFft fft_;
    std::vector<float> window_;  // its power makes the mean square of a steady sound
    std::array<Range, monitor::kThirdOctaves> bands_;
    Range below_90_, below_40_;
};

// [one thread] One sound, in pieces of any length.
class BandMeter {
public:
    // A stereo sound is taken as middle and side.
    BandMeter(const BandFft& fft, bool stereo);

    // `right` is null if mono. Each window that is full is measured.
    void add(BandFft& fft, const float* left, const float* right, std::size_t frames);

    // Windows since the last call, both sides together.
    std::vector<Window31> take_windows();

    BandPowers bands() const;                   // mean over the whole
    std::optional<double> low_side_dB() const;  // empty if mono, or next to silent there
    std::optional<double> rumble_dB() const;    // below 40 Hz over all; empty if silent

private:
    void measure(BandFft& fft);

    bool stereo_;
    std::vector<float> middle_, side_;
    std::size_t filled_ = 0;
    bool sounds_ = false;  // anything in the window
    std::vector<Window31> fresh_;
    BandPowers sums_ = {};
    double low_middle_ = 0.0, low_side_ = 0.0, rumble_ = 0.0;
    std::size_t windows_ = 0;
};

}  // namespace mixrig::app::check
