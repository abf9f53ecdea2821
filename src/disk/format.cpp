// Names and limits of sound file formats.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/format.h"

#include <limits>

namespace mixrig::disk {
namespace {

struct Named {
    std::string_view name;
    Format format;
};

constexpr Named kFormats[] = {
    {"wav16", {Container::wav, Coding::pcm16}},    {"wav24", {Container::wav, Coding::pcm24}},
    {"wav32", {Container::wav, Coding::pcm32}},    {"wav32f", {Container::wav, Coding::float32}},
    {"rf64_16", {Container::rf64, Coding::pcm16}}, {"rf64_24", {Container::rf64, Coding::pcm24}},
    {"rf64_32", {Container::rf64, Coding::pcm32}}, {"rf64_32f", {Container::rf64, Coding::float32}},
    {"aiff16", {Container::aiff, Coding::pcm16}},  {"aiff24", {Container::aiff, Coding::pcm24}},
    {"aiff32", {Container::aiff, Coding::pcm32}},  {"aiff32f", {Container::aiff, Coding::float32}},
    {"flac16", {Container::flac, Coding::pcm16}},  {"flac24", {Container::flac, Coding::pcm24}},
};

struct Alias {
    std::string_view alias, name;
};

// 24 bit is what is delivered when nothing is said; rf6424 is rf64_24 without the thumb.
constexpr Alias kAliases[] = {
    {"wav", "wav24"},      {"rf64", "rf64_24"},   {"aiff", "aiff24"},    {"flac", "flac24"},
    {"rf6416", "rf64_16"}, {"rf6424", "rf64_24"}, {"rf6432", "rf64_32"}, {"rf6432f", "rf64_32f"},
};

// WAV and AIFF count bytes in 32 bits. AIFF's count is signed in some readers. A kilobyte is left
// for headers.
constexpr std::uint64_t kWavBytes = 0xffffffffull - 1024;
constexpr std::uint64_t kAiffBytes = 0x7fffffffull - 1024;

}  // namespace

base::Result<Format> parse_format(std::string_view text) {
    for (const Alias& a : kAliases)
        if (a.alias == text) text = a.name;
    for (const Named& named : kFormats)
        if (named.name == text) return named.format;
    return base::Error{.what = "no such sound file format: \"" + std::string(text) + "\"",
                       .hint = "one of " + format_names()};
}

std::string format_name(Format format) {
    for (const Named& named : kFormats)
        if (named.format == format) return std::string(named.name);
    return {};
}

std::string format_names() {
    std::string names;
    for (const Named& named : kFormats)
        names += (names.empty() ? "" : " ") + std::string(named.name);
    return names;
}

std::string_view extension(Format format) {
    switch (format.container) {
        case Container::aiff:
            return ".aiff";
        case Container::flac:
            return ".flac";
        case Container::wav:
        case Container::rf64:
            break;
    }
    return ".wav";
}

std::size_t bytes_per_sample(Coding coding) {
    switch (coding) {
        case Coding::pcm16:
            return 2;
        case Coding::pcm24:
            return 3;
        case Coding::pcm32:
        case Coding::float32:
            break;
    }
    return 4;
}

std::uint64_t max_frames(Format format, std::size_t channels) {
    const std::uint64_t frame = bytes_per_sample(format.coding) * channels;
    switch (format.container) {
        case Container::wav:
            return kWavBytes / frame;
        case Container::aiff:
            return kAiffBytes / frame;
        case Container::flac:
            return (1ull << 36) - 1;  // 36 bits in its STREAMINFO block
        case Container::rf64:
            break;
    }
    return std::numeric_limits<std::int64_t>::max() / frame;
}

Format for_length(Format format, std::uint64_t frames, std::size_t channels) {
    if (format.container == Container::wav && frames > max_frames(format, channels))
        format.container = Container::rf64;
    return format;
}

std::size_t max_channels(Format format) {
    return format.container == Container::flac ? 8 : 1024;
}

}  // namespace mixrig::disk
