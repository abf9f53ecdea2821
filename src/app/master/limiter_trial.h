// How loud a file would be behind a gain and the limiter, without writing anything.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/limiter.h"
#include "src/base/result.h"

#include <filesystem>

namespace mixrig::app {

struct Trial {
    double lufs = 0.0;
    double reduction_dB = 0.0;  // the most that the limiter turned down
};

// By the desk's own limiter (dsp/limiter.h); a mono file plays on both sides, as a stereo channel
// has it. Off, the limiter leaves everything as it is.
base::Result<Trial> try_limiter(const std::filesystem::path& file, double gain_dB,
                                const dsp::LimiterSettings& limiter);

}  // namespace mixrig::app
