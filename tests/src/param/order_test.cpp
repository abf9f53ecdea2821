// Orders and their numbers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/param/order.h"

#include "src/param/layout.h"

#include <doctest/doctest.h>

#include <set>

using namespace mixrig;
using namespace mixrig::param;

TEST_CASE("order: every number is an order of its own, and comes back") {
    std::set<Order> seen;
    for (std::size_t number = 0; number < 720; ++number) {
        const Order order = order_of(number, 6);
        seen.insert(order);
        CHECK(number_of(order, 6) == number);
    }
    CHECK(seen.size() == 720);
    CHECK(order_of(0, 6) == Order{0, 1, 2, 3, 4, 5});
    CHECK(order_of(719, 6) == Order{5, 4, 3, 2, 1, 0});
}

TEST_CASE("order: words in any order; those that are not named follow") {
    const Layout layout(DeskShape::of(1, 0, 0, 0, 0));
    const Slot slot = *layout.find("/main/master/order");
    const auto text = [&](std::string_view said) {
        const auto value = layout.parse(slot, said);
        return value ? layout.format(slot, *value) : value.error().text();
    };
    CHECK(text("ms strip multiband field saturator clipper") ==
          "ms strip multiband field saturator clipper");
    CHECK(text("Clipper, strip") == "clipper strip ms multiband field saturator");
    CHECK(text("clipper clipper").find("stands twice") != std::string::npos);
    CHECK(text("limiter").find("has no place in it") != std::string::npos);
    CHECK(layout.high(slot) == 719.0f);
}
