// The transport.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/song/transport.h"

#include "dsp/lanes.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace mixrig::app {

using control::OscArg;

namespace {

constexpr double kShortestLoop = 0.1, kLongest = 1e7;  // seconds
constexpr std::int64_t kTellEvery = 100'000'000;       // ns

}  // namespace

Transport::Transport(control::Desk& desk, Soundcheck& tracks, TransportClock clock)
    : desk_(desk), tracks_(tracks), clock_(std::move(clock)) {}

void Transport::use(dsp::Hertz rate) {
    song_ = static_cast<std::uint64_t>(
        std::llround(static_cast<double>(song()) * rate.value / rate_.value));
    rate_ = rate;
    state_ = State::stopped;
    roll_.reset();
    loads_ = tracks_.loads();
    cue();
}

void Transport::roll_from_start() {
    song_ = 0;
    roll_ = Roll{.loop = wanted_loop()};
    state_ = State::rolling;
    ++rolls_;
}

bool Transport::knows(std::string_view address) {
    return address.starts_with("/transport/");
}

base::Result<std::vector<OscArg>> Transport::act(std::string_view address,
                                                 std::span<const OscArg> args) {
    if (address == "/transport/play") play();
    if (address == "/transport/stop") stop();
    if (address == "/transport/locate") {
        const double to = args[0].as_number();
        if (!(to >= 0.0 && to <= kLongest))
            return base::Error{"a place in the song is 0 s or more", "/transport/locate"};
        locate(frame_of(to));
    }
    if (address == "/transport/bar") {
        const auto frame = bar(args);
        if (!frame) return frame.error();
        locate(*frame);
    }
    return std::vector{OscArg::number(static_cast<float>(seconds()))};
}

base::Result<std::uint64_t> Transport::bar(std::span<const OscArg> args) const {
    const double bar = args[0].as_number(), beat = args.size() > 1 ? args[1].as_number() : 1.0;
    const double beats = std::round(number("/transport/beats"));
    if (!(bar >= 1.0 && bar <= 1e6 && beat >= 1.0 && beat <= beats))
        return base::Error{"bars and their beats are counted from 1", "/transport/bar"};
    return frame_of_beat_((bar - 1.0) * beats + beat - 1.0);
}

void Transport::play() {
    changed_ |= std::exchange(by_switch_, false);  // its loop as well
    if (state_ == State::stopping) goes_on_ = true;
    if (state_ == State::stopped) state_ = State::waiting;
}

void Transport::stop() {
    goes_on_ = false;
    if (state_ == State::waiting) state_ = State::stopped;
    if (state_ != State::rolling) return;
    roll_->until = std::max(boundary(clock_.earliest()), roll_->from);
    song_ = roll_->loop.advance(roll_->song, roll_->until - roll_->from);
    tracks_.play_until(roll_->until);
    state_ = State::stopping;
}

void Transport::locate(std::uint64_t song) {
    if (state_ == State::rolling) {
        stop();
        goes_on_ = true;
    }
    song_ = song;
    ++jumps_;
    if (state_ != State::stopping) cue();
}

void Transport::turn(std::int64_t now) {
    if (std::exchange(loads_, tracks_.loads()) != tracks_.loads()) {
        tell_number("/transport/length", static_cast<double>(tracks_.length()) / rate_.value);
        locate(song());
    }
    follow_wish();
    if (std::exchange(changed_, false)) follow_rows();
    end_when_over();
    begin_when_ready();
    tell(now);
}

// The switch of the soundcheck is a transport of its own to whoever needs no more.
void Transport::follow_wish() {
    const Soundcheck::Wish wish = tracks_.take_wish();
    if (wish == Soundcheck::Wish::play && state_ != State::rolling) {
        play();
        by_switch_ = true;
        locate(0);
    } else if (wish == Soundcheck::Wish::stop && by_switch_) {
        stop();
    }
}

void Transport::follow_rows() {
    const base::Loop loop = wanted_loop();
    if (loop == loop_) return;
    if (state_ == State::rolling && may_change(loop)) {
        roll_ = roll_->from_here(clock_.position(), loop);
        loop_ = loop;
        return tracks_.set_loop(loop);
    }
    locate(song());  // tracks are read ahead
}

// Neither loop turns back within what has been read.
bool Transport::may_change(base::Loop other) const {
    const double sent = tracks_.length() == 0 ? 0.0 : disk::Playback::kAheadSeconds;
    const auto ahead = static_cast<std::uint64_t>((sent + 1.0) * rate_.value);
    const auto is_far = [&](base::Loop loop) {
        return !loop.is_on() || song() >= loop.end || song() + ahead < loop.end;
    };
    return clock_.position() >= roll_->from && is_far(roll_->loop) && is_far(other);
}

void Transport::end_when_over() {
    if (state_ != State::stopping || clock_.position() < roll_->until + dsp::kQuantum) return;
    roll_.reset();
    state_ = std::exchange(goes_on_, false) ? State::waiting : State::stopped;
    cue();
}

void Transport::begin_when_ready() {
    if (state_ != State::waiting || !tracks_.is_ready()) return;
    roll_ = Roll{.from = boundary(clock_.earliest()), .song = song_, .loop = loop_};
    tracks_.play_from(roll_->from);
    state_ = State::rolling;
    ++rolls_;
}

void Transport::cue() {
    loop_ = wanted_loop();
    tracks_.cue(song_, loop_);
}

base::Loop Transport::wanted_loop() const {
    const double begin = number("/transport/loop/start"), end = number("/transport/loop/end");
    if (number("/transport/loop") != 0.0f && end - begin >= kShortestLoop)
        return {frame_of(begin), frame_of(end)};
    if (by_switch_ && number("/soundcheck/loop") != 0.0f) return {0, tracks_.length()};
    return {};
}

float Transport::number(std::string_view address) const {
    const auto slot = desk_.layout().find(address);
    return slot ? desk_.values().number(*slot) : 0.0f;
}

std::uint64_t Transport::frame_of(double seconds) const {
    return static_cast<std::uint64_t>(std::llround(seconds * rate_.value));
}

std::uint64_t Transport::song() const {
    if (state_ != State::rolling) return song_;
    return roll_->song_at(std::max(clock_.position(), roll_->from)).value_or(song_);
}

// The words of /transport/state.
float Transport::told_state() const {
    const bool is_planned = roll_ && clock_.position() < roll_->from;
    if (state_ == State::waiting || (state_ == State::rolling && is_planned)) return 1.0f;
    return state_ == State::stopped ? 0.0f : 2.0f;
}

void Transport::tell(std::int64_t now) {
    const bool turned = told_state() != number("/transport/state");
    if (!turned && now - told_ < kTellEvery) return;
    told_ = now;
    const control::OpenBatch together(desk_);
    tell_number("/transport/state", static_cast<double>(told_state()));
    tell_number("/transport/position", seconds());
    const double per_bar =
        std::max(1.0, std::round(static_cast<double>(number("/transport/beats"))));
    // A frame that is a beat's own, told in single precision, must not read as the beat before.
    const double beats = beats_ ? std::floor(beats_(song()) + 1e-6) : 0.0;
    const std::string text =
        std::to_string(static_cast<std::int64_t>(beats / per_bar) + 1) + "." +
        std::to_string(static_cast<std::int64_t>(std::fmod(beats, per_bar)) + 1);
    if (const auto slot = desk_.layout().find("/transport/bars"))
        if (desk_.get(*slot).text != text)
            (void)desk_.set(*slot, {.text = text}, control::kDeskItself);
}

void Transport::tell_number(std::string_view address, double value) {
    const auto slot = desk_.layout().find(address);
    if (slot && desk_.values().number(*slot) != static_cast<float>(value))
        (void)desk_.set(*slot, {static_cast<float>(value)}, control::kDeskItself);
}

}  // namespace mixrig::app
