// The line that scenes and automation share: ADDRESS VALUE # comment.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/param/layout.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::session {

// A line without its comment, cut at blanks; a text in quotes is one word.
struct Words {
    struct Word {
        std::string text;
        bool quoted = false;
    };
    std::size_t line = 0;  // from 1
    std::vector<Word> words = {};

    // Everything from word `first` on, with one blank between: "-6 dB".
    std::string rest(std::size_t first) const;
};

// Every line that says something. A `#` begins a comment at the start of a line or after a blank.
// In quotes, \"
// \\ \n and \t stand for what they stand for in C. Refuses what is not UTF-8 and a version that is
// newer than ours: "# mixrig KIND 1".
base::Result<std::vector<Words>> split_lines(std::string_view text, std::string_view kind,
                                             const std::string& file);

struct Setting {
    param::Slot slot = 0;
    param::Value value = {};
    std::size_t line = 0;
};

// Word `at`: an address of this desk.
base::Result<param::Slot> read_address(const Words& words, std::size_t at,
                                       const param::Layout& layout, const std::string& file);

// From word `first`: an address of this desk and a value in its range.
base::Result<Setting> read_setting(const Words& words, std::size_t first,
                                   const param::Layout& layout, const std::string& file);

bool is_utf8(std::string_view text);

// A text in quotes, as split_lines reads it.
std::string in_quotes(std::string_view text);

}  // namespace mixrig::session
