// What a song or an album wants to know of a sound file before it is read.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/session/song.h"

#include <filesystem>

namespace mixrig::app {

base::Result<session::TrackFacts> look_at_sound(const std::filesystem::path& file);

}  // namespace mixrig::app
