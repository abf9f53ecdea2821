// A running desk: what the control layer asks of it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/live_desk.h"
#include "src/app/on_for.h"
#include "src/app/ports.h"
#include "src/app/start_values.h"
#include "src/base/clock.h"
#include "src/param/scope.h"

#include <algorithm>

namespace mixrig::app {

namespace {

bool chooses_time(const param::Row& row) {
    return row.address.starts_with("/transport/") || row.address == "/soundcheck/loop";
}

}  // namespace

control::DeskHooks LiveDesk::desk_hooks() {
    return {.check = [this](param::Slot slot, const param::Value& value) -> base::Status {
                if (!console_ || checked_ || layout_.row(slot).type == param::Type::text)
                    return base::Done{};
                return console_->check(slot, value.number);
            },
            .changed =
                [this](param::Slot slot, const param::Value& value) {
                    const param::Row& row = layout_.row(slot);
                    if (row.keep == param::Keep::told) return;
                    state_dirty_ |= row.keep <= param::Keep::state;
                    taps_dirty_ |= chooses_taps(row);
                    if (row.address == "record") recording_->arms_changed(base::monotonic_ns());
                    if (row.address.find("soundcheck") != std::string_view::npos)
                        soundcheck_->changed();
                    if (transport_ && chooses_time(row)) transport_->changed();
                    if (row.address == "name") {
                        names_dirty_ = true;
                        const param::Place place = layout_.place(slot);
                        if (monitor_)
                            monitor_->set_name(console_->geometry().strip(place.kind, place.strip),
                                               value.text);
                    }
                    if (impulses_ && layout_.row(slot).address == "convolution/ir")
                        request_impulse(layout_.place(slot).strip, value.text);
                    if (!console_ || in_engine_ || layout_.row(slot).type == param::Type::text)
                        return;
                    show_->fade().release(slot);
                    if (show_->fade().concerns(slot, audio_.position())) behind_fade_ = true;
                    console_->set(slot, value.number);
                    if (!automation_->feed().has_sent()) return;
                    // The console may hold this value already, for a later moment.
                    console_->refresh(slot);
                    touched_.insert(strip_key(slot));
                },
            .flush = [this](const control::Batch&) { flush(); },
            .held =
                [this](param::Slot slot, bool on) {
                    if (automation_) automation_->hold(slot, on);
                },
            .gone =
                [this](control::Origin hand) {
                    if (automation_) automation_->let_go(hand);
                },
            .action = [this](const control::ActionCall& call) -> base::Result<control::Answer> {
                if (Show::knows(call.address)) return show_->act(call);
                if (Automation::knows(call.address)) return automation_->act(call);
                if (MidiDesk::knows(call.address)) return act_midi(call);
                if (check::LiveQa::knows(call.address)) return act_qa(call);
                const param::Values before = desk_.values();
                auto done = act(call);
                if (!done) return done.error();
                if (is_of_strip(call.address) || call.address == "/solo/clear")
                    show_->record(std::string(call.address), before);
                return control::Answer{.args = std::move(*done)};
            }};
}

control::OscHooks LiveDesk::osc_hooks() {
    return {.meters = [this] { return meter_lines(); },
            .log = [this](std::string_view text) { log_.info("osc", text); }};
}

// What belongs to no show.
base::Result<std::vector<control::OscArg>> LiveDesk::act(const control::ActionCall& call) {
    const std::string_view address = call.address;
    const std::span<const control::OscArg> args = call.args;
    if (address == "/solo/clear") {
        desk_.clear_solos(control::kDeskItself);
        return std::vector<control::OscArg>{};
    }
    if (is_of_strip(address)) return act_on_strip(call);
    if (address.starts_with("/record/")) return recording_->act(address, args);
    if (address == "/soundcheck/load") return soundcheck_->act(args);
    if (Transport::knows(address)) return transport_->act(address, args);
    return act_flight(args);
}

ShowHooks LiveDesk::show_hooks() {
    return {
        .check = [this](const session::Scene& scene) { return check_together(scene); },
        .set = [this](const session::Scene& scene) { return set_together(scene); },
        .fade_from = [this] { return fade_from(); },
        .answer = [this](control::Origin to, std::string_view address,
                         const base::Result<control::Answer>& said) { answer(to, address, said); },
        .wake =
            [this] {
                if (osc_) osc_->wake();
            }};
}

AutomationHooks LiveDesk::automation_hooks() {
    return {.position = [this] { return audio_.position(); },
            .record = [this](std::string title,
                             Undo::Deed deed) { show_->record(std::move(title), std::move(deed)); },
            .answer = show_hooks().answer,
            .wake = show_hooks().wake};
}

// Only paths can be refused, and only if something about them changes.
base::Status LiveDesk::check_together(const session::Scene& scene) const {
    const auto may_be_refused = [&](const session::Setting& setting) {
        const param::Scope scope = param::kScopes[layout_.place(setting.slot).row];
        return (scope == param::Scope::sends || scope == param::Scope::routing ||
                scope == param::Scope::comp || scope == param::Scope::effects) &&
               desk_.values().number(setting.slot) != setting.value.number;
    };
    if (std::none_of(scene.begin(), scene.end(), may_be_refused)) return base::Done{};
    param::Values values = desk_.values();
    apply_scene(scene, layout_, values);
    return check_routes(layout_, values, console_->rate());
}

// All at one quantum boundary.
base::Status LiveDesk::set_together(const session::Scene& scene) {
    session::Scene changes;
    for (const session::Setting& setting : scene)
        if (automation_->feed().has_sent() || show_->fade().owns(setting.slot) ||
            desk_.get(setting.slot) != setting.value)
            changes.push_back(setting);
    show_->fade().release(changes);
    base::Status status = base::Done{};
    const control::OpenBatch batch(desk_);
    const OnFor the_whole_scene(checked_);
    for (const session::Setting& setting : changes)
        if (auto set = desk_.set(setting.slot, setting.value, control::kDeskItself); !set)
            status = set.error();
    return status;
}

std::span<const control::MeterLine> LiveDesk::meter_lines() {
    monitor_->snapshot(readings_);
    // Strip by strip, then what concerns the desk.
    const std::size_t strips = readings_.strips.size();
    for (std::size_t s = 0; s < strips; ++s)
        std::copy(readings_.strips[s].values.begin(), readings_.strips[s].values.end(),
                  meter_lines_[s].dB.begin());
    add_frozen_gain();
    const monitor::MainLoudness& main = readings_.main;
    meter_lines_[strips].dB = {main.momentary_lufs, main.short_term_lufs, main.integrated_lufs,
                               main.range_lu, main.true_peak_dBTP};
    const monitor::LoadFigures& load = readings_.last_second;
    meter_lines_[strips + 1].dB = {static_cast<float>(load.mean), static_cast<float>(load.p99),
                                   static_cast<float>(load.longest),
                                   static_cast<float>(readings_.since_start.late),
                                   static_cast<float>(readings_.xruns)};
    const engine::Geometry& geometry = console_->geometry();
    const auto chain = monitor::chain_reading(
        readings_.strips[geometry.master()], readings_.strips[geometry.main()], readings_.bands_dB);
    meter_lines_[strips + 2].dB.assign(chain.begin(), chain.end());
    fill_analysis_lines(std::span(meter_lines_).subspan(strips + 3));
    return meter_lines_;
}

// Behind a frozen trim levels are as they were; where thresholds are set they read as the trim
// says.
void LiveDesk::add_frozen_gain() {
    using Field = monitor::MeterField;
    for (std::size_t c = 0; c < layout_.shape().count(param::Kind::ch); ++c) {
        const float frozen =
            desk_.values().number(layout_.slot(param::Kind::ch, c, param::row("freeze")));
        std::vector<float>& fields =
            meter_lines_[console_->geometry().strip(param::Kind::ch, c)].dB;
        for (const Field field : {Field::input_peak, Field::pre_peak}) {
            float& level = fields[static_cast<std::size_t>(field)];
            if (frozen != 0.0f && level > monitor::kFloor_dB)
                level = std::max(monitor::kFloor_dB, level + frozen);
        }
    }
}

// Within a bank all strips are computed together; the one with the most processors on is the best
// suspect.
std::string LiveDesk::dearest_strip(std::size_t bank) const {
    const engine::Geometry& geometry = console_->geometry();
    std::size_t most = 0;
    engine::Strip dearest = geometry.banks[bank].strips.front();
    for (const engine::Strip s : geometry.banks[bank].strips) {
        const engine::StripPlace& place = geometry.strips[s];
        std::size_t on = 0;
        for (std::size_t r = 0; r < param::kRows; ++r) {
            if (!param::kTable[r].address.ends_with("on") || !layout_.has(place.kind, r)) continue;
            for (std::size_t i = 0; i < layout_.index_count(param::kTable[r].index); ++i)
                on += desk_.values().number(layout_.slot(place.kind, place.number, r, i)) != 0.0f
                          ? 1u
                          : 0u;
        }
        if (on > most) most = on, dearest = s;
    }
    return strip_title(geometry, layout_, desk_.values(), dearest);
}

}  // namespace mixrig::app
