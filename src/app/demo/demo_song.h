// A whole song that needs no recording: sixteen tracks of a minute, with the mix beside them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"
#include "src/base/result.h"

#include <array>
#include <filesystem>

namespace mixrig::app {

// Writes 01-kick.wav to 16-effects.wav (24 bit, 60 s), song.toml, mix.scene and mix.auto into
// `folder`, which is made if it is missing. Same rate, same files.
base::Status render_demo_song(const std::filesystem::path& folder, dsp::Hertz rate);

struct DemoText {
    const char* file;
    const char* text;
};
std::array<DemoText, 3> demo_song_texts();
const char* demo_song_scene();

}  // namespace mixrig::app
