// A desk ready to compute: layout, resolver, queues and engine, for one sample rate. Live and
// offline use the same.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"
#include "src/app/flight_log.h"
#include "src/app/impulses.h"
#include "src/engine/engine.h"
#include "src/engine/resolver.h"
#include "src/link/link.h"
#include "src/param/values.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace mixrig::app {

class Console {
public:
    // [control] Starts with `values`, without gliding there. `layout` must outlive the console.
    // `impulses`, if there are any, must outlive it too.
    Console(const param::Layout& layout, const param::Values& values, engine::EngineConfig config,
            const Impulses* impulses = nullptr);
    // Audio has stopped.
    ~Console();
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

    // [control] A value for the next flush.
    void set(param::Slot slot, float value) {
        if (log_ != nullptr && this->value(slot) != value) log_->said(slot, value);
        resolver_.set(slot, value);
    }
    // [control] What was set last, also if it takes effect only later.
    float value(param::Slot slot) const { return resolver_.values().number(slot); }
    const param::Values& values() const { return resolver_.values(); }
    // [control] The next flush sends what this slot belongs to, changed or not.
    void refresh(param::Slot slot) {
        if (log_ != nullptr) log_->said(slot, value(slot));
        resolver_.refresh(slot);
    }
    // [control] The impulse response of this effect is another one.
    void renew_unit(std::size_t effect) { resolver_.renew_unit(effect); }
    base::Status check(param::Slot slot, float value) const { return resolver_.check(slot, value); }
    // [control] Sends what was set, to be applied together. False if the engine does not keep up:
    // nothing is lost, call again.
    [[nodiscard]] bool flush();
    // [control] The same, at the first quantum boundary at or after `frame`.
    [[nodiscard]] bool flush_at(std::uint64_t frame);
    // [control] Live, but not before this frame: a flight that is replayed. Frames go up.
    [[nodiscard]] bool flush_live_at(std::uint64_t frame);
    // [control] The latest frame of flush_at: what is sent for an earlier one waits for it.
    std::uint64_t timeline_end() const { return timeline_end_; }
    // [control] Outputs to silence and up again over the ramp, as after a start.
    void ramp_up(std::uint64_t frame = 0);

    // [control] Tells this log what is said from now on and when it is heard; null ends it.
    void record(FlightLog* log) { log_ = log; }
    // [control] Tells when the engine begins a live batch, by the number that it had when it was
    // sent: live_mark(). Null ends it.
    using Heard = std::function<void(std::uint64_t batch, std::uint64_t frame)>;
    void hear(Heard heard) { heard_ = std::move(heard); }
    std::uint64_t live_mark() const { return live_mark_; }
    // [control] What the engine writes to from the next quantum boundary on; null: to nothing. Kept
    // for as long as the engine has it.
    void use_tape(std::shared_ptr<link::Tape> tape);
    // [control, now and then] Frees what the engine no longer uses; hears what it has applied.
    void collect();

    engine::Engine& engine() { return engine_; }
    const engine::Engine& engine() const { return engine_; }
    link::Link& link() { return link_; }
    const engine::Geometry& geometry() const { return geometry_; }
    dsp::Hertz rate() const { return rate_; }
    // [control] What a path adds, in frames, by engine output.
    const std::vector<std::size_t>& output_latency() const { return output_latency_; }
    // [control] The same by strip and tap.
    const engine::Latency& latency() const { return latency_; }

private:
    bool send(link::EventQueue& queue, std::vector<link::Event>& batch);
    bool flush(link::EventQueue& queue, std::vector<link::Event>& batch, FlightLog::Way way,
               std::uint64_t frame);
    link::Event next_mark();
    void note_plan(const std::vector<link::Event>& batch);

    dsp::Hertz rate_;
    engine::Geometry geometry_;
    link::Link link_;
    engine::Resolver resolver_;
    engine::Engine engine_;
    std::vector<link::Event> live_;      // not sent yet
    std::vector<link::Event> timeline_;  // not sent yet
    std::uint64_t timeline_end_ = 0;
    std::vector<std::size_t> output_latency_;
    engine::Latency latency_;
    FlightLog* log_ = nullptr;
    Heard heard_;
    std::uint64_t marked_ = 0;                        // batches so far
    std::uint64_t live_mark_ = 0;                     // the last one of them that was live
    std::vector<std::shared_ptr<link::Tape>> tapes_;  // sent, and not come back yet
};

}  // namespace mixrig::app
