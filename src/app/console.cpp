// A desk ready to compute.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/console.h"

#include "src/engine/retired.h"

#include <algorithm>
#include <utility>

namespace mixrig::app {

namespace {

// Half of what link::Link::applied has room for.
constexpr std::size_t kMostMarks = 4096;

// Room for every block of every strip and every gain of the mix matrix to change at once, twice.
std::size_t event_capacity(const engine::Geometry& geometry) {
    constexpr std::size_t kBlocksPerStrip = 32;
    return 2 * geometry.strips.size() * (kBlocksPerStrip + 2 * geometry.columns) + 1024;
}

void free_all(link::EventQueue& queue) {
    for (; queue.front() != nullptr; queue.pop()) engine::free_payload(*queue.front());
}

void free_all(const std::vector<link::Event>& batch) {
    for (const link::Event& event : batch) engine::free_payload(event);
}

}  // namespace

Console::Console(const param::Layout& layout, const param::Values& values,
                 engine::EngineConfig config, const Impulses* impulses)
    : rate_(config.rate),
      geometry_(layout.shape()),
      link_(event_capacity(geometry_)),
      resolver_(layout, geometry_, config.rate),
      engine_(geometry_, link_, std::move(config)) {
    if (impulses != nullptr)
        resolver_.set_convolutions(
            [impulses](std::size_t effect) { return impulses->make(effect); });
    for (param::Slot slot = 0; slot < layout.size(); ++slot)
        if (layout.row(slot).type != param::Type::text) resolver_.set(slot, values.number(slot));
    std::vector<link::Event> batch;
    resolver_.resolve_all(batch);
    note_plan(batch);
    engine_.begin(batch);
    collect();
}

Console::~Console() {
    collect();
    free_all(link_.live);
    free_all(link_.timeline);
    free_all(live_);
    free_all(timeline_);
}

void Console::note_plan(const std::vector<link::Event>& batch) {
    for (const link::Event& event : batch)
        if (event.block == link::Block::plan) {
            const auto& plan = *event.data<engine::Plan*>();
            output_latency_ = plan.output_latency;
            latency_ = plan.latency;
        }
}

bool Console::send(link::EventQueue& queue, std::vector<link::Event>& batch) {
    if (batch.empty()) return true;
    if (!queue.try_send(batch)) return false;
    batch.clear();
    return true;
}

bool Console::flush(link::EventQueue& queue, std::vector<link::Event>& batch, FlightLog::Way way,
                    std::uint64_t frame) {
    // While the engine has not taken what is waiting, values gather in the resolver: the last one
    // wins.
    if (!send(queue, batch)) return false;
    if (log_ != nullptr && log_->waiting() >= kMostMarks) return false;
    if (log_ != nullptr && log_->has_news()) {
        batch.push_back(next_mark());
        log_->cut(marked_, way, frame);
    }
    std::vector<link::Event> events;
    resolver_.resolve(dsp::Change::glide, events);
    note_plan(events);
    if (heard_ && batch.empty() && !events.empty() && way == FlightLog::Way::live)
        batch.push_back(next_mark());
    if (way == FlightLog::Way::live) live_mark_ = marked_;
    batch.insert(batch.end(), events.begin(), events.end());
    for (link::Event& event : batch) event.frame = frame;
    if (way == FlightLog::Way::ahead && !batch.empty())
        timeline_end_ = std::max(timeline_end_, frame);
    return send(queue, batch);
}

link::Event Console::next_mark() {
    return link::Event::make(link::Block::mark, 0, 0, ++marked_);
}

bool Console::flush() {
    return flush(link_.live, live_, FlightLog::Way::live, 0);
}

bool Console::flush_at(std::uint64_t frame) {
    return flush(link_.timeline, timeline_, FlightLog::Way::ahead, frame);
}

bool Console::flush_live_at(std::uint64_t frame) {
    return flush(link_.live, live_, FlightLog::Way::live, frame);
}

void Console::ramp_up(std::uint64_t frame) {
    if (log_ != nullptr) {
        live_.push_back(next_mark());
        log_->ramp(marked_);
    }
    live_.push_back(link::Event::make(link::Block::ramp, 0, 0, 0.0f));
    live_.back().frame = frame;
    (void)flush();
}

void Console::use_tape(std::shared_ptr<link::Tape> tape) {
    live_.push_back(link::Event::make(link::Block::tape, 0, 0, tape.get()));
    if (tape != nullptr) tapes_.push_back(std::move(tape));
    (void)flush();
}

void Console::collect() {
    std::erase_if(tapes_, [](const auto& tape) { return tape->is_let_go(); });
    engine::free_retired(link_);
    link::Applied report;
    while (link_.applied.try_pop(report)) {
        if (log_ != nullptr) log_->applied(report);
        if (heard_) heard_(report.batch, report.frame);
    }
}

}  // namespace mixrig::app
