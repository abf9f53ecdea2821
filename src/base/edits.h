// How far two words are apart, for messages that name what was probably meant.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

namespace mixrig::base {

// Letters to insert, delete or replace to make one word of the other (Levenshtein).
inline std::size_t edits(std::string_view a, std::string_view b) {
    std::vector<std::size_t> line(b.size() + 1);
    std::iota(line.begin(), line.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = line[0];
        line[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0u : 1u);
            diagonal = line[j];
            line[j] = std::min({replaced, line[j] + 1, line[j - 1] + 1});
        }
    }
    return line.back();
}

// The first of the nearest; empty when there is nothing to choose from.
inline std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
    const auto best = std::min_element(known.begin(), known.end(), [&](auto a, auto b) {
        return edits(word, a) < edits(word, b);
    });
    return best == known.end() ? std::string_view() : *best;
}

}  // namespace mixrig::base
