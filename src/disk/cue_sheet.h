// The table of contents of an image: as a cue sheet, and as cdrdao reads it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/disk/sequence.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::disk {

// Texts are UTF-8 here and become ISO 8859-1 in the sheets, as CD-TEXT has it.
struct SheetTrack {
    std::string title = {}, performer = {}, composer = {}, isrc = {};
    Placed place = {};
};

struct Sheet {
    std::string image = {};  // file name of the sound
    std::string title = {}, performer = {}, genre = {}, date = {}, upc = {};
    dsp::Hertz rate = {44100.0};
    std::uint64_t frames = 0;
    std::vector<SheetTrack> tracks = {};
};

std::string cue_text(const Sheet& sheet);
// Of CDs only: 44.1 kHz, everything on the grid of CD frames.
std::string toc_text(const Sheet& sheet);

// "mm:ss:ff", the CD frame that has begun.
std::string cd_time(std::uint64_t frames, dsp::Hertz rate);

// What another reader makes of a sheet. In CD frames from the start of the image.
struct SheetTimes {
    struct Track {
        std::uint64_t gap_start = 0, mark = 0;
        bool operator==(const Track&) const = default;
    };
    std::vector<Track> tracks = {};
    std::uint64_t end = 0;  // of a TOC; a cue sheet does not say
    std::string image = {};
};
base::Result<SheetTimes> read_cue(std::string_view text);
base::Result<SheetTimes> read_toc(std::string_view text);

// Characters that ISO 8859-1 does not have become `?`.
std::string to_latin1(std::string_view utf8);

}  // namespace mixrig::disk
