// JSON written straight into a string: a tree of some megabytes needs no tree in memory.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace mixrig::web {

class JsonText {
public:
    JsonText& begin_object() { return begin('{'); }
    JsonText& end_object() { return end('}'); }
    JsonText& begin_list() { return begin('['); }
    JsonText& end_list() { return end(']'); }
    JsonText& key(std::string_view name);
    // What is not UTF-8 in it is replaced.
    JsonText& text(std::string_view value);
    // The shortest number that reads back as this; null if it is not finite.
    JsonText& number(float value);
    JsonText& whole(std::int64_t value);
    JsonText& flag(bool value);
    JsonText& null();

    std::string take() { return std::exchange(out_, {}); }

private:
    JsonText& begin(char bracket);
    JsonText& end(char bracket);
    void separate();
    void quote(std::string_view text);

    std::string out_;
    bool needs_comma_ = false;
};

}  // namespace mixrig::web
