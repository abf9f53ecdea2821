// What one guest sees of the desk's tree: for him the rest of it is not there.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/param/layout.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace mixrig::web {

struct View {
    std::vector<bool> reads = {}, sets = {};  // by slot; what is set is read
    std::vector<bool> meters = {};            // by their numbers in the tree
    std::vector<bool> actions = {};           // by those of their addresses
};

// Whoever has none sees all. What the holders of one role see is one.
using Sight = std::shared_ptr<const View>;

inline bool reads(const Sight& sight, param::Slot slot) {
    return !sight || sight->reads[slot];
}
inline bool sets(const Sight& sight, param::Slot slot) {
    return !sight || sight->sets[slot];
}
inline bool sees_meter(const Sight& sight, std::size_t meter) {
    return !sight || sight->meters[meter];
}
inline bool sees_action(const Sight& sight, std::size_t address) {
    return !sight || sight->actions[address];
}

}  // namespace mixrig::web
