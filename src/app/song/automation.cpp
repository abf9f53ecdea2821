// Automation and time: what is read, what is written, and when a hand has let go.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/song/automation.h"

#include "dsp/lanes.h"
#include "src/base/clock.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mixrig::app {

namespace {

constexpr std::int64_t kMillisecond = 1'000'000;  // ns

// The tempo that holds from a frame on; a song without such a lane has one.
struct Tempo {
    std::uint64_t frame = 0;
    double frames_per_beat = 24000.0;
};

std::vector<Tempo> tempi(const session::Lanes& lanes, param::Slot slot, double now, double rate) {
    const auto frames_per_beat = [rate](double bpm) { return rate * 60.0 / bpm; };
    const auto lane = lanes.find(slot);
    std::vector<Tempo> out;
    if (lane != lanes.end())
        for (const session::Point& point : lane->second.moves)
            out.push_back({point.frame, frames_per_beat(static_cast<double>(point.value))});
    if (out.empty()) out.push_back({0, frames_per_beat(now)});
    return out;
}

double beats_at(const std::vector<Tempo>& tempi, std::uint64_t frame) {
    double beats = 0.0;
    for (std::size_t i = 0; i < tempi.size() && tempi[i].frame < frame; ++i) {
        const std::uint64_t end =
            i + 1 < tempi.size() ? std::min(tempi[i + 1].frame, frame) : frame;
        beats += static_cast<double>(end - tempi[i].frame) / tempi[i].frames_per_beat;
    }
    return beats;
}

std::uint64_t frame_of(const std::vector<Tempo>& tempi, double beat) {
    double beats = 0.0;
    for (std::size_t i = 0;; ++i) {
        const double rest = (beat - beats) * tempi[i].frames_per_beat;
        const bool is_last = i + 1 == tempi.size();
        const double length =
            is_last ? 0.0 : static_cast<double>(tempi[i + 1].frame - tempi[i].frame);
        if (is_last || rest <= length)
            return tempi[i].frame + static_cast<std::uint64_t>(std::llround(rest));
        beats += length / tempi[i].frames_per_beat;
    }
}

std::uint64_t at_other_rate(std::uint64_t frame, dsp::Hertz from, dsp::Hertz to) {
    return static_cast<std::uint64_t>(
        std::llround(static_cast<double>(frame) * to.value / from.value));
}

}  // namespace

Automation::Automation(const param::Layout& layout, control::Desk& desk, monitor::Log& log,
                       Transport& transport, std::filesystem::path folder, AutomationHooks hooks)
    : layout_(layout),
      desk_(desk),
      log_(log),
      transport_(transport),
      folder_(std::move(folder)),
      hooks_(std::move(hooks)),
      tree_(layout),
      feed_(layout),
      writer_(layout, lanes_),
      errands_(hooks_.wake) {
    observer_ = desk_.observe([this](const control::Change& change) { note(change); });
    feed_.set_hold([this](param::Slot slot, std::uint64_t song, float value) {
        return writer_.value(slot, song, value);
    });
    const auto now = [this] {
        const param::Slot slot = layout_.slot(param::Kind::desk, 0, param::row("/tempo"));
        static const session::Lanes kNone;
        return tempi(mode(slot) == AutomationMode::off ? kNone : lanes_, slot,
                     static_cast<double>(desk_.values().number(slot)), rate_.value);
    };
    transport_.use_beats([now](std::uint64_t frame) { return beats_at(now(), frame); },
                         [now](double beat) { return frame_of(now(), beat); });
}

Automation::~Automation() {
    desk_.unobserve(observer_);
    finish_all();
    save_if_changed(INT64_MAX);
}

session::Lanes Automation::at_rate(session::Lanes lanes, dsp::Hertz from) const {
    if (from.value == rate_.value) return lanes;
    for (auto& [slot, lane] : lanes)
        for (session::Points* points : {&lane.moves, &lane.trims})
            for (session::Point& point : *points)
                point.frame = at_other_rate(point.frame, from, rate_);
    return lanes;
}

void Automation::use(dsp::Hertz rate) {
    finish_all();
    const dsp::Hertz before = std::exchange(rate_, rate);
    lanes_ = at_rate(std::move(lanes_), before);
    std::vector<session::Marker> markers = markers_.all();
    for (session::Marker& marker : markers)
        marker.frame = at_other_rate(marker.frame, before, rate);
    markers_.use(std::move(markers));
    roll_.reset();
    feed_ = AutomationFeed(layout_);
    feed_.set_hold([this](param::Slot slot, std::uint64_t song, float value) {
        return writer_.value(slot, song, value);
    });
    feed_lanes({});
}

float Automation::number(std::string_view address) const {
    return desk_.values().number(*layout_.find(address));
}

// The row that says what becomes of a lane; of main, its master chain's as well.
param::Slot Automation::mode_slot(param::Slot slot) const {
    const param::Place place = layout_.place(slot);
    if (place.kind == param::Kind::desk)
        return layout_.slot(param::Kind::desk, 0, param::row("/automation/mode"));
    const param::Kind kind = place.kind == param::Kind::master ? param::Kind::main : place.kind;
    return layout_.slot(kind, place.strip, param::row("automation/mode"));
}

bool Automation::trims(param::Slot slot) const {
    if (!session::can_be_trimmed(layout_, slot)) return false;
    const param::Place place = layout_.place(slot);
    if (place.kind == param::Kind::desk) return number("/automation/trim") != 0.0f;
    const param::Kind kind = place.kind == param::Kind::master ? param::Kind::main : place.kind;
    return desk_.values().number(layout_.slot(kind, place.strip, param::row("automation/trim"))) !=
           0.0f;
}

// What is sent from the frames on that were not sent yet.
void Automation::feed_lanes(const std::set<param::Slot>& anew) {
    session::Lanes read;
    for (const auto& [slot, lane] : lanes_)
        if (mode(slot) != AutomationMode::off) read.emplace(slot, lane);
    feed_.use(session::moves_of(read, layout_), anew);
}

// Where a pass ends if it ends now: what was sent ahead is left as it is.
std::uint64_t Automation::song_at_horizon() const {
    if (!roll_) return song_;
    const std::uint64_t at = std::max({boundary(hooks_.position()), feed_.horizon(), roll_->from});
    return roll_->loop.advance(roll_->song, std::min(at, roll_->until) - roll_->from);
}

// What is heard at a frame of the engine; before it rolls, where it will begin.
std::optional<Automation::Moment> Automation::moment(std::uint64_t frame) const {
    if (!roll_) return std::nullopt;
    if (frame < roll_->from) return Moment{roll_->song, 0};
    const auto song = roll_->song_at(frame);
    if (!song) return std::nullopt;
    return Moment{*song, roll_->lap_at(frame)};
}

// A hand's moves wait for the engine; what the desk writes itself does not change anything.
void Automation::touch(const control::Change& change, Moment moment, std::int64_t now) {
    const param::Slot slot = change.slot;
    if (writer_.held_before(moment.lap).contains(slot)) finish({slot}, roll_->loop.end, 0);
    writer_.touch({.slot = slot,
                   .layer = trims(slot) ? LaneWriter::Layer::trims : LaneWriter::Layer::moves,
                   .song = moment.song,
                   .lap = moment.lap,
                   .before = change.before.number,
                   .value = desk_.values().number(slot),
                   .lets_go = mode(slot) == AutomationMode::touch,
                   .waits = change.origin != control::kDeskItself,
                   .now = now});
    if (trims(slot)) trimmed_.insert(slot);
    changed();
}

void Automation::heard(std::uint64_t batch, std::uint64_t frame) {
    if (!roll_ || writer_.is_idle()) return;
    if (const auto at = moment(frame)) writer_.heard(batch, at->song, at->lap);
}

// Hands only: what scenes, undo and lanes set is the desk's own.
void Automation::note(const control::Change& change) {
    if (layout_.row(change.slot).address.ends_with("automation/mode"))
        other_modes_.insert(change.slot);
    if (change.origin == control::kDeskItself) return;
    const std::int64_t now = base::monotonic_ns();
    fingers_.moved(change.slot, change.origin, now);
    if (!roll_ || !session::can_be_automated(layout_, change.slot) || !writes(change.slot)) return;
    if (const auto at = moment(boundary(hooks_.position()))) touch(change, *at, now);
}

// A hand may have asked for more than a trim can be.
void Automation::correct_trims() {
    const control::OpenBatch together(desk_);
    for (const param::Slot slot : std::exchange(trimmed_, {})) {
        const float asked = desk_.values().number(slot);
        const auto made = writer_.value(slot, transport_.song(), asked);
        if (made && std::fabs(*made - asked) > 0.05f) (void)desk_.glide(slot, {*made});
    }
}

void Automation::turn(std::int64_t now) {
    errands_.collect();
    follow_roll();
    if (!other_modes_.empty()) follow_modes();
    follow_jump();
    if (!trimmed_.empty()) correct_trims();
    lift(fingers_.end(now));
    release(now);
    save_if_changed(now);
}

void Automation::follow_roll() {
    const std::optional<Roll>& roll = transport_.roll();
    if (roll && rolls_ != transport_.rolls()) {
        rolls_ = transport_.rolls();
        return begin(*roll);
    }
    if (!roll) {
        if (roll_) stand();
        return;
    }
    if (roll_ && roll_->loop != roll->loop) finish_all();  // rounds are counted anew
    roll_ = roll;
    feed_.change(*roll);
    // A loop begins again: what was written in the round before ends with it.
    const std::uint64_t position = hooks_.position();
    song_ = roll->song_at(position).value_or(song_);
    if (const auto before = writer_.held_before(roll->lap_at(position)); !before.empty())
        finish(before, roll->loop.end, 0);
}

void Automation::stand() {
    finish_all();
    writer_.let_all_go();
    fingers_.lift_all();
    feed_.stand();
    roll_.reset();
}

// Where it begins, everything goes to its lane: that is where it was located, too.
void Automation::begin(const Roll& roll) {
    if (roll_) finish_all();
    roll_ = roll;
    song_ = roll.song;
    jumps_ = transport_.jumps();
    feed_.roll(roll);
    write_from({roll.song, 0}, base::monotonic_ns());
}

// Mode write: every lane that there is, from here on.
void Automation::write_from(Moment at, std::int64_t now) {
    for (const auto& [slot, lane] : lanes_)
        if (mode(slot) == AutomationMode::write && !writer_.is_held(slot))
            touch({.slot = slot, .before = desk_.get(slot)}, at, now);
}

// Where the song stands, the desk is as it is there.
void Automation::follow_jump() {
    if (transport_.roll() || std::exchange(jumps_, transport_.jumps()) == transport_.jumps())
        return;
    song_ = transport_.song();
    const control::OpenBatch together(desk_);
    for (const auto& [slot, lane] : lanes_)
        if (mode(slot) != AutomationMode::off)
            if (const auto value = session::value_at(layout_, slot, lane, song_);
                value && *value != desk_.values().number(slot))
                (void)desk_.set(slot, {*value}, control::kDeskItself);
}

void Automation::follow_modes() {
    std::set<param::Slot> over;
    for (const param::Slot slot : writer_.held()) {
        if (!writes(slot)) over.insert(slot);
        writer_.set_lets_go(slot, mode(slot) == AutomationMode::touch);
    }
    finish(over, song_at_horizon(), 0);
    std::set<param::Slot> anew;
    for (const auto& [slot, lane] : lanes_)
        if (other_modes_.contains(mode_slot(slot))) anew.insert(slot);
    other_modes_.clear();
    feed_lanes(anew);
    const auto writes_there = [this](param::Slot slot) {
        return layout_.row(slot).address.ends_with("automation/mode") &&
               static_cast<AutomationMode>(desk_.values().number(slot)) >= AutomationMode::touch;
    };
    may_be_written_ = false;
    for (param::Slot slot = 0; slot < layout_.size(); ++slot)
        may_be_written_ = may_be_written_ || writes_there(slot);
    if (!roll_) return;
    const std::uint64_t at = std::max({boundary(hooks_.position()), feed_.horizon(), roll_->from});
    if (const auto there = moment(at)) write_from(*there, base::monotonic_ns());
}

void Automation::release(std::int64_t now) {
    if (writer_.is_idle()) return;
    const auto patience = static_cast<std::int64_t>(number("/automation/release")) * kMillisecond;
    const std::set<param::Slot> left = writer_.left_since(now - patience);
    const double way_back = static_cast<double>(number("/automation/return")) / 1000.0;
    finish(left, song_at_horizon(),
           static_cast<std::uint64_t>(std::llround(way_back * rate_.value)));
}

// Undone, whatever the sample rate is by then.
Undo::Deed Automation::deed(const session::Lanes& before, const session::Lanes& after) {
    const auto there = [this, rate = rate_](const session::Lanes& lanes) {
        return [this, rate, kept = std::make_shared<const session::Lanes>(lanes)] {
            put(at_rate(*kept, rate));
        };
    };
    return {.back = there(before), .forth = there(after)};
}

void Automation::finish(const std::set<param::Slot>& slots, std::uint64_t song,
                        std::uint64_t way_back) {
    if (slots.empty()) return;
    const session::Lanes before = writer_.finish(slots, song, way_back);
    session::Lanes after;
    for (const auto& [slot, lane] : before) after[slot] = lanes_[slot];
    changed();
    feed_lanes(slots);
    const std::string title =
        "automation of " + layout_.address(*slots.begin()) +
        (slots.size() > 1 ? " and " + std::to_string(slots.size() - 1) + " more" : "");
    hooks_.record(title, deed(before, after));
}

}  // namespace mixrig::app
