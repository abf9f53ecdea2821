// The master chain behind the main strip, but for its equaliser and compressors, which are those of
// a strip: they stand somewhere in the middle.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/master/clipper.h"
#include "dsp/master/matched_bypass.h"
#include "dsp/master/mid_side_eq.h"
#include "dsp/master/multiband.h"
#include "dsp/master/saturator.h"
#include "dsp/master/stereo_field.h"
#include "dsp/realtime.h"
#include "src/link/event.h"
#include "src/link/notice.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace mixrig::engine {

// [audio] everything but the constructor. Settings are set at a quantum boundary, before
// begin_quantum(). While nothing of it is on it does nothing at all: the output is the input.
class MasterChain {
public:
    explicit MasterChain(dsp::Hertz rate);  // [control] allocates
    // [control] Does to a part of a mix what `leader` does to the mix; it is told the same, and has
    // had each slice before.
    void follow(const MasterChain& leader);

    // One of the events that name it.
    void apply(const link::Event& event) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME;

    // Whether it does nothing in this quantum.
    bool is_resting() const MIXRIG_REALTIME { return resting_ >= rest_quanta_; }
    // In place, each slice of a quantum, whose first frame is index 0: the blocks before the strip,
    // then those behind it.
    void before_strip(float* left, float* right, dsp::Slice slice) MIXRIG_REALTIME;
    void behind_strip(float* left, float* right, dsp::Slice slice) MIXRIG_REALTIME;
    void reset() MIXRIG_REALTIME;
    // The most of each band since the last call.
    link::BandReductions take_reductions_dB() MIXRIG_REALTIME;

private:
    struct Room {
        std::array<double, dsp::kQuantum> left{}, right{};
    };

    // A block that is late while it is on, and not there while it is off: both cross over.
    template <typename Processor>
    struct Late {
        // Two sounds that are some 75 frames apart cross over: in 10 ms a low tone would turn its
        // phase so fast that it is heard.
        static constexpr std::size_t kGlides = 6;
        explicit Late(dsp::Hertz rate)
            : processor(rate),
              bypass(rate, processor.latency()),
              wet(kGlides * dsp::glide_quanta(rate), 0.0f) {}
        template <typename Settings>
        void set(const Settings& settings, dsp::Change change) MIXRIG_REALTIME;
        void begin_quantum() MIXRIG_REALTIME;
        void process(double* left, double* right, dsp::Slice slice, Room& room) MIXRIG_REALTIME;
        void run(double* left, double* right, dsp::Slice slice) MIXRIG_REALTIME;
        const Late* leader = nullptr;
        void reset() MIXRIG_REALTIME {
            processor.reset();
            bypass.reset();
        }

        Processor processor;
        dsp::MatchedBypass bypass;
        dsp::GainGlides wet;  // lane 0
        bool is_there = false;
    };

    void set_multiband(const link::Event& event) MIXRIG_REALTIME;
    void set_field(const link::FieldGoal& goal, dsp::Change change) MIXRIG_REALTIME;
    void set_saturator(const link::SaturatorGoal& goal, dsp::Change change) MIXRIG_REALTIME;
    void set_clipper(const link::ClipperGoal& goal, dsp::Change change) MIXRIG_REALTIME;
    void set_way(const link::MasterWay& way, dsp::Change change) MIXRIG_REALTIME;
    void begin_bypasses() MIXRIG_REALTIME;
    bool is_bypassed(std::size_t block) const MIXRIG_REALTIME {
        return (wanted_.bypassed >> block & 1u) != 0;
    }
    // Whether the bypass of an early block listens.
    bool runs(std::size_t block) const MIXRIG_REALTIME {
        return block < kEarly && unused_[block] < rest_quanta_;
    }
    dsp::MatchedBypassSettings bypass_of(std::size_t block) const MIXRIG_REALTIME {
        return {.bypassed = is_bypassed(block), .matched = wanted_.matched != 0};
    }
    void change_order() MIXRIG_REALTIME;
    bool is_on(link::MasterBlock block) const MIXRIG_REALTIME;
    bool is_any_on() const MIXRIG_REALTIME;
    void run(link::MasterBlock block, double* left, double* right, dsp::Slice slice)
        MIXRIG_REALTIME;
    void process(link::MasterBlock block, double* left, double* right, dsp::Slice slice)
        MIXRIG_REALTIME;
    void leave_block(std::size_t block, double* left, double* right, dsp::Slice slice)
        MIXRIG_REALTIME;
    Room& enter(const float* left, const float* right, dsp::Slice slice) MIXRIG_REALTIME;
    void leave(float* left, float* right, dsp::Slice slice) const MIXRIG_REALTIME;
    void fade(double* left, double* right, dsp::Slice slice) const MIXRIG_REALTIME;
    std::size_t lateness() const MIXRIG_REALTIME {
        return (saturator_.is_there ? 1u : 0u) + (clipper_.is_there ? 2u : 0u);
    }

    dsp::MidSideEq ms_;
    dsp::MidSideEqDesign ms_design_;
    bool ms_on_ = false, ms_dirty_ = false;
    dsp::Change ms_change_ = dsp::Change::jump;
    dsp::Multiband multiband_;
    dsp::MultibandSettings bands_;
    bool bands_dirty_ = false;
    dsp::Change bands_change_ = dsp::Change::jump;
    dsp::StereoField field_;
    bool field_on_ = false;
    Late<dsp::Saturator> saturator_;
    Late<dsp::Clipper> clipper_;

    static constexpr std::size_t kEarly = 4;           // blocks that are never late
    std::array<dsp::MatchedBypass, kEarly> bypasses_;  // by MasterBlock
    std::array<dsp::MatchedBypass, 4> whole_;          // of the chain, by what of it is late
    std::array<std::size_t, kEarly> unused_{};         // quanta since a bypass was of use
    std::size_t late_ = 0;                             // the one of whole_ that runs
    link::MasterWay way_, wanted_;
    dsp::GainGlides level_;  // lane 0; to 0 and back around a change of the order
    std::size_t rest_quanta_;
    std::size_t resting_;  // quanta since anything was on
    Room at_work_, room_;
    const MasterChain* leader_ = nullptr;
};

}  // namespace mixrig::engine
