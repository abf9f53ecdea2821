// What moves along when a person moves something: link groups, and solos that end one another.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/param/layout.h"
#include "src/param/values.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace mixrig::control {

// One accepted change by a person.
struct Move {
    param::Slot slot = 0;
    float before = 0.0f, after = 0.0f;
    std::uint64_t batch = 0;  // its number; 0 outside of batches
};

// [control] Says which values follow a move; whoever asks sets them. Only persons lead: what
// scenes, automation and undo set stands for itself.
//
// Levels follow by as many dB, frequencies, times, ratios and Q by the same ratio, switches and
// choices by becoming the same. A value that would leave its range stays at the end, and the place
// where it would be is remembered, so that on the way back all have their old distances. A value
// that a hand moves counts from where it stands.
//
// A fader that comes up from silence takes along only those that went down with it: it says nothing
// about the others how far it was from them.
class Followers {
public:
    using Set = std::function<void(param::Slot, float)>;

    Followers(const param::Layout& layout, const param::Values& values);

    void follow(const Move& move, const Set& set);
    // Everything that is soloed, strips and DCAs, but this one.
    void end_solos(param::Slot but, const Set& set) const;

private:
    bool leads(std::uint64_t key, std::uint64_t batch);
    void follow_link(const Move& move, const param::Place& place, const Set& set);
    void move_by(param::Slot slot, float distance, bool only_those_along, const Set& set);
    float desk_number(std::size_t row, std::size_t index = 0) const;

    const param::Layout& layout_;
    const param::Values& values_;
    std::vector<param::Slot> solos_;
    std::unordered_map<param::Slot, float> places_;  // of followers, beyond their ends as well
    std::unordered_set<param::Slot> brought_down_;   // to silence, by a hand
    std::uint64_t batch_ = 0;
    std::unordered_set<std::uint64_t> led_;  // what has had its leader in this batch
};

}  // namespace mixrig::control
