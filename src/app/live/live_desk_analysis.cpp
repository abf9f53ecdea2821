// A running desk: what the analyser, the feedback guard and the mix doctor listen to, and what they
// tell.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/live_desk.h"

#include <algorithm>
#include <array>

namespace mixrig::app {

using param::Kind;
using param::row;

namespace {

enum Line : std::size_t { bands, spectrum, scope, main_scope };

std::vector<float> values(const monitor::StereoImage& image) {
    return {image.correlation, image.balance_dB, image.crest_dB, image.dc_left, image.dc_right};
}

}  // namespace

bool LiveDesk::chooses_taps(const param::Row& at) {
    return at.address.starts_with("/rta/") || at.address == "feedback_guard";
}

void LiveDesk::set_taps() {
    taps_dirty_ = false;
    const auto desk = [this](std::size_t at) {
        return desk_.values().number(layout_.slot(Kind::desk, 0, at));
    };
    const engine::Geometry& geometry = console_->geometry();
    const float source = desk(row("/rta/source"));
    const engine::Strip analysed = source == param::kStripMain
                                       ? geometry.main()
                                       : static_cast<engine::Strip>(source - param::kStripFirst);
    link::Taps& taps = console_->link().taps;
    taps.analyse(analysed, static_cast<link::Tap>(desk(row("/rta/tap"))));
    monitor_->analyse(static_cast<monitor::Averaging>(desk(row("/rta/average"))));
    std::array<std::uint32_t, link::Taps::kMostGuarded> guarded{};
    std::size_t count = 0;
    for (std::size_t channel = 0; channel < layout_.shape().count(Kind::ch); ++channel) {
        const param::Slot slot = layout_.slot(Kind::ch, channel, row("feedback_guard"));
        if (desk_.values().number(slot) == 0.0f) continue;
        if (count < guarded.size()) guarded[count] = geometry.strip(Kind::ch, channel) + 1;
        ++count;
    }
    for (std::size_t i = 0; i < guarded.size(); ++i)
        taps.guarded[i].store(guarded[i], std::memory_order_relaxed);
    if (count > guarded.size())
        log_.warning("feedback", "the first 16 of " + std::to_string(count) +
                                     " channels are guarded; more at a time is not possible");
}

// What is done is a step that /undo takes back.
void LiveDesk::watch_feedback() {
    for (const monitor::StripRing& found : monitor_->take_rings()) {
        const engine::StripPlace& place = console_->geometry().strips[found.strip];
        if (place.kind != Kind::ch) continue;
        const param::Values before = desk_.values();
        const FeedbackWatch::Action done = feedback_watch_.act(place.number, found.ring);
        if (done != FeedbackWatch::Action::warn && done != FeedbackWatch::Action::wait)
            show_->record("feedback guard in /ch/" + std::to_string(place.number + 1), before);
        feedback_watch_.tell(place.number, found.ring, done);
    }
}

base::Result<control::Answer> LiveDesk::act_qa(const control::ActionCall& call) {
    if (call.address == "/qa/reset") {
        qa_.reset();
        monitor_->reset_clips();
        monitor_->reset_loudness();
        return control::Answer{.args = std::vector<control::OscArg>{}};
    }
    monitor_->snapshot(readings_);
    return qa_.act(call, desk_.values(), readings_);
}

void LiveDesk::fill_analysis_lines(std::span<control::MeterLine> lines) const {
    const monitor::Analysis& analysis = readings_.analysis;
    lines[bands].dB.assign(analysis.bands_dBFS.begin(), analysis.bands_dBFS.end());
    lines[spectrum].dB.assign(analysis.spectrum_dBFS.begin(), analysis.spectrum_dBFS.end());
    lines[scope].dB = values(analysis.image);
    lines[main_scope].dB = values(readings_.main_image);
}

}  // namespace mixrig::app
