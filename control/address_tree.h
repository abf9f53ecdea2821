// The desk's addresses as a tree, so that a pattern is matched part by part on the way down.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/osc_pattern.h"
#include "control/slot_set.h"
#include "src/param/layout.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::control {

class AddressTree {
public:
    explicit AddressTree(const param::Layout& layout);

    // Every parameter whose address the pattern matches. A branch that cannot match is not entered:
    // "/ch/3/mute" and "/ch/*/mute" never look at a subgroup.
    SlotSet find(const Pattern& pattern) const;
    // Everything below a group such as "/ch/1" or "/ch/*/eq".
    SlotSet below(std::string_view group) const;

private:
    struct Node {
        std::string part = {};
        param::Kinds kinds = 0;
        int row = -1;                             // of a leaf
        param::Index index = param::Index::none;  // what a node with part "#" counts
        std::vector<std::size_t> children = {};
    };
    struct Walk;

    void grow(std::size_t root, std::size_t row);

    const param::Layout& layout_;
    std::vector<Node> nodes_;  // 0: root of what strips have, 1: root of the rows without a strip
};

}  // namespace mixrig::control
