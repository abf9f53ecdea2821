// What is done about a ring: said, and where it is allowed, a notch or less gain.
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
// Where no notch can help any more the channel's trim goes down by 2 dB, and after a while by as
// much again, to 6 dB below where it stood: what automatic suppressors ask of their engineer when
// their filters are used up (Extron, "Feedback Suppressor Operation": "mic gain should be reduced
// slightly when feedback can no longer be suppressed"). It is the trim and not the fader, since a
// loop over a monitor is closed before the fader. Whoever moves the trim has it back: those 6 dB
// are counted anew from there.
class FeedbackWatch {
public:
    static constexpr std::size_t kMostNotches = 3;
    static constexpr float kLower_dB = 2.0f, kMostLower_dB = 6.0f;
    // What a lower trim does to a ring is not seen sooner.
    static constexpr double kLowerSeconds = 0.4;

    // Both must outlive it.
    FeedbackWatch(control::Desk& desk, monitor::Log& log) : desk_(desk), log_(log) {}

    enum class Action : std::uint8_t { warn, notch, widen, lower, wait };
    // Does what is allowed about a ring in a channel, from 0. `wait`: the trim has just been
    // lowered; there is nothing to tell.
    Action act(std::size_t channel, const monitor::Ring& ring);
    // What was done, to /feedback/last and the log.
    void tell(std::size_t channel, const monitor::Ring& ring, Action action);

private:
    struct Notch {
        std::size_t channel = 0, band = 0;
        float hertz = 0.0f;
    };

    struct Lowered {
        std::size_t channel = 0;
        float from_dB = 0.0f, to_dB = 0.0f;
        double seconds = 0.0;  // when it was lowered last, on the guard's clock
    };

    bool place(std::size_t channel, float hertz);
    bool widen(const Notch& notch);
    Action lower(std::size_t channel, double seconds);
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
    std::vector<Lowered> lowered_;
};

}  // namespace mixrig::app
