// Turns routing into plans; keeps what lives on from one plan to the next.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/engine/plan.h"

#include <array>
#include <cstdint>
#include <memory>

namespace mixrig::engine {

// [control] everything.
class Planner {
public:
    explicit Planner(const Geometry& geometry);

    // Whether there is an order of computation, and few enough different delays.
    enum class Fit : std::uint8_t { yes, loop, too_many_delays };
    Fit fit(const Routing& routing) const;

    // A new plan, or null if the one in force serves. A loop leaves the one in force; delays that
    // find no slot are rounded to one that there is. `inverted` tells that a path of the plan
    // before now runs against the order: it must have faded out before the new plan starts.
    std::unique_ptr<Plan> plan(const Routing& routing, bool& inverted);

    // The slot of MixMatrix through which this path arrives together with the others, in the newest
    // plan.
    std::uint8_t alignment(const Path& path) const;
    std::size_t latency_of(Strip strip) const { return latency_.arrival[strip]; }

private:
    using Slots = std::array<std::size_t, kAlignments>;  // delay in frames; slot 0 is 0

    struct Assigned {
        Slots slots{};
        bool whole = true;  // every delay has its slot
    };
    Assigned assign(const Routing& routing, const Latency& latency) const;
    std::size_t delay(const Path& path, const Latency& latency) const;
    void add_levels(Plan& plan, const std::vector<std::size_t>& levels) const;
    void add_delays(Plan& plan, const Routing& routing);

    const Geometry& geometry_;
    Routing routing_;
    std::vector<std::size_t> levels_;
    Latency latency_;
    Slots slots_{};
    std::vector<std::shared_ptr<AlignedTap>> aligned_;
    bool first_ = true;
};

}  // namespace mixrig::engine
