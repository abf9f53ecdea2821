// Orders of a few words as whole numbers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/param/row.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mixrig::param {

// Which of the words of a row stands first, second and so on.
inline constexpr std::size_t kMostOrdered = 6;
using Order = std::array<std::uint8_t, kMostOrdered>;

// Numbered as a dictionary would list them: 0 is the order of the row's own words, the last one,
// factorial(count) - 1, the other way round.
Order order_of(std::size_t number, std::size_t count);
std::size_t number_of(const Order& order, std::size_t count);

// "eq dynamics limiter": every word of the row once. Words that are not named follow those that
// are, in the row's own order.
base::Result<std::size_t> parse_order(const Row& row, std::string_view text);
std::string order_text(const Row& row, std::size_t number);

}  // namespace mixrig::param
