// A running desk: its flight recorder.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/live_desk.h"

namespace mixrig::app {

namespace {

// So long may the disk stand still.
constexpr double kTapeSeconds = 5.0;

}  // namespace

base::Result<std::vector<control::OscArg>> LiveDesk::act_flight(
    std::span<const control::OscArg> args) {
    if (!args.empty() && args[0].as_number() != 0.0) {
        if (flight_ == nullptr)
            if (auto status = begin_flight(); !status) return status.error();
    } else if (!args.empty()) {
        end_flight();
    }
    std::vector answer{control::OscArg::integer(flight_ != nullptr ? 1 : 0)};
    if (flight_ != nullptr) answer.push_back(control::OscArg::text(flight_->folder().string()));
    return answer;
}

// From the engine's first frame on if it has computed nothing yet.
base::Status LiveDesk::begin_flight() {
    if (!landed_.empty())
        return base::Error{"the flight before is still being written", "/flight",
                           "try again in a moment"};
    if (tape_ == nullptr)
        tape_ = std::make_shared<FlightTape>(console_->geometry().inputs, console_->rate().value,
                                             kTapeSeconds);
    const bool from_start = audio_.position() == 0;
    // What waits for the engine is part of where the flight begins.
    param::Values values = desk_.values();
    for (param::Slot slot = 0; slot < layout_.size(); ++slot)
        if (layout_.row(slot).type != param::Type::text) values.set(slot, {console_->value(slot)});
    auto flight = Flight::open(
        {.folder = settings_.config.flight_folder.empty() ? state_folder_ / "flights"
                                                          : settings_.config.flight_folder,
         .desk = settings_.config.text,
         .rate = console_->rate(),
         .from_start = from_start},
        layout_, values, tape_);
    if (!flight) return flight.error();
    flight_ = std::move(*flight);
    for (std::size_t e = 0; e < layout_.shape().count(param::Kind::fx); ++e)
        if (const auto* response = impulses_->response(e); response != nullptr)
            flight_->keep_impulse(e, response, Flight::Since::start);
    console_->record(&flight_->log());
    audio_.record(tape_.get());
    log_.info("flight", "begins", {{"folder", flight_->folder().string()}});
    return base::Done{};
}

void LiveDesk::end_flight() {
    if (flight_ == nullptr) return;
    watch_flight();  // what the engine has heard by now
    if (flight_ == nullptr) return;
    console_->record(nullptr);
    flight_->end();
    log_.info("flight", "has ended", {{"folder", flight_->folder().string()}});
    landed_.push_back(std::move(flight_));
}

void LiveDesk::keep_impulse(std::size_t effect) {
    if (flight_ != nullptr)
        flight_->keep_impulse(effect, impulses_->response(effect), Flight::Since::next_batch);
}

// An empty name forgets the response at once.
void LiveDesk::request_impulse(std::size_t effect, const std::string& file) {
    impulses_->request(effect, file);
    if (file.empty()) keep_impulse(effect);
}

// Every turn: what the engine has heard is told, and what the disk says.
void LiveDesk::watch_flight() {
    const std::uint64_t position = audio_.position();  // before its reports are collected
    console_->collect();
    std::erase_if(landed_, [this](const std::unique_ptr<Flight>& flight) {
        if (const auto error = flight->take_error()) log_error(*error);
        return flight->is_finished();
    });
    if (flight_ == nullptr) return;
    flight_->told_until(position);
    if (const auto error = flight_->take_error()) log_error(*error);
    if (!flight_->is_finished()) return;
    console_->record(nullptr);
    log_.error("flight", "has ended: it could not be written",
               {{"folder", flight_->folder().string()}});
    flight_.reset();
}

}  // namespace mixrig::app
