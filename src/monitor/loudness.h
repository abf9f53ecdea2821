// Loudness and true peak: EBU R 128, ITU-R BS.1770-4, EBU Tech 3341 and 3342.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"
#include "src/base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace mixrig::monitor {

enum class History : std::uint8_t {
    whole,    // exact; remembers every 100 ms, for files
    endless,  // a histogram of 0.1 LU: bounded memory, for a desk that runs for weeks
};

enum class Extent : std::uint8_t {
    all,         // everything below
    integrated,  // integrated loudness alone: a tenth of the work; peaks and range read as silence
};

struct LoudnessSettings {
    std::size_t channels = 2;
    dsp::Hertz rate = {48000.0};
    History history = History::whole;
    Extent extent = Extent::all;
};

// [monitor] It allocates now and then: never on the audio thread. Channels beyond stereo are taken
// as L R C Ls Rs (5) or L R C LFE Ls Rs (6 and more); LFE does not count. Levels are LUFS, LU or
// dB; silence is -infinity. Results do not depend on how the audio was cut into calls.
class LoudnessMeter {
public:
    static base::Result<LoudnessMeter> create(const LoudnessSettings& settings);
    LoudnessMeter(LoudnessMeter&&) noexcept;
    LoudnessMeter& operator=(LoudnessMeter&&) noexcept;
    ~LoudnessMeter();

    // Precondition: finite samples; one that is not would stay in the filters for good.
    void add(std::span<const float> interleaved);
    void add(const float* const* planar, std::size_t frames);

    double integrated() const;  // LUFS, gated, since the start
    double range() const;       // LRA in LU, since the start
    double momentary() const;   // LUFS of the last 0.4 s
    double short_term() const;  // LUFS of the last 3 s
    // The highest so far, looked at every 10 ms as a live meter would show them.
    double momentary_max() const;
    double short_term_max() const;

    double true_peak() const;  // dBTP, the highest of all channels
    double true_peak(std::size_t channel) const;
    double sample_peak() const;  // dBFS
    double sample_peak(std::size_t channel) const;

    // Forgets everything heard.
    void reset();

private:
    struct State;
    explicit LoudnessMeter(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace mixrig::monitor
