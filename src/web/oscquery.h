// OSCQuery: the desk describes itself as JSON, all of it or below a path (Vidvox' proposal of
// 2018).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/param/values.h"
#include "src/web/exchange.h"
#include "src/web/json_text.h"
#include "src/web/tree.h"
#include "src/web/view.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::web {

// What HOST_INFO says besides what can be asked for.
struct HostInfo {
    std::string name = {};
    std::string osc_address = {};  // empty: the one by which we were asked
    std::uint16_t osc_port = 0, web_port = 0;
};

// A status and, with 200, JSON.
struct QueryAnswer {
    unsigned status = 200;
    std::string json = {};
};

// [web] Has its own mirror of all values, which changes only by apply().
class OscQuery {
public:
    OscQuery(const Tree& tree, param::Values values, HostInfo info);

    // Whether the proposal knows it, whatever this desk has of it.
    static bool is_attribute(std::string_view name);
    // `asked_at` is our own address, as the client knows it.
    QueryAnswer answer(std::string_view path, std::span<const std::string_view> attributes,
                       std::string_view asked_at, const Sight& sight = nullptr) const;

    void apply(const Changes& changes);
    void apply(std::span<const float> readings);

    const Tree& tree() const { return tree_; }
    // Another one whenever a value has changed.
    std::uint64_t generation() const { return generation_; }
    // As a message has it: of the type that TYPE says.
    Argument argument(param::Slot slot) const;
    std::span<const float> readings_of(std::size_t meter) const;

private:
    struct Attribute;
    // A node that is written, for somebody.
    struct Here {
        Tree::Place place;
        std::string path;
        const Sight& sight;
    };
    static const Attribute kAttributes[];

    void write(JsonText& out, const Here& here) const;
    bool is_seen(const Tree::Place& place, const Sight& sight) const;
    // What stands here, as far as it is seen.
    std::optional<param::Slot> slot(const Here& here) const;
    std::optional<std::size_t> meter(const Here& here) const;
    std::optional<std::size_t> action(const Here& here) const;
    std::string host_info(std::string_view asked_at) const;

    // Each writes its attribute and says so, or is not for this node.
    bool full_path(JsonText& out, const Here& here) const;
    bool type(JsonText& out, const Here& here) const;
    bool access(JsonText& out, const Here& here) const;
    bool value(JsonText& out, const Here& here) const;
    bool range(JsonText& out, const Here& here) const;
    bool unit(JsonText& out, const Here& here) const;
    bool clip_mode(JsonText& out, const Here& here) const;
    bool description(JsonText& out, const Here& here) const;
    bool contents(JsonText& out, const Here& here) const;

    const Tree& tree_;
    HostInfo info_;
    param::Values values_;
    std::uint64_t generation_ = 0;
    std::vector<float> readings_;
};

// What may be named by the words of a row's values here; empty where they are not words, or too
// many of them.
std::vector<std::string> words_of(const param::Layout& layout, param::Slot slot);

}  // namespace mixrig::web
