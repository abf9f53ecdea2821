// How fast the engine is on this machine.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/json.h"
#include "src/app/tools/bench_desk.h"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace mixrig::app {

struct BenchCase {
    Load load = Load::full;
    std::size_t strips = 64;
    std::size_t block = 64;  // frames
};

struct BenchResult {
    BenchCase of = {};
    // What the fastest tenth of stretches of 20 ms of audio reaches, so that what else the machine
    // does in between does not count. Buses and outputs are part of it.
    double ns_per_frame = 0.0;
    double ns_per_strip_frame = 0.0;
    // Of single blocks, by the clock on the wall.
    double p50_us = 0.0, p99_us = 0.0, max_us = 0.0;
    std::size_t blocks = 0;

    double strips_per_core() const;  // at 48 kHz, if a core did nothing else
};

// Everything that the default run measures.
std::vector<BenchCase> all_cases();
BenchResult run_case(const BenchCase& one, double seconds);

// What the project asks of itself: at most so much.
struct Bound {
    std::string what;
    double value = 0.0;
    double limit = 0.0;
    std::string unit = {};
    bool is_held() const { return value <= limit; }
};
// Those that these results can tell.
std::vector<Bound> bounds(const std::vector<BenchResult>& results);

std::string bench_heading();
std::string bench_line(const BenchResult& result);
Json bench_json(const std::vector<BenchResult>& results);

}  // namespace mixrig::app
