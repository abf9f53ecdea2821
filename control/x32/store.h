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
    // As at power-on, or since its effect got its type.
    bool is_initial(LeafId leaf) const;
    const std::string& text(LeafId leaf) const;
    const Encoding& encoding(LeafId leaf) const;
    bool is_text(LeafId leaf) const { return encoding(leaf).form == Form::text; }

    // Clamped, or cut where a character ends. Whether the leaf says something else now.
    bool set(LeafId leaf, Step step);
    bool set(LeafId leaf, std::string_view text);
    // The parameters of an effect whose type has changed.
    void reset(const Node& parameters);
    // The place in kEffects of what this type says.
    std::size_t effect_of(LeafId type) const { return tree_.effect_of(type, steps_[type]); }

    // As the node's text says it: words, numbers, "in quotes".
    std::string format(LeafId leaf) const;
    // "/ch/01/mix ON -5.0 ON +20 OFF -oo" and a line feed.
    std::string format_node(NodeId node) const;

private:
    Step type_of(LeafId leaf) const {
        return tree_.depends_on_type(leaf) ? steps_[tree_.type_of(leaf)] : Step{0};
    }

    const Tree& tree_;
    std::vector<Step> steps_;
    std::unordered_map<LeafId, std::string> texts_;
};

}  // namespace mixrig::control::x32
