// Sixteen strip lanes: every processor of the strip, in the order of the signal.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/bank_io.h"
#include "dsp/compressor.h"
#include "dsp/delay.h"
#include "dsp/gain.h"
#include "dsp/gate.h"
#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/loudness.h"
#include "dsp/pan.h"
#include "dsp/realtime.h"
#include "dsp/svf.h"
#include "src/link/event.h"
#include "src/param/row.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace mixrig::engine {

inline constexpr std::size_t kEqSections = link::kTouchUp + 1;
inline constexpr std::size_t kDynamics = 3;  // gate, compressor 1, compressor 2

// Where a lane's dynamics block listens: another lane's input tap, or null for itself.
using KeyLanes = std::array<const float*, dsp::kLanes>;

// A sample beyond this is a fault, not music: 60 dB above full scale at the input, where it is seen
// even while the strip is silenced for it; 100 dB behind trim, equaliser and make-up.
inline constexpr float kRunawayInput = 1e3f;
inline constexpr float kRunaway = 1e5f;

struct Processors {
    explicit Processors(dsp::Hertz rate);

    dsp::GainGlides trim;
    std::array<dsp::SvfBank, 4> filters;  // HPF, HPF, LPF, LPF
    dsp::GateBank gate;
    std::array<dsp::SvfBank, kEqSections> eq;  // bands, touch-up
    std::array<dsp::CompressorBank, param::kComps> comp;
    std::array<dsp::SvfBank, kDynamics> key_filter;
    dsp::GainGlides fader;  // with mutes and groups
    dsp::GainGlides same;   // pan and width of stereo lanes: what stays on its side
    dsp::GainGlides cross;  // and what comes from the other
};

// One thread at a time works on a bank; which one does not matter.
class StripBank {
public:
    // [control] Memory for delays is held for the lanes in `used`.
    StripBank(dsp::Hertz rate, dsp::LaneMask used, dsp::LaneMask linked);
    // [control] Keeps what its dynamics listened to in this slice, for those that follow.
    void tell();
    // [control] Its dynamics listen to what those of `leader` listened to, and so do the same.
    void follow(const StripBank& leader) { leader_ = &leader; }

    // [audio, quantum boundary] Setting values; glides begin with begin_quantum.
    Processors& processors() MIXRIG_REALTIME { return processors_; }
    dsp::DelayBank& delay() MIXRIG_REALTIME { return delay_; }
    void set_key(std::size_t dynamics, std::size_t lane, const float* block) MIXRIG_REALTIME;
    bool has_keys() const MIXRIG_REALTIME { return keyed_ != 0; }
    // Which taps of a lane are measured for loudness, a bit each.
    void set_loudness(std::size_t lane, std::uint32_t taps) MIXRIG_REALTIME;
    // A gain behind the fader, of whoever shares out gains; null is none. Holds until set anew.
    void set_share(const dsp::GainCurve* share) MIXRIG_REALTIME { share_ = share; }
    void begin_quantum() MIXRIG_REALTIME;
    // As new, but for what was set.
    void reset(dsp::LaneMask lanes) MIXRIG_REALTIME;

    // [audio or worker] Fills the input tap from planar buffers (index 0 is the slice's first
    // frame, null is silence), through trim, polarity and delay. Lanes that are not in `lanes` keep
    // everything.
    void take_input(const dsp::PlanarInputs& planar, dsp::Slice slice, dsp::LaneMask lanes)
        MIXRIG_REALTIME;
    // Filters and dynamics; `frame` is the absolute frame of the slice's first. Then what stands
    // between these and the fader may change pre_lanes(), and the rest of the strip follows.
    void process_front(dsp::Slice slice, std::uint64_t frame, dsp::LaneMask lanes) MIXRIG_REALTIME;
    void process_back(dsp::Slice slice, dsp::LaneMask lanes, bool changed) MIXRIG_REALTIME;
    float* pre_lanes() MIXRIG_REALTIME { return pre_.x; }
    // In place of all these: the taps of `leader` in some lanes, silence in the others.
    void take_part(const StripBank& leader, dsp::Slice slice, dsp::LaneMask lanes) MIXRIG_REALTIME;
    // Nothing came and nothing rings: the taps are silent.
    void process_silence(dsp::Slice slice) MIXRIG_REALTIME;

    const float* input() const MIXRIG_REALTIME { return input_.x; }
    const float* pre() const MIXRIG_REALTIME { return pre_.x; }
    const float* post() const MIXRIG_REALTIME { return post_.x; }
    dsp::LaneMask used() const MIXRIG_REALTIME { return used_; }
    dsp::LaneMask linked() const MIXRIG_REALTIME { return linked_; }

    // [audio, quantum boundary] Lanes that had samples beyond reason since the last call.
    dsp::LaneMask take_faults() MIXRIG_REALTIME;
    // Whether the quantum that ended left anything to be heard later, if silence follows.
    bool is_at_rest() const MIXRIG_REALTIME;

    struct Meters {
        std::array<dsp::TapMeters, 3> tap{};  // input, pre, post
    };
    Meters& meters() MIXRIG_REALTIME { return meters_; }
    std::array<dsp::LaneFloats, kDynamics> reduction_dB() const MIXRIG_REALTIME;
    const dsp::LoudnessBank& loudness(std::size_t tap) const MIXRIG_REALTIME {
        return loudness_[tap];
    }
    void clear_meters() MIXRIG_REALTIME;

private:
    void run_dynamics(dsp::Slice slice, std::uint64_t frame, dsp::LaneMask lanes) MIXRIG_REALTIME;
    void process_post(dsp::Slice slice, dsp::LaneMask lanes) MIXRIG_REALTIME;
    void watch(dsp::BankBlock& block, std::size_t tap, float limit, dsp::Slice slice,
               dsp::LaneMask lanes) MIXRIG_REALTIME;
    void count(std::size_t tap, dsp::LaneMask lanes) MIXRIG_REALTIME;
    void copy(const dsp::BankBlock& from, dsp::BankBlock& to, dsp::Slice slice, dsp::LaneMask lanes)
        MIXRIG_REALTIME;
    const float* key_signal(std::size_t dynamics, dsp::Slice slice, dsp::LaneMask lanes)
        MIXRIG_REALTIME;
    const float* own_key(std::size_t dynamics, dsp::Slice slice, dsp::LaneMask lanes)
        MIXRIG_REALTIME;

    Processors processors_;
    dsp::DelayBank delay_;
    dsp::BankBlock input_, pre_, post_, key_;
    Meters meters_;
    std::array<dsp::LoudnessBank, 3> loudness_;  // input, pre, post
    dsp::TapMeters seen_;                        // at the tap that was measured last, in this slice
    bool plain_input_ = false;                   // no trim, no polarity, no delay
    bool processes_ = true;  // something between input and pre tap is on, in this quantum
    bool moves_ = true;      // something between pre and post tap is not at unity
    std::array<KeyLanes, kDynamics> keys_{};
    std::unique_ptr<std::array<dsp::BankBlock, kDynamics>> told_;  // keys, if it tells them
    const StripBank* leader_ = nullptr;
    const dsp::GainCurve* share_ = nullptr;
    std::uint32_t keyed_ = 0;  // external keys in use
    dsp::LaneMask used_, linked_;
    dsp::LaneMask faults_ = 0;
};

}  // namespace mixrig::engine
