// What happens at a quantum boundary: events, faults, sleep, meters.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/base/clock.h"
#include "src/engine/engine.h"

#include <algorithm>
#include <span>

namespace mixrig::engine {

using dsp::Change;
using dsp::LaneMask;
using link::Block;

namespace {

// A strip that failed is heard again when its signal has been clean for so long.
// One that fails again within the memory has to wait twice as long each time.
constexpr double kCleanSeconds = 0.1;
constexpr double kRelapseSeconds = 10.0;
constexpr std::uint32_t kMostRelapses = 7;

}  // namespace

void Engine::begin(const std::vector<link::Event>& batch) {
    for (const link::Event& event : batch) apply(event);
}

void Engine::begin_quantum() MIXRIG_REALTIME {
    if (position_ != 0 && config_.leader == nullptr) {
        publish_main();
        publish_taps();
    }
    watch_faults();
    take_events(link_.timeline, timeline_wait_);
    take_events(link_.live, live_wait_);
    if (config_.leader == nullptr)
        automix_.begin_quantum(
            banks_);  // before the taps of the quantum that ended are written over
    begin_effects();
    begin_side_sources();
    for (std::size_t b = 0; b < banks_.size(); ++b) {
        watch_sleep(b);
        if (!bank_states_[b].asleep) banks_[b]->begin_quantum();
    }
    for (StripState& strip : strip_states_)
        if (strip.limiter && strip.limiter->active()) strip.limiter->begin_quantum();
    master_.begin_quantum();
    listening_.begin_quantum();
    if (!ramp_.idle()) ramp_.begin_quantum();
    mix_.begin_quantum();
    publish_meters();
}

void Engine::take_events(link::EventQueue& queue, std::uint32_t& wait) MIXRIG_REALTIME {
    if (wait > 0 && --wait > 0) return;
    while (const link::Event* event = queue.front()) {
        if (event->frame > position_) return;
        const link::Event now = *event;
        queue.pop();
        if (now.block == Block::wait) {
            wait = now.data<std::uint32_t>();
            return;
        }
        apply(now);
    }
}

void Engine::apply(const link::Event& event) MIXRIG_REALTIME {
    switch (event.block) {
        case Block::plan:
            return take_plan(event.data<Plan*>());
        case Block::tape:
            return take_tape(event.data<link::Tape*>());
        case Block::mix:
            return apply_mix(event);
        case Block::monitor:
            return listening_.set(event.data<link::MonitorGoal>(), event.change);
        case Block::automix:
            return automix_.set(geometry_.strips[event.strip], event.data<dsp::AutomixLane>(),
                                event.change);
        case Block::listen:
            return listening_.set_source(event.index, event.data<float>(), event.change);
        case Block::side:
            return side_sources_.set(event.strip, event.data<link::SideGains>(), event.change);
        case Block::oscillator:
            return side_sources_.set_oscillator(event.data<dsp::OscillatorGoal>(), event.change);
        case Block::ramp:
            ramp_.set(0, 0.0f, Change::jump);
            return ramp_.set(0, 1.0f, Change::glide);
        case Block::limiter:
            strip_states_[event.strip].limiter->set(event.data<link::LimiterGoal>(), event.change);
            return wake(geometry_.strips[event.strip].bank);
        case Block::insert:
        case Block::effect:
        case Block::effect_unit:
        case Block::effect_mix:
            return apply_effect(event);
        case Block::master_ms:
        case Block::master_on:
        case Block::multiband:
        case Block::multi_band:
        case Block::field:
        case Block::saturator:
        case Block::clipper:
        case Block::master_way:
            return master_.apply(event);
        case Block::mark:
            // Whoever marks batches has fewer of them under way than the queue has room for.
            if (!link_.applied.try_push({event.data<std::uint64_t>(), position_}))
                link_.lost.fetch_add(1, std::memory_order_relaxed);
            return;
        case Block::wait:
            return;
        default:
            break;
    }
    const StripPlace& place = geometry_.strips[event.strip];
    if (event.block == Block::key_source) return apply_key(event, *banks_[place.bank], place);
    apply_strip(event, *banks_[place.bank], place);
}

void Engine::apply_strip(const link::Event& event, StripBank& bank, const StripPlace& place)
    MIXRIG_REALTIME {
    Processors& p = bank.processors();
    // A sleeping bank does not glide: nobody hears it.
    const Change change = bank_states_[place.bank].asleep ? Change::jump : event.change;
    for (std::size_t side = 0; side < place.lanes(); ++side) {
        const std::size_t lane = place.lane + side;
        switch (event.block) {
            case Block::trim: {
                StripState& state = strip_states_[event.strip];
                state.trim = event.data<float>();
                if (!state.faulty) p.trim.set(lane, state.trim, change);
                break;
            }
            case Block::delay:
                bank.delay().set(lane, event.data<dsp::DelayLane>(), change);
                break;
            case Block::hpf:
                p.filters[event.index].set(lane, event.data<dsp::SvfLane>(), change);
                break;
            case Block::lpf:
                p.filters[2u + event.index].set(lane, event.data<dsp::SvfLane>(), change);
                break;
            case Block::gate:
                p.gate.set(lane, event.data<dsp::GateLane>(), change);
                break;
            case Block::gate_key:
                p.key_filter[0].set(lane, event.data<dsp::SvfLane>(), change);
                break;
            case Block::eq:
                p.eq[event.index].set(lane, event.data<dsp::SvfLane>(), change);
                // Sent behind the bands that it belongs to.
                if (event.index == link::kTouchUp)
                    for (const dsp::SvfBank& band : std::span(p.eq).first(link::kTouchUp))
                        p.eq[link::kTouchUp].glide_with(lane, band);
                break;
            case Block::comp:
                p.comp[event.index].set(lane, event.data<dsp::CompressorLane>(), change);
                break;
            case Block::loudness:
                bank.set_loudness(lane, event.data<std::uint32_t>());
                break;
            case Block::comp_key:
                p.key_filter[1u + event.index].set(lane, event.data<dsp::SvfLane>(), change);
                break;
            case Block::fader:
                p.fader.set(lane, event.data<float>(), change);
                break;
            case Block::stereo: {
                const auto gains = event.data<std::array<float, 4>>();
                p.same.set(lane, gains[2 * side], change);
                p.cross.set(lane, gains[2 * side + 1], change);
                break;
            }
            default:
                break;
        }
    }
}

void Engine::apply_mix(const link::Event& event) MIXRIG_REALTIME {
    const StripPlace& place = geometry_.strips[event.strip];
    const auto g = event.data<link::MixGains>();
    const MixSource source{place.bank, static_cast<SendTap>(g.tap),
                           static_cast<std::uint8_t>(g.alignment)};
    const bool stereo_bus = event.index != 0;
    mix_.set_gain(g.bus, source, place.lane, g.left_from_left, event.change);
    if (place.stereo)
        mix_.set_gain(g.bus, source, place.lane + 1u, g.left_from_right, event.change);
    if (!stereo_bus) return;
    mix_.set_gain(g.bus + 1, source, place.lane, g.right_from_left, event.change);
    if (place.stereo)
        mix_.set_gain(g.bus + 1, source, place.lane + 1u, g.right_from_right, event.change);
}

void Engine::apply_key(const link::Event& event, StripBank& bank, const StripPlace& place)
    MIXRIG_REALTIME {
    const auto channel = event.data<float>();
    const bool had_keys = bank.has_keys();
    for (std::size_t side = 0; side < place.lanes(); ++side) {
        const float* block = nullptr;
        if (channel != link::kNoKey) {
            const StripPlace& from =
                geometry_
                    .strips[geometry_.strip(param::Kind::ch, static_cast<std::size_t>(channel))];
            block = banks_[from.bank]->input() + from.lane + (from.stereo ? side : 0);
        }
        bank.set_key(event.index, place.lane + side, block);
    }
    if (had_keys != bank.has_keys()) keyed_banks_ += bank.has_keys() ? 1u : -1u;
    if (bank.has_keys()) wake(place.bank);
}

void Engine::take_plan(Plan* plan) MIXRIG_REALTIME {
    for (const auto& tap : plan_->aligned) mix_.set_block(tap->source, nullptr);
    for (const auto& tap : plan->aligned) mix_.set_block(tap->source, tap->out.x);
    Plan* const old = plan_.release();
    plan_.reset(plan);
    // Freed by the control thread; were its queue full, the plan would be kept for ever rather than
    // freed here.
    retire({link::Retired::Kind::plan, old});
}

void Engine::retire(link::Retired what) MIXRIG_REALTIME {
    if (what.what == nullptr) return;
    if (!link_.retired.try_push(what)) link_.lost.fetch_add(1, std::memory_order_relaxed);
}

void Engine::watch_faults() MIXRIG_REALTIME {
    for (std::size_t b = 0; b < banks_.size(); ++b) {
        const LaneMask lanes = banks_[b]->take_faults();
        if (lanes == 0 && faulty_strips_ == 0) continue;
        for (const Strip s : geometry_.banks[b].strips) {
            StripState& state = strip_states_[s];
            const StripPlace& place = geometry_.strips[s];
            if (lanes & place.mask()) {
                fault(s);
            } else if (state.faulty && ++state.clean_quanta >= quanta(kCleanSeconds)
                                                                   << state.relapses) {
                state.faulty = false;
                state.recovered = position_;
                --faulty_strips_;
                for (std::size_t side = 0; side < place.lanes(); ++side)
                    banks_[b]->processors().trim.set(place.lane + side, state.trim, Change::glide);
                if (!link_.notices.try_push({link::Fault::recovered, s, position_}))
                    link_.lost.fetch_add(1, std::memory_order_relaxed);
            }
        }
    }
    for (std::size_t o = 0; o < output_strips_.size(); ++o) {
        if (!outputs_[o].faulty) continue;
        outputs_[o].faulty = false;
        if (!link_.notices.try_push({link::Fault::ceiling, output_strips_[o], position_}))
            link_.lost.fetch_add(1, std::memory_order_relaxed);
    }
}

// Silences the strip at its very beginning, so at every tap, and makes it forget; it comes back by
// itself.
void Engine::fault(Strip strip) MIXRIG_REALTIME {
    StripState& state = strip_states_[strip];
    const StripPlace& place = geometry_.strips[strip];
    StripBank& bank = *banks_[place.bank];
    bank.reset(place.mask());
    automix_.reset(place.bank, place.mask());
    if (state.limiter) state.limiter->reset();
    if (place.kind == param::Kind::fx) effects_[place.number]->reset();
    if (state.insert && state.insert->now != kNoEffect) effects_[state.insert->now]->reset();
    for (std::size_t side = 0; side < place.lanes(); ++side)
        bank.processors().trim.set(place.lane + side, 0.0f, Change::jump);
    state.clean_quanta = 0;
    if (state.faulty) return;
    state.faulty = true;
    ++faulty_strips_;
    const auto memory = static_cast<std::uint64_t>(kRelapseSeconds * config_.rate.value);
    const bool again = state.recovered != 0 && position_ - state.recovered < memory;
    state.relapses = again ? std::min(state.relapses + 1, kMostRelapses) : 0;
    if (!link_.notices.try_push({link::Fault::not_finite, strip, position_}))
        link_.lost.fetch_add(1, std::memory_order_relaxed);
}

void Engine::publish_main() MIXRIG_REALTIME {
    link::StereoQuantum quantum{.frame = position_ - dsp::kQuantum};
    const OutputPair& main = outputs_.front();
    quantum.left = main.left;
    quantum.right = main.right;
    if (!link_.main_tap.try_push(quantum)) link_.lost.fetch_add(1, std::memory_order_relaxed);
}

void Engine::publish_meters() MIXRIG_REALTIME {
    if (position_ == 0) return;
    metered_frames_ += dsp::kQuantum;
    if (metered_frames_ < meter_interval_) return;
    link::MeterFrame* frame = nullptr;
    // Without a reader the meters go on counting: nothing is missed, only late.
    if (!link_.free_meters.try_pop(frame)) return;
    fill_meters(*frame);
    if (!link_.meters.try_push(frame)) link_.lost.fetch_add(1, std::memory_order_relaxed);
}

void Engine::fill_meters(link::MeterFrame& frame) MIXRIG_REALTIME {
    frame.frame = position_;
    frame.frames = metered_frames_;
    metered_frames_ = 0;
    frame.bands_dB = master_.take_reductions_dB();
    for (std::size_t b = 0; b < banks_.size(); ++b) {
        StripBank& bank = *banks_[b];
        const auto reduction = bank.reduction_dB();
        for (const Strip s : geometry_.banks[b].strips) {
            const StripPlace& place = geometry_.strips[s];
            link::StripMeter& meter = frame.strips[s];
            for (std::size_t tap = 0; tap < link::kMeteredTaps; ++tap)
                for (std::size_t side = 0; side < place.lanes(); ++side) {
                    const dsp::TapMeters& now = bank.meters().tap[tap];
                    const std::size_t lane = place.lane + side;
                    meter.tap[tap][side] = {now.peak[lane], now.mean_square_sum[lane],
                                            now.clips[lane]};
                }
            for (std::size_t tap = 0; tap < link::kMeteredTaps; ++tap) {
                const dsp::LoudnessBank& heard = bank.loudness(tap);
                const auto& [square, cross] = heard.sums();
                const std::size_t lane = place.lane;
                meter.loudness[tap] = {(heard.active() & dsp::lane_bit(lane)) != 0, square[lane],
                                       place.stereo ? square[lane + 1] : 0.0f,
                                       place.stereo ? cross[lane] : 0.0f};
            }
            for (std::size_t d = 0; d < kDynamics; ++d)
                meter.reduction_dB[d] = reduction[d][place.lane];
            BusLimiter* limiter = strip_states_[s].limiter.get();
            meter.limiter_dB = limiter != nullptr ? limiter->reduction_dB() : 0.0f;
            if (limiter != nullptr) limiter->clear_meter();
            meter.automix = automix_.gain(place);
        }
        bank.clear_meters();
        frame.bank_ticks[b] = bank_states_[b].ticks;
        bank_states_[b].ticks = 0;
    }
}

link::MeterFrame Engine::make_meter_frame() const {
    link::MeterFrame frame;
    frame.strips.resize(geometry_.strips.size());
    frame.bank_ticks.resize(geometry_.banks.size());
    return frame;
}

}  // namespace mixrig::engine
