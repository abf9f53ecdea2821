// Finds the mains in a sound: 50 or 60 Hz, to a thousandth, at every moment.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"

#include <complex>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace mixrig::restore {

// What is below about 2 kHz, with few samples: all that hum needs.
class LowBand {
public:
    LowBand(std::span<const float> samples, dsp::Hertz rate);

    std::span<const double> samples() const { return samples_; }  // the first at time 0
    double rate() const { return rate_; }
    double response(double hertz) const;  // of the filter; without phase

private:
    std::vector<double> taps_;  // from the middle on; it is symmetrical
    std::vector<double> samples_;
    double rate_, source_rate_;
};

// A frequency that changes along straight lines, and its phase.
class Drift {
public:
    // At `first`, `first` + `spacing`...; before and behind it stays.
    Drift(std::vector<double> hertz, double first, double spacing);

    double hertz(double seconds) const;
    double cycles(double seconds) const;  // since the first point
    std::span<const double> points() const { return hertz_; }

private:
    std::vector<double> hertz_, cycles_;
    double first_, spacing_;
};

// Sines at multiples of a drifting frequency: amplitude and phase under a Hann window of 2 s, a
// quarter of it apart.
inline constexpr double kToneWindow = 2.0, kToneSpacing = 0.5;  // seconds
struct Tones {
    std::size_t harmonics = 0;
    std::vector<std::complex<double>> values;  // [moment][harmonic]
    std::size_t moments() const { return harmonics == 0 ? 0 : values.size() / harmonics; }
    const std::complex<double>& at(std::size_t moment, std::size_t harmonic) const {
        return values[moment * harmonics + harmonic];
    }
    static double seconds(std::size_t moment) {
        return kToneWindow / 2.0 + kToneSpacing * static_cast<double>(moment);
    }
};
Tones tones(const LowBand& low, const Drift& drift, std::size_t harmonics);

// Nothing if no hum stands out. First by the median over time of the spectrum: a note comes and
// goes, hum stays; the line at 49.5 to 50.5 Hz (59.5 to 60.5 Hz) or at twice or three times that
// must stand 12 dB above its neighbourhood, and another multiple with it. Then the frequency is
// that which makes the multiples coherent over 8 s, weighted alike, again and again.
struct MainsSettings {
    bool may_be_50 = true, may_be_60 = true;
    std::size_t harmonics = 20;
};
std::optional<Drift> find_mains(const LowBand& low, const MainsSettings& settings);

}  // namespace mixrig::restore
