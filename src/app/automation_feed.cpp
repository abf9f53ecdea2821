// Moves of an automation, ahead of their time.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/automation_feed.h"

#include "dsp/lanes.h"

namespace mixrig::app {

namespace {

// Values change at quantum boundaries: a move takes effect at the first one at or after its frame.
std::uint64_t boundary(std::uint64_t frame) {
    return (frame + dsp::kQuantum - 1) / dsp::kQuantum * dsp::kQuantum;
}

}  // namespace

bool AutomationFeed::send_until(Console& console, std::uint64_t frame) {
    while (sent_ < moves_.size() && boundary(moves_[sent_].frame) < frame) {
        // All moves of one boundary are one batch, live and offline alike.
        const std::uint64_t at = boundary(moves_[sent_].frame);
        std::size_t end = sent_;
        for (; end < moves_.size() && boundary(moves_[end].frame) == at; ++end) {
            const session::Setting& setting = moves_[end].setting;
            const float value = layout_->clamp(setting.slot, setting.value.number);
            console.set(setting.slot, value);
            newest_[setting.slot] = value;
        }
        if (!console.flush_at(at)) return false;
        sent_ = end;
    }
    return true;
}

void AutomationFeed::tell_until(std::uint64_t frame,
                                const std::function<void(const session::Setting&)>& tell) {
    for (; told_ < sent_ && boundary(moves_[told_].frame) <= frame; ++told_)
        tell(moves_[told_].setting);
}

}  // namespace mixrig::app
