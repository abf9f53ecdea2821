// Orders and their numbers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/param/order.h"

#include "src/param/layout.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace mixrig::param {

namespace {

std::size_t factorial(std::size_t n) {
    return n < 2 ? 1 : n * factorial(n - 1);
}

}  // namespace

// The digits of a number in the factorial system count the words that were left out so far.
Order order_of(std::size_t number, std::size_t count) {
    std::vector<std::uint8_t> left(count);
    std::iota(left.begin(), left.end(), std::uint8_t{0});
    Order order{};
    for (std::size_t at = 0; at < count; ++at) {
        const std::size_t each = factorial(count - 1 - at);
        const auto which = static_cast<std::ptrdiff_t>(std::min(number / each, left.size() - 1));
        number %= each;
        order[at] = left[static_cast<std::size_t>(which)];
        left.erase(left.begin() + which);
    }
    return order;
}

std::size_t number_of(const Order& order, std::size_t count) {
    std::size_t number = 0;
    for (std::size_t at = 0; at < count; ++at) {
        const auto smaller = std::count_if(order.begin() + static_cast<std::ptrdiff_t>(at),
                                           order.begin() + static_cast<std::ptrdiff_t>(count),
                                           [&](std::uint8_t later) { return later < order[at]; });
        number += static_cast<std::size_t>(smaller) * factorial(count - 1 - at);
    }
    return number;
}

base::Result<std::size_t> parse_order(const Row& row, std::string_view text) {
    const auto words = choices(row);
    Order order{};
    std::size_t count = 0;
    std::vector<bool> named(words.size(), false);
    const auto add = [&](std::size_t word) {
        order[count++] = static_cast<std::uint8_t>(word);
        named[word] = true;
    };
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(" ,\t"), text.size());
        const std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (word.empty()) continue;
        const auto at =
            static_cast<std::size_t>(std::find(words.begin(), words.end(), word) - words.begin());
        if (at == words.size() || named[at])
            return base::Error{"`" + std::string(word) +
                                   (at == words.size() ? "` has no place in it" : "` stands twice"),
                               {},
                               "some of: " + std::string(row.choices)};
        add(at);
    }
    for (std::size_t word = 0; word < words.size(); ++word)
        if (!named[word]) add(word);
    return number_of(order, words.size());
}

std::string order_text(const Row& row, std::size_t number) {
    const auto words = choices(row);
    const Order order = order_of(number, words.size());
    std::string out;
    for (std::size_t at = 0; at < words.size(); ++at)
        out += (at == 0 ? "" : " ") + std::string(words[order[at]]);
    return out;
}

}  // namespace mixrig::param
