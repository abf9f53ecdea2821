// How well the songs of an album go together, and what would bring them closer.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/json.h"
#include "src/monitor/balance.h"

#include <string>
#include <vector>

namespace mixrig::app {

struct SongFigures {
    std::string title = {};
    double integrated_lufs = 0.0, range_lu = 0.0, true_peak_dBTP = 0.0;
    monitor::Balance balance = {};
};

struct Suggestion {
    double gain_dB = 0.0;
    monitor::Balance eq_dB = {};  // broad, by band
};

struct Cohesion {
    std::vector<SongFigures> songs = {};
    SongFigures median = {};
    std::vector<Suggestion> suggestions = {};  // one a song
};

// Against the medians of the album (rule K15). A suggestion goes the way to the median, but never
// further than 1 dB (rule K04): a nudge; what needs more needs another mix. Differences of less
// than half a dB are left alone.
Cohesion cohesion(std::vector<SongFigures> songs);

std::string to_text(const Cohesion& cohesion);
Json to_json(const Cohesion& cohesion);

}  // namespace mixrig::app
