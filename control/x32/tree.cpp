// The tables of the dialect, written out.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/tree.h"

#include "control/x32/text.h"

#include <algorithm>
#include <functional>

namespace mixrig::control::x32 {
namespace {

struct Range {
    std::string_view before = {}, after = {};
    std::size_t first = 0, last = 0;
    std::size_t width = 1;  // digits

    std::string at(std::size_t number) const {
        return std::string(before) + padded(number, width) + std::string(after);
    }
};

// "ch/01..32/mix": the numbers on both sides of the two points.
std::optional<Range> range_of(std::string_view text) {
    const std::size_t points = text.find("..");
    if (points == std::string_view::npos) return std::nullopt;
    const auto is_digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
    std::size_t begin = points, end = points + 2;
    while (begin > 0 && is_digit(begin - 1)) --begin;
    while (end < text.size() && is_digit(end)) ++end;
    const std::string_view first = text.substr(begin, points - begin);
    return Range{text.substr(0, begin), text.substr(end), leading<std::size_t>(first),
                 leading<std::size_t>(text.substr(points + 2, end - points - 2)), first.size()};
}

// Calls each(text, number); the text itself, with number 0, if there is no range in it.
void for_each(std::string_view text,
              const std::function<void(const std::string&, std::size_t)>& each) {
    const auto range = range_of(text);
    if (!range) return each(std::string(text), 0);
    for (std::size_t n = range->first; n <= range->last; ++n) each(range->at(n), n);
}

// The n-th of "a;b;c", the last one if there are fewer, the number itself for #.
std::string nth(std::string_view texts, std::size_t number) {
    if (texts == "#") return std::to_string(number);
    std::string_view part;
    for (std::size_t n = 0; n < std::max<std::size_t>(number, 1) && !texts.empty(); ++n)
        part = take_until(texts, ';');
    return std::string(part);
}

}  // namespace

Tree::Tree(const TreeTable& table) {
    encodings_.push_back(parse_encoding("I(0,0)"));  // kByType: what an effect has no use for
    interned_["BY_TYPE"] = kByType;
    for (const BlockRow& block : table.scene) add_block(block);
    scene_nodes_ = nodes_.size();
    for (const BlockRow& block : table.other) add_block(block);
    for (NodeId n = 0; n < nodes_.size(); ++n) by_path_[nodes_[n].path] = n;
    add_effects();
}

void Tree::add_block(const BlockRow& block) {
    for_each(block.path, [&](const std::string& path, std::size_t outer) {
        for (const NodeRow& row : block.nodes)
            for_each(row.path, [&](const std::string& below, std::size_t inner) {
                const bool is_even = !row.even.empty() && inner % 2 == 0;
                add_node(below.empty() ? path : path + "/" + below, is_even ? row.even : row.leaves,
                         inner != 0 ? inner : outer);
            });
    });
}

void Tree::add_node(const std::string& path, std::string_view leaves, std::size_t number) {
    nodes_.push_back({path, static_cast<LeafId>(leaves_.size()), 0});
    while (!leaves.empty()) {
        std::string_view item = take_until(leaves, ' ');
        std::string_view names = take_until(item, '=');
        const std::uint16_t encoding = intern(take_until(item, '!'));
        while (!names.empty())
            for_each(take_until(names, ','), [&](const std::string& name, std::size_t own) {
                add_leaf(name, encoding, item, own != 0 ? own : number);
            });
    }
    nodes_.back().count = static_cast<LeafId>(leaves_.size()) - nodes_.back().first;
}

void Tree::add_leaf(std::string name, std::uint16_t encoding, std::string_view initial,
                    std::size_t number) {
    const Encoding& is = encodings_[encoding];
    const auto step =
        is.form == Form::text || initial.empty() ? std::nullopt : is.parse(nth(initial, number));
    leaves_.push_back({std::move(name), static_cast<NodeId>(nodes_.size() - 1), encoding,
                       step.value_or(is.least())});
}

std::uint16_t Tree::intern(std::string_view encoding) {
    const auto [found, fresh] =
        interned_.emplace(encoding, static_cast<std::uint16_t>(encodings_.size()));
    if (fresh) encodings_.push_back(parse_encoding(encoding));
    return found->second;
}

void Tree::add_effects() {
    for (const EffectRow& effect : kEffects) {
        auto& list = effects_.emplace_back();
        for (std::string_view rest = effect.parameters; !rest.empty();) {
            std::string_view one = take_until(rest, ' ');
            const std::size_t star = one.find('*');
            const std::size_t count =
                star == std::string_view::npos ? 1 : leading<std::size_t>(take_until(one, '*'));
            const std::uint16_t encoding = intern(take_until(one, '!'));
            list.insert(list.end(), count, {encoding, encodings_[encoding].parse(one)});
        }
    }
    // "fx/1/par" is of the type that "fx/1" has.
    for (NodeId n = 0; n < nodes_.size(); ++n) {
        Node& node = nodes_[n];
        if (node.count == 0 || leaves_[node.first].encoding != kByType) continue;
        node.type = nodes_[*find_node(node.path.substr(0, node.path.rfind('/')))].first;
        parameters_[node.type] = n;
    }
}

std::optional<NodeId> Tree::find_node(std::string_view path) const {
    const auto found = by_path_.find(without_slash(path));
    return found == by_path_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<LeafId> Tree::find_leaf(std::string_view address) const {
    const std::size_t slash = address.rfind('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto node = find_node(address.substr(0, slash));
    if (!node) return std::nullopt;
    const Node& in = nodes_[*node];
    for (LeafId leaf = in.first; leaf < in.first + in.count; ++leaf)
        if (leaves_[leaf].name == address.substr(slash + 1)) return leaf;
    return std::nullopt;
}

std::string Tree::address(LeafId leaf) const {
    return "/" + nodes_[leaves_[leaf].node].path + "/" + leaves_[leaf].name;
}

std::size_t find_effect(std::string_view name) {
    const auto found = std::find_if(kEffects.begin(), kEffects.end(),
                                    [&](const EffectRow& effect) { return effect.name == name; });
    return static_cast<std::size_t>(found - kEffects.begin());
}

std::size_t Tree::effect_of(LeafId type, Step step) const {
    const Encoding& types = encodings_[leaves_[type].encoding];
    if (types.form != Form::word) return static_cast<std::size_t>(step);
    return find_effect(types.words[static_cast<std::size_t>(step)]);
}

std::optional<Step> Tree::step_of(LeafId type, std::string_view effect) const {
    const Encoding& types = encodings_[leaves_[type].encoding];
    if (types.form != Form::word) return types.clamp(static_cast<double>(find_effect(effect)));
    return types.parse(effect);
}

const Node* Tree::parameters_of(LeafId type) const {
    const auto found = parameters_.find(type);
    return found == parameters_.end() ? nullptr : &nodes_[found->second];
}

Tree::Parameter Tree::parameter(LeafId leaf, Step type) const {
    const std::size_t effect = effect_of(type_of(leaf), type);
    const LeafId number = leaf - nodes_[leaves_[leaf].node].first;
    const bool is_used = effect < effects_.size() && number < effects_[effect].size();
    return is_used ? effects_[effect][number] : Parameter{};
}

const Encoding& Tree::encoding(LeafId leaf, Step type) const {
    return encodings_[depends_on_type(leaf) ? parameter(leaf, type).encoding
                                            : leaves_[leaf].encoding];
}

// Which defaults the desk has for each type is not known. The middle is 0 where a parameter has two
// sides, and sounds everywhere else.
Step Tree::initial(LeafId leaf, Step type) const {
    if (!depends_on_type(leaf)) return leaves_[leaf].initial;
    const Parameter is = parameter(leaf, type);
    const Encoding& encoding = encodings_[is.encoding];
    return is.initial.value_or(encoding.is_float() ? encoding.steps / 2 : encoding.least());
}

}  // namespace mixrig::control::x32
