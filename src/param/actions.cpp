// Which actions a desk has.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/param/actions.h"

#include "src/param/layout.h"

namespace mixrig::param {
namespace {

// How many strips it is there for; one if it is of none.
std::size_t strips(const DeskShape& shape, std::string_view action, std::size_t hash) {
    for (std::size_t k = 0; k < kKinds; ++k)
        if (kPrefix[k] == action.substr(0, hash - 1)) return shape.count(static_cast<Kind>(k));
    return 0;
}

}  // namespace

std::vector<std::string> action_addresses(const DeskShape& shape, std::string_view action) {
    const std::size_t hash = action.find('#');
    if (hash == std::string_view::npos) return {std::string(action)};
    std::vector<std::string> out;
    for (std::size_t strip = 1; strip <= strips(shape, action, hash); ++strip)
        out.push_back(std::string(action).replace(hash, 1, std::to_string(strip)));
    return out;
}

}  // namespace mixrig::param
