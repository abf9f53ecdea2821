// What a sound file says about its music.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace mixrig::disk {

// As in a broadcast wave of version 2 (EBU Tech 3285): LUFS, LU, dBTP.
struct LoudnessTag {
    double integrated = 0.0, range = 0.0, true_peak = 0.0, momentary_max = 0.0,
           short_term_max = 0.0;
};

// UTF-8; what is empty is not written. WAV and RF64: LIST INFO, a bext chunk and, with an ISRC, the
// axml chunk of EBU Tech 3352. FLAC: Vorbis comments. AIFF: its text chunks, which know title,
// artist and comment only. Codes stand in the comment of each, where no field of its own exists.
struct Tags {
    std::string title = {}, artist = {}, album = {}, genre = {}, date = {}, track = {};
    std::string isrc = {}, upc = {};
    std::optional<std::uint64_t> time_reference = {};  // frames from the start of the album
    std::optional<LoudnessTag> loudness = {};

    std::string comment() const;  // "ISRC DEABC2600001, UPC 4006381333931"
};

// The texts of a file, ISRC and UPC read back from the comment.
base::Result<Tags> read_tags(const std::filesystem::path& path);

}  // namespace mixrig::disk
