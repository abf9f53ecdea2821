// One slice of time through the whole desk.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/engine.h"

#include "dsp/cpu.h"
#include "dsp/denormals.h"
#include "src/base/clock.h"
#include "src/engine/lanes.h"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace mixrig::engine {

using dsp::LaneMask;
using dsp::Slice;
using param::Kind;

namespace {

constexpr double kMetersPerSecond = 50.0;

bool has_limiter(Kind kind) {
    return kind == Kind::sub || kind == Kind::aux || kind == Kind::mtx || kind == Kind::main;
}

std::size_t ramp_quanta(dsp::Seconds ramp, dsp::Hertz rate) {
    const double frames = ramp.value * rate.value;
    return std::clamp<std::size_t>(
        static_cast<std::size_t>(frames / static_cast<double>(dsp::kQuantum)), 1, 60000);
}

bool is_silence(const dsp::PlanarInputs& planar, std::size_t frames) {
    return std::all_of(planar.begin(), planar.end(),
                       [frames](const float* lane) { return is_silent(lane, frames); });
}

}  // namespace

Engine::Engine(const Geometry& geometry, link::Link& link, EngineConfig config)
    : geometry_(geometry),
      link_(link),
      config_(std::move(config)),
      bank_states_(geometry.banks.size()),
      strip_states_(geometry.strips.size()),
      automix_(geometry, config_.rate),
      mix_(geometry, config_.rate),
      side_sources_(geometry, config_.rate),
      master_(config_.rate),
      listening_(geometry, config_.rate),
      ramp_(ramp_quanta(config_.outputs.ramp, config_.rate),
            config_.outputs.ramp.value > 0.0 ? 0.0f : 1.0f),
      plan_(std::make_unique<Plan>()),
      workers_(config_.threads - 1, config_.on_worker_start),
      meter_interval_(static_cast<std::uint32_t>(config_.rate.value / kMetersPerSecond)) {
    dsp::init();
    for (std::uint16_t b = 0; b < geometry.banks.size(); ++b) {
        const BankPlace& place = geometry.banks[b];
        banks_.push_back(std::make_unique<StripBank>(config_.rate, place.used, place.linked));
        StripBank& bank = *banks_.back();
        if (place.stage == Stage::groups)
            bank_states_[b].route = std::make_unique<dsp::BankBlock>();
        const float* route = bank_states_[b].route ? bank_states_[b].route->x : bank.post();
        mix_.set_block({b, SendTap::input, 0}, bank.input());
        mix_.set_block({b, SendTap::pre, 0}, bank.pre());
        mix_.set_block({b, SendTap::post, 0}, bank.post());
        mix_.set_block({b, SendTap::route, 0}, route);
    }
    for (Strip s = 0; s < geometry.strips.size(); ++s) {
        const Kind kind = geometry.strips[s].kind;
        if (has_limiter(kind))
            strip_states_[s].limiter = std::make_unique<BusLimiter>(config_.rate);
        if (param::kTable[param::row("insert")].kinds & param::only(kind))
            strip_states_[s].insert = std::make_unique<Insert>(dsp::glide_quanta(config_.rate));
        if (kind == Kind::fx) effects_.push_back(std::make_unique<Effect>(config_.rate));
    }
    inserting_.resize(geometry.strips.size());
    for (std::size_t o = 0; o < geometry.outputs.size();) {
        const OutputPlace& output = geometry.outputs[o];
        const std::size_t lanes = output.monitor ? 2 : geometry.strips[output.strip].lanes();
        outputs_.emplace_back(config_.rate, config_.outputs, o, lanes);
        if (!output.monitor) output_strips_.push_back(output.strip);
        o += lanes;
    }
    find_output_banks();
    begin_following();
    if (config_.outputs.ramp.value > 0.0) ramp_.set(0, 1.0f, dsp::Change::glide);
}

Engine::~Engine() = default;

// Which lanes of which banks are outputs. The main bus leaves through its master chain.
void Engine::find_output_banks() {
    for (std::size_t o = 0; o < output_strips_.size(); ++o) {
        const Strip strip = output_strips_[o];
        const StripPlace& place =
            geometry_.strips[strip == geometry_.main() ? geometry_.master() : strip];
        auto found = std::find_if(output_banks_.begin(), output_banks_.end(),
                                  [&](const OutputBank& bank) { return bank.bank == place.bank; });
        if (found == output_banks_.end())
            found = output_banks_.insert(output_banks_.end(), OutputBank{place.bank, {}});
        found->lanes[place.lane] = outputs_[o].left.data();
        if (place.stereo) found->lanes[place.lane + 1u] = outputs_[o].right.data();
    }
}

void Engine::process(const float* const* in, float* const* out, std::size_t frames)
    MIXRIG_REALTIME {
    const dsp::FlushSubnormals flush;
    in_ = in;
    out_ = out;
    offset_ = 0;
    while (offset_ < frames) {
        const std::size_t first = position_ % dsp::kQuantum;
        if (first == 0) begin_quantum();
        const Slice slice{first, std::min(dsp::kQuantum - first, frames - offset_)};
        run(slice);
        offset_ += slice.count;
        position_ += slice.count;
    }
}

void Engine::run(Slice slice) MIXRIG_REALTIME {
    slice_ = slice;
    side_sources_.prepare(geometry_.talkback ? in_[geometry_.inputs - 1] + offset_ : nullptr,
                          slice);
    for (const Level& level : plan_->levels) run_level(level);
    for (const auto& tap : plan_->aligned) tap->advance(slice);
    run_strip_outputs();
    run_monitor();
    run_outputs();
    write_tape();
    if (config_.leader != nullptr) end_following();
}

void Engine::run_level(const Level& level) MIXRIG_REALTIME {
    level_ = &level;
    if (&level == &plan_->levels.back()) begin_master();
    workers_.run(
        [](void* self, std::size_t i) noexcept {
            auto& engine = *static_cast<Engine*>(self);
            engine.mix_.mix(engine.level_->columns[i], engine.slice_);
        },
        this, level.columns.size());
    workers_.run(
        [](void* self, std::size_t i) noexcept {
            auto& engine = *static_cast<Engine*>(self);
            engine.run_effect(engine.level_->effects[i]);
        },
        this, level.effects.size());
    // A dynamics block that listens to another channel needs that channel's input tap first.
    if (keyed_banks_ != 0 && level.columns.empty()) {
        workers_.run(
            [](void* self, std::size_t i) noexcept {
                auto& engine = *static_cast<Engine*>(self);
                (void)engine.take_input(engine.level_->banks[i]);
            },
            this, level.banks.size());
        workers_.run(
            [](void* self, std::size_t i) noexcept {
                auto& engine = *static_cast<Engine*>(self);
                const BankRun& run = engine.level_->banks[i];
                if (!engine.bank_states_[run.bank].asleep) engine.run_bank(run);
            },
            this, level.banks.size());
        return;
    }
    workers_.run(
        [](void* self, std::size_t i) noexcept {
            auto& engine = *static_cast<Engine*>(self);
            const BankRun& run = engine.level_->banks[i];
            if (engine.take_input(run)) engine.run_bank(run);
        },
        this, level.banks.size());
}

// Main has been mixed by now, and its master strip comes next.
void Engine::begin_master() MIXRIG_REALTIME {
    if (master_.is_resting()) return;
    if (bank_states_[geometry_.strips[geometry_.main()].bank].asleep)
        for (Planar* const side : {&main_left_, &main_right_})
            std::fill_n(side->data() + slice_.first, slice_.count, 0.0f);
    master_.before_strip(main_left_.data(), main_right_.data(), slice_);
}

dsp::PlanarInputs Engine::inputs_of(const BankRun& run) const MIXRIG_REALTIME {
    dsp::PlanarInputs planar{};
    for (const Strip s : geometry_.banks[run.bank].strips) {
        const StripPlace& place = geometry_.strips[s];
        if (!(run.lanes & dsp::lane_bit(place.lane))) continue;
        for (std::size_t side = 0; side < place.lanes(); ++side) {
            const float*& lane = planar[place.lane + side];
            if (place.kind == Kind::ch)
                lane = in_[place.input + side] + offset_;
            else if (place.kind == Kind::master)
                lane = (side == 0 ? main_left_ : main_right_).data() + slice_.first;
            else if (place.kind == Kind::fx)
                lane = return_of(place.number, side);
            else
                lane = mix_.sum(place.column + static_cast<Column>(side), slice_);
        }
    }
    return planar;
}

// False if nothing comes in and the bank sleeps.
bool Engine::take_input(const BankRun& run) MIXRIG_REALTIME {
    if (config_.leader != nullptr) return follow_input(run);
    BankState& state = bank_states_[run.bank];
    const dsp::PlanarInputs planar = inputs_of(run);
    if (!state.heard) state.heard = !is_silence(planar, slice_.count);
    if (state.asleep && !state.heard) return false;
    if (state.asleep) {
        wake(run.bank);
        banks_[run.bank]->begin_quantum();  // it had no part in this quantum's beginning
    }
    banks_[run.bank]->take_input(planar, slice_, run.lanes);
    return true;
}

void Engine::run_bank(const BankRun& run) MIXRIG_REALTIME {
    const std::uint64_t start = base::ticks();
    StripBank& bank = *banks_[run.bank];
    if (config_.leader == nullptr || !takes_part(run)) {
        bank.process_front(slice_, position_, run.lanes);
        const LaneMask inserted = inserts_ != 0 ? run_inserts(run) : dsp::kNoLanes;
        bank.process_back(slice_, run.lanes, inserted != 0);
        run_limiters(run);
    }
    for (const auto& tap : plan_->aligned) {
        if (tap->source.bank != run.bank) continue;
        const dsp::BankBlock* route = bank_states_[run.bank].route.get();
        const std::array blocks = {bank.input(), bank.pre(), bank.post(),
                                   route ? route->x : bank.post()};
        tap->process(blocks[static_cast<std::size_t>(tap->source.tap)], slice_, run.lanes);
    }
    if (run.lanes & geometry_.strips[geometry_.main()].mask() &&
        run.bank == geometry_.strips[geometry_.main()].bank) {
        const std::size_t lane = geometry_.strips[geometry_.main()].lane;
        dsp::deinterleave(bank.post(), lane, main_left_.data() + slice_.first, slice_);
        dsp::deinterleave(bank.post(), lane + 1, main_right_.data() + slice_.first, slice_);
    }
    bank_states_[run.bank].ticks += static_cast<std::uint32_t>(base::ticks() - start);
}

void Engine::reset() MIXRIG_REALTIME {
    for (std::size_t b = 0; b < banks_.size(); ++b) banks_[b]->reset(banks_[b]->used());
    for (StripState& strip : strip_states_)
        if (strip.limiter) strip.limiter->reset();
    for (std::size_t b = 0; b < banks_.size(); ++b) automix_.reset(b, banks_[b]->used());
    for (const auto& effect : effects_) effect->reset();
    for (OutputPair& output : outputs_) output.ceiling.reset();
    master_.reset();
    listening_.reset();
}

}  // namespace mixrig::engine
