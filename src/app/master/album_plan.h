// What an album becomes on a medium before any sound is read, and the levels once it was measured.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/master/delivery.h"
#include "src/app/master/delivery_profile.h"
#include "src/disk/cue_sheet.h"

#include <cstddef>
#include <string>
#include <vector>

namespace mixrig::app {

// Names, places and rate; one song of the delivery for each of the album, in its order.
Delivery plan_album(const session::Album& album, const DeliveryProfile& profile);

// Of a song as it is read: with its own level, without gain.
struct SongLevels {
    double integrated_lufs = 0.0, true_peak_dBTP = 0.0;
};

// Sets gain_dB and held_by_ceiling of every song. No song is lifted so far that its true peak comes
// above the ceiling: there is no limiter here, that is a matter of mastering.
void choose_gains(Delivery& delivery, const session::Album& album, double album_lufs,
                  const std::vector<SongLevels>& songs);

disk::Sheet sheet_of(const Delivery& delivery, std::size_t reel);

}  // namespace mixrig::app
