// Leaves and what they say.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/store.h"

#include "control/utf8.h"

#include <algorithm>
#include <utility>

namespace mixrig::control::x32 {

Store::Store(const Tree& tree) : tree_(tree) {
    for (const Leaf& leaf : tree.leaves()) steps_.push_back(leaf.initial);
    for (LeafId leaf = 0; leaf < steps_.size(); ++leaf)
        if (tree.depends_on_type(leaf)) steps_[leaf] = tree.initial(leaf, type_of(leaf));
}

const std::string& Store::text(LeafId leaf) const {
    static const std::string kEmpty;
    const auto found = texts_.find(leaf);
    return found == texts_.end() ? kEmpty : found->second;
}

const Encoding& Store::encoding(LeafId leaf) const {
    return tree_.encoding(leaf, type_of(leaf));
}

bool Store::is_initial(LeafId leaf) const {
    return is_text(leaf) ? text(leaf).empty() : steps_[leaf] == tree_.initial(leaf, type_of(leaf));
}

bool Store::set(LeafId leaf, Step step) {
    const Step clamped = encoding(leaf).clamp(step);
    return std::exchange(steps_[leaf], clamped) != clamped;
}

bool Store::set(LeafId leaf, std::string_view text) {
    std::string cut = clean_text(text, encoding(leaf).longest);
    // A quote would end it in the text of a node.
    std::replace(cut.begin(), cut.end(), '"', '\'');
    if (cut == this->text(leaf)) return false;
    if (cut.empty())
        texts_.erase(leaf);
    else
        texts_[leaf] = std::move(cut);
    return true;
}

void Store::reset(const Node& parameters) {
    for (LeafId leaf = parameters.first; leaf < parameters.first + parameters.count; ++leaf)
        steps_[leaf] = tree_.initial(leaf, type_of(leaf));
}

std::string Store::format(LeafId leaf) const {
    const Encoding& is = encoding(leaf);
    return is.form == Form::text ? '"' + text(leaf) + '"' : is.format(steps_[leaf]);
}

std::string Store::format_node(NodeId node) const {
    const Node& in = tree_.nodes()[node];
    std::string out = "/" + in.path;
    for (LeafId leaf = in.first; leaf < in.first + in.count; ++leaf) out += ' ' + format(leaf);
    return out + '\n';
}

}  // namespace mixrig::control::x32
