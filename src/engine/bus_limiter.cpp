// The limiter of a bus.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/bus_limiter.h"

#include <algorithm>

namespace mixrig::engine {

BusLimiter::BusLimiter(dsp::Hertz rate) : limiter_(rate), wet_(dsp::glide_quanta(rate), 0.0f) {}

void BusLimiter::tell() {
    told_ = std::make_unique<dsp::LimiterGains>();
}

void BusLimiter::follow(const BusLimiter& leader) {
    leader_ = &leader;
    follower_ = std::make_unique<dsp::LimiterFollower>(limiter_.latency_frames());
}

void BusLimiter::set(const link::LimiterGoal& goal, dsp::Change change) MIXRIG_REALTIME {
    const bool on = goal.on != 0.0f;
    settings_ = {
        .ceiling = {static_cast<double>(goal.ceiling_dB)},
        .release = {static_cast<double>(goal.release_s)},
        .on = on || (limiter_.on() && change == dsp::Change::glide)};  // until it has faded out
    limiter_.set(settings_);
    if (follower_ != nullptr) follower_->set(settings_);
    wet_.set(0, on ? 1.0f : 0.0f, change);
}

void BusLimiter::begin_quantum() MIXRIG_REALTIME {
    if (wet_.idle()) return;
    wet_.begin_quantum();
    if (!wet_.idle() || wet_.goal(0) != 0.0f) return;
    settings_.on = false;
    limiter_.set(settings_);
    if (follower_ != nullptr) follower_->set(settings_);
}

void BusLimiter::reset() MIXRIG_REALTIME {
    limiter_.reset();
    if (follower_ != nullptr) follower_->reset();
}

void BusLimiter::limit(float* left, float* right, std::size_t frames) MIXRIG_REALTIME {
    if (follower_ != nullptr) {
        Planar nothing{};
        follower_->follow(left, right != nullptr ? right : nothing.data(), frames, *leader_->told_);
    } else if (told_ != nullptr) {
        limiter_.process(left, right, frames, *told_);
    } else {
        limiter_.process(left, right, frames);
    }
}

void BusLimiter::process(float* left, float* right, dsp::Slice slice) MIXRIG_REALTIME {
    if (!active()) return;
    if (wet_.idle()) return limit(left, right, slice.count);
    std::copy_n(left, slice.count, left_.data());
    if (right != nullptr) std::copy_n(right, slice.count, right_.data());
    limit(left_.data(), right != nullptr ? right_.data() : nullptr, slice.count);
    const dsp::GainCurve& curve = wet_.curve();
    const dsp::Cubic wet{curve.c0[0], curve.c1[0], curve.c2[0], curve.c3[0]};
    for (std::size_t i = 0; i < slice.count; ++i) {
        const float w = wet.at(slice.first + i);
        left[i] += w * (left_[i] - left[i]);
        if (right != nullptr) right[i] += w * (right_[i] - right[i]);
    }
}

}  // namespace mixrig::engine
