// What is said to the engine, batch by batch, with the frame at which it was heard.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/link/link.h"
#include "src/param/layout.h"
#include "src/session/flight_events.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mixrig::app {

// [control] everything. Values, not events: said to a console in the same batches, in the same
// order and at the same frames, they become the same events.
class FlightLog {
public:
    using Sink = std::function<void(std::string_view lines)>;
    FlightLog(const param::Layout& layout, Sink sink) : layout_(&layout), sink_(std::move(sink)) {}

    enum class Way : std::uint8_t { live, ahead };

    // For the next batch. A value that the console has already is said for the sake of its part,
    // which is sent anew.
    void said(param::Slot slot, float value);
    // The convolution of an effect gets the response of a file of the flight; none if the name is
    // empty.
    void said_impulse(std::size_t effect, std::string file);
    bool has_news() const { return !news_.empty() || !impulses_.empty(); }
    // What was said so far is this batch; `frame` is the one that it is meant for, if any.
    void cut(std::uint64_t batch, Way way, std::uint64_t frame);
    // A batch of its own: outputs to silence and up again.
    void ramp(std::uint64_t batch);
    // The engine has begun a batch: its lines are written.
    void applied(const link::Applied& report);
    // Nothing more will be heard. What was sent ahead is written for the frame that it was meant
    // for: what was said after it was worked out with it in mind.
    void finish();

    // Batches of which nothing was heard yet.
    std::size_t waiting() const { return waiting_.size(); }

private:
    struct Batch {
        Way way = Way::live;
        bool is_ramp = false;
        std::uint64_t frame = 0;
        std::vector<std::pair<param::Slot, float>> values = {};
        std::vector<session::FlightImpulse> impulses = {};
    };
    void write(std::uint64_t number, const Batch& batch) const;

    const param::Layout* layout_;
    Sink sink_;
    std::vector<std::pair<param::Slot, float>> news_;
    std::vector<session::FlightImpulse> impulses_;
    std::map<std::uint64_t, Batch> waiting_;  // by number
};

}  // namespace mixrig::app
