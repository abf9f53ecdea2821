// Hashes of parameters, worked out once until they change.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/state_hash.h"

#include "control/osc_value.h"

#include <bit>
#include <string>

namespace mixrig::control {
namespace {

class Fnv {
public:
    void add(std::uint8_t byte) { hash_ = (hash_ ^ byte) * 16'777'619u; }
    void add(std::string_view text) {
        for (const char c : text) add(static_cast<std::uint8_t>(c));
    }
    void add(std::uint32_t word) {
        for (const unsigned shift : {24u, 16u, 8u, 0u})
            add(static_cast<std::uint8_t>(word >> shift));
    }
    std::uint32_t hash() const { return hash_; }

private:
    std::uint32_t hash_ = 2'166'136'261u;
};

}  // namespace

std::uint32_t StateHash::sum(const SlotSet& slots) {
    if (known_.empty()) known_.resize(hashes_.size());
    std::uint32_t sum = 0;
    for (param::Slot slot = slots.first(); slot != slots.end(); slot = slots.next(slot + 1)) {
        if (!known_[slot]) hashes_[slot] = hash(slot), known_[slot] = true;
        sum += hashes_[slot];
    }
    return sum;
}

std::uint32_t StateHash::hash(param::Slot slot) const {
    Fnv fnv;
    fnv.add(desk_.layout().address(slot));
    fnv.add(std::uint8_t{0});
    const OscArg arg = to_arg(desk_.layout(), slot, desk_.get(slot));
    fnv.add(static_cast<std::uint8_t>(arg.type));
    if (arg.is_text())
        fnv.add(arg.as_text());
    else if (arg.is_real())
        fnv.add(std::bit_cast<std::uint32_t>(static_cast<float>(arg.as_number())));
    else
        fnv.add(static_cast<std::uint32_t>(static_cast<std::int32_t>(arg.as_number())));
    return fnv.hash();
}

}  // namespace mixrig::control
