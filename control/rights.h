// What somebody may do with the desk: a role in words, and what it comes to on one desk.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/address_tree.h"
#include "control/osc_pattern.h"
#include "control/slot_set.h"
#include "src/base/result.h"
#include "src/param/layout.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mixrig::control {

// As configurations have it. Whoever is nothing else may do what is said here and no more: a new
// row of the table, or a new action, is nobody's but the engineer's.
struct Role {
    // With a `#`, one role for each number: it is put in place of every `#` in the patterns.
    std::string name = {};
    std::vector<std::string> allow = {};  // patterns of what may be set,
    std::vector<std::string> deny = {};   // but for these
    std::vector<std::string> actions = {};
    std::vector<std::string> read = {"//*"};
    std::vector<std::string> meters = {"//*"};
    std::vector<std::pair<std::string, float>> bounds = {};  // a pattern, and the highest value
    double rate = 200.0;      // messages a second; 0: as many as come
    bool asks = true;         // may run the actions that only tell something
    bool everything = false;  // the engineer
};

// On a desk of one layout. Nothing of it ever changes.
struct Rights {
    std::string name = {};    // "musician 2"
    std::size_t number = 0;   // 2; 0 if the role has none
    bool everything = false;  // whatever stands below
    bool asks = false;
    SlotSet may_set = {}, may_read = {};
    std::vector<Pattern> actions = {}, meters = {};
    std::unordered_map<param::Slot, float> highest = {};
    double rate = 0.0;
    std::string settable = {}, runnable = {};  // the patterns, for who asks: "/aux/2/fader ..."

    bool sets(param::Slot slot) const { return everything || holds(may_set, slot); }
    bool reads(param::Slot slot) const { return everything || holds(may_read, slot); }
    // An action by its address; who may speak at all may say what concerns only himself.
    bool runs(std::string_view address) const;
    bool sees_meter(std::string_view address) const;
    // Where a set of this value may go at most.
    float bounded(param::Slot slot, float value) const;

private:
    // A set that nobody filled holds nothing.
    static bool holds(const SlotSet& set, param::Slot slot) {
        return slot < set.end() && set.has(slot);
    }
};

// Engineer, musician # (with these bounds) and viewer.
struct MusicianBounds {
    float send_dB = 6.0f;   // of sends to the own monitor mix
    float fader_dB = 0.0f;  // of the mix itself
};
std::vector<Role> usual_roles(const MusicianBounds& bounds);

// The number in "musician 2", if that is one of "musician #": 1 to 9999. 0 for "viewer" of
// "viewer". Nothing if it is another role.
std::optional<std::size_t> number_in(std::string_view pattern, std::string_view name);

// Fails if a pattern is none, or matches nothing of this desk. `meters` are the addresses of those
// that it has; without any, patterns of meters are not compared.
base::Result<Rights> make_rights(const Role& text, std::size_t number, const param::Layout& layout,
                                 const AddressTree& tree, std::span<const std::string> meters);

}  // namespace mixrig::control
