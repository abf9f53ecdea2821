// What is said to the engine, as lines of automation.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/flight_log.h"

namespace mixrig::app {

void FlightLog::said(param::Slot slot, float value) {
    const std::pair<param::Slot, float> now{slot, value};
    if (news_.empty() || news_.back() != now) news_.push_back(now);
}

void FlightLog::cut(std::uint64_t batch, Way way, std::uint64_t frame) {
    waiting_.emplace(batch, Batch{.way = way,
                                  .frame = frame,
                                  .values = std::exchange(news_, {}),
                                  .impulses = std::exchange(impulses_, {})});
}

void FlightLog::said_impulse(std::size_t effect, std::string file) {
    impulses_.push_back({effect, std::move(file)});
}

void FlightLog::ramp(std::uint64_t batch) {
    waiting_.emplace(batch, Batch{.is_ramp = true});
}

void FlightLog::applied(const link::Applied& report) {
    const auto found = waiting_.find(report.batch);
    if (found == waiting_.end()) return;  // of a flight before
    found->second.frame = report.frame;
    write(found->first, found->second);
    waiting_.erase(found);
}

void FlightLog::finish() {
    for (const auto& [number, batch] : waiting_)
        if (batch.way == Way::ahead) write(number, batch);
    waiting_.clear();
    news_.clear();
    impulses_.clear();
}

void FlightLog::write(std::uint64_t number, const Batch& batch) const {
    const session::FlightMark mark{.number = number, .ahead = batch.way == Way::ahead};
    std::string lines;
    if (batch.is_ramp) lines = session::flight_ramp_line(batch.frame, mark);
    for (const auto& [slot, value] : batch.values)
        lines += session::flight_line(batch.frame, layout_->address(slot),
                                      layout_->format(slot, {value}), mark);
    for (const session::FlightImpulse& impulse : batch.impulses)
        lines += session::flight_impulse_line(batch.frame, impulse, mark);
    sink_(lines);
}

}  // namespace mixrig::app
