// What a sound file sounds like, in figures.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/monitor/measure.h"

#include <filesystem>

namespace mixrig::app {

// Of any file that libsndfile reads, chunk by chunk. Errors name the file.
base::Result<monitor::Measurement> listen(const std::filesystem::path& file);

}  // namespace mixrig::app
