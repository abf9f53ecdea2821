// Renders a song as fast as the machine can: mixes, stems and tracks in one pass.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/disk/format.h"
#include "src/disk/quantize.h"
#include "src/session/scene.h"
#include "src/session/song.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

namespace mixrig::app {

class Console;

// Hears a bounce from within, for who wants to know more of a song than its mix.
struct BounceWatch {
    std::function<void(Console& console)> begin = {};  // before the first frame
    // The main output of each block, late by its look-ahead.
    std::function<void(const float* left, const float* right, std::size_t frames)> block = {};
};

// What is written. Everything has the same length and begins at the same moment of the song.
struct BounceWishes {
    bool full_mix = true;
    bool premaster = false;     // the main bus before its master chain
    bool no_limiter = false;    // with all of the chain but the limiter at its end
    bool instrumental = false;  // the full mix of a desk that never hears the voices
    bool stems = false;         // parts that add up to the full mix
    bool tracks = false;        // each channel without corrective processing, effects apart
};

struct BounceSettings {
    std::filesystem::path folder = {};
    std::filesystem::path file = {};   // the full mix, in place of a name from the song in `folder`
    std::filesystem::path exact = {};  // the full mix once more, in 32-bit floats; empty: not
    session::Scene also = {};          // set behind the song's scene
    disk::Format format = {};
    disk::Dither dither = disk::Dither::triangular;
    BounceWishes wishes = {};  // none at all if nothing but the watch is to hear it
    BounceWatch watch = {};
    bool refuses_damage = false;  // a track with samples that are no sound is an error
    std::size_t block = 1024;
    std::size_t threads = 1;
    double pre_roll_seconds = 0.0;  // silence before the song
    double tail_seconds = 0.0;      // rendered after the last track has ended
    // In place of that: until everything has been below -90 dBFS for a second (rule N11).
    bool tail_decays = false;
    std::function<void(double share)> progress = {};
};

inline constexpr double kDecayed_dBFS = -90.0, kDecayedSeconds = 1.0, kLongestTailSeconds = 120.0;

struct Bounced {
    std::filesystem::path file = {};                // the first one
    std::vector<std::filesystem::path> files = {};  // all
    std::vector<std::filesystem::path> stems = {};  // of these
    std::filesystem::path full_mix = {};            // and that
    std::uint64_t frames = 0;
    std::uint64_t over = 0;                        // samples beyond full scale, of all files
    std::vector<std::filesystem::path> loud = {};  // files that have them
    std::uint64_t faults = 0;               // strips silenced for a signal that was not finite
    std::vector<base::Error> damaged = {};  // tracks that made that happen
    std::size_t latency = 0;                // of the main bus, taken off the start
    bool rings_on = false;                  // the tail had not decayed when it was cut off
    double seconds = 0.0;                   // it took
};

// Exactly the same samples for any block size and number of threads. Nothing is left behind on
// failure.
base::Result<Bounced> bounce(const session::Song& song, const BounceSettings& settings);

}  // namespace mixrig::app
