// Renders a flight once more.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace mixrig::app {

struct ReplaySettings {
    std::filesystem::path flight = {};  // its folder
    std::filesystem::path events = {};  // in place of the flight's own
    std::filesystem::path folder = {};  // for the outputs; it is there
    std::size_t block = 1024;
    std::size_t threads = 0;  // 0: as many as the desk had
    bool main_only = false;
    std::function<void(double share)> progress = {};
};

struct Replayed {
    std::vector<std::filesystem::path> files = {};  // one for each output, 32-bit float
    std::uint64_t frames = 0;
    double rate = 0.0;
    double seconds = 0.0;                 // it took
    std::vector<std::string> notes = {};  // where the samples are not those of the show, and why
};

// The samples of every output as they were, for any block size and number of threads. Nothing is
// left behind on failure.
base::Result<Replayed> replay(const ReplaySettings& settings);

}  // namespace mixrig::app
