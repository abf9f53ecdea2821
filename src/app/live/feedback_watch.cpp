// Which band takes a notch, when the trim goes down, and what is told.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/feedback_watch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace mixrig::app {

using param::Kind;
using param::row;

namespace {

constexpr float kNotchType = 3.0f;  // bell low_shelf high_shelf notch ...
constexpr float kNarrow = 20.0f, kWidest = 5.0f;
constexpr float kSameNotch = 0.06f;  // a tone of half a note away belongs to a notch of Q 20 to 10
enum class Guard { off, warn, notch };

constexpr std::size_t kOn = row("eq/#/on"), kType = row("eq/#/type"), kFreq = row("eq/#/freq"),
                      kGain = row("eq/#/gain"), kQ = row("eq/#/q"), kTrim = row("trim");

}  // namespace

param::Slot FeedbackWatch::slot(std::size_t channel, std::size_t at, std::size_t band) const {
    return desk_.layout().slot(Kind::ch, channel, at, band);
}

float FeedbackWatch::number(std::size_t channel, std::size_t at, std::size_t band) const {
    return desk_.values().number(slot(channel, at, band));
}

void FeedbackWatch::set(param::Slot slot, float value) {
    if (const auto done = desk_.set(slot, {value}, control::kDeskItself); !done)
        log_.error("feedback", done.error().text());
}

FeedbackWatch::Action FeedbackWatch::act(std::size_t channel, const monitor::Ring& ring) {
    const auto guard = static_cast<Guard>(number(channel, row("feedback_guard")));
    if (guard != Guard::notch) return Action::warn;
    const control::OpenBatch batch(desk_);
    const auto hertz = static_cast<float>(ring.hertz);
    forget_moved();
    for (const Notch& notch : notches_)
        if (notch.channel == channel && std::abs(notch.hertz - hertz) < kSameNotch * hertz)
            return widen(notch) ? Action::widen : lower(channel, ring.seconds);
    return place(channel, hertz) ? Action::notch : lower(channel, ring.seconds);
}

void FeedbackWatch::tell(std::size_t channel, const monitor::Ring& ring, Action action) {
    if (action == Action::wait) return;
    static const std::string lower = "lower " + std::to_string(static_cast<int>(kLower_dB)) + " dB";
    const std::array<std::string, 4> words = {"warn", "notch", "widen", lower};
    const std::string& done = words[static_cast<std::size_t>(action)];
    const std::string address = "/ch/" + std::to_string(channel + 1);
    const std::string hertz = std::to_string(std::lround(ring.hertz));
    const param::Slot last = desk_.layout().slot(Kind::desk, 0, row("/feedback/last"));
    const param::Slot count = desk_.layout().slot(Kind::desk, 0, row("/feedback/count"));
    const control::OpenBatch batch(desk_);
    (void)desk_.set(last, {0.0f, address + " " + done + " " + hertz + " Hz"}, control::kDeskItself);
    set(count, desk_.values().number(count) + 1.0f);
    log_.warning("feedback", address + " rings at " + hertz + " Hz: " + done,
                 {{"strip", address},
                  {"hertz", hertz},
                  {"action", done},
                  {"dB", std::to_string(std::lround(ring.level_dBFS))},
                  {"growth", std::to_string(std::lround(ring.growth_dB_per_s))}});
}

// A notch that somebody has moved or taken out is no longer ours, nor is a trim.
void FeedbackWatch::forget_moved() {
    std::erase_if(notches_, [this](const Notch& n) {
        return number(n.channel, kType, n.band) != kNotchType ||
               number(n.channel, kFreq, n.band) != n.hertz ||
               number(n.channel, kOn, n.band) == 0.0f;
    });
    std::erase_if(lowered_,
                  [this](const Lowered& l) { return number(l.channel, kTrim) != l.to_dB; });
}

bool FeedbackWatch::widen(const Notch& notch) {
    const float q = number(notch.channel, kQ, notch.band);
    if (q <= kWidest) return false;
    set(slot(notch.channel, kQ, notch.band), std::max(kWidest, q / 2.0f));
    return true;
}

FeedbackWatch::Action FeedbackWatch::lower(std::size_t channel, double seconds) {
    auto at = std::find_if(lowered_.begin(), lowered_.end(),
                           [&](const Lowered& l) { return l.channel == channel; });
    const float now = number(channel, kTrim);
    if (at == lowered_.end())
        at = lowered_.insert(at, {.channel = channel, .from_dB = now});
    else if (seconds >= at->seconds && seconds < at->seconds + kLowerSeconds)
        return Action::wait;
    if (at->from_dB - now > kMostLower_dB - kLower_dB) return Action::warn;
    set(slot(channel, kTrim), now - kLower_dB);
    at->to_dB = number(channel, kTrim);
    at->seconds = seconds;
    return at->to_dB < now ? Action::lower : Action::warn;
}

bool FeedbackWatch::place(std::size_t channel, float hertz) {
    const auto standing = std::count_if(notches_.begin(), notches_.end(),
                                        [&](const Notch& n) { return n.channel == channel; });
    const auto band = free_band(channel, hertz);
    if (static_cast<std::size_t>(standing) >= kMostNotches || !band || !may_sound(channel))
        return false;
    set(slot(channel, kType, *band), kNotchType);
    set(slot(channel, kFreq, *band), hertz);
    set(slot(channel, kQ, *band), kNarrow);
    set(slot(channel, kOn, *band), 1.0f);
    set(slot(channel, row("eq/on")), 1.0f);
    notches_.push_back({channel, *band, number(channel, kFreq, *band)});
    return true;
}

bool FeedbackWatch::is_free(std::size_t channel, std::size_t band) const {
    constexpr std::array kRows = {kType, kFreq, kGain, kQ};
    return std::all_of(kRows.begin(), kRows.end(), [&](std::size_t at) {
        return desk_.layout().initial(slot(channel, at, band)).number == number(channel, at, band);
    });
}

// The nearest by frequency, so that bands keep their order where they can.
std::optional<std::size_t> FeedbackWatch::free_band(std::size_t channel, float hertz) const {
    std::optional<std::size_t> best;
    const auto distance = [&](std::size_t band) {
        return std::abs(std::log(number(channel, kFreq, band) / hertz));
    };
    for (std::size_t band = 0; band < param::kBands; ++band)
        if (is_free(channel, band) && (!best || distance(band) < distance(*best))) best = band;
    return best;
}

// Whether nothing is heard that was not before, but the notch.
bool FeedbackWatch::may_sound(std::size_t channel) const {
    if (number(channel, row("eq/on")) != 0.0f) return true;
    for (std::size_t band = 0; band < param::kBands; ++band)
        if (!is_free(channel, band) && number(channel, kOn, band) != 0.0f) return false;
    return true;
}

}  // namespace mixrig::app
