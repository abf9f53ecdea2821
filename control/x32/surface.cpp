// Leaves and parameters, kept in step.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/surface.h"

#include <algorithm>
#include <array>
#include <utility>

namespace mixrig::control::x32 {
namespace {

// Nodes that are as they are at the moment, that others keep, or that there is nothing of: status,
// actions, undo, names of scenes, the stick.
constexpr std::array<std::string_view, 9> kPassing = {
    "-stat", "-action", "-undo", "-snap", "-usb", "-urec", "-insert", "-ha", "-show/prepos"};

bool outlives_restart(const Node& node) {
    return std::none_of(kPassing.begin(), kPassing.end(),
                        [&](std::string_view passing) { return node.path.starts_with(passing); });
}

}  // namespace

Surface::Surface(const Dialect& dialect, Desk& desk)
    : dialect_(dialect),
      desk_(desk),
      tree_(dialect.tree),
      store_(tree_),
      fresh_(tree_),
      mapping_(tree_, desk.layout(), dialect),
      solos_(tree_.find_node("-stat/solosw")),
      any_solo_(tree_.find_leaf("-stat/solo")),
      is_changed_(tree_.leaves().size()),
      by_(tree_.leaves().size()) {
    for (const Leaf& leaf : tree_.leaves())
        outlives_.push_back(outlives_restart(tree_.nodes()[leaf.node]));
    for (const Binding& binding : mapping_.all()) pull(binding);
    take_changes([](LeafId, Origin) {});
    observer_ = desk_.observe([this](const Change& change) { pull(change.slot); });
}

// The desk asks for each parameter again. Here it is for what a leaf can say that none of them can.
bool Surface::may_set(LeafId leaf, Origin origin) const {
    if (leaf == any_solo_) return false;
    const Rights& rights = desk_.access().of(rights_of(origin));
    bool may = rights.everything;
    each_binding(leaf, [&](const Binding& binding) { may |= rights.sets(binding.slot); });
    return may;
}

bool Surface::may_read(LeafId leaf, RightsNumber number) const {
    const Rights& rights = desk_.access().of(number);
    if (rights.everything || rights.may_read.count() == desk_.layout().size()) return true;
    // What a parameter of an effect is, its type says.
    if (tree_.depends_on_type(leaf)) return may_read(tree_.type_of(leaf), number);
    const auto bindings = mapping_.of_leaf(leaf);
    return !bindings.empty() &&
           std::all_of(bindings.begin(), bindings.end(),
                       [&](const Binding& binding) { return rights.reads(binding.slot); });
}

bool Surface::set(LeafId leaf, Step step, Origin origin) {
    if (!may_set(leaf, origin)) return false;
    if (store_.set(leaf, step)) changed(leaf, origin);
    push(leaf, origin);
    return true;
}

bool Surface::set(LeafId leaf, std::string_view text, Origin origin) {
    if (!may_set(leaf, origin)) return false;
    if (store_.set(leaf, text)) changed(leaf, origin);
    push(leaf, origin);
    return true;
}

bool Surface::set_text(LeafId leaf, std::string_view text, Origin origin) {
    if (store_.is_text(leaf)) return set(leaf, text, origin);
    const auto step = store_.encoding(leaf).parse(text);
    return !step || set(leaf, *step, origin);
}

void Surface::tell(LeafId leaf, Step step) {
    if (store_.set(leaf, step)) changed(leaf, kDeskItself);
}

void Surface::tell(LeafId leaf, std::string_view text) {
    if (store_.set(leaf, text)) changed(leaf, kDeskItself);
}

void Surface::tell_all(LeafId leaf, std::string_view text) {
    (void)fresh_.set(leaf, text);
    tell(leaf, text);
}

void Surface::refresh(LeafId leaf) {
    for (const Binding& binding : mapping_.of_leaf(leaf)) pull(binding);
}

void Surface::changed(LeafId leaf, Origin by) {
    mark(leaf, by);
    kept_changed_ |= is_kept(leaf);
    if (const Node* parameters = tree_.parameters_of(leaf)) begin_effect(*parameters, by);
    if (solos_ && tree_.leaves()[leaf].node == *solos_) tell_any_solo();
}

void Surface::mark(LeafId leaf, Origin by) {
    if (!is_changed_[leaf]) changed_.push_back(leaf);
    is_changed_[leaf] = true;
    by_[leaf] = by;
}

// Ours are as they are; the others as a desk has them that has changed its type. Who chooses one
// reads its parameters himself; some clients would take them for the old one's.
void Surface::begin_effect(const Node& parameters, Origin by) {
    store_.reset(parameters);
    for (LeafId leaf = parameters.first; leaf < parameters.first + parameters.count; ++leaf)
        refresh(leaf);
    for (LeafId leaf = parameters.first; leaf < parameters.first + parameters.count; ++leaf)
        if (store_.encoding(leaf).most() != 0) mark(leaf, by);
}

bool Surface::is_kept(LeafId leaf) const {
    if (!outlives_[leaf]) return false;
    bool is_ours = false, is_loose = false;
    each_binding(leaf, [&](const Binding& binding) {
        is_ours = true;
        is_loose |= binding.conversion->is_loose;
    });
    return !is_ours || is_loose;
}

// Ours is not what would come of it.
bool Surface::contradicts(LeafId leaf) const {
    bool does = false;
    each_binding(leaf, [&](const Binding& binding) {
        const auto number = binding.conversion->to_desk({store_, desk_, binding});
        does |= number &&
                desk_.layout().clamp(binding.slot, *number) != desk_.values().number(binding.slot);
    });
    return does;
}

void Surface::restore(LeafId leaf, std::string_view text) {
    if (!is_kept(leaf)) return;
    if (store_.is_text(leaf)) return tell(leaf, text);
    const auto step = store_.encoding(leaf).parse(text);
    if (!step) return;
    const Step before = store_.step(leaf);
    tell(leaf, *step);
    if (contradicts(leaf)) tell(leaf, before);
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
    each_binding(leaf, [&](const Binding& binding) {
        param::Value value;
        if (binding.conversion == &kText) {
            value.text = store_.text(leaf);
        } else if (const auto number = binding.conversion->to_desk({store_, desk_, binding})) {
            value.number = *number;
        } else {
            return;
        }
        const auto accepted = desk_.set(binding.slot, value, origin);
        // Refused, or as far as rights allow; the range of a row is no reason to say something
        // else.
        differs |=
            !accepted || (binding.conversion != &kText &&
                          accepted->number != desk_.layout().clamp(binding.slot, value.number));
    });
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
    if (!binding.applies(store_)) return;
    if (binding.conversion == &kText)
        tell(binding.leaf, desk_.values().text(binding.slot));
    else if (const auto step = binding.conversion->from_desk({store_, desk_, binding}))
        tell(binding.leaf, *step);
}

}  // namespace mixrig::control::x32
