// Hands the moves of an automation to the engine ahead of their time.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/console.h"
#include "src/session/automation.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>
#include <vector>

namespace mixrig::app {

class AutomationFeed {
public:
    // Moves by frame, as session::load_automation returns them.
    AutomationFeed(std::vector<session::Move> moves, const param::Layout& layout)
        : moves_(std::move(moves)), layout_(&layout) {}

    // [control] Sends every move that takes effect before `frame`. False if the engine's queue is
    // full: call again.
    bool send_until(Console& console, std::uint64_t frame);
    // [control] Calls `tell` for every move that has taken effect by `frame` and was not told yet.
    void tell_until(std::uint64_t frame, const std::function<void(const session::Setting&)>& tell);

    // The value of the newest move of this slot that was sent; only of one that `tell` names.
    float newest(param::Slot slot) const { return newest_.at(slot); }

    // Where the next move that was not sent takes effect; the end of time if there is none.
    std::uint64_t next_frame() const;
    // Moves that were left out since the last call: routes that would close a loop. Each begins
    // with its line.
    std::vector<base::Error> take_refused();

    bool is_finished() const { return told_ == moves_.size(); }

private:
    void prepare(Console& console);

    std::vector<session::Move> moves_;
    const param::Layout* layout_;
    std::size_t prepared_ = 0;  // set, but perhaps not sent for want of room
    std::size_t sent_ = 0;
    std::size_t told_ = 0;
    std::vector<base::Error> refused_;
    std::unordered_map<param::Slot, float> newest_;  // by slot, of the moves that were sent
};

}  // namespace mixrig::app
