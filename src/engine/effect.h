// The effect of one effect bus, wherever it stands: its units, how they come and how they ring out.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/fx/unit.h"
#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/realtime.h"
#include "dsp/units.h"
#include "src/engine/bus_limiter.h"
#include "src/link/event.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace mixrig::engine {

// [control] What is sent for a corner below which a unit's output is mono; 0 Hz is none.
link::EffectMix design_effect_mix(float mix, dsp::Hertz mono_below, dsp::Hertz rate);

// One thread at a time works on it: that of its bus, or that of the strip in which it is inserted.
//     out = pass * in + dry + mono_below(wet)
// summed up over the unit in use and those before it: a unit that is replaced gets no more input
// and rings out. Without a unit what comes in goes out, bit for bit.
class Effect {
public:
    explicit Effect(dsp::Hertz rate);  // [control]
    // [control] Does to a part of a mix what `leader` does to the mix: it is told the same, and has
    // had each quantum before.
    void follow(const Effect& leader) { leader_ = &leader; }
    void tell() { tells_ = true; }  // [control] others follow
    ~Effect();
    Effect(const Effect&) = delete;
    Effect& operator=(const Effect&) = delete;

    // [audio, quantum boundary] The unit from now on, or null. What had to go for it at once is
    // returned, or null: that happens if units change faster than they fade.
    dsp::FxUnit* install(dsp::FxUnit* unit, dsp::Change change) MIXRIG_REALTIME;
    void set(const dsp::FxSettings& settings, dsp::Change change) MIXRIG_REALTIME;
    void set_mix(const link::EffectMix& goal, dsp::Change change) MIXRIG_REALTIME;
    // A unit that has rung out, or null; the caller frees it.
    dsp::FxUnit* take_finished() MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME;
    void reset() MIXRIG_REALTIME;

    // [audio, quantum boundary] Who has it: its bus, or a strip. A strip that asks gets it when the
    // bus has faded out and nobody else has it.
    bool take(dsp::Change change) MIXRIG_REALTIME;
    void release() MIXRIG_REALTIME;
    bool is_inserted() const MIXRIG_REALTIME { return inserted_; }

    // [audio or worker] One slice; null is silence. Index 0 is the slice's first frame.
    void process(const float* left, const float* right, dsp::Slice slice) MIXRIG_REALTIME;
    // What came out, from the slice's first frame on; null if that is silence.
    const float* out(std::size_t side, dsp::Slice slice) const MIXRIG_REALTIME;
    bool is_at_rest() const MIXRIG_REALTIME { return asleep_; }
    // [audio, end of a quantum] One that follows sleeps when its leader does.
    void sleep_alike() MIXRIG_REALTIME { asleep_ = leader_->asleep_; }

private:
    // The longest unit latency for which the dry sound waits.
    static constexpr std::size_t kDryFrames = 512;
    static constexpr std::size_t kSlots = 6;
    // Lanes of gains_: input and output gain of each slot, and what all share. kPlace is 0 when the
    // effect comes to a strip or back to its bus: what it hears there fades in, or a delay would
    // give back a beginning without a ramp.
    enum Lane : std::size_t { kIn = 0, kOut = 6, kPass = 12, kMix = 13, kMono = 14, kPlace = 15 };

    struct Slot {
        dsp::FxUnit* unit = nullptr;  // owned
        std::uint64_t age = 0;        // larger is older
        std::array<std::array<float, kDryFrames>, 2> dry{};
        std::size_t position = 0;  // in dry
    };

    dsp::Cubic gain(std::size_t lane) const MIXRIG_REALTIME;
    bool stands_at(std::size_t lane, float value) const MIXRIG_REALTIME;
    void run(std::size_t slot, const float* const* in, dsp::Slice slice) MIXRIG_REALTIME;
    void catch_up(dsp::Slice slice) MIXRIG_REALTIME;
    void make_mono_below(dsp::Slice slice) MIXRIG_REALTIME;
    void retire() MIXRIG_REALTIME;
    bool is_done(std::size_t slot) const MIXRIG_REALTIME;
    bool may_sleep() const MIXRIG_REALTIME;
    void fall_asleep() MIXRIG_REALTIME;
    void fade_bus(dsp::Slice slice) MIXRIG_REALTIME;

    std::array<Slot, kSlots> slots_{};
    std::size_t current_ = kSlots;  // none
    std::size_t used_ = 0;          // slots with a unit
    std::array<dsp::FxUnit*, kSlots> finished_{};
    std::size_t finished_count_ = 0;
    dsp::GainGlides gains_;
    dsp::GainGlides corner_;  // lane 0: tan(pi * mono_below / rate)
    float s1_ = 0.0f, s2_ = 0.0f;
    std::array<Planar, 2> wet_{}, out_{};
    const Effect* leader_ = nullptr;
    std::uint32_t sleeps_ = 0;  // times it fell asleep
    bool tells_ = false;
    bool asleep_ = true;
    bool heard_ = false;  // in this quantum
    bool silent_ = true;  // what came out in this slice
    bool inserted_ = false;
};

}  // namespace mixrig::engine
