// From linear meter frames to what a person reads: decibels, peaks that fall slowly, RMS, clips.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"
#include "src/link/notice.h"
#include "src/monitor/levels.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mixrig::monitor {

// The order of the values of one strip, on the wire and in documents.
enum class MeterField : std::uint8_t {
    input_peak,
    pre_peak,
    post_peak_left,
    post_peak_right,
    post_rms_left,
    post_rms_right,
    peak_hold,
    gate,
    comp_1,
    comp_2,
    limiter,
    clips,
    automix,
};

struct MeterFieldText {
    std::string_view name;
    std::string_view unit;
    std::string_view doc;
};

// clang-format off
inline constexpr std::array kMeterFields = {
    MeterFieldText{"input_peak", "dBFS", "peak behind trim and delay, the louder side"},
    MeterFieldText{"pre_peak", "dBFS", "peak before the fader, the louder side"},
    MeterFieldText{"post_peak_left", "dBFS", "peak behind fader and pan"},
    MeterFieldText{"post_peak_right", "dBFS", "the same of the right side; of a mono strip, the left"},
    MeterFieldText{"post_rms_left", "dBFS", "RMS behind fader and pan over 300 ms; a full-scale sine reads -3.01"},
    MeterFieldText{"post_rms_right", "dBFS", "the same of the right side; of a mono strip, the left"},
    MeterFieldText{"peak_hold", "dBFS", "highest post peak of both sides, held for 1.5 s"},
    MeterFieldText{"gate", "dB", "how far the gate turns down, 0 or more"},
    MeterFieldText{"comp_1", "dB", "how far compressor 1 turns down, without makeup"},
    MeterFieldText{"comp_2", "dB", "how far compressor 2 turns down, without makeup"},
    MeterFieldText{"limiter", "dB", "how far the limiter of a bus turns down"},
    MeterFieldText{"clips", "samples", "at or beyond full scale since the start or the last reset, at the tap with most"},
    MeterFieldText{"automix", "dB", "how far the automix turns down"},
};
// clang-format on
static_assert(kMeterFields.size() == static_cast<std::size_t>(MeterField::automix) + 1);

// The order of the values of the master chain, whose levels are those of /main and /main/master.
// clang-format off
inline constexpr std::array kChainFields = {
    MeterFieldText{"comp_1", "dB", "how far compressor 1 of the chain turns down, without makeup"},
    MeterFieldText{"comp_2", "dB", "the same of compressor 2"},
    MeterFieldText{"band_1", "dB", "how far the lowest band of the multiband compressor turns down, without makeup"},
    MeterFieldText{"band_2", "dB", "the same of the second"},
    MeterFieldText{"band_3", "dB", "of the third"},
    MeterFieldText{"band_4", "dB", "of the fourth; 0 when there are fewer"},
    MeterFieldText{"band_5", "dB", "of the fifth; 0 when there are fewer"},
    MeterFieldText{"limiter", "dB", "how far the limiter behind the chain turns down"},
};
// clang-format on
static_assert(kChainFields.size() == link::kMeteredBands + 3);
using ChainReading = std::array<float, kChainFields.size()>;

// The newest values of one strip, in the order of MeterField.
struct Reading {
    std::array<float, kMeterFields.size()> values;

    Reading();  // silence
    float& operator[](MeterField field) { return values[static_cast<std::size_t>(field)]; }
    float operator[](MeterField field) const { return values[static_cast<std::size_t>(field)]; }
};

// K-weighted mean squares of a strip's taps over the last seconds: each frame of meters weighs
// e^(-t / 1.5 s), so that they are as steady as those of a window of 3 s. Taps that are not
// measured have none.
struct StripLoudness {
    struct Tap {
        double left = 0.0, right = 0.0, cross = 0.0;  // cross: left times right
    };
    std::array<Tap, link::kMeteredTaps> tap = {};
};

// [monitor] Peaks rise at once and fall by 20 dB a second. IEC 60268-10 lets a peak programme meter
// fall by 20 dB in 1.7 s (type I) or by 24 dB in 2.8 s (type II); ours is quicker, for a desk shows
// many channels to a person who looks at each but briefly. The hold of 1.5 s is a choice as well:
// long enough to read a figure, short enough to see the next one. Gate and compressors are shown as
// they are (their own times are ballistics enough), the limiter falls as peaks do.
class Meters {
public:
    Meters(dsp::Hertz rate, const std::vector<bool>& stereo_strips);

    // Precondition: the frame has as many strips.
    void add(const link::MeterFrame& frame);
    void reset_clips(std::size_t strip);

    const std::vector<Reading>& readings() const { return readings_; }
    const std::vector<StripLoudness>& loudness() const { return loudness_; }
    const link::BandReductions& bands_dB() const { return bands_dB_; }

private:
    // Sums that fade, and the seconds that they are of, which fade likewise.
    struct Fading {
        StripLoudness::Tap sum = {};
        double seconds = 0.0;
    };
    struct Side {
        float peak_dB = kFloor_dB;
        double mean_square = 0.0;
    };
    struct Strip {
        bool stereo = false;
        float input_dB = kFloor_dB, pre_dB = kFloor_dB;
        std::array<Side, 2> post = {};
        float hold_dB = kFloor_dB;
        double held_s = 0.0;  // since the hold was last reached
        float limiter_dB = 0.0f;
        std::array<std::uint64_t, link::kMeteredTaps> clips = {};
        std::array<Fading, link::kMeteredTaps> loudness = {};
    };
    struct Step {
        double seconds = 0.0;
        double frames = 0.0;
        float fall_dB = 0.0f;
        double keep = 0.0;  // of the mean square
        double keep_loudness = 0.0;
    };

    static void add_levels(Strip& strip, const link::StripMeter& meter, const Step& step);
    static StripLoudness add_loudness(Strip& strip, const link::StripMeter& meter,
                                      const Step& step);
    static void hold(Strip& strip, float peak_dB, double seconds);
    static Reading reading(const Strip& strip, const link::StripMeter& meter);

    dsp::Hertz rate_;
    std::vector<Strip> strips_;
    std::vector<Reading> readings_;
    std::vector<StripLoudness> loudness_;
    link::BandReductions bands_dB_{};
};

// What the chain's own strip, the main strip and the bands say of it.
ChainReading chain_reading(const Reading& master, const Reading& main,
                           const link::BandReductions& bands_dB);

}  // namespace mixrig::monitor
