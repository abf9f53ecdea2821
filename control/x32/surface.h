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
#include <utility>
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

    // A client says it; false if it may not. What stands for no parameter may be set by those who
    // may do everything.
    bool set(LeafId leaf, Step step, Origin origin);
    bool set(LeafId leaf, std::string_view text, Origin origin);
    // As the text of a node has it.
    bool set_text(LeafId leaf, std::string_view text, Origin origin);
    // The desk itself says it: everybody is told.
    void tell(LeafId leaf, Step step);
    void tell(LeafId leaf, std::string_view text);
    // What is nobody's secret.
    void tell_all(LeafId leaf, std::string_view text);

    // As who has these rights sees a leaf: if it may not read what stands behind it, or all of the
    // desk where nothing does, as at power-on.
    bool may_read(LeafId leaf, RightsNumber rights) const;
    const Store& seen(LeafId leaf, RightsNumber rights) const {
        return may_read(leaf, rights) ? store_ : fresh_;
    }

    // Whether a restart would forget it: no parameter of ours says all of it.
    bool is_kept(LeafId leaf) const;
    // What it said before a restart, if that does not contradict what ours is by now.
    void restore(LeafId leaf, std::string_view text);
    // Whether something of it has changed since the call before.
    bool take_kept() { return std::exchange(kept_changed_, false); }

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
    bool contradicts(LeafId leaf) const;
    void changed(LeafId leaf, Origin by);
    void mark(LeafId leaf, Origin by);
    void begin_effect(const Node& parameters, Origin by);
    // Says again what the parameters behind it are.
    void refresh(LeafId leaf);
    // Calls each(binding) for what it stands for at the moment.
    template <typename Each>
    void each_binding(LeafId leaf, Each each) const {
        for (const Binding& binding : mapping_.of_leaf(leaf))
            if (binding.applies(store_)) each(binding);
    }
    void push(LeafId leaf, Origin origin);
    void pull(param::Slot slot);
    void pull(const Binding& binding);
    void tell_any_solo();

    const Dialect& dialect_;
    Desk& desk_;
    Tree tree_;
    Store store_;
    Store fresh_;  // as at power-on
    Mapping mapping_;
    std::size_t observer_ = 0;
    LeafId pushing_ = kNoLeaf;
    std::optional<NodeId> solos_;
    std::optional<LeafId> any_solo_;
    std::vector<LeafId> changed_;
    std::vector<bool> is_changed_;
    std::vector<Origin> by_;
    std::vector<bool> outlives_;  // a restart, if ours does not say it
    bool kept_changed_ = false;
};

}  // namespace mixrig::control::x32
