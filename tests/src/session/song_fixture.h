// Sound files that a test only claims to have.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/session/song.h"

namespace mixrig::tests {

// By the beginning of the name: mono, stereo, six channels, 44.1 kHz, no sound file, not there.
inline base::Result<session::TrackFacts> look(const std::filesystem::path& file) {
    const std::string name = file.filename().string();
    const double rate = name.find("44k") != std::string::npos ? 44100.0 : 48000.0;
    if (name.starts_with("mono")) return session::TrackFacts{1, {rate}, 48000};
    if (name.starts_with("stereo")) return session::TrackFacts{2, {rate}, 48000};
    if (name.starts_with("six")) return session::TrackFacts{6, {rate}, 48000};
    if (name.starts_with("broken")) return base::Error{.what = "not a readable sound file"};
    return base::Error{.what = "no such file"};
}

}  // namespace mixrig::tests
