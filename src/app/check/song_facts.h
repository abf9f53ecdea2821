// A song, rendered once and listened to at every strip.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/check/facts.h"
#include "src/base/result.h"
#include "src/session/song.h"

#include <cstddef>
#include <functional>
#include <optional>

namespace mixrig::app::check {

struct SongSettings {
    std::size_t threads = 1;
    std::optional<double> tail_seconds = {};  // behind the last track; else until it has decayed
    std::function<void(double share)> progress = {};
};

// The same render as a bounce's, without its file. What is heard is analysed on a thread of its own
// meanwhile; no strip is held in memory for longer than some seconds.
base::Result<Facts> song_facts(const session::Song& song, const SongSettings& settings);

}  // namespace mixrig::app::check
