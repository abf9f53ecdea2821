// A song with 32 channels, everything on and hundreds of moves, made by rule.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/desk/program.h"

#include <cstdint>
#include <vector>

namespace mixrig::tests {

using Samples = std::vector<float>;

inline constexpr std::size_t kRate = 48000;
inline constexpr std::size_t kSongChannels = 32;
// Silence before the first note: time to connect a recorder before anything is heard.
inline constexpr std::size_t kSilence = 3 * kRate;
inline constexpr std::size_t kMusic = 4 * kRate;

// Bursts and pauses, so that gates, compressors and what sleeps in silence all have work.
Samples burst_track(std::uint32_t seed, std::size_t silence, std::size_t music);
void write_wav(const std::filesystem::path& path, const Samples& samples);  // mono, float
struct Stereo {
    Samples left, right;
};
Stereo read_stereo(const std::filesystem::path& path);

// Folder, files: tracks/NN.wav, song.toml, desk.toml (the same desk, live, on the JACK server
// `mixrig-desk`), mix.scene, mix.auto.
void write_big_song(const std::filesystem::path& folder);

// Bounces in 32-bit float; the samples.
Stereo bounce(const std::filesystem::path& song, const Words& options);

}  // namespace mixrig::tests
