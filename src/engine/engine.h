// The console: strips, buses and outputs, computed quantum by quantum. Live or offline, it is the
// same.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/realtime.h"
#include "dsp/units.h"
#include "src/engine/automix.h"
#include "src/engine/bus_limiter.h"
#include "src/engine/effect.h"
#include "src/engine/geometry.h"
#include "src/engine/listening.h"
#include "src/engine/master_chain.h"
#include "src/engine/mix_matrix.h"
#include "src/engine/outputs.h"
#include "src/engine/plan.h"
#include "src/engine/side_sources.h"
#include "src/engine/strip_bank.h"
#include "src/engine/workers.h"
#include "src/link/link.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace mixrig::engine {

class Engine;

struct EngineConfig {
    dsp::Hertz rate{48000.0};
    std::size_t threads = 1;  // the audio thread is one of them
    OutputSettings outputs{};
    std::function<void()> on_worker_start = {};

    // Others follow it: it keeps, for the slice at work, what its dynamics, limiters, effects and
    // master chain did.
    bool tells = false;
    // Follows that engine, of the same desk, told the same at the same frames, which has had every
    // slice before: it takes its channels in place of the inputs, only those in `part`, and does to
    // that part of the mix what `leader` does to the mix. The outputs of followers whose parts make
    // up all channels add up to those of the leader, within the rounding of floats.
    const Engine* leader = nullptr;
    std::vector<bool> part = {};  // by number of channel
    bool hears_beside = true;     // oscillator and talkback; of all followers one does
};

class Engine {
public:
    // [control] Allocates everything. `geometry` and `link` must outlive the engine.
    Engine(const Geometry& geometry, link::Link& link, EngineConfig config);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // [control, before the first process] Applies a batch at once; Resolver::resolve_all is meant
    // for it.
    void begin(const std::vector<link::Event>& batch);

    // [audio] in[i] and out[i] by Geometry's numbers of inputs and outputs; any number of frames.
    // The samples do not depend on how time is cut into calls, nor on the number of threads.
    void process(const float* const* in, float* const* out, std::size_t frames) MIXRIG_REALTIME;

    // [audio] Frames since the start.
    std::uint64_t position() const MIXRIG_REALTIME { return position_; }

    // [audio, after a process() that stayed within a quantum] One side of what that slice was at a
    // tap of a strip, into `out` from its first frame on; a mono strip is alike on both sides. Of
    // the main bus `post` is the mix before its master chain.
    void copy_tap(Strip strip, link::Tap tap, std::size_t side, float* out) const MIXRIG_REALTIME;
    // [audio, likewise; if it tells] The main bus behind its master chain, before its limiter.
    void copy_unlimited(std::size_t side, float* out) const MIXRIG_REALTIME;

    // [control] A meter frame of the right size.
    link::MeterFrame make_meter_frame() const;

    // [any thread, audio stopped] Everything forgets what it heard; what is set stays.
    void reset() MIXRIG_REALTIME;

private:
    struct BankState {
        std::uint32_t silent_quanta = 0;
        std::uint32_t ticks = 0;   // cost since the last meter frame
        std::uint32_t sleeps = 0;  // times it fell asleep
        bool asleep = false;
        bool heard = false;                     // something came in during this quantum
        std::unique_ptr<dsp::BankBlock> route;  // groups: behind their limiters
    };
    // The effect in a strip: the one it has, the one it shall have, and how much of it is heard.
    struct Insert {
        explicit Insert(std::size_t quanta) : wet(quanta, 0.0f) {}
        std::size_t now = kNoEffect, next = kNoEffect;
        dsp::GainGlides wet;  // lane 0
    };
    static constexpr std::size_t kNoEffect = static_cast<std::size_t>(-1);

    struct StripState {
        std::unique_ptr<BusLimiter> limiter;
        std::unique_ptr<Insert> insert;  // where the kind may have one
        std::uint32_t clean_quanta = 0;  // since its last bad sample
        float trim = 1.0f;               // what it is set to; a faulty strip has none
        std::uint32_t relapses = 0;      // faults in quick succession
        std::uint64_t recovered = 0;     // when it was last heard again
        bool faulty = false;
    };

    // Lanes of one bank that are outputs, and where they go: a quantum each.
    struct OutputBank {
        std::uint16_t bank = 0;
        dsp::PlanarOutputs lanes{};
    };
    void find_output_banks();  // [control]

    // engine_events.cpp: what happens at a quantum boundary.
    void begin_quantum() MIXRIG_REALTIME;
    void take_events(link::EventQueue& queue, std::uint32_t& wait) MIXRIG_REALTIME;
    void apply(const link::Event& event) MIXRIG_REALTIME;
    void apply_strip(const link::Event& event, StripBank& bank, const StripPlace& place)
        MIXRIG_REALTIME;
    void apply_mix(const link::Event& event) MIXRIG_REALTIME;
    void apply_key(const link::Event& event, StripBank& bank, const StripPlace& place)
        MIXRIG_REALTIME;
    void take_plan(Plan* plan) MIXRIG_REALTIME;
    void retire(link::Retired what) MIXRIG_REALTIME;
    void watch_faults() MIXRIG_REALTIME;
    void fault(Strip strip) MIXRIG_REALTIME;
    void publish_meters() MIXRIG_REALTIME;
    void publish_main() MIXRIG_REALTIME;

    // engine_taps.cpp: what the analyser and the feedback guard hear.
    void publish_taps() MIXRIG_REALTIME;
    void publish_analysis(std::uint32_t number) MIXRIG_REALTIME;
    void publish_guarded(Strip strip) MIXRIG_REALTIME;
    void fill_meters(link::MeterFrame& frame) MIXRIG_REALTIME;

    // engine_effects.cpp: effects in their buses and in strips.
    void apply_effect(const link::Event& event) MIXRIG_REALTIME;
    void begin_effects() MIXRIG_REALTIME;
    void move_insert(Strip strip) MIXRIG_REALTIME;
    void run_effect(std::size_t effect) MIXRIG_REALTIME;
    const float* return_of(std::size_t effect, std::size_t side) const MIXRIG_REALTIME;
    dsp::LaneMask run_inserts(const BankRun& run) MIXRIG_REALTIME;
    void run_insert(Strip strip) MIXRIG_REALTIME;
    bool has_running_insert(std::size_t bank) const MIXRIG_REALTIME;

    // engine.cpp: one slice.
    void run(dsp::Slice slice) MIXRIG_REALTIME;
    void run_level(const Level& level) MIXRIG_REALTIME;
    void begin_master() MIXRIG_REALTIME;
    bool take_input(const BankRun& run) MIXRIG_REALTIME;
    void run_bank(const BankRun& run) MIXRIG_REALTIME;
    dsp::PlanarInputs inputs_of(const BankRun& run) const MIXRIG_REALTIME;

    // engine_listening.cpp: behind the strips.
    void begin_side_sources() MIXRIG_REALTIME;
    void run_limiters(const BankRun& run) MIXRIG_REALTIME;
    void run_outputs() MIXRIG_REALTIME;
    void run_strip_outputs() MIXRIG_REALTIME;
    void run_limiter(std::size_t output) MIXRIG_REALTIME;
    void run_monitor() MIXRIG_REALTIME;
    void add_listened(std::size_t source) MIXRIG_REALTIME;

    // engine_sleep.cpp
    std::uint32_t quanta(double seconds) const MIXRIG_REALTIME;
    bool may_sleep(std::size_t bank) MIXRIG_REALTIME;
    void watch_sleep(std::size_t bank) MIXRIG_REALTIME;
    bool has_running_limiter(std::size_t bank) const MIXRIG_REALTIME;
    void wake(std::size_t bank) MIXRIG_REALTIME;

    // engine_following.cpp: a part of a mix.
    void begin_following();  // [control]
    bool follow_input(const BankRun& run) MIXRIG_REALTIME;
    bool takes_part(const BankRun& run) MIXRIG_REALTIME;
    void end_following() MIXRIG_REALTIME;

    // engine_tape.cpp
    void take_tape(link::Tape* tape) MIXRIG_REALTIME;
    void write_tape() MIXRIG_REALTIME;
    const float* taped(const link::TapeSource& source, const StripPlace& place, std::size_t side,
                       Planar& room) const MIXRIG_REALTIME;

    const Geometry& geometry_;
    link::Link& link_;
    EngineConfig config_;
    std::vector<std::unique_ptr<StripBank>> banks_;
    std::vector<BankState> bank_states_;
    std::vector<StripState> strip_states_;
    std::vector<std::unique_ptr<Effect>> effects_;  // by number of their bus
    std::vector<Strip> inserting_;                  // the first inserts_ have an insert, or shall
    std::size_t inserts_ = 0;
    Automix automix_;
    MixMatrix mix_;
    std::vector<OutputPair> outputs_;   // main, auxes, matrices, monitor
    std::vector<Strip> output_strips_;  // beside outputs_, without the monitor
    std::vector<OutputBank> output_banks_;
    SideSources side_sources_;
    MasterChain master_;
    Listening listening_;
    dsp::GainGlides ramp_;               // lane 0
    Planar main_left_{}, main_right_{};  // behind the main strip, for the master chain
    std::array<Planar, 2> unlimited_{};  // main, before its limiter, if it tells
    std::vector<dsp::LaneMask> part_;    // of each bank, if it follows
    std::unique_ptr<Plan> plan_;
    link::Tape* tape_ = nullptr;  // who sent it keeps it until it is let go
    Workers workers_;

    std::uint64_t position_ = 0;
    std::uint32_t live_wait_ = 0, timeline_wait_ = 0;  // quanta
    std::uint32_t metered_frames_ = 0;
    std::uint32_t meter_interval_;
    std::uint32_t keyed_banks_ = 0;
    std::uint32_t faulty_strips_ = 0;

    // The slice at work.
    dsp::Slice slice_;
    const float* const* in_ = nullptr;
    float* const* out_ = nullptr;
    std::size_t offset_ = 0;  // of the slice in in_ and out_
    const Level* level_ = nullptr;
};

}  // namespace mixrig::engine
