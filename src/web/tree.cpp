// The desk's addresses as one tree.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/web/tree.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace mixrig::web {
namespace {

using param::Index;
using param::Kind;

// Takes the first part off: "/a/b" -> "a", leaving "/b".
std::string_view take_part(std::string_view& path) {
    if (path.starts_with('/')) path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, end);
    path.remove_prefix(end);
    return part;
}

// From 1 and written as we write it; nothing else names a strip.
std::optional<std::size_t> counted(std::string_view part, std::size_t most) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (error != std::errc{} || end != part.data() + part.size()) return std::nullopt;
    if (part.front() == '0' || number == 0 || number > most) return std::nullopt;
    return number;
}

}  // namespace

Tree::Tree(const param::Layout& layout, std::vector<Meter> meters, std::vector<NamedAction> more)
    : layout_(layout), meters_(std::move(meters)), actions_(std::move(more)) {
    for (std::size_t k = 0; k < param::kKinds; ++k) grow_kind(static_cast<Kind>(k));
    for (const param::Action& action : param::kActions)
        if (!action.address.ends_with('*') &&
            !param::action_addresses(layout_.shape(), action.address).empty())
            actions_.push_back(
                {std::string(action.address), std::string(action.types), std::string(action.doc)});
    for (std::size_t a = 0; a < actions_.size(); ++a)
        nodes_[grow(0, actions_[a].address, Kind::desk, Index::none)].action = a;
    for (const NamedAction& action : actions_) {
        first_address_.push_back(action_addresses_.size());
        for (std::string& address : param::action_addresses(layout_.shape(), action.address))
            action_addresses_.push_back(std::move(address));
    }
    for (std::size_t m = 0; m < meters_.size(); ++m) {
        nodes_[grow(0, meters_[m].address, Kind::desk, Index::none)].meter = m;
        first_reading_.push_back(readings_);
        readings_ += meters_[m].fields;
    }
}

void Tree::grow_kind(Kind kind) {
    if (layout_.shape().count(kind) == 0) return;
    const std::string_view prefix = param::kPrefix[static_cast<std::size_t>(kind)];
    std::size_t root = grow(0, prefix, kind, Index::none);
    if (param::is_counted(kind)) {
        root = child(root, "#");
        nodes_[root].counts = Counts::strips;
    }
    nodes_[root].kind = kind;
    nodes_[root].is_strip = layout_.has(kind, param::row("name"));
    for (std::size_t r = 0; r < param::kRows; ++r) {
        const param::Row& row = param::kTable[r];
        if (!layout_.has(kind, r) || layout_.index_count(row.index) == 0) continue;
        nodes_[grow(root, row.address, kind, row.index)].row = r;
    }
}

std::size_t Tree::child(std::size_t parent, std::string_view part) {
    for (const std::size_t c : nodes_[parent].children)
        if (nodes_[c].part == part) return c;
    nodes_.push_back({.part = std::string(part), .kind = nodes_[parent].kind});
    nodes_[parent].children.push_back(nodes_.size() - 1);
    return nodes_.size() - 1;
}

std::size_t Tree::grow(std::size_t from, std::string_view path, Kind kind, Index index) {
    while (!path.empty()) {
        const std::string_view part = take_part(path);
        const bool is_new = std::none_of(nodes_[from].children.begin(), nodes_[from].children.end(),
                                         [&](auto c) { return nodes_[c].part == part; });
        from = child(from, part);
        if (!is_new) continue;
        nodes_[from].kind = kind;
        if (part != "#") continue;
        nodes_[from].counts = Counts::index;
        nodes_[from].index = index;
    }
    return from;
}

std::size_t Tree::count(const Node& node) const {
    if (node.counts == Counts::strips) return layout_.shape().count(node.kind);
    return layout_.index_count(node.index);
}

std::optional<Tree::Place> Tree::step(const Place& place, std::string_view part) const {
    for (const std::size_t c : nodes_[place.node].children) {
        const Node& node = nodes_[c];
        Place out = place;
        out.node = c;
        if (node.counts == Counts::nothing) {
            if (node.part == part) return out;
            continue;
        }
        const auto number = counted(part, count(node));
        if (!number) continue;
        (node.counts == Counts::strips ? out.strip : out.index) = *number - 1;
        return out;
    }
    return std::nullopt;
}

std::optional<Tree::Place> Tree::find(std::string_view path) const {
    if (!path.starts_with('/')) return std::nullopt;
    if (path == "/") return Place{};
    std::optional<Place> place = Place{};
    while (place && !path.empty()) {
        const std::string_view part = take_part(path);
        if (part.empty()) return std::nullopt;
        place = step(*place, part);
    }
    return place;
}

std::vector<Tree::Child> Tree::children(const Place& place) const {
    std::vector<Child> out;
    for (const std::size_t c : nodes_[place.node].children) {
        const Node& node = nodes_[c];
        Place at = place;
        at.node = c;
        if (node.counts == Counts::nothing) {
            out.push_back({node.part, at});
            continue;
        }
        for (std::size_t i = 0; i < count(node); ++i) {
            (node.counts == Counts::strips ? at.strip : at.index) = i;
            out.push_back({std::to_string(i + 1), at});
        }
    }
    return out;
}

std::optional<param::Slot> Tree::slot(const Place& place) const {
    const Node& node = nodes_[place.node];
    if (!node.row) return std::nullopt;
    const bool is_counted = param::kTable[*node.row].index != Index::none;
    return layout_.slot(node.kind, place.strip, *node.row, is_counted ? place.index : 0);
}

std::optional<param::Slot> Tree::name_of(const Place& place) const {
    const Node& node = nodes_[place.node];
    if (!node.is_strip) return std::nullopt;
    return layout_.slot(node.kind, place.strip, param::row("name"));
}

}  // namespace mixrig::web
