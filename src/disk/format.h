// The kinds of sound file we write, as people name them: wav24, flac16, aiff32f.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mixrig::disk {

enum class Container : std::uint8_t { wav, rf64, aiff, flac };
enum class Coding : std::uint8_t { pcm16, pcm24, pcm32, float32 };

struct Format {
    Container container = Container::wav;
    Coding coding = Coding::pcm24;
    bool operator==(const Format&) const = default;
};

// "wav24", "rf6416", "aiff32f", "flac16"...; "wav" alone is wav24.
base::Result<Format> parse_format(std::string_view text);
std::string format_name(Format format);
// Every name parse_format knows, separated by spaces, for help texts.
std::string format_names();
// With its dot: ".wav", also for RF64, which is WAV's big sister and named so in practice.
std::string_view extension(Format format);

std::size_t bytes_per_sample(Coding coding);
// The longest file of this format that every reader understands.
std::uint64_t max_frames(Format format, std::size_t channels);
// The same, or RF64 in place of a WAV that would be too long for its 32 bits.
Format for_length(Format format, std::uint64_t frames, std::size_t channels);
// FLAC ends at 8 channels.
std::size_t max_channels(Format format);

}  // namespace mixrig::disk
