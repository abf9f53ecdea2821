// What can be said of a sound in figures: loudness, peaks, balance, faults.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/monitor/loudness.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mixrig::monitor {

struct ChannelMeasurement {
    double sample_peak_dBFS = 0.0;
    double true_peak_dBTP = 0.0;
    double rms_dBFS = 0.0;
    double dc_offset = 0.0;          // mean of the samples; 1.0 is full scale
    std::uint64_t clipped_runs = 0;  // places where two or more samples in a row sit at full scale
    std::uint64_t clipped_samples = 0;  // the samples in these
    std::uint64_t samples_over = 0;     // samples of 1.0 and more, either sign
    std::uint64_t not_finite = 0;       // NaN and infinity; counted, then taken as 0
};

// Levels of silence are -infinity. RMS is the plain mean square: a full-scale sine reads -3.01 dBFS
// (the AES17 convention would say 0).
struct Measurement {
    std::size_t channels = 0;
    dsp::Hertz rate = {};
    std::uint64_t frames = 0;
    dsp::Seconds duration = {};

    double integrated_lufs = 0.0;
    double short_term_max_lufs = 0.0;
    double momentary_max_lufs = 0.0;
    double range_lu = 0.0;
    double true_peak_dBTP = 0.0;
    double sample_peak_dBFS = 0.0;
    double rms_dBFS = 0.0;  // of all channels together
    double crest_dB = 0.0;  // sample peak over RMS; a sine has 3.01
    double plr_lu = 0.0;    // peak to loudness: true peak over integrated loudness

    // Of two channels only. Correlation has no value when a channel is silent.
    std::optional<double> correlation = {};
    // What is lost when both loudspeakers play (L + R) / 2: integrated loudness before minus after.
    // Equal channels lose 0, unrelated ones 3.0, opposite ones everything.
    std::optional<double> mono_loss_lu = {};

    std::vector<ChannelMeasurement> each = {};

    std::uint64_t clipped_samples() const;
    std::uint64_t samples_over() const;
    std::uint64_t not_finite() const;
};

struct MeasureSettings {
    std::size_t channels = 2;
    dsp::Hertz rate = {48000.0};
    float full_scale = 1.0f;  // the largest sample of the source's coding, where its clips sit
};

// [monitor] Add everything, then ask once or as often as you like.
class Measurer {
public:
    static base::Result<Measurer> create(const MeasureSettings& settings);

    void add(std::span<const float> interleaved);
    Measurement result() const;
    // Of all channels, as it stands: loudness over time.
    const LoudnessMeter& meter() const { return meter_; }

private:
    struct Tally {
        double sum = 0.0, squares = 0.0;
        std::uint64_t run = 0;  // samples in a row at full scale with the sign of `last`
        float last = 0.0f;
        ChannelMeasurement seen = {};
    };

    Measurer(const MeasureSettings& settings, LoudnessMeter meter,
             std::optional<LoudnessMeter> mono);
    void tally(Tally& t, float& sample) const;
    void add_chunk(std::span<float> chunk);

    MeasureSettings settings_;
    LoudnessMeter meter_;
    std::optional<LoudnessMeter> mono_;
    std::vector<Tally> tallies_;
    std::vector<float> chunk_, mono_chunk_;
    double product_ = 0.0;
    std::uint64_t frames_ = 0;
};

// Reads interleaved samples until fewer frames come than fit: `read` returns the number of frames.
using ReadFrames = std::function<base::Result<std::size_t>(std::span<float> interleaved)>;
base::Result<Measurement> measure(const MeasureSettings& settings, const ReadFrames& read);

// Some twenty lines for people, dB with two decimals.
std::string to_text(const Measurement& m);

}  // namespace mixrig::monitor
