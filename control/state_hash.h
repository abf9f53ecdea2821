// One number for the values of many parameters, so that a remote sees whether it has them all.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "control/slot_set.h"

#include <cstdint>
#include <vector>

namespace mixrig::control {

// The sum, modulo 2^32, of a hash of each parameter: FNV-1a of 32 bits
// (http://www.isthe.com/chongo/tech/comp/fnv/) over address, a zero byte, the tag of its OSC
// argument and that argument: four bytes, the highest first, or the text without its end.
// [control]
class StateHash {
public:
    explicit StateHash(const Desk& desk) : desk_(desk), hashes_(desk.layout().size()) {}

    // The value of this one is another now.
    void note(param::Slot slot) {
        if (!known_.empty()) known_[slot] = false;
    }
    std::uint32_t sum(const SlotSet& slots);

private:
    std::uint32_t hash(param::Slot slot) const;

    const Desk& desk_;
    std::vector<std::uint32_t> hashes_;
    std::vector<bool> known_;  // empty until somebody asks
};

}  // namespace mixrig::control
