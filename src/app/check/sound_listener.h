// Listens to a sound from its first frame to its last and keeps figures of it, not samples.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/check/bands.h"
#include "src/app/check/facts.h"
#include "src/base/result.h"
#include "src/monitor/measure.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mixrig::app::check {

class SoundListener {
public:
    static base::Result<SoundListener> create(const monitor::MeasureSettings& settings);

    // Any number of whole frames.
    void add(std::span<const float> interleaved);
    SoundFacts facts() const;

private:
    SoundListener(const monitor::MeasureSettings& settings, monitor::Measurer measurer);
    void add_step(std::span<const float> part);
    void end_step();
    void watch_edges(std::span<const float> part);

    // Of a tenth of a second.
    struct Products {
        double left = 0.0, right = 0.0, both = 0.0;
    };

    std::size_t channels_;
    dsp::Hertz rate_;
    monitor::Measurer measurer_;
    BandFft fft_;
    BandMeter bands_;
    std::size_t step_frames_, edge_frames_, in_step_ = 0;
    std::uint64_t frames_ = 0;
    std::array<Products, 4> last_{};  // 0.4 s, as long as momentary loudness
    std::size_t at_ = 0, sounding_ = 0, negative_ = 0;
    Course momentary_, short_term_, correlation_;
    float first_ = 0.0f;              // peak of the first 10 ms
    std::array<float, 10> pieces_{};  // peaks of the last 10 times 1 ms
    std::size_t in_piece_ = 0, piece_ = 0;
    float piece_peak_ = 0.0f;
    std::uint64_t silent_ = 0, longest_silent_ = 0;  // frames
    bool began_ = false;
    std::vector<float> planar_;
};

}  // namespace mixrig::app::check
