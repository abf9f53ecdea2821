// From songs to a delivery: in order, with gaps, fades and levels, for one medium.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/master/cohesion.h"
#include "src/app/master/delivery.h"
#include "src/app/master/delivery_profile.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mixrig::app {

struct AlbumSettings {
    std::filesystem::path folder = {};
    DeliveryProfile profile = {};
    bool zip = false;              // one archive a song
    double preview_seconds = 0.0;  // of each side of a gap; 0: no preview
};

struct AlbumMade {
    Delivery delivery = {};
    Cohesion cohesion = {};               // with the levels as delivered
    std::vector<std::string> notes = {};  // what the user should know

    double lowest_gain() const;  // dB
    double highest_gain() const;
};

// Writes all files, the manifest last: a folder without one is no delivery. Same album, same bytes.
base::Result<AlbumMade> make_album(const session::Album& album, const AlbumSettings& settings);

}  // namespace mixrig::app
