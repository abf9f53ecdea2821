// Leaves and parameters, kept in step.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/surface.h"

#include <algorithm>
#include <utility>

namespace mixrig::control::x32 {

Surface::Surface(const Dialect& dialect, Desk& desk)
    : dialect_(dialect),
      desk_(desk),
      tree_(dialect.tree),
      store_(tree_),
      mapping_(tree_, desk.layout(), dialect),
      solos_(tree_.find_node("-stat/solosw")),
      any_solo_(tree_.find_leaf("-stat/solo")),
      is_changed_(tree_.leaves().size()),
      by_(tree_.leaves().size()) {
    for (const Binding& binding : mapping_.all()) pull(binding);
    take_changes([](LeafId, Origin) {});
    observer_ = desk_.observe([this](const Change& change) { pull(change.slot); });
}

bool Surface::may_set(LeafId leaf, Origin origin) const {
    // Parameters have a guard of their own, in the desk.
    return !mapping_.of_leaf(leaf).empty() || desk_.access().of(rights_of(origin)).everything;
}

void Surface::set(LeafId leaf, Step step, Origin origin) {
    if (!may_set(leaf, origin) || leaf == any_solo_) return;
    if (store_.set(leaf, step)) changed(leaf, origin);
    push(leaf, origin);
}

void Surface::set(LeafId leaf, std::string_view text, Origin origin) {
    if (!may_set(leaf, origin)) return;
    if (store_.set(leaf, text)) changed(leaf, origin);
    push(leaf, origin);
}

void Surface::set_text(LeafId leaf, std::string_view text, Origin origin) {
    if (store_.is_text(leaf)) return set(leaf, text, origin);
    if (const auto step = store_.encoding(leaf).parse(text)) set(leaf, *step, origin);
}

void Surface::tell(LeafId leaf, Step step) {
    if (store_.set(leaf, step)) changed(leaf, kDeskItself);
}

void Surface::tell(LeafId leaf, std::string_view text) {
    if (store_.set(leaf, text)) changed(leaf, kDeskItself);
}

void Surface::refresh(LeafId leaf) {
    for (const Binding& binding : mapping_.of_leaf(leaf)) pull(binding);
}

void Surface::changed(LeafId leaf, Origin by) {
    if (!is_changed_[leaf]) changed_.push_back(leaf);
    is_changed_[leaf] = true;
    by_[leaf] = by;
    // Who chooses a type reads its parameters himself; some clients would take them for the old
    // one's.
    const Store::Reset reset = store_.reset_effect(leaf);
    for (LeafId parameter = reset.first; parameter < reset.first + reset.count; ++parameter)
        if (store_.encoding(parameter).most() != 0) changed(parameter, by);
    if (solos_ && tree_.leaves()[leaf].node == *solos_) tell_any_solo();
}

void Surface::tell_any_solo() {
    if (!any_solo_) return;
    const Node& solos = tree_.nodes()[*solos_];
    bool any = false;
    for (LeafId leaf = solos.first; leaf < solos.first + solos.count; ++leaf)
        any |= store_.step(leaf) != 0;
    tell(*any_solo_, any ? 1 : 0);
}

void Surface::push(LeafId leaf, Origin origin) {
    bool differs = false;
    pushing_ = leaf;
    for (const Binding& binding : mapping_.of_leaf(leaf)) {
        param::Value value;
        if (binding.conversion == &kText) {
            value.text = store_.text(leaf);
        } else if (const auto number = binding.conversion->to_desk({store_, desk_, binding})) {
            value.number = *number;
        } else {
            continue;
        }
        const auto accepted = desk_.set(binding.slot, value, origin);
        // Refused, or as far as rights allow; the range of a row is no reason to say something
        // else.
        differs |=
            !accepted || (binding.conversion != &kText &&
                          accepted->number != desk_.layout().clamp(binding.slot, value.number));
    }
    pushing_ = kNoLeaf;
    if (differs) refresh(leaf);
}

// What of the same leaf was not moved is read before what was.
void Surface::pull(param::Slot slot) {
    mapping_.of_slot(slot, [&](const Binding& moved) {
        if (moved.leaf == pushing_) return;
        refresh(moved.leaf);
        pull(moved);
    });
}

void Surface::pull(const Binding& binding) {
    if (binding.conversion == &kText)
        tell(binding.leaf, desk_.values().text(binding.slot));
    else if (const auto step = binding.conversion->from_desk({store_, desk_, binding}))
        tell(binding.leaf, *step);
}

}  // namespace mixrig::control::x32
