// What the control side tells the engine: one block of one strip gets new goals.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "src/param/row.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace mixrig::link {

// What an event sets; the comment names its `strip`, `index` and data.
enum class Block : std::uint8_t {
    trim,         // strip; gain, negative when the polarity is turned
    delay,        // strip; dsp::DelayLane
    hpf,          // strip, section; dsp::SvfLane
    lpf,          // strip, section; dsp::SvfLane
    gate,         // strip; dsp::GateLane
    gate_key,     // strip; dsp::SvfLane of its key filter
    eq,           // strip, band or kTouchUp; dsp::SvfLane
    comp,         // strip, which; dsp::CompressorLane
    comp_key,     // strip, which; dsp::SvfLane of its key filter
    key_source,   // strip, dynamics block (0 gate, 1 and 2 compressors); channel from 0, or none
    fader,        // strip; gain, 0 when muted
    stereo,       // strip; same and cross gains of the left lane, then of the right lane
    limiter,      // strip; LimiterGoal
    mix,          // strip; MixGains
    automix,      // strip; dsp::AutomixLane
    loudness,     // strip; taps that are measured, a bit each, as std::uint32_t
    master_ms,    // 2 * section + (0 mid, 1 side) of the mid-side equaliser; dsp::SvfLane
    master_on,    // whether that is on, 0 or 1
    multiband,    // MultibandGoal
    multi_band,   // which band; MultibandBandGoal
    field,        // FieldGoal
    saturator,    // SaturatorGoal
    clipper,      // ClipperGoal
    master_way,   // MasterWay
    insert,       // strip; the effect that stands in it, from 0, or kNoInsert
    effect,       // an effect bus; a pointer to its dsp::FxUnit, or null
    effect_unit,  // an effect bus; dsp::FxSettings of its unit
    effect_mix,   // an effect bus; EffectMix
    monitor,      // MonitorGoal
    listen,       // index: a source of the monitor bus, as param::Type::listen counts; its gain
    side,         // a bus; SideGains
    oscillator,   // dsp::OscillatorGoal
    ramp,         // all outputs fall silent and ramp up again; frames of the ramp
    plan,         // a pointer to an engine::Plan
    tape,         // a pointer to a link::Tape, or null: nothing is recorded any more
    wait,         // quanta to let pass before the next event of this queue
    mark,         // the number of the batch that follows, to be reported as link::Applied
};

// The section behind the bands, dsp::design_touch_up.
inline constexpr std::size_t kTouchUp = param::kBands;

inline constexpr float kNoKey = -1.0f, kNoInsert = -1.0f;

struct EffectMix {
    float mix = 1.0f;     // of the unit by the dry sound
    float mono = 0.0f;    // 1: mono below the corner
    float corner = 0.0f;  // tan(pi * frequency / rate)
};

// How the monitor bus is heard.
struct MonitorGoal {
    float check = 0.0f;  // dsp::Check
    float mono = 0.0f;
    std::array<float, param::kMostSpeakers> pair{};  // gain of each pair of loudspeakers
};

// What goes into a bus from beside.
struct SideGains {
    float talkback = 0.0f, oscillator = 0.0f;
};

struct LimiterGoal {
    float on = 0.0f;
    float ceiling_dB = 0.0f;
    float release_s = 0.0f;
};

// The master chain, in plain units (dB, Hz, s, 0..1); choices are whole numbers.
struct MultibandGoal {
    float on = 0.0f, bands = 4.0f;
    std::array<float, param::kMultiBands - 1> splits{};
};
struct MultibandBandGoal {
    float threshold = 0.0f, ratio = 1.0f, knee = 0.0f, attack = 0.0f, release = 0.0f;
    float makeup = 0.0f, max_reduction = 0.0f, mode = 0.0f, mute = 0.0f, solo = 0.0f;
};
struct FieldGoal {
    float on = 0.0f, mono_below = 0.0f;
    std::array<float, param::kFieldBands> width{};
    std::array<float, param::kFieldBands - 1> splits{};
};
struct SaturatorGoal {
    float on = 0.0f, drive = 0.0f, curve = 0.0f, mix = 1.0f, output = 0.0f;
};
struct ClipperGoal {
    float on = 0.0f, drive = 0.0f, ceiling = 0.0f, knee = 0.0f;
};

// The blocks of the master chain, in the words of its row `order`.
enum class MasterBlock : std::uint8_t { ms, strip, multiband, field, saturator, clipper };
inline constexpr std::size_t kMasterBlocks = 6;

// How a signal goes through the chain.
struct MasterWay {
    std::array<std::uint8_t, kMasterBlocks> order = {0, 1, 2, 3, 4, 5};  // MasterBlock
    std::uint8_t bypassed = 0;  // a bit each, and bit kMasterBlocks for the whole chain
    std::uint8_t matched = 1;
    std::uint8_t strip_on = 0;  // its equaliser or a compressor
};

// The gains of one strip into one bus, by lanes of both. A mono strip uses the first of `from`, a
// mono bus the first of `to`.
struct MixGains {
    std::uint32_t bus = 0;        // column of the bus's first lane
    std::uint32_t tap = 0;        // of the strip
    std::uint32_t alignment = 0;  // slot of the plan's delays
    float left_from_left = 0.0f, left_from_right = 0.0f;
    float right_from_left = 0.0f, right_from_right = 0.0f;
};

// One cache line, copied through the queue.
struct alignas(64) Event {
    static constexpr std::size_t kPayload = 48;

    std::uint64_t frame = 0;  // not before; applied at the first quantum boundary at or after it
    Block block = Block::trim;
    dsp::Change change = dsp::Change::glide;
    std::uint16_t index = 0;
    std::uint32_t strip = 0;
    std::array<std::byte, kPayload> payload{};

    template <typename T>
    static Event make(Block block, std::uint32_t strip, std::uint16_t index, const T& data) {
        static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= kPayload);
        Event event;
        event.block = block;
        event.strip = strip;
        event.index = index;
        std::memcpy(event.payload.data(), &data, sizeof(T));
        return event;
    }

    template <typename T>
    T data() const noexcept {
        static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= kPayload);
        T out;
        std::memcpy(&out, payload.data(), sizeof(T));
        return out;
    }
};
static_assert(sizeof(Event) == 64);

}  // namespace mixrig::link
