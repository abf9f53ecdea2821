// One value for every slot.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/param/values.h"

namespace mixrig::param {

Values::Values(const Layout& layout) : numbers_(layout.size()) {
    for (Slot slot = 0; slot < numbers_.size(); ++slot)
        numbers_[slot] = layout.initial(slot).number;
}

const std::string& Values::text(Slot slot) const {
    static const std::string kEmpty;
    const auto found = texts_.find(slot);
    return found == texts_.end() ? kEmpty : found->second;
}

void Values::set(Slot slot, const Value& value) {
    numbers_[slot] = value.number;
    if (value.text.empty())
        texts_.erase(slot);
    else
        texts_[slot] = value.text;
}

}  // namespace mixrig::param
