// The desk as the control side knows it: the mirror of all values, and the only way to change one.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/access.h"
#include "control/action.h"
#include "control/followers.h"
#include "control/holds.h"
#include "control/origin.h"
#include "src/base/result.h"
#include "src/param/layout.h"
#include "src/param/values.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace mixrig::control {

// All changes since the flush before; to be applied at one quantum boundary.
struct Batch {
    std::uint64_t number = 0;  // counts up from 1
    std::size_t changes = 0;
};

// What the desk needs of whoever built it. Each may be left empty.
struct DeskHooks {
    // May refuse a value that is in range (a route that would loop).
    std::function<base::Status(param::Slot, const param::Value&)> check = {};
    // Called for every accepted value, one that does not differ from the mirror's included, so that
    // a hand on a fader always wins over what automation told the engine.
    std::function<void(param::Slot, const param::Value&)> changed = {};
    // Once after a bundle or a scene, and once per turn of the loop for single messages.
    std::function<void(const Batch&)> flush = {};
    // A hand is on it from now on, or is not any more: it has let go, is gone, or was silent too
    // long.
    std::function<void(param::Slot, bool on)> held = {};
    // A peer is gone: none of its hands is on anything any more.
    std::function<void(Origin)> gone = {};
    // An action of src/param/actions.h. Number and types of its arguments have been checked.
    std::function<base::Result<Answer>(const ActionCall&)> action = {};
};

// One accepted change, as the remotes are told of it.
struct Change {
    param::Slot slot = 0;
    Origin origin = kDeskItself;
    param::Value before = {};  // what stood here
    // Not exactly what the origin asked for, or moved along with it: it must be told as well.
    bool adjusted = false;
    bool is_along = false;  // with the change before it, which it is linked to
};

// [control] All of it belongs to the control thread. The one door: whatever surface somebody uses,
// values change by set() and actions run by act(), and both ask what the origin may do.
class Desk {
public:
    Desk(const param::Layout& layout, DeskHooks hooks);

    const param::Layout& layout() const { return layout_; }
    const param::Values& values() const { return values_; }
    param::Value get(param::Slot slot) const { return values_.get(slot); }

    Access& access() { return access_; }
    const Access& access() const { return access_; }
    // A newcomer, who may do what these rights say.
    Origin admit(RightsNumber rights) { return origin_of(++newcomers_, rights); }

    // Refuses what is not finite, clamps, checks, stores, hands to the engine, tells the observers.
    // Returns the value that the desk now has. What a person moves takes along what is linked to
    // it, in the same batch.
    base::Result<param::Value> set(param::Slot slot, const param::Value& value, Origin origin);
    // The desk itself, a step of its way: whose hand is on it goes on from wherever that is.
    base::Result<param::Value> glide(param::Slot slot, const param::Value& value);
    // Ends every solo, of strips and DCAs.
    void clear_solos(Origin origin);
    // A value with text, unit and all: "-6 dB", "on", "bell", "sub/2".
    base::Result<param::Value> set_text(param::Slot slot, std::string_view text, Origin origin);

    // A hand is on it, until it lets go or has not moved it for ten seconds: others' hands are
    // refused meanwhile, the desk itself (a scene) is not.
    base::Status hold(param::Slot slot, Origin hand);
    base::Status let_go(param::Slot slot, Origin hand);
    void let_go(Origin hand);
    // Somebody else has changed what this hand holds, at once, and the hand has not heard of it
    // yet: what it wants would undo that.
    bool is_unaware(param::Slot slot, Origin hand) const;
    void has_heard(param::Slot slot, Origin hand) { holds_.has_heard(slot, hand); }
    // Once a turn: hands that were not heard of for ten seconds have let go.
    void end_holds(std::int64_t now);

    // Runs an action, or says why not.
    base::Result<Answer> act(const ActionCall& call);

    // Between them, changes belong together: nothing is flushed before the outermost end_batch().
    void begin_batch() { ++depth_; }
    void end_batch();
    bool in_batch() const { return depth_ != 0; }
    // The batch that the next flush() ends; from it and in_batch() an observer knows what belongs
    // together.
    std::uint64_t batch_number() const { return batch_.number; }
    // Hands over what is waiting, unless a batch is open. The loop calls it once a turn.
    void flush();

    // Told of every change, until unobserve() with the number that observe() returned.
    std::size_t observe(std::function<void(const Change&)> observer);
    void unobserve(std::size_t observer) { observers_[observer] = nullptr; }

private:
    enum class Asked : std::uint8_t { for_it, along, on_its_way };
    base::Result<param::Value> apply(param::Slot slot, const param::Value& value, Origin origin,
                                     Asked asked);
    void tell_let_go(const std::vector<param::Slot>& slots) const;

    const param::Layout& layout_;
    param::Values values_;
    Followers followers_;
    Access access_;
    Holds holds_;
    std::uint64_t newcomers_ = 0;
    DeskHooks hooks_;
    std::vector<std::function<void(const Change&)>> observers_;
    Batch batch_{.number = 1};
    std::size_t depth_ = 0;
};

// Keeps a batch open for as long as it lives, exceptions included.
class OpenBatch {
public:
    explicit OpenBatch(Desk& desk) : desk_(desk) { desk_.begin_batch(); }
    ~OpenBatch();
    OpenBatch(const OpenBatch&) = delete;
    OpenBatch& operator=(const OpenBatch&) = delete;
    OpenBatch(OpenBatch&&) = delete;
    OpenBatch& operator=(OpenBatch&&) = delete;

private:
    Desk& desk_;
};

}  // namespace mixrig::control
