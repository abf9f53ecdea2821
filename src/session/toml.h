// A TOML file as a plain tree that knows its lines.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::session {

struct TomlNode {
    enum class Kind : std::uint8_t { flag, whole, number, text, date, list, table };

    Kind kind = Kind::table;
    std::size_t line = 0;  // from 1; 0 where the file does not say
    bool flag = false;
    std::int64_t whole = 0;
    double number = 0.0;  // of `whole` too
    std::string text = {};
    std::vector<TomlNode> items = {};    // of a list or a table
    std::vector<std::string> keys = {};  // of a table, one for each item

    const TomlNode* find(std::string_view key) const;
};

// "a number", "text"...
std::string_view kind_name(TomlNode::Kind kind);

// `file` is for messages only.
base::Result<TomlNode> parse_toml(std::string_view text, const std::string& file);

}  // namespace mixrig::session
