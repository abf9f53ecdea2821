// The lines that steer the fake device of test builds.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace mixrig::backend {

enum class FakeSignal { nan, inf, big, dc, subnormal };

struct FakeCommand {
    enum class Kind {
        stall,   // no callback for `milliseconds`, which are lost: one xrun
        late,    // one callback comes `milliseconds` late; up to 40 are caught up with
        vanish,  // the device is unplugged
        comes_back,
        rate,
        block,
        storm,  // calls back without pause, until the guard cuts it off
        inject,
        sine,
        counters,
        peaks,
    };
    Kind kind = Kind::counters;
    unsigned milliseconds = 0;
    unsigned rate = 0;
    std::size_t block = 0;
    FakeSignal signal = FakeSignal::dc;
    std::size_t input = 0;  // from 0; the line counts from 1
    std::uint64_t frames = 0;
    double hertz = 0.0;
    double amplitude = 0.0;  // peak; the line says dB
};

inline constexpr std::size_t kLargestFakeBlock = 8192;

// stall MS | late MS | vanish | return | rate HZ | block N | storm | counters | peaks
// inject nan|inf|big|dc|subnormal INPUT FRAMES | sine INPUT HZ LEVEL_DB|off
base::Result<FakeCommand> parse_fake_command(const std::string& line, std::size_t inputs);

}  // namespace mixrig::backend
