// One value for every slot of a desk: a mirror of the desk, a scene, a starting point.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/param/layout.h"

#include <unordered_map>
#include <vector>

namespace mixrig::param {

class Values {
public:
    // Every slot at its initial value.
    explicit Values(const Layout& layout);

    float number(Slot slot) const { return numbers_[slot]; }
    const std::string& text(Slot slot) const;
    Value get(Slot slot) const { return {numbers_[slot], text(slot)}; }
    void set(Slot slot, const Value& value);
    std::size_t size() const { return numbers_.size(); }

private:
    std::vector<float> numbers_;
    std::unordered_map<Slot, std::string> texts_;
};

}  // namespace mixrig::param
