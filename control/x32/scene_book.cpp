// Scenes by number.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/scene_book.h"

#include "control/x32/text.h"

namespace mixrig::control::x32 {
namespace {

constexpr std::string_view kScenePrefix = "x32-";
constexpr std::size_t kDigits = 3;

bool is_figure(char c) {
    return c >= '0' && c <= '9';
}

bool is_plain(char c) {
    return is_figure(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
}

// "x32-007 Chorus" -> 7; -1 if it is none of theirs.
std::int32_t number_in(std::string_view name) {
    if (!name.starts_with(kScenePrefix) || name.size() < kScenePrefix.size() + kDigits) return -1;
    std::int32_t number = 0;
    for (const char c : name.substr(kScenePrefix.size(), kDigits)) {
        if (!is_figure(c)) return -1;
        number = number * 10 + (c - '0');
    }
    const std::string_view rest = name.substr(kScenePrefix.size() + kDigits);
    return number < SceneBook::kMost && (rest.empty() || rest.front() == ' ') ? number : -1;
}

}  // namespace

SceneBook::Page SceneBook::page_of(const std::string& name) {
    const std::size_t title = kScenePrefix.size() + kDigits + 1;
    return {name, title < name.size() ? name.substr(title) : std::string{}};
}

std::vector<std::int32_t> SceneBook::read(const std::vector<std::string>& names) {
    std::map<std::int32_t, Page> pages;
    for (const std::string& name : names) {
        const std::int32_t number = number_in(name);
        if (number < 0) continue;
        const auto has_it = pages.find(number);
        const Page* before = find(number);
        if (has_it == pages.end() || before == nullptr || has_it->second.name != before->name)
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
    std::string out = std::string(kScenePrefix) + padded(static_cast<std::size_t>(number), kDigits);
    std::string plain;
    for (const char c : title.substr(0, 32)) plain += is_plain(c) ? c : ' ';
    while (plain.ends_with(' ')) plain.pop_back();
    return plain.empty() ? out : out + " " + plain;
}

}  // namespace mixrig::control::x32
