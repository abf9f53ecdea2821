// Room, plate and hall: a feedback delay network of 16 lines with its early sound.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/fx/block_ring.h"
#include "dsp/fx/reverb_design.h"
#include "dsp/fx/rotating_mix.h"
#include "dsp/fx/unit.h"
#include "dsp/glide.h"
#include "dsp/svf.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mixrig::dsp {

//     in -> low cut, high cut -> pre-delay -> 4 all-passes a side -+-> early taps --------------+->
//     out
//                                                                  +-> (+) -> 16 lines ---------+
//                                                                       ^        v
//                                                                       +- mix <-+ absorption
//
// Settings in the order of ReverbSettings (reverb_design.h has the formulas). Wet only: the first
// sound comes exactly `predelay`, to the nearest frame, after the input. A mono input gives both
// outputs the same loudness and unlike tails.
// - Decay: the filter of each line takes 60 dB * length / T60(f), so every path through the network
//   decays as reverb_decay() says. Measured bands of a single impulse scatter as those of any
//   diffuse field do; their mean is T60(f).
// - Level: an impulse at one input has the energy 1 over both outputs, whatever decay and size are
//   (ReverbLevels); a steady noise at both comes back about as loud as it went in.
// - A change of size or pre-delay crosses over from the old delays to the new ones in 30 ms, with
// no
//   bend of pitch, which a long tail would drag along; changes that arrive meanwhile wait, the last
//   one wins. All else glides in 10 ms or more.
// - All-passes: M. R. Schroeder, "Natural sounding artificial reverberation" (JAES 10, 1962).
// The state is exact silence once everything in it has stayed below -220 dB for as long as
// the network remembers; then changes are at once and the modulation waits at its start.
// At least 44.1 kHz: every delay in a loop is longer than a quantum.
class Reverb : public FxUnit {
public:
    using Settings = ReverbSettings;

    Reverb(Space space, Hertz rate);  // [control]

    void set(const FxSettings& goal, Change change) MIXRIG_REALTIME override;
    void begin_quantum() MIXRIG_REALTIME override;
    void process(float* left, float* right, Slice slice) MIXRIG_REALTIME override;
    void follow(const FxUnit& leader) MIXRIG_REALTIME override {
        leader_ = static_cast<const Reverb*>(&leader);
    }
    void reset() MIXRIG_REALTIME override;
    bool is_at_rest() const MIXRIG_REALTIME override;

private:
    struct Backs {
        std::size_t now, next;
    };
    struct Diffuser {
        BlockRing ring;
        std::size_t frames;
    };

    void apply(Change change) MIXRIG_REALTIME;
    void rest_if_silent() MIXRIG_REALTIME;
    void forget() MIXRIG_REALTIME;
    void jump_taps() MIXRIG_REALTIME;
    void move_taps() MIXRIG_REALTIME;
    bool is_silent() const MIXRIG_REALTIME;
    bool is_gliding() const MIXRIG_REALTIME;
    std::size_t memory() const MIXRIG_REALTIME;

    // All in place, indexed by the frame of the quantum.
    void cut(float* left, float* right, Slice slice) MIXRIG_REALTIME;
    void delay(float* x, Slice slice, BlockRing& ring) MIXRIG_REALTIME;
    void diffuse(float* x, Slice slice, std::size_t side) MIXRIG_REALTIME;
    void run_lines(float* left, float* right, Slice slice) MIXRIG_REALTIME;
    void add_early(float* out, Slice slice, std::size_t side) const MIXRIG_REALTIME;
    void read(const BlockRing& ring, Backs back, float* out, Slice slice) const MIXRIG_REALTIME;

    const SpacePlan& plan_;
    Hertz rate_;
    std::vector<std::uint32_t> primes_;
    Settings settings_;

    std::array<SvfBank, 2> cuts_;  // lanes 0 and 1
    std::array<BlockRing, 2> predelay_;
    std::array<std::vector<Diffuser>, 2> diffusers_;
    GainGlides diffusion_;  // lanes: those of the left, those of the right
    std::array<BlockRing, 2> early_;
    GainGlides early_gains_;  // lane: tap
    std::vector<BlockRing> lines_;
    std::array<SvfBank, 1> absorption_;
    std::array<GainGlides, 2> line_gains_;  // of an output
    RotatingMix mix_;

    float depth_ = 0.0f, depth_goal_ = 0.0f;
    std::size_t depth_quanta_ = 0;  // that the glide of the depth still takes

    ReverbTaps now_, next_, wanted_;  // now and next are heard; equal unless crossing over
    std::size_t crossing_ = 0;        // quanta of the crossing that have begun
    Cubic weight_;                    // of the next taps, in this quantum
    std::size_t quanta_;              // of a crossing
    std::size_t depth_glide_;         // quanta

    // One that follows rests when its leader does: at rest the oscillators stand.
    const Reverb* leader_ = nullptr;
    std::uint32_t rests_ = 0;  // times it began to rest
    bool resting_ = true;
    float loudest_ = 0.0f;   // in this quantum
    std::size_t quiet_ = 0;  // frames of the quiet quanta before it
};

}  // namespace mixrig::dsp
