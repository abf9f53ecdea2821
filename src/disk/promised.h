// What the header of a sound file promises beyond the file's end.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>

namespace mixrig::disk {

// Bytes of sound that a WAV, RF64 or AIFF file should have and has not; libsndfile reads such a
// file as a shorter one without a word. 0 for other files, and for headers that say that they do
// not know: what a program wrote into a pipe.
std::uint64_t missing_bytes(const std::filesystem::path& path);

}  // namespace mixrig::disk
