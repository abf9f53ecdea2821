// Walks the desk's addresses with a pattern.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/address_tree.h"

#include <algorithm>
#include <charconv>

namespace mixrig::control {
namespace {

using param::Kind;

constexpr std::size_t kStripRoot = 0, kDeskRoot = 1;

std::string_view take_part(std::string_view& rest) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return part;
}

}  // namespace

// Bit i: the steps before step i are matched; bit steps.size(): all are.
using Steps = std::uint32_t;

class Matcher {
public:
    explicit Matcher(const Pattern& pattern) : steps_(pattern.steps()) {}

    Steps start() const { return close(1); }
    bool done(Steps at) const { return (at >> steps_.size() & 1) != 0; }
    Steps enter(Steps at, std::string_view part) const {
        Steps to = 0;
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            if ((at >> i & 1) == 0) continue;
            if (!steps_[i])
                to |= Steps{1} << i;
            else if (steps_[i]->matches(part))
                to |= Steps{2} << i;
        }
        return close(to);
    }
    // If only one step can come next and it is a plain word: that word.
    const std::string* only_word(Steps at) const {
        for (std::size_t i = 0; i < steps_.size(); ++i)
            if (at == Steps{1} << i) return steps_[i] ? steps_[i]->literal() : nullptr;
        return nullptr;
    }

private:
    // Any number of parts may be none.
    Steps close(Steps at) const {
        for (std::size_t i = 0; i < steps_.size(); ++i)
            if ((at >> i & 1) != 0 && !steps_[i]) at |= Steps{2} << i;
        return at;
    }

    const std::vector<Pattern::Step>& steps_;
};

struct AddressTree::Walk {
    const AddressTree& tree;
    const Matcher matcher;
    SlotSet found;

    // Calls visit(number from 0, steps) for each number below `count` that matches.
    template <typename Visit>
    void numbers(Steps at, std::size_t count, Visit visit) {
        if (const std::string* word = matcher.only_word(at)) {
            std::size_t number = 0;
            const char* end = word->data() + word->size();
            const auto [stop, error] = std::from_chars(word->data(), end, number);
            if (error == std::errc{} && stop == end && word->front() != '0' && number <= count)
                visit(number - 1, matcher.enter(at, *word));
            return;
        }
        for (std::size_t n = 0; n < count; ++n)
            if (const Steps next = matcher.enter(at, std::to_string(n + 1))) visit(n, next);
    }

    void rows(Kind kind, std::size_t strip, std::size_t node_index, std::size_t index, Steps at) {
        const Node& node = tree.nodes_[node_index];
        if (node.row >= 0 && matcher.done(at))
            found.add(tree.layout_.slot(kind, strip, static_cast<std::size_t>(node.row), index));
        for (const std::size_t below : node.children) {
            const Node& child = tree.nodes_[below];
            if ((child.kinds & param::only(kind)) == 0) continue;
            if (child.part == "#")
                numbers(at, tree.layout_.index_count(child.index),
                        [&](std::size_t n, Steps next) { rows(kind, strip, below, n, next); });
            else if (const Steps next = matcher.enter(at, child.part))
                rows(kind, strip, below, index, next);
        }
    }

    void kind(Kind kind, Steps at) {
        std::string_view prefix = param::kPrefix[static_cast<std::size_t>(kind)].substr(1);
        while (!prefix.empty() && at != 0) at = matcher.enter(at, take_part(prefix));
        if (at == 0 || tree.layout_.shape().count(kind) == 0) return;
        if (!is_counted(kind)) return rows(kind, 0, kStripRoot, 0, at);
        numbers(at, tree.layout_.shape().count(kind),
                [&](std::size_t n, Steps next) { rows(kind, n, kStripRoot, 0, next); });
    }
};

AddressTree::AddressTree(const param::Layout& layout) : layout_(layout), nodes_(2) {
    for (std::size_t row = 0; row < param::kRows; ++row)
        grow(param::kTable[row].address.starts_with('/') ? kDeskRoot : kStripRoot, row);
}

void AddressTree::grow(std::size_t root, std::size_t row) {
    const param::Row& at = param::kTable[row];
    std::string_view rest = at.address.substr(root == kDeskRoot ? 1 : 0);
    std::size_t node = root;
    while (!rest.empty()) {
        const std::string_view part = take_part(rest);
        const auto& children = nodes_[node].children;
        const auto same = std::find_if(children.begin(), children.end(),
                                       [&](std::size_t c) { return nodes_[c].part == part; });
        std::size_t next = nodes_.size();
        if (same == children.end()) {
            nodes_[node].children.push_back(next);
            nodes_.push_back({.part = std::string(part)});
        } else {
            next = *same;
        }
        node = next;
        nodes_[node].kinds |= at.kinds;
        if (part == "#") nodes_[node].index = at.index;
    }
    nodes_[node].row = static_cast<int>(row);
}

SlotSet AddressTree::find(const Pattern& pattern) const {
    Walk walk{*this, Matcher(pattern), SlotSet(layout_.size())};
    for (std::size_t k = 0; k < param::kKinds; ++k)
        if (const auto kind = static_cast<Kind>(k); kind != Kind::desk)
            walk.kind(kind, walk.matcher.start());
    walk.rows(Kind::desk, 0, kDeskRoot, 0, walk.matcher.start());
    return std::move(walk.found);
}

SlotSet AddressTree::below(std::string_view group) const {
    const auto pattern = Pattern::compile(std::string(group) + "//*");
    return pattern ? find(*pattern) : SlotSet(layout_.size());
}

}  // namespace mixrig::control
