// Moves of an automation, ahead of their time.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/song/automation_feed.h"

#include "dsp/lanes.h"

#include <algorithm>
#include <utility>

namespace mixrig::app {

void AutomationFeed::use(std::vector<session::Move> moves, const std::set<param::Slot>& anew) {
    moves_ = std::move(moves);
    next_ = 0;
    if (!roll_ || begins_) return;
    anew_.insert(anew.begin(), anew.end());
    const auto due = [this](const session::Move& move) {
        return move.frame < lap_.song || boundary(engine_frame(move.frame)) < horizon_;
    };
    next_ = static_cast<std::size_t>(std::partition_point(moves_.begin(), moves_.end(), due) -
                                     moves_.begin());
}

void AutomationFeed::roll(const Roll& roll) {
    roll_ = lap_ = roll;
    begins_ = true;
    anew_.clear();
    refused_slots_.clear();
    horizon_ = std::max(horizon_, roll.from);
}

void AutomationFeed::change(const Roll& roll) {
    if (!roll_) return;
    roll_->until = roll.until;
    if (roll_->loop == roll.loop) return;
    // Whoever is behind the end of the new loop by now is not taken back.
    const std::uint64_t from = std::max(horizon_, lap_.from);
    lap_ = {.from = from, .song = lap_.song + (from - lap_.from)};
    roll_->loop = roll.loop;
}

std::uint64_t AutomationFeed::next_move() const {
    if (next_ == moves_.size()) return UINT64_MAX;
    const std::uint64_t song = moves_[next_].frame;
    const base::Loop& loop = roll_->loop;
    const bool is_behind_loop = loop.is_on() && lap_.song < loop.end && song >= loop.end;
    return is_behind_loop ? UINT64_MAX : boundary(engine_frame(song));
}

std::uint64_t AutomationFeed::next_lap() const {
    const base::Loop& loop = roll_->loop;
    if (!loop.is_on() || lap_.song >= loop.end) return UINT64_MAX;
    return boundary(engine_frame(loop.end));
}

std::uint64_t AutomationFeed::next_frame() const {
    if (waiting_) return *waiting_;
    if (!roll_) return UINT64_MAX;
    std::uint64_t next = std::min(next_move(), next_lap());
    if (begins_)
        next = boundary(lap_.from);
    else if (!anew_.empty())
        next = std::min(next, boundary(horizon_));
    return next < roll_->until ? next : UINT64_MAX;
}

bool AutomationFeed::send_until(Console& console, std::uint64_t frame) {
    while (next_frame() < frame) {
        if (!waiting_) {
            // All moves of one boundary are one batch, live and offline alike.
            const std::uint64_t at = next_frame();
            while (next_frame() == at) prepare_next(console, at);
            waiting_ = at;
        }
        if (!console.flush_at(*waiting_)) return false;
        horizon_ = std::max(horizon_, *waiting_ + dsp::kQuantum);
        waiting_.reset();
    }
    if (roll_ && !moves_.empty()) horizon_ = std::max(horizon_, frame);
    return true;
}

void AutomationFeed::prepare_next(Console& console, std::uint64_t at) {
    if (begins_) {
        begins_ = false;
        return chase(console, lap_.song, at, true);
    }
    if (!anew_.empty() && boundary(horizon_) == at) {
        chase(console, lap_.song + (std::max(at, lap_.from) - lap_.from), at, false);
        return anew_.clear();
    }
    if (next_move() <= next_lap()) return prepare(console, moves_[next_++], at);
    const base::Loop& loop = roll_->loop;
    lap_ = {.from = engine_frame(loop.end), .song = loop.begin};
    chase(console, loop.begin, at, true);
}

// What the moves before say, those of this frame included.
void AutomationFeed::chase(Console& console, std::uint64_t song, std::uint64_t at, bool all) {
    const auto end = std::upper_bound(
        moves_.begin(), moves_.end(), song,
        [](std::uint64_t frame, const session::Move& move) { return frame < move.frame; });
    std::unordered_map<param::Slot, const session::Move*> last;
    for (auto move = moves_.begin(); move != end; ++move) last[move->setting.slot] = &*move;
    // In the order in which they were moved.
    for (auto move = moves_.begin(); move != end; ++move) {
        const param::Slot slot = move->setting.slot;
        if (last[slot] == &*move && (all || anew_.contains(slot))) prepare(console, *move, at);
    }
    if (all) next_ = static_cast<std::size_t>(end - moves_.begin());
}

// A move that the desk cannot make is left out, and said.
void AutomationFeed::prepare(Console& console, const session::Move& move, std::uint64_t at) {
    session::Setting setting = move.setting;
    if (hold_) {
        const auto value = hold_(setting.slot, move.frame, setting.value.number);
        if (!value) return;
        setting.value.number = *value;
    }
    setting.value.number = layout_->clamp(setting.slot, setting.value.number);
    if (auto status = console.check(setting.slot, setting.value.number); !status)
        return refuse(setting, status.error());
    console.set(setting.slot, setting.value.number);
    newest_[setting.slot] = setting.value.number;
    sent_.push_back({at, setting});
}

void AutomationFeed::refuse(const session::Setting& setting, base::Error error) {
    if (!refused_slots_.insert(setting.slot).second) return;
    if (setting.line != 0) error.where = std::to_string(setting.line) + ": " + error.where;
    refused_.push_back(std::move(error));
}

void AutomationFeed::tell_until(std::uint64_t frame,
                                const std::function<void(const session::Setting&)>& tell) {
    while (!sent_.empty() && sent_.front().at <= frame && sent_.front().at != waiting_) {
        const session::Setting setting = sent_.front().setting;
        sent_.pop_front();
        tell(setting);
    }
}

std::vector<base::Error> AutomationFeed::take_refused() {
    return std::exchange(refused_, {});
}

}  // namespace mixrig::app
