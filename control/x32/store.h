// What every leaf of the dialect says at the moment.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/x32/tree.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mixrig::control::x32 {

class Store {
public:
    // Every leaf as at power-on. The tree must outlive it.
    explicit Store(const Tree& tree);

    const Tree& tree() const { return tree_; }
    Step step(LeafId leaf) const { return steps_[leaf]; }
    const std::string& text(LeafId leaf) const;
    const Encoding& encoding(LeafId leaf) const;
    bool is_text(LeafId leaf) const { return encoding(leaf).form == Form::text; }

    // Clamped, or cut where a character ends. Whether the leaf says something else now.
    bool set(LeafId leaf, Step step);
    bool set(LeafId leaf, std::string_view text);
    // The parameters of an effect whose type has changed; the first and how many.
    struct Reset {
        LeafId first = 0, count = 0;
    };
    Reset reset_effect(LeafId type);

    // As the node's text says it: words, numbers, "in quotes".
    std::string format(LeafId leaf) const;
    // "/ch/01/mix ON -5.0 ON +20 OFF -oo" and a line feed.
    std::string format_node(NodeId node) const;

private:
    const Tree& tree_;
    std::vector<Step> steps_;
    std::unordered_map<LeafId, std::string> texts_;
};

}  // namespace mixrig::control::x32
