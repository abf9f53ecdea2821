// What each medium asks of a delivery.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/disk/format.h"
#include "src/session/album.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mixrig::app {

struct DeliveryProfile {
    std::string_view name;
    disk::Format format;
    double rate = 0.0;  // 0: the highest of the songs, so that none loses anything
    double ceiling_dBTP = -1.0;
    double target_lufs = -14.0;
    std::uint64_t grid = 1;      // of gaps and marks, in frames
    bool images = false;         // one sound a disc or side, songs cut from it
    std::size_t most_songs = 0;  // 0: no limit
    double shortest_song = 0.0;  // seconds
    double longest_image = 0.0;  // seconds; 0: no limit
    std::string_view described;
};

base::Result<DeliveryProfile> delivery_profile(std::string_view name);
std::string profile_names();  // "cd, streaming, ..."

// What of an album the medium cannot hold, with its line.
base::Status check_medium(const session::Album& album, const DeliveryProfile& profile);

}  // namespace mixrig::app
