// What was delivered: songs, files and their fingerprints. Stands in manifest.json.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/json.h"
#include "src/base/result.h"
#include "src/disk/sequence.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::app {

inline constexpr std::string_view kManifestName = "manifest.json";

struct DeliveredSong {
    std::size_t reel = 0;
    std::string title = {}, artist = {}, composer = {}, isrc = {}, file = {};
    disk::Placed place = {};         // on the time line of its reel
    std::uint64_t from = 0, to = 0;  // what of it stands in the file
    double gain_dB = 0.0;
    double integrated_lufs = 0.0, range_lu = 0.0, true_peak_dBTP = 0.0;  // of the file
    bool held_by_ceiling = false;  // lower than wanted, so that its peaks stay below the ceiling
};

// Songs that follow each other: an album, or one side of it.
struct DeliveredReel {
    std::string name = {};   // "", or "SideA"
    std::string image = {};  // file name, or empty
    std::uint64_t frames = 0;
};

struct DeliveredFile {
    std::string name = {};
    std::string kind = {};  // song, image, cue, toc, preview, zip
    std::uint64_t bytes = 0;
    std::string sha256 = {};
};

struct Delivery {
    std::string medium = {}, format = {};
    dsp::Hertz rate = {};
    std::string artist = {}, title = {}, upc = {}, genre = {}, date = {};
    std::string levels = {};  // album, track, none
    double target_lufs = 0.0, ceiling_dBTP = 0.0;
    double integrated_lufs = 0.0;  // of all songs with their gaps
    std::vector<DeliveredReel> reels = {};
    std::vector<DeliveredSong> songs = {};
    std::vector<DeliveredFile> files = {};

    bool held_by_ceiling() const;
};

Json to_json(const Delivery& delivery);
base::Result<Delivery> parse_manifest(std::string_view text, const std::string& file);

// Adds what is at `path` with its length and fingerprint.
base::Status add_file(Delivery& delivery, const std::filesystem::path& path, std::string_view kind);

}  // namespace mixrig::app
