// The desk's addresses as one tree: parameters, actions, meters. Strips of a kind share their part
// of it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/param/actions.h"
#include "src/param/layout.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::web {

// A meter, as it is sent to subscribers.
struct Meter {
    std::string address = {};  // "/meters/ch/1"
    std::size_t fields = 0;
    std::string doc = {};
};

struct NamedAction {
    std::string address = {};
    std::string types = {};  // as param::Action has them
    std::string doc = {};
};

class Tree {
public:
    // `more` are further actions: those that an action of the table that ends with a `*` stands
    // for.
    Tree(const param::Layout& layout, std::vector<Meter> meters, std::vector<NamedAction> more);

    // A node, and for which strip and which index.
    struct Place {
        std::size_t node = 0;
        std::size_t strip = 0, index = 0;  // from 0
    };
    struct Child {
        std::string part = {};
        Place place = {};
    };
    std::optional<Place> find(std::string_view path) const;
    std::vector<Child> children(const Place& place) const;
    bool has_children(const Place& place) const { return !nodes_[place.node].children.empty(); }

    // What stands here; a node may be more than one of these.
    std::optional<param::Slot> slot(const Place& place) const;
    // Their numbers.
    std::optional<std::size_t> action(const Place& place) const {
        return nodes_[place.node].action;
    }
    std::optional<std::size_t> meter(const Place& place) const { return nodes_[place.node].meter; }
    // Where the readings of a meter begin among all of them.
    std::size_t first_reading(std::size_t meter) const { return first_reading_[meter]; }
    // The strip of which this is the root: "/ch/1", "/main".
    std::optional<param::Slot> name_of(const Place& place) const;

    const param::Layout& layout() const { return layout_; }
    const std::vector<Meter>& meters() const { return meters_; }
    const std::vector<NamedAction>& actions() const { return actions_; }
    // Every address that is an action: `/aux/#/more` is one for each monitor mix. And the number
    // among them of the action that stands here.
    const std::vector<std::string>& action_addresses() const { return action_addresses_; }
    std::size_t action_address(const Place& place) const {
        return first_address_[*nodes_[place.node].action] + place.strip;
    }
    std::size_t readings() const { return readings_; }

private:
    enum class Counts : std::uint8_t { nothing, strips, index };
    struct Node {
        std::string part = {};  // "#" where something is counted
        Counts counts = Counts::nothing;
        param::Index index = param::Index::none;
        param::Kind kind = param::Kind::desk;
        bool is_strip = false;
        std::optional<std::size_t> row = {};
        std::optional<std::size_t> action = {};
        std::optional<std::size_t> meter = {};
        std::vector<std::size_t> children = {};
    };

    std::size_t grow(std::size_t from, std::string_view path, param::Kind kind, param::Index index);
    std::size_t child(std::size_t parent, std::string_view part);
    void grow_kind(param::Kind kind);
    std::size_t count(const Node& node) const;
    std::optional<Place> step(const Place& place, std::string_view part) const;

    const param::Layout& layout_;
    std::vector<Meter> meters_;
    std::vector<NamedAction> actions_;
    std::vector<std::size_t> first_reading_;
    std::vector<std::string> action_addresses_;
    std::vector<std::size_t> first_address_;  // of each action, among them
    std::size_t readings_ = 0;
    std::vector<Node> nodes_ = {{}};
};

}  // namespace mixrig::web
