// Hands the moves of an automation to the engine ahead of their time.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/console.h"
#include "src/app/song/roll.h"
#include "src/session/automation.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

namespace mixrig::app {

// [control] everything.
class AutomationFeed {
public:
    explicit AutomationFeed(const param::Layout& layout) : layout_(&layout) {}

    // Moves by frame of the song, as session::moves_of returns them, from what was not sent yet on.
    // What `anew` names goes to where the moves say it is by then.
    void use(std::vector<session::Move> moves, const std::set<param::Slot>& anew = {});
    // Time as it is from now on. Where it begins, and where a loop begins again, everything goes to
    // what the moves before say.
    void roll(const Roll& roll);
    // The same time, which ends or loops elsewhere; of what was sent nothing changes.
    void change(const Roll& roll);
    // The song stands.
    void stand() { roll_.reset(); }

    // What to send in place of a move, if anything: a hand may be on it.
    using Hold = std::function<std::optional<float>(param::Slot, std::uint64_t song, float value)>;
    void set_hold(Hold hold) { hold_ = std::move(hold); }

    // Sends every move that takes effect before `frame`. False if the engine's queue is full: call
    // again.
    bool send_until(Console& console, std::uint64_t frame);
    // Calls `tell` for every move that has taken effect by `frame` and was not told yet.
    void tell_until(std::uint64_t frame, const std::function<void(const session::Setting&)>& tell);

    // The value of the newest move of this slot that was sent; only of one that `tell` names.
    float newest(param::Slot slot) const { return newest_.at(slot); }
    // Where the next move that was not sent takes effect; the end of time if there is none.
    std::uint64_t next_frame() const;
    // Whether anything was sent that has not been told yet.
    bool has_sent() const { return !sent_.empty(); }
    // Nothing that takes effect before this frame will be sent any more.
    std::uint64_t horizon() const { return horizon_; }
    // Moves that were left out since the last call: routes that would close a loop. Each begins
    // with its line, if it has one.
    std::vector<base::Error> take_refused();

private:
    struct Sent {
        std::uint64_t at;
        session::Setting setting;
    };
    std::uint64_t engine_frame(std::uint64_t song) const { return lap_.from + (song - lap_.song); }
    std::uint64_t next_move() const;
    std::uint64_t next_lap() const;
    void prepare_next(Console& console, std::uint64_t at);
    void chase(Console& console, std::uint64_t song, std::uint64_t at, bool all);
    void prepare(Console& console, const session::Move& move, std::uint64_t at);
    void refuse(const session::Setting& setting, base::Error error);

    const param::Layout* layout_;
    Hold hold_;
    std::vector<session::Move> moves_;
    std::optional<Roll> roll_;
    Roll lap_;             // this round of the loop
    bool begins_ = false;  // the lap, and nothing of it was sent
    std::set<param::Slot> anew_;
    std::size_t next_ = 0;  // of the moves of this lap
    std::uint64_t horizon_ = 0;
    std::optional<std::uint64_t> waiting_;  // prepared, but perhaps not sent for want of room
    std::deque<Sent> sent_;                 // and not told yet
    std::vector<base::Error> refused_;
    std::set<param::Slot> refused_slots_;            // said once
    std::unordered_map<param::Slot, float> newest_;  // by slot, of the moves that were sent
};

}  // namespace mixrig::app
