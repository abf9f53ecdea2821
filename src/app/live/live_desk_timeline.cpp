// A running desk: what is sent to the engine ahead of its time, automation and crossfades.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/live_desk.h"
#include "src/app/on_for.h"
#include "src/base/clock.h"

#include <algorithm>

namespace mixrig::app {

namespace {

// Automation is sent ahead by so much, at the start by more, and by most while the backend says
// that it freewheels: this loop has had to wait 0.65 s for its turn, while sound ran three times as
// fast.
constexpr double kLeastAheadSeconds = 0.1, kFirstAheadSeconds = 2.0, kFreewheelAheadSeconds = 5.0;
// What hands may write by less, as a crossfade alone: a hand is overrun by what is on its way.
constexpr double kHandAheadSeconds = 0.02;
// In freewheel time runs up to a hundred times faster than the clock: then by so many turns of the
// loop at least. On a machine that is busy it may run no faster, and the loop wait for its turn.
constexpr std::uint64_t kTurnsAhead = 20;
constexpr double kLeadSeconds = 0.05;
constexpr std::int64_t kTellFadeEvery = 50'000'000;  // ns

}  // namespace

// More than two blocks in a turn that the clock does not explain are freewheel as well: the
// backend may not have heard of it yet. A turn that was late is none.
void LiveDesk::note_pace(std::uint64_t now) {
    const std::int64_t moment = base::monotonic_ns();
    const double elapsed = static_cast<double>(moment - fed_moment_) * 1e-9;
    fed_frames_ = now - fed_at_;
    fed_at_ = now;
    fed_moment_ = moment;
    const double usual = 2.0 * (elapsed * console_->rate().value + static_cast<double>(block_));
    is_freewheeling_ = says_freewheel() || static_cast<double>(fed_frames_) > usual;
}

bool LiveDesk::says_freewheel() const {
    return backend_ && backend_->is_freewheeling();
}

std::uint64_t LiveDesk::ahead(double least_seconds) const {
    const auto least = static_cast<std::uint64_t>(least_seconds * console_->rate().value);
    return is_freewheeling_ ? std::max(least, kTurnsAhead * fed_frames_) : least + 2 * block_;
}

// Both in one queue, in the order of their frames.
void LiveDesk::feed_timeline() {
    const std::uint64_t now = audio_.position();
    note_pace(now);
    const AutomationFeed& moves = automation_->feed();
    const Crossfade& fade = show_->fade();
    if (!transport_->roll() && !moves.has_sent() && !fade.is_active() &&
        fade.next_frame() == UINT64_MAX)
        return;
    send_timeline(now);
    tell_automation(now);
    tell_fade(now);
}

void LiveDesk::send_timeline(std::uint64_t now) {
    AutomationFeed& moves = automation_->feed();
    Crossfade& fade = show_->fade();
    const double usual = automation_->may_be_written() ? kHandAheadSeconds : kLeastAheadSeconds;
    // A single quick turn, as behind a stall, is no reason for what is not taken back for seconds.
    const double seconds = says_freewheel() ? kFreewheelAheadSeconds
                           : now == 0       ? kFirstAheadSeconds
                                            : usual;
    const std::uint64_t moves_until = now + ahead(seconds);
    const bool alone = moves.next_frame() == UINT64_MAX && !moves.has_sent();
    const std::uint64_t fade_until = alone ? now + ahead(kHandAheadSeconds) : moves_until;
    fade.skip_to(now);
    while (true) {  // what has no room now goes next time
        const std::uint64_t step = fade.next_frame();
        if (step <= moves.next_frame() && step < fade_until) {
            if (!fade.send_until(*console_, step + 1)) return;
        } else if (moves.next_frame() < moves_until) {
            if (!moves.send_until(*console_, moves.next_frame() + 1)) return;
        } else {
            (void)moves.send_until(*console_, moves_until);  // says how far it has come
            return;
        }
    }
}

void LiveDesk::tell_automation(std::uint64_t now) {
    AutomationFeed& moves = automation_->feed();
    for (const base::Error& refused : moves.take_refused())
        log_.warning("automation", "left out: " + refused.text());
    moves.tell_until(now, [this](const session::Setting& setting) { tell_move(setting); });
    if (!moves.has_sent()) touched_.clear();
}

void LiveDesk::tell_move(const session::Setting& setting) {
    const param::Slot slot = setting.slot;
    // A hand may have come since it was sent.
    if (const auto value = automation_->instead(slot, setting.value.number)) {
        // The engine has it: sent once more, it would begin its glide anew. Unless somebody has set
        // the same parameter meanwhile: then the console no longer knows what was sent ahead.
        in_engine_ = console_->value(slot) == automation_->feed().newest(slot) &&
                     *value == setting.value.number;
        if (automation_->is_ridden(slot))
            (void)desk_.glide(slot, {*value});
        else
            (void)desk_.set(slot, {*value}, control::kDeskItself);
        in_engine_ = false;
    }
    // What was sent ahead knew nothing of a hand that has touched the strip since.
    if (!touched_.contains(strip_key(slot))) return;
    console_->refresh(slot);
    desk_.flush();
    flush_waits_ = !console_->flush();
}

// The mirror follows what is heard, at a pace that remotes can bear.
void LiveDesk::tell_fade(std::uint64_t position) {
    Crossfade& fade = show_->fade();
    const std::int64_t now = base::monotonic_ns();
    if (!fade.is_active() || (now - fade_told_ < kTellFadeEvery && position < fade.end())) return;
    fade_told_ = now;
    const control::OpenBatch together(desk_);
    const OnFor there(in_engine_), already(checked_);
    fade.tell_until(position,
                    [this](param::Slot slot, float value) { (void)desk_.glide(slot, {value}); });
}

// Time is about to end, or to begin anew: everything is where it was going to be.
void LiveDesk::finish_fade() {
    if (!show_) return;
    const OnFor already(checked_);
    show_->fade().finish([this](param::Slot slot, float value) {
        (void)desk_.set(slot, {value}, control::kDeskItself);
    });
    behind_fade_ = false;
}

std::optional<std::uint64_t> LiveDesk::fade_from() {
    if (!backend_ || !backend_->running()) return std::nullopt;
    const std::uint64_t now = audio_.position();
    return std::max(now + ahead(kHandAheadSeconds / 2), console_->timeline_end());
}

// Where something new may begin: tracks, moves and the clock agree on it.
std::uint64_t LiveDesk::earliest() const {
    const std::uint64_t soon = audio_.position() + ahead(kLeadSeconds);
    return std::max(
        {soon, console_->timeline_end() + dsp::kQuantum, automation_->feed().horizon()});
}

void LiveDesk::flush() {
    if (!console_) return;
    if (behind_fade_)
        behind_fade_ =
            !console_->flush_at(std::max(show_->fade().horizon(), console_->timeline_end()));
    else
        flush_waits_ = !console_->flush();
    automation_->sent(console_->live_mark());
}

std::uint32_t LiveDesk::strip_key(param::Slot slot) const {
    const param::Place place = layout_.place(slot);
    return static_cast<std::uint32_t>(place.kind) << 16 | place.strip;
}

}  // namespace mixrig::app
