// What hands do while a song rolls, written into its lanes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/session/lanes.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace mixrig::app {

// As the rows `automation/mode` say it.
enum class AutomationMode : std::uint8_t { off, read, touch, latch, write };

// [control] A pass is what happens to one lane from the first move of a hand until it is let go: it
// takes the place of what the lane said in that time, in one of its layers.
class LaneWriter {
public:
    // Both must outlive it.
    LaneWriter(const param::Layout& layout, session::Lanes& lanes)
        : layout_(layout), lanes_(lanes) {}

    enum class Layer : std::uint8_t { moves, trims };
    struct Touch {
        param::Slot slot = 0;
        Layer layer = Layer::moves;       // of a pass that begins; over silence there are no trims
        std::uint64_t song = 0, lap = 0;  // where, and in which round of a loop
        float before = 0.0f, value = 0.0f;  // of the parameter
        bool lets_go = true;                // by itself, after a time without moves
        bool waits = false;                 // for the engine to say when it has heard it
        std::int64_t now = 0;               // ns
    };
    // A hand moves. Begins a pass if none is under way; one of an earlier round must be finished
    // first. A hand trims by 20 dB at most.
    static constexpr float kMostTrim_dB = 20.0f;
    void touch(const Touch& touch);
    // What waits was sent with this batch.
    void sent(std::uint64_t batch);
    // The engine has begun this batch at a frame of the song: what was in it is written there.
    void heard(std::uint64_t batch, std::uint64_t song, std::uint64_t lap);
    // A finger rests on it, until it is let go.
    void hold(param::Slot slot, bool on);
    void let_all_go() { resting_.clear(); }
    // Whether a pass that is under way lets go by itself.
    void set_lets_go(param::Slot slot, bool lets_go);

    bool is_held(param::Slot slot) const { return passes_.contains(slot); }
    bool is_idle() const { return passes_.empty(); }
    std::set<param::Slot> held() const;
    // Those that began in an earlier round of the loop.
    std::set<param::Slot> held_before(std::uint64_t lap) const;
    // Those whose hand has not moved since `then`.
    std::set<param::Slot> left_since(std::int64_t then) const;

    // What is sent in place of a lane's value: nothing while a hand is on it, the sum with the trim
    // that a hand holds.
    std::optional<float> value(param::Slot slot, std::uint64_t song, float value) const;

    // Ends these passes at a frame of the song; of glides the way back takes so long. Returns the
    // lanes as they were before; empty ones are new.
    session::Lanes finish(const std::set<param::Slot>& slots, std::uint64_t song,
                          std::uint64_t way_back);

    // The lanes as they would be if all passes ended there.
    session::Lanes so_far(std::uint64_t song) const;

private:
    struct Waiting {
        session::Point point;     // its frame as far as is known
        std::uint64_t batch = 0;  // 0: not sent yet
    };
    struct Pass {
        Layer layer = Layer::moves;
        session::Lane before = {};
        std::uint64_t begin = 0, lap = 0;
        session::Points points = {};
        std::vector<Waiting> waiting = {};
        bool lets_go = true, resting = false;
        std::int64_t moved = 0;
    };
    static void write(Pass& pass, session::Point point);
    static float newest(const Pass& pass) {
        return pass.waiting.empty() ? pass.points.back().value : pass.waiting.back().point.value;
    }
    Pass begun(const Touch& touch);
    float written(const Touch& touch, Layer layer) const;
    session::Lane finished(param::Slot slot, Pass pass, std::uint64_t song,
                           std::uint64_t way_back) const;
    session::Points way_back_of(param::Slot slot, const Pass& pass, const session::Lane& lane,
                                std::uint64_t song, std::uint64_t frames) const;

    const param::Layout& layout_;
    session::Lanes& lanes_;
    std::map<param::Slot, Pass> passes_;
    std::set<param::Slot> resting_;  // fingers that have not moved yet
};

}  // namespace mixrig::app
