// Renders a song as fast as the machine can.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/disk/format.h"
#include "src/session/scene.h"
#include "src/session/song.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

namespace mixrig::app {

struct BounceSettings {
    std::filesystem::path folder = {};
    std::filesystem::path file = {};  // in place of a name from the song in `folder`
    session::Scene also = {};         // set behind the song's scene
    disk::Format format = {};
    std::size_t block = 1024;
    std::size_t threads = 1;
    double tail_seconds = 0.0;  // rendered after the last track has ended
    std::function<void(double share)> progress = {};
};

struct Bounced {
    std::filesystem::path file = {};
    std::uint64_t frames = 0;
    std::uint64_t over = 0;    // samples beyond full scale
    std::uint64_t faults = 0;  // strips silenced for a signal that was not finite
    std::size_t latency = 0;   // of the main bus, taken off the start
    double seconds = 0.0;      // it took
};

// Exactly the same samples for any block size and number of threads. Nothing is left behind on
// failure.
base::Result<Bounced> bounce(const session::Song& song, const BounceSettings& settings);

}  // namespace mixrig::app
