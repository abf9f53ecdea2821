// Recalls that take time: every value on its way, sent to the engine ahead of its frame.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/console.h"
#include "src/app/show/fade_plan.h"
#include "src/session/scene.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <vector>

namespace mixrig::app {

// [control] Steps lie so close that the glides of the engine (10 ms each, value and slope carried
// over) make one line of them. Strips take turns, so that no quantum has to take all of them.
class Crossfade {
public:
    explicit Crossfade(const param::Layout& layout)
        : layout_(layout), owned_(layout.size(), false) {}

    // From what the console was told last to what is wanted, from the quantum boundary at or after
    // `frame` on. What fades already and is wanted elsewhere, turns there. Texts are not its own.
    void begin(const Console& console, const session::Scene& wanted, std::uint64_t frame,
               double seconds);

    // Sends every step that takes effect before `frame`. False if the queue is full: call again.
    bool send_until(Console& console, std::uint64_t frame);
    // Leaves out steps whose time has passed: on a machine that cannot follow, fewer will do.
    void skip_to(std::uint64_t position);
    // Where the next step takes effect; the end of time if there is none.
    std::uint64_t next_frame() const { return next_; }
    // Calls `tell` with every value as it is at `frame`, unless it was told before; what has
    // arrived is forgotten after that.
    using Tell = std::function<void(param::Slot, float)>;
    void tell_until(std::uint64_t frame, const Tell& tell);
    // Calls `tell` with where everything would have arrived, and is over.
    void finish(const Tell& tell);

    // A hand is on this parameter: it is left where the hand puts it.
    void release(param::Slot slot);
    void release(const session::Scene& scene);
    bool owns(param::Slot slot) const { return owned_[slot]; }
    // Whether steps of this parameter's strip may have been sent ahead and wait: then what is set
    // now would be overrun by them, unless it comes behind them.
    bool concerns(param::Slot slot, std::uint64_t position) const;
    // Behind every step that was sent.
    std::uint64_t horizon() const { return horizon_; }
    // When everything has arrived.
    std::uint64_t end() const { return end_; }
    bool is_active() const { return !tracks_.empty(); }

private:
    struct Moving {
        Track track;
        std::uint32_t strip = 0;
        std::uint8_t period = 1, phase = 0;  // quanta
        float sent = 0.0f, told = 0.0f;
    };
    std::uint32_t strip_key(param::Slot slot) const;
    bool is_due(const Moving& moving, std::uint64_t frame) const;
    void prepare(Console& console, std::uint64_t frame);
    void find_next(std::uint64_t after);
    void drop(const std::vector<bool>& slots);

    const param::Layout& layout_;
    std::vector<Moving> tracks_;  // by slot
    std::vector<bool> owned_;     // by slot
    std::set<std::uint32_t> strips_;
    std::set<std::uint64_t> moments_;  // boundaries at which something switches or arrives
    std::uint64_t next_ = UINT64_MAX, horizon_ = 0, end_ = 0;
    bool prepared_ = false;  // the step at next_ is set, but perhaps not sent for want of room
};

}  // namespace mixrig::app
