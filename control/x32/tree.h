// The dialect's tree: nodes and their leaves, in the order in which the desk writes them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/x32/encoding.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mixrig::control::x32 {

// A node of a table. In its path and in the names of its leaves "01..32" stands for each number.
// The leaves: "name=encoding" or "name,name=encoding", with a blank between them; behind a ! the
// value at power-on as text, one for all or, with ; between them, for each number of the path, and
// # is that number. `even`: the leaves of even numbers, if they are others.
struct NodeRow {
    std::string_view path = {};  // below its block; empty: the block's own
    std::string_view leaves = {};
    std::string_view even = {};
};

// Its nodes are written number by number: all of ch/01, then all of ch/02.
struct BlockRow {
    std::string_view path;
    std::span<const NodeRow> nodes;
};

// What is no part of a scene stands behind all that is.
struct TreeTable {
    std::span<const BlockRow> scene;
    std::span<const BlockRow> other;
};

extern const TreeTable kX32Tree;
extern const TreeTable kAirTree;

// The parameters of an effect: encodings with a blank between them, "31*" before one that comes so
// often, behind a ! where it begins.
struct EffectRow {
    std::string_view name;
    std::string_view parameters;
};
extern const std::span<const EffectRow> kEffects;
// The place of the one with this name; as many as there are if none has it.
std::size_t find_effect(std::string_view name);

using LeafId = std::uint32_t;
using NodeId = std::uint32_t;

struct Leaf {
    std::string name;
    NodeId node = 0;
    std::uint16_t encoding = 0;
    Step initial = 0;
};

struct Node {
    std::string path;  // "ch/01/mix"
    LeafId first = 0;
    LeafId count = 0;
    LeafId type = 0;  // of parameters of an effect: the leaf that says what they are
};

class Tree {
public:
    explicit Tree(const TreeTable& table);

    std::span<const Node> nodes() const { return nodes_; }
    std::span<const Leaf> leaves() const { return leaves_; }
    std::size_t scene_nodes() const { return scene_nodes_; }

    // Without or with a slash in front.
    std::optional<NodeId> find_node(std::string_view path) const;
    std::optional<LeafId> find_leaf(std::string_view address) const;
    std::string address(LeafId leaf) const;

    // The parameter of an effect has the encoding that its effect's type gives it.
    bool depends_on_type(LeafId leaf) const { return leaves_[leaf].encoding == kByType; }
    // The leaf with the type; precondition: depends_on_type().
    LeafId type_of(LeafId leaf) const { return nodes_[leaves_[leaf].node].type; }
    const Encoding& encoding(LeafId leaf, Step type = 0) const;
    // Where it stands at power-on, or once its effect has this type.
    Step initial(LeafId leaf, Step type = 0) const;
    // The node of the parameters that this leaf is the type of; null if it is none.
    const Node* parameters_of(LeafId type) const;
    // Types by their place in kEffects: what this one says, and how it says that. Types have names
    // or, on an X-Air, numbers.
    std::size_t effect_of(LeafId type, Step step) const;
    std::optional<Step> step_of(LeafId type, std::string_view effect) const;

private:
    static constexpr std::uint16_t kByType = 0;
    // What the parameter of an effect is.
    struct Parameter {
        std::uint16_t encoding = kByType;
        std::optional<Step> initial = {};
    };
    void add_block(const BlockRow& block);
    void add_node(const std::string& path, std::string_view leaves, std::size_t number);
    void add_leaf(std::string name, std::uint16_t encoding, std::string_view initial,
                  std::size_t number);
    std::uint16_t intern(std::string_view encoding);
    void add_effects();
    Parameter parameter(LeafId leaf, Step type) const;

    std::vector<Node> nodes_;
    std::vector<Leaf> leaves_;
    std::size_t scene_nodes_ = 0;
    std::vector<Encoding> encodings_;
    std::vector<std::vector<Parameter>> effects_;    // in the order of kEffects
    std::unordered_map<LeafId, NodeId> parameters_;  // by their type
    std::unordered_map<std::string_view, std::uint16_t> interned_;
    std::unordered_map<std::string_view, NodeId> by_path_;
};

}  // namespace mixrig::control::x32
