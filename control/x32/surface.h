// A desk as the dialect shows it: its leaves, in step with the parameters they stand for.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "control/x32/mapping.h"
#include "control/x32/store.h"
#include "control/x32/tree.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace mixrig::control::x32 {

// [control] Quantised here and nowhere else: a leaf keeps what it was told for as long as our
// parameter has the value that came of it, and says the nearest that it can once somebody else has
// moved it.
class Surface {
public:
    // The desk must outlive it.
    Surface(const Dialect& dialect, Desk& desk);
    ~Surface() { desk_.unobserve(observer_); }
    Surface(const Surface&) = delete;
    Surface& operator=(const Surface&) = delete;
    Surface(Surface&&) = delete;
    Surface& operator=(Surface&&) = delete;

    const Dialect& dialect() const { return dialect_; }
    const Tree& tree() const { return tree_; }
    const Store& store() const { return store_; }
    const Mapping& mapping() const { return mapping_; }

    // A client says it. What stands for no parameter may be set by those who may do everything.
    void set(LeafId leaf, Step step, Origin origin);
    void set(LeafId leaf, std::string_view text, Origin origin);
    // As the text of a node has it.
    void set_text(LeafId leaf, std::string_view text, Origin origin);
    // The desk itself says it: everybody is told.
    void tell(LeafId leaf, Step step);
    void tell(LeafId leaf, std::string_view text);
    // Says again what the parameters behind it are.
    void refresh(LeafId leaf);

    // Calls each(leaf, origin) for what has changed since the call before, in the order of the
    // first changes: the origin knows it already, if it is one.
    template <typename Each>
    void take_changes(Each each) {
        for (const LeafId leaf : changed_) {
            is_changed_[leaf] = false;
            each(leaf, by_[leaf]);
        }
        changed_.clear();
    }

private:
    static constexpr LeafId kNoLeaf = static_cast<LeafId>(-1);
    bool may_set(LeafId leaf, Origin origin) const;
    void changed(LeafId leaf, Origin by);
    void push(LeafId leaf, Origin origin);
    void pull(param::Slot slot);
    void pull(const Binding& binding);
    void tell_any_solo();

    const Dialect& dialect_;
    Desk& desk_;
    Tree tree_;
    Store store_;
    Mapping mapping_;
    std::size_t observer_ = 0;
    LeafId pushing_ = kNoLeaf;
    std::optional<NodeId> solos_;
    std::optional<LeafId> any_solo_;
    std::vector<LeafId> changed_;
    std::vector<bool> is_changed_;
    std::vector<Origin> by_;
};

}  // namespace mixrig::control::x32
