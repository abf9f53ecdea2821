// toml++ behind our tree.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/toml.h"

#include "src/session/text_file.h"

#include <algorithm>
#include <exception>
#include <toml++/toml.h>
#include <utility>

namespace mixrig::session {
namespace {

using Kind = TomlNode::Kind;

TomlNode converted(const toml::node& node) {
    TomlNode out;
    out.line = node.source().begin.line;
    if (const auto* table = node.as_table()) {
        for (const auto& [key, value] : *table) {
            out.keys.emplace_back(key.str());
            out.items.push_back(converted(value));
            // A value may begin lines below its key; people look for the key.
            if (key.source().begin.line != 0) out.items.back().line = key.source().begin.line;
        }
    } else if (const auto* array = node.as_array()) {
        out.kind = Kind::list;
        for (const toml::node& item : *array) out.items.push_back(converted(item));
    } else if (const auto text = node.value_exact<std::string>()) {
        out.kind = Kind::text;
        out.text = *text;
    } else if (const auto flag = node.value_exact<bool>()) {
        out.kind = Kind::flag;
        out.flag = *flag;
    } else if (const auto whole = node.value_exact<std::int64_t>()) {
        out.kind = Kind::whole;
        out.whole = *whole;
        out.number = static_cast<double>(*whole);
    } else if (const auto number = node.value_exact<double>()) {
        out.kind = Kind::number;
        out.number = *number;
    } else {
        out.kind = Kind::date;
    }
    return out;
}

}  // namespace

const TomlNode* TomlNode::find(std::string_view key) const {
    const auto found = std::find(keys.begin(), keys.end(), key);
    return found == keys.end() ? nullptr : &items[static_cast<std::size_t>(found - keys.begin())];
}

std::string_view kind_name(Kind kind) {
    switch (kind) {
        case Kind::flag:
            return "true or false";
        case Kind::whole:
            return "a whole number";
        case Kind::number:
            return "a number";
        case Kind::text:
            return "text in quotes";
        case Kind::date:
            return "a date or time";
        case Kind::list:
            return "a list";
        case Kind::table:
            return "a table";
    }
    return {};
}

base::Result<TomlNode> parse_toml(std::string_view text, const std::string& file) {
    try {
        return converted(toml::parse(text));
    } catch (const toml::parse_error& error) {
        return base::Error{.what = "not TOML: " + std::string(error.description()),
                           .where = at_line(file, error.source().begin.line)};
    }
}

}  // namespace mixrig::session
