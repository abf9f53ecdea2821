// A small band that needs no recording: the multitrack that a desk without sound hardware plays.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"
#include "src/base/result.h"

#include <filesystem>

namespace mixrig::app {

// Writes nine 24 bit WAV files, 01-kick.wav to 09-backing.wav, into `folder`, which is made if it
// is missing. `length` is rounded to whole bars of three seconds, at least one; what rings on past
// the end returns at the start, so that the files loop. Same length and rate, same files.
base::Status render_demo(const std::filesystem::path& folder, dsp::Seconds length, dsp::Hertz rate);

}  // namespace mixrig::app
