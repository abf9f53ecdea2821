// Scenes by number.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/scene_book.h"

#include <array>
#include <cstdio>

namespace mixrig::control::x32 {
namespace {

constexpr std::string_view kPrefix = "x32-";
constexpr std::size_t kDigits = 3;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_plain(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
}

// "x32-007 Chorus" -> 7; -1 if it is none of theirs.
std::int32_t number_of(std::string_view name) {
    if (!name.starts_with(kPrefix) || name.size() < kPrefix.size() + kDigits) return -1;
    std::int32_t number = 0;
    for (const char c : name.substr(kPrefix.size(), kDigits)) {
        if (!is_digit(c)) return -1;
        number = number * 10 + (c - '0');
    }
    const std::string_view rest = name.substr(kPrefix.size() + kDigits);
    return number < SceneBook::kMost && (rest.empty() || rest.front() == ' ') ? number : -1;
}

}  // namespace

SceneBook::Page SceneBook::page_of(const std::string& name) {
    const std::size_t title = kPrefix.size() + kDigits + 1;
    return {name, title < name.size() ? name.substr(title) : std::string{}};
}

std::vector<std::int32_t> SceneBook::read(const std::vector<std::string>& names) {
    std::map<std::int32_t, Page> pages;
    for (const std::string& name : names) {
        const std::int32_t number = number_of(name);
        if (number < 0) continue;
        pages[number] = page_of(name);
    }
    std::vector<std::int32_t> changed;
    for (std::int32_t n = 0; n < kMost; ++n) {
        const auto before = pages_.find(n), after = pages.find(n);
        const bool was = before != pages_.end(), is = after != pages.end();
        if (was != is || (was && before->second != after->second)) changed.push_back(n);
    }
    pages_ = std::move(pages);
    return changed;
}

const SceneBook::Page* SceneBook::find(std::int32_t number) const {
    const auto found = pages_.find(number);
    return found == pages_.end() ? nullptr : &found->second;
}

std::string SceneBook::name_of(std::int32_t number, std::string_view title) {
    std::array<char, 16> digits{};
    std::snprintf(digits.data(), digits.size(), "%03d", static_cast<int>(number));
    std::string out = std::string(kPrefix) + digits.data();
    std::string plain;
    for (const char c : title.substr(0, 32)) plain += is_plain(c) ? c : ' ';
    while (plain.ends_with(' ')) plain.pop_back();
    return plain.empty() ? out : out + " " + plain;
}

}  // namespace mixrig::control::x32
