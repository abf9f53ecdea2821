// Moves of an automation, ahead of their time.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/automation_feed.h"

#include "dsp/lanes.h"

#include <limits>
#include <utility>

namespace mixrig::app {

namespace {

constexpr std::size_t kRefused = std::numeric_limits<std::size_t>::max();

// Values change at quantum boundaries: a move takes effect at the first one at or after its frame.
std::uint64_t boundary(std::uint64_t frame) {
    return (frame + dsp::kQuantum - 1) / dsp::kQuantum * dsp::kQuantum;
}

}  // namespace

bool AutomationFeed::send_until(Console& console, std::uint64_t frame) {
    while (sent_ < moves_.size() && boundary(moves_[sent_].frame) < frame) {
        // All moves of one boundary are one batch, live and offline alike.
        const std::uint64_t at = boundary(moves_[sent_].frame);
        for (; prepared_ < moves_.size() && boundary(moves_[prepared_].frame) == at; ++prepared_)
            prepare(console);
        if (!console.flush_at(at)) return false;
        sent_ = prepared_;
    }
    return true;
}

// A move that the desk cannot make is left out, and said.
void AutomationFeed::prepare(Console& console) {
    session::Setting& setting = moves_[prepared_].setting;
    const float value = layout_->clamp(setting.slot, setting.value.number);
    if (auto status = console.check(setting.slot, value); !status) {
        base::Error error = status.error();
        error.where = std::to_string(setting.line) + ": " + error.where;
        refused_.push_back(std::move(error));
        moves_[prepared_].setting.line = kRefused;
        return;
    }
    console.set(setting.slot, value);
    newest_[setting.slot] = value;
}

std::uint64_t AutomationFeed::next_frame() const {
    return sent_ < moves_.size() ? boundary(moves_[sent_].frame) : UINT64_MAX;
}

void AutomationFeed::tell_until(std::uint64_t frame,
                                const std::function<void(const session::Setting&)>& tell) {
    for (; told_ < sent_ && boundary(moves_[told_].frame) <= frame; ++told_)
        if (moves_[told_].setting.line != kRefused) tell(moves_[told_].setting);
}

std::vector<base::Error> AutomationFeed::take_refused() {
    return std::exchange(refused_, {});
}

}  // namespace mixrig::app
