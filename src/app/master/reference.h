// A mix beside a reference track, as loud as each other, and the broad equaliser that lies between.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/design.h"
#include "src/app/json.h"
#include "src/base/result.h"
#include "src/monitor/balance.h"
#include "src/monitor/measure.h"

#include <array>
#include <filesystem>
#include <optional>
#include <string>

namespace mixrig::app {

using ThirdOctaveLevels = std::array<double, monitor::kThirdOctaves>;

struct Portrait {
    std::filesystem::path file = {};
    monitor::Measurement sound = {};
    // dB of each third octave over the integrated loudness: the same at any level.
    ThirdOctaveLevels balance = {};
    std::optional<double> width_dB = {};  // side over mid; without a value for mono
};
// Refuses what is silent, too short to have a loudness, or has more than two channels.
base::Result<Portrait> portray(const std::filesystem::path& file);

// A low shelf, two wide bells, a high shelf; rule K04 of mastering practice: within +-1 dB.
using BroadEq = std::array<dsp::EqBand, 4>;
inline constexpr double kMostBroad_dB = 1.0;

struct Comparison {
    Portrait mix = {}, reference = {};
    ThirdOctaveLevels difference = {};                     // dB, reference minus mix
    std::array<bool, monitor::kThirdOctaves> counts = {};  // both have something there
    BroadEq suggested = {};                                // gains in tenths of a dB
};
// The suggestion is the best of all with these corners in the sense of least squares of the dB that
// remain; level is no difference. Bands where one of the two has nothing do not count, and 6 dB is
// the most that one band counts for: a +-1 dB equaliser is no answer to more.
Comparison compare(Portrait mix, Portrait reference);

// What is left between them, RMS of the dB of the bands that count, their mean taken off.
double distance_dB(const Comparison& comparison);

// Lines of a chain file: bands `first` and following of the mid-side equaliser, on both sides.
std::string chain_lines(const BroadEq& eq, std::size_t first);

std::string to_text(const Comparison& comparison);
std::string distance_text(double dB);  // of a master
Json to_json(const Comparison& comparison);

}  // namespace mixrig::app
