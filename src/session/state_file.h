// The state of a desk on disk: always one good copy, and the way back to it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace mixrig::session {

// [control] A text with a check sum behind it, saved atomically, with the previous one as PATH.bak.
// A copy that is damaged is never kept in place of a good one.
class StateFile {
public:
    // Removes what a killed program left behind.
    explicit StateFile(std::filesystem::path path);

    struct Loaded {
        std::string text = {};     // empty when nothing was saved yet
        std::string message = {};  // what went wrong on the way, for the log; empty if nothing
    };
    // The newest copy that is whole and that `accept` takes. It is an error when there are copies
    // but none is good: they stay where they are, under names that the next save does not touch.
    using Accept = std::function<base::Status(std::string_view text)>;
    base::Result<Loaded> load(const Accept& accept);

    base::Status save(std::string_view text);

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
    bool worth_keeping_ = false;  // what stands at path_ is known to be good
};

}  // namespace mixrig::session
