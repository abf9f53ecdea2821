// Settings of 16 lanes that move linearly to their goals over a few quanta, without state in the
// kernel.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "dsp/realtime.h"

#include <cstddef>
#include <cstdint>

namespace mixrig::dsp {

// Inside a quantum value k of a lane is from[k] + n * step[k] at frame n of the quantum. Lane is a
// struct of floats, taken as an array of them.
template <typename Lane>
class LaneGlide {
public:
    static constexpr std::size_t kValues = sizeof(Lane) / sizeof(float);

    LaneGlide(std::size_t quanta, const Lane& initial)
        : quanta_(static_cast<std::uint32_t>(quanta)) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) jump(lane, initial);
    }

    void jump(std::size_t lane, const Lane& goal) MIXRIG_REALTIME {
        goal_[lane] = goal;
        left_[lane] = 0;
        store(lane, goal);
        gliding_ = static_cast<LaneMask>(gliding_ & ~lane_bit(lane));
    }

    void glide(std::size_t lane, const Lane& goal) MIXRIG_REALTIME {
        goal_[lane] = goal;
        left_[lane] = quanta_ + 1;  // the quantum after the last one finds the goal reached
        gliding_ = static_cast<LaneMask>(gliding_ | lane_bit(lane));
    }

    // Returns the lanes that have just reached their goals.
    LaneMask begin_quantum() MIXRIG_REALTIME {
        LaneMask arrived = kNoLanes;
        for (std::size_t lane = 0; gliding_ >> lane; ++lane)
            if ((gliding_ & lane_bit(lane)) && advance(lane)) arrived |= lane_bit(lane);
        gliding_ = static_cast<LaneMask>(gliding_ & ~arrived);
        return arrived;
    }

    void take_lane(std::size_t to, const LaneGlide& other, std::size_t from) MIXRIG_REALTIME {
        for (std::size_t k = 0; k < kValues; ++k) {
            from_[k][to] = other.from_[k][from];
            step_[k][to] = other.step_[k][from];
        }
        goal_[to] = other.goal_[from];
        left_[to] = other.left_[from];
        gliding_ = static_cast<LaneMask>(gliding_ & ~lane_bit(to));
        if (other.gliding_ & lane_bit(from))
            gliding_ = static_cast<LaneMask>(gliding_ | lane_bit(to));
    }

    const LaneFloats* from() const MIXRIG_REALTIME { return from_; }
    const LaneFloats* step() const MIXRIG_REALTIME { return step_; }
    const Lane& goal(std::size_t lane) const MIXRIG_REALTIME { return goal_[lane]; }
    LaneMask gliding() const MIXRIG_REALTIME { return gliding_; }

private:
    void store(std::size_t lane, const Lane& value) MIXRIG_REALTIME {
        const auto* v = reinterpret_cast<const float*>(&value);
        for (std::size_t k = 0; k < kValues; ++k) {
            from_[k][lane] = v[k];
            step_[k][lane] = 0.0f;
        }
    }

    bool advance(std::size_t lane) MIXRIG_REALTIME {
        if (--left_[lane] == 0) {
            store(lane, goal_[lane]);
            return true;
        }
        const auto* goal = reinterpret_cast<const float*>(&goal_[lane]);
        const float frames = static_cast<float>(left_[lane] * kQuantum);
        for (std::size_t k = 0; k < kValues; ++k) {
            const float here = from_[k][lane] + step_[k][lane] * static_cast<float>(kQuantum);
            from_[k][lane] = here;
            step_[k][lane] = (goal[k] - here) / frames;
        }
        return false;
    }

    LaneFloats from_[kValues];
    LaneFloats step_[kValues];
    Lane goal_[kLanes];
    std::uint32_t left_[kLanes] = {};
    std::uint32_t quanta_;
    LaneMask gliding_ = kNoLanes;
};

}  // namespace mixrig::dsp
