// A desk ready to compute.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/console.h"

#include "src/engine/retired.h"

#include <utility>

namespace mixrig::app {

namespace {

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
                 engine::EngineConfig config)
    : rate_(config.rate),
      geometry_(layout.shape()),
      link_(event_capacity(geometry_)),
      resolver_(layout, geometry_, config.rate),
      engine_(geometry_, link_, std::move(config)) {
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

void Console::resolve_into(std::vector<link::Event>& batch) {
    std::vector<link::Event> events;
    resolver_.resolve(dsp::Change::glide, events);
    note_plan(events);
    batch.insert(batch.end(), events.begin(), events.end());
}

void Console::note_plan(const std::vector<link::Event>& batch) {
    for (const link::Event& event : batch)
        if (event.block == link::Block::plan)
            output_latency_ = event.data<engine::Plan*>()->output_latency;
}

bool Console::send(link::EventQueue& queue, std::vector<link::Event>& batch) {
    if (batch.empty()) return true;
    if (!queue.try_send(batch)) return false;
    batch.clear();
    return true;
}

bool Console::flush() {
    // While the engine has not taken what is waiting, values gather in the resolver: the last one
    // wins.
    if (!send(link_.live, live_)) return false;
    resolve_into(live_);
    return send(link_.live, live_);
}

bool Console::flush_at(std::uint64_t frame) {
    if (!send(link_.timeline, timeline_)) return false;
    resolve_into(timeline_);
    for (link::Event& event : timeline_) event.frame = frame;
    return send(link_.timeline, timeline_);
}

void Console::ramp_up() {
    live_.push_back(link::Event::make(link::Block::ramp, 0, 0, 0.0f));
    (void)flush();
}

void Console::collect() {
    engine::free_retired(link_);
}

}  // namespace mixrig::app
