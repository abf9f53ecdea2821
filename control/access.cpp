// Asks the rights of whoever asks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/access.h"

#include <algorithm>
#include <utility>

namespace mixrig::control {
namespace {

base::Error refusal(const Rights& rights) {
    return {"a " + rights.name + " may not do this"};
}

}  // namespace

RightsNumber Access::add(Rights rights) {
    rights_.push_back(std::move(rights));
    return static_cast<RightsNumber>(rights_.size() - 1);
}

const Rights& Access::of(RightsNumber number) const {
    static const Rights nobody{.name = "stranger"};
    return number < rights_.size() ? rights_[number] : nobody;
}

base::Status Access::may_set(Origin origin, param::Slot slot) const {
    if (origin == kDeskItself) return base::Done{};
    const Rights& rights = of(rights_of(origin));
    if (rights.everything) return base::Done{};
    if (slot < rights.may_set.end() && rights.may_set.has(slot)) return base::Done{};
    return refusal(rights);
}

base::Status Access::may_act(Origin origin, std::string_view address) const {
    if (origin == kDeskItself) return base::Done{};
    const Rights& rights = of(rights_of(origin));
    const auto names = [&](const Pattern& pattern) { return pattern.matches(address); };
    if (rights.everything || std::any_of(rights.actions.begin(), rights.actions.end(), names))
        return base::Done{};
    return refusal(rights);
}

}  // namespace mixrig::control
