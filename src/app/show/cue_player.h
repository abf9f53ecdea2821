// The cue list in use, and which cue comes next.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/session/cues.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::app {

// [control] Which cue is the current one is a value of the desk, /cue/current; this only looks it
// up.
class CuePlayer {
public:
    explicit CuePlayer(std::filesystem::path folder) : folder_(std::move(folder)) {}

    // NAME.cues of the folder; what was loaded stays if it cannot be read.
    base::Status load(std::string_view name);
    const std::string& name() const { return name_; }
    const std::vector<session::Cue>& cues() const { return cues_; }

    // `current` is the text of /cue/current: what is no number stands before the first cue.
    base::Result<session::Cue> behind(std::string_view current) const;
    base::Result<session::Cue> before(std::string_view current) const;
    base::Result<session::Cue> numbered(session::CueNumber number) const;

private:
    base::Status check_loaded() const;

    std::filesystem::path folder_;
    std::string name_;
    std::vector<session::Cue> cues_;
};

}  // namespace mixrig::app
