// A set of slots: one bit for each slot of the desk.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/param/layout.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mixrig::control {

class SlotSet {
public:
    SlotSet() = default;
    explicit SlotSet(std::size_t size) : words_((size + 63) / 64) {}

    bool has(param::Slot slot) const { return (words_[slot / 64] >> (slot % 64) & 1) != 0; }
    void add(param::Slot slot) {
        count_ += has(slot) ? 0u : 1u;
        words_[slot / 64] |= bit(slot);
    }
    void remove(param::Slot slot) {
        count_ -= has(slot) ? 1u : 0u;
        words_[slot / 64] &= ~bit(slot);
    }
    // The other is a set of the same desk, or empty.
    void add_all(const SlotSet& other) {
        change(other, [](std::uint64_t one, std::uint64_t two) { return one | two; });
    }
    void take_away(const SlotSet& other) {
        change(other, [](std::uint64_t one, std::uint64_t two) { return one & ~two; });
    }
    // What both have.
    void keep_only(const SlotSet& other) {
        change(other, [](std::uint64_t one, std::uint64_t two) { return one & two; });
    }
    std::size_t count() const { return count_; }
    bool empty() const { return count_ == 0; }

    // The first slot of the set at or behind `from`; end() if there is none.
    param::Slot next(param::Slot from) const {
        for (std::size_t w = from / 64; w < words_.size(); ++w) {
            const std::uint64_t word =
                w == from / 64 ? words_[w] & (~std::uint64_t{0} << (from % 64)) : words_[w];
            if (word != 0)
                return static_cast<param::Slot>(w * 64 +
                                                static_cast<std::size_t>(std::countr_zero(word)));
        }
        return end();
    }
    param::Slot first() const { return next(0); }
    param::Slot end() const { return static_cast<param::Slot>(words_.size() * 64); }

private:
    template <typename Join>
    void change(const SlotSet& other, Join join) {
        count_ = 0;
        for (std::size_t w = 0; w < words_.size(); ++w) {
            words_[w] = join(words_[w], w < other.words_.size() ? other.words_[w] : 0);
            count_ += static_cast<std::size_t>(std::popcount(words_[w]));
        }
    }
    static std::uint64_t bit(param::Slot slot) { return std::uint64_t{1} << (slot % 64); }

    std::vector<std::uint64_t> words_;
    std::size_t count_ = 0;
};

}  // namespace mixrig::control
