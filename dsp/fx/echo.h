// Echo: repeats of the sound, each duller than the one before, straight or from side to side.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/fx/delay_line.h"
#include "dsp/fx/unit.h"
#include "dsp/glide.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace mixrig::dsp {

// Each side has a line. y is what it gives after its time, H the loop's filters:
//     straight   line_s <- x_s + feedback * H(y_s),                out_s = y_s
//     ping-pong  line_l <- (x_l + x_r)/2 + feedback * H(y_r),  line_r <- feedback * H(y_l)
// The output is wet only. The first repeat comes after exactly the time (rounded to the frame), at
// level 1 and unfiltered; repeat k + 1 has level feedback^k and has passed H k times. In ping-pong
// what both sides share keeps level 1: it comes left, right, left.
// H is a high-pass and a low-pass of first order, -3 dB at their cuts: trapezoidal one-poles (V.
// Zavalishin, "The Art of VA Filter Design", chapter 3), which amplify no frequency. Hence the
// loop's gain is at most `feedback`, and the output of standing settings has at most
// 1 / (1 - feedback)^2 of the input's energy.
// A new time crosses over from the old tap to the new one in kGlideTime: a repeat is in tempo and
// in tune at once, where a moving tap would bend all that is under way. Times that arrive while
// taps cross wait, the last one wins. All else glides over kGlideTime.
class Echo : public FxUnit {
public:
    struct Settings {
        Seconds time{0.4};         // 0: 1..4000 ms
        float feedback = 0.4f;     // 1: 0..0.98
        bool ping_pong = false;    // 2: 0, 1
        Hertz low_cut{100.0};      // 3: 20..2000 Hz
        Hertz high_cut{8000.0};    // 4: 500..20000 Hz
        double right_ratio = 1.0;  // 5: 0.25..2, time of the right side as a multiple of the left
    };
    static Settings settings(const FxSettings& values) MIXRIG_REALTIME;

    explicit Echo(Hertz rate);  // [control] allocates the lines: 12 s

    void set(const FxSettings& goal, Change change) MIXRIG_REALTIME override;
    void begin_quantum() MIXRIG_REALTIME override;
    void process(float* left, float* right, Slice slice) MIXRIG_REALTIME override;
    void follow(const FxUnit& leader) MIXRIG_REALTIME override {
        leader_ = static_cast<const Echo*>(&leader);
    }
    void reset() MIXRIG_REALTIME override;
    bool is_at_rest() const MIXRIG_REALTIME override;

private:
    void apply(const Settings& goal, Change change) MIXRIG_REALTIME;
    // One-pole low-pass: v = g * (x - s), y = v + s, s = y + v; g = t / (1 + t) with t =
    // tan(pi*f/rate).
    struct OnePole {
        float s = 0.0f;
        float low(float x, float g) MIXRIG_REALTIME {
            const float v = g * (x - s);
            const float y = v + s;
            s = y + v;
            return y;
        }
        void settle() MIXRIG_REALTIME;
    };

    struct Side {
        DelayLine line;
        std::size_t now = 1, next = 1, goal = 1;  // frames; now and next differ while they cross
        std::size_t index = 0;                    // quanta of the crossing that have begun
        bool crossing = false;
        Cubic weight{};  // of `next`, in this quantum
        OnePole low_cut{}, high_cut{};

        void set(std::size_t frames, Change change) MIXRIG_REALTIME;
        void begin_quantum(std::size_t quanta) MIXRIG_REALTIME;
        float heard(std::size_t frame) const MIXRIG_REALTIME;
        float filtered(float x, float low, float high) MIXRIG_REALTIME;
        bool is_at_rest() const MIXRIG_REALTIME;
        void reset() MIXRIG_REALTIME;
    };

    void forget_what_is_over() MIXRIG_REALTIME;
    std::size_t frames(double seconds, const Side& side) const MIXRIG_REALTIME;
    float cut(Hertz frequency) const MIXRIG_REALTIME;

    double rate_;
    std::size_t quanta_;
    GainGlides glides_;
    std::array<Side, 2> sides_;
    const Echo* leader_ = nullptr;
    bool is_over_ = true;  // when it last looked
};

}  // namespace mixrig::dsp
