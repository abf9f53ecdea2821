// The cue list in use.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/show/cue_player.h"

#include "src/session/scene.h"

#include <algorithm>
#include <utility>

namespace mixrig::app {

using base::Error;
using session::Cue;
using session::CueNumber;

base::Status CuePlayer::load(std::string_view name) {
    if (auto allowed = session::check_name(name); !allowed) return allowed;
    const std::filesystem::path path = folder_ / (std::string(name) + ".cues");
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored))
        return Error{"there is no cue list of this name", std::string(name),
                     "write one to " + path.string()};
    auto cues = session::load_cues(path);
    if (!cues) return cues.error();
    cues_ = *std::move(cues);
    name_ = name;
    return base::Done{};
}

base::Status CuePlayer::check_loaded() const {
    if (!cues_.empty()) return base::Done{};
    return Error{"no cue list is in use", {}, "/cue/load loads one"};
}

base::Result<Cue> CuePlayer::behind(std::string_view current) const {
    if (auto loaded = check_loaded(); !loaded) return loaded.error();
    const CueNumber now = session::cue_number(current).value_or(0);
    const auto found =
        std::upper_bound(cues_.begin(), cues_.end(), now,
                         [](CueNumber number, const Cue& cue) { return number < cue.number; });
    if (found == cues_.end()) return Error{"there is no cue behind the current one"};
    return *found;
}

base::Result<Cue> CuePlayer::before(std::string_view current) const {
    if (auto loaded = check_loaded(); !loaded) return loaded.error();
    const CueNumber now = session::cue_number(current).value_or(0);
    const auto found =
        std::lower_bound(cues_.begin(), cues_.end(), now,
                         [](const Cue& cue, CueNumber number) { return cue.number < number; });
    if (found == cues_.begin()) return Error{"there is no cue before the current one"};
    return *std::prev(found);
}

base::Result<Cue> CuePlayer::numbered(CueNumber number) const {
    if (auto loaded = check_loaded(); !loaded) return loaded.error();
    const auto found = std::find_if(cues_.begin(), cues_.end(),
                                    [&](const Cue& cue) { return cue.number == number; });
    if (found == cues_.end())
        return Error{"there is no cue " + session::cue_text(number), {}, "/cue/list lists them"};
    return *found;
}

}  // namespace mixrig::app
