// Hears a microphone begin to ring before the room does.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"
#include "src/fft/fft.h"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace mixrig::monitor {

struct Ring {
    double hertz = 0.0;
    float level_dBFS = 0.0f;  // RMS, as it is now
    float growth_dB_per_s = 0.0f;
    double seconds = 0.0;  // that the guard had listened
};

// [one thread, not audio] A loop whose gain is above one at a frequency makes a sine of it whose
// level, in dB, grows on a straight line. That is looked for, by the criteria for howling that T.
// van Waterschoot and M. Moonen compare ("Fifty years of acoustic feedback control: state of the
// art and future challenges", Proc. IEEE 99(2), 2011, section on notch-filter-based howling
// suppression; "Comparative evaluation of howling detection criteria", AES 126th Convention, 2009),
// which must all hold:
// - the peak stands above its neighbours in the spectrum (their PNPR);
// - no peak at a whole ratio of its frequency is steady near its level or grows as it does (their
//   PHPR, in time as well: the partials of a swelling note grow together, a ring alone; what grows
//   at twice its slope is its own distortion), nor do many others grow with it;
// - it persists (IPMP), and its slope in dB stays the same (IMSD): a swell, an attack, two tones
//   that beat all grow slower and slower. A level that rises as the n-th power of time has, in dB,
//   a slope s that falls by s^2 / (8.7 dB n) each second; what bends as much as the fourth power
//   does is no ring. So a small rise must be very even, and a great one may bend a little;
// - its frequency stands still, which no voice with vibrato and no whistle does.
// A tone that was too quick for this is named when it has been as loud as a microphone gets, alone
// and unmoving, for a quarter of a second. Times from an eighth to half a second are looked at, so
// a ring of 18 to 300 dB per second is named when it has grown by kLeastRise_dB out of what else is
// heard there, and the window's middle (43 ms) and four rows have passed. What it cannot tell from
// a ring: a pure tone that somebody fades in on a straight line in dB, two pure tones that come out
// of a deep beat, and a pure unmoving tone at full scale.
class FeedbackGuard {
public:
    static constexpr double kLowest_Hz = 80.0, kHighest_Hz = 16000.0;
    static constexpr float kLeastRise_dB = 9.0f;

    explicit FeedbackGuard(dsp::Hertz rate);

    // The next stretch of sound, at most a hop of 10.7 ms. One ring is named at most once in two
    // seconds; sooner only if it howls, or is 6 dB louder: what was done did not help.
    std::optional<Ring> add(std::span<const float> in);
    void reset();

private:
    static constexpr std::size_t kRows = 48;  // of the past, a hop each
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
    struct Growth {
        float rise_dB = 0.0f;  // over the time looked at
        std::size_t rows = 0;
    };
    struct Suspect {
        std::size_t bin = kNone, seen = 0;  // rows in a row
    };
    struct Named {
        double hertz = 0.0;
        float level_dBFS = 0.0f;
        std::size_t row = 0;
    };

    std::optional<Ring> look();
    float level(std::size_t age, std::size_t bin) const {
        return rows_[((row_ - age) % kRows) * bins_ + bin];
    }
    std::size_t top(std::size_t age, std::size_t bin, std::size_t reach) const;
    double place(std::size_t age, std::size_t bin) const;
    bool is_peak(std::size_t bin) const {
        return level(0, bin) >= level(0, bin - 1) && level(0, bin) > level(0, bin + 1);
    }
    bool stands_out(std::size_t bin) const;
    std::optional<Growth> growth(std::size_t bin) const;
    bool grows_evenly(std::size_t bin, std::size_t rows, float& rise) const;
    bool is_tone(std::size_t bin) const;
    bool howls(std::size_t bin) const;
    bool has_company(std::size_t bin, const Growth& growth) const;
    bool is_known(double hertz, float level_dBFS);
    std::size_t rows(double seconds) const;

    dsp::Hertz rate_;
    fft::PowerFft fft_;
    std::size_t hop_, bins_;
    std::vector<float> window_, heard_;
    std::size_t at_ = 0, waiting_ = 0;
    float total_dB_ = -144.0f;  // of all that was heard
    std::vector<float> rows_;   // dB, [row % kRows][bin]
    std::size_t row_ = 0;       // the newest; counts up
    std::size_t filled_ = 0;    // rows since the start or reset
    std::array<Suspect, 8> suspects_{};
    std::vector<Named> named_;
};

}  // namespace mixrig::monitor
