// What is done about a ring: said, and where it is allowed, a notch.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "src/monitor/feedback_guard.h"
#include "src/monitor/log.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace mixrig::app {

// [control] A notch goes into a free band of the channel's equaliser, of kind `notch` and Q 20; one
// that did not suffice becomes twice as wide, down to Q 5. A band is free if all its values but
// `on` are as a desk begins with them. At most three notches stand in a channel at a time. If the
// equaliser is off it is switched on, unless the engineer has set something in it: that would
// sound as well.
class FeedbackWatch {
public:
    static constexpr std::size_t kMostNotches = 3;

    // Both must outlive it.
    FeedbackWatch(control::Desk& desk, monitor::Log& log) : desk_(desk), log_(log) {}

    enum class Action : std::uint8_t { warn, notch, widen };
    // Does what is allowed about a ring in a channel, from 0.
    Action act(std::size_t channel, const monitor::Ring& ring);
    // What was done, to /feedback/last and the log.
    void tell(std::size_t channel, const monitor::Ring& ring, Action action);

private:
    struct Notch {
        std::size_t channel = 0, band = 0;
        float hertz = 0.0f;
    };

    Action place(std::size_t channel, float hertz);
    Action widen(const Notch& notch);
    void forget_moved();
    bool is_free(std::size_t channel, std::size_t band) const;
    std::optional<std::size_t> free_band(std::size_t channel, float hertz) const;
    bool may_sound(std::size_t channel) const;
    param::Slot slot(std::size_t channel, std::size_t row, std::size_t band = 0) const;
    float number(std::size_t channel, std::size_t row, std::size_t band = 0) const;
    void set(param::Slot slot, float value);

    control::Desk& desk_;
    monitor::Log& log_;
    std::vector<Notch> notches_;  // that it has set and nobody has moved since
};

}  // namespace mixrig::app
