// The transport: where the song is, and whether it moves.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "control/osc_message.h"
#include "dsp/units.h"
#include "src/app/song/roll.h"
#include "src/app/song/soundcheck.h"
#include "src/base/result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace mixrig::app {

// Frames of the engine.
struct TransportClock {
    std::function<std::uint64_t()> position = {};
    // Nothing that takes effect before it has been sent, or can be missed.
    std::function<std::uint64_t()> earliest = {};
};

// [control] Everything begins and ends at a frame of the engine that is known ahead, so that
// tracks, automation and what is told agree to the frame. It rolls over live inputs just as well.
class Transport {
public:
    // All must outlive it.
    Transport(control::Desk& desk, Soundcheck& tracks, TransportClock clock);

    // The engine's time begins anew, at this rate: the song stands where it was.
    void use(dsp::Hertz rate);
    // From the engine's first frame on, which has not been computed yet.
    void roll_from_start();

    static bool knows(std::string_view address);
    // `/transport/...`.
    base::Result<std::vector<control::OscArg>> act(std::string_view address,
                                                   std::span<const control::OscArg> args);
    // A row of it has changed.
    void changed() { changed_ = true; }
    void turn(std::int64_t now);

    void play();
    void stop();
    void locate(std::uint64_t song);

    // Where it rolls, if it does or is about to: `until` tells when it ends.
    const std::optional<Roll>& roll() const { return roll_; }
    // Frame of the song: where it is heard now, where it stands, or where it will go.
    std::uint64_t song() const;
    double seconds() const { return static_cast<double>(song()) / rate_.value; }
    std::uint64_t frame_of(double seconds) const;
    // Counts places to which it went without rolling there.
    unsigned jumps() const { return jumps_; }
    // Counts how often it has begun to roll.
    unsigned rolls() const { return rolls_; }

    // How many beats have gone by at a frame of the song; and the other way.
    using Beats = std::function<double(std::uint64_t)>;
    using FrameOfBeat = std::function<std::uint64_t(double)>;
    void use_beats(Beats beats, FrameOfBeat frame) {
        beats_ = std::move(beats);
        frame_of_beat_ = std::move(frame);
    }

private:
    enum class State : std::uint8_t { stopped, waiting, rolling, stopping };
    base::Result<std::uint64_t> bar(std::span<const control::OscArg> args) const;
    void begin_when_ready();
    void end_when_over();
    void follow_wish();
    void follow_rows();
    void cue();
    base::Loop wanted_loop() const;
    bool may_change(base::Loop other) const;
    float number(std::string_view address) const;
    float told_state() const;
    void tell(std::int64_t now);
    void tell_number(std::string_view address, double value);

    control::Desk& desk_;
    Soundcheck& tracks_;
    TransportClock clock_;
    Beats beats_;
    FrameOfBeat frame_of_beat_;
    dsp::Hertz rate_{48000.0};
    State state_ = State::stopped;
    std::uint64_t song_ = 0;  // where it stands, or will when it has stopped
    bool goes_on_ = false;    // from there, when it has
    bool by_switch_ = false;  // the soundcheck's switch has begun it: around and around
    std::optional<Roll> roll_;
    base::Loop loop_;
    unsigned loads_ = 0, jumps_ = 0, rolls_ = 0;
    bool changed_ = false;
    std::int64_t told_ = 0;
};

}  // namespace mixrig::app
