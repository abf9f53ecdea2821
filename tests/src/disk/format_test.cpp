// Names and limits of sound file formats.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/format.h"

#include <doctest/doctest.h>

#include <sstream>

using namespace mixrig::disk;

TEST_CASE("format: every listed name is read back as itself") {
    std::istringstream names(format_names());
    std::size_t count = 0;
    for (std::string name; names >> name; ++count) {
        CAPTURE(name);
        const auto format = parse_format(name);
        REQUIRE(format);
        CHECK(format_name(*format) == name);
    }
    CHECK(count == 14);
}

TEST_CASE("format: a container alone means 24 bit") {
    CHECK(*parse_format("wav") == Format{Container::wav, Coding::pcm24});
    CHECK(*parse_format("flac") == Format{Container::flac, Coding::pcm24});
    CHECK(*parse_format("rf6432f") == Format{Container::rf64, Coding::float32});
}

TEST_CASE("format: an unknown name is refused and the known ones are named") {
    for (const char* name : {"", "wav8", "WAV24", "flac32", "mp3"}) {
        CAPTURE(name);
        const auto format = parse_format(name);
        REQUIRE_FALSE(format);
        CHECK(format.error().hint.find("wav24") != std::string::npos);
    }
}

TEST_CASE("format: a WAV ends below 4 GiB and an RF64 does not") {
    const Format wav24{Container::wav, Coding::pcm24};
    CHECK(max_frames(wav24, 2) * 6 < (1ull << 32));
    CHECK(max_frames(wav24, 2) > 4ull * 3600 * 48000);  // 4.14 h of stereo at 48 kHz
    CHECK(max_frames({Container::rf64, Coding::float32}, 32) > (1ull << 40));
}

TEST_CASE("format: a WAV beyond 4 GB becomes RF64, nothing else changes") {
    const Format wav{Container::wav, Coding::pcm24}, aiff{Container::aiff, Coding::pcm24};
    const std::uint64_t most = max_frames(wav, 2);
    CHECK(for_length(wav, most, 2) == wav);
    CHECK(for_length(wav, most + 1, 2) == Format{Container::rf64, Coding::pcm24});
    CHECK(for_length(aiff, most + 1, 2) == aiff);
    CHECK(most * 6 < 0x100000000);
}
