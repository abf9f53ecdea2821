// Mastering: a stereo file through the master chain, to a loudness under a ceiling.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/master/reference.h"
#include "src/app/master/restoration.h"
#include "src/base/result.h"
#include "src/disk/format.h"
#include "src/disk/quantize.h"
#include "src/monitor/measure.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace mixrig::app {

// What a medium asks for: rules K12 and K13 of mastering practice.
struct MasterProfile {
    std::string_view name;
    double lufs, ceiling_dBTP;
};
base::Result<MasterProfile> master_profile(std::string_view name);
std::string master_profile_names();

struct MasterSettings {
    std::filesystem::path input = {}, output = {};
    std::filesystem::path chain =
        {};  // a scene of /main/master/... and /main/limiter/...; optional
    double lufs = -14.0, ceiling_dBTP = -1.0;
    std::optional<BroadEq> match = {};  // set behind the chain's own bands
    disk::Format format = {};
    disk::Dither dither = disk::Dither::triangular;  // of 16 bit
    double rate = 0.0;                               // Hz; 0: the input's
    std::size_t threads = 1;
};

struct Mastered {
    monitor::Measurement before = {}, after = {};
    double gain_dB = 0.0;                   // between chain and limiter
    double reduction_dB = 0.0;              // the most that the limiter turned down
    std::size_t passes = 0;                 // over the limiter, to find the gain
    bool reached = false;                   // the loudness, within kLoudnessTolerance
    std::optional<Restored> restored = {};  // if the chain asked for restoration
    std::string reason = {};                // why not
};
inline constexpr double kLoudnessTolerance = 0.1;  // LU

// The desk's own chain and limiter, offline: chain, then gain, then limiter; the gain is found by
// listening behind the limiter again and again. What is written comes out of the desk. Dither is
// the last step, once. The output is written even if the loudness cannot be reached; nothing is
// left behind on an error.
base::Result<Mastered> master(const MasterSettings& settings);

// The equaliser as lines that can stand behind those of the settings' chain.
base::Result<std::string> lines_behind_chain(const MasterSettings& settings, const BroadEq& eq);

// What came of it, for people.
std::string to_text(const Mastered& mastered, const MasterSettings& settings);

}  // namespace mixrig::app
