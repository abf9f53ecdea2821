// What a song or an album wants to know of a sound file before it is read.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/session/song.h"

#include <filesystem>

namespace mixrig::app {

// An error for what has no frame as well.
base::Result<session::TrackFacts> look_at_sound(const std::filesystem::path& file);

// Of a file that is whole and has no frame.
base::Error no_sound(const std::filesystem::path& file);
// An error if `output` is the file that is read: it would be gone.
base::Status not_onto_itself(const std::filesystem::path& input,
                             const std::filesystem::path& output);

}  // namespace mixrig::app
