// The ways of values.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/show/fade_plan.h"

#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "src/app/start_values.h"
#include "src/engine/binding.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>

namespace mixrig::app {

namespace {

using param::row;
using param::Slot;

// What a switch stands for: rows that cannot be heard while it is off, and a level among them that
// brings it in and out without anybody hearing the switch.
struct Block {
    std::string_view rows;  // that begin so
    std::size_t on;
    float off;  // the value of the switch at which nothing is heard
    std::size_t level;
    float neutral;  // the level at which it does not matter whether the switch is on
};
// An equaliser's band is a block; the switch of the whole equaliser works as that of each band.
constexpr std::array kBlocks = {
    Block{"fader", row("mute"), 1.0f, row("fader"), param::kSilence},
    Block{"/dca/#/fader", row("/dca/#/mute"), 1.0f, row("/dca/#/fader"), param::kSilence},
    Block{"send/aux/", row("send/aux/#/on"), 0.0f, row("send/aux/#/level"), param::kSilence},
    Block{"send/fx/", row("send/fx/#/on"), 0.0f, row("send/fx/#/level"), param::kSilence},
    Block{"send/mtx/", row("send/mtx/#/on"), 0.0f, row("send/mtx/#/level"), param::kSilence},
    Block{"eq/#/", row("eq/#/on"), 0.0f, row("eq/#/gain"), 0.0f},
    Block{"comp/", row("comp/#/on"), 0.0f, row("comp/#/mix"), 0.0f},
    Block{"gate/", row("gate/on"), 0.0f, row("gate/range"), 0.0f},
    Block{"hpf/", row("hpf/on"), 0.0f, row("hpf/freq"), param::kTable[row("hpf/freq")].low},
    Block{"lpf/", row("lpf/on"), 0.0f, row("lpf/freq"), param::kTable[row("lpf/freq")].high}};

constexpr std::size_t kNoBlock = kBlocks.size();

// By row; the switch itself belongs to its block.
constexpr auto kBlockOf = [] {
    std::array<std::size_t, param::kRows> blocks{};
    for (std::size_t r = 0; r < param::kRows; ++r) {
        blocks[r] = kNoBlock;
        for (std::size_t b = 0; b < kBlocks.size(); ++b)
            if (r == kBlocks[b].on || param::kTable[r].address.starts_with(kBlocks[b].rows))
                blocks[r] = b;
    }
    return blocks;
}();

Law law_of(const param::Row& row, float from, float to) {
    if (row.taper == param::Taper::logarithmic) return Law::logarithmic;
    if (row.taper == param::Taper::fader && from <= row.low) return Law::rise;
    if (row.taper == param::Taper::fader && to <= row.low) return Law::fall;
    return Law::linear;
}

float quarter_sine(float goal_dB, double share) {
    const double amplitude = std::sin(0.5 * std::numbers::pi * share);
    return std::max(param::kSilence,
                    goal_dB + 20.0f * std::log10(std::max(static_cast<float>(amplitude), 1e-6f)));
}

// Plans one fade.
class Planner {
public:
    Planner(const param::Layout& layout, const param::Values& now, const param::Values& then,
            const FadeTimes& times)
        : layout_(layout), now_(now), then_(then), times_(times) {}

    Track track(Slot slot) const {
        const param::Place at = layout_.place(slot);
        const std::size_t block = kBlockOf[at.row];
        if (block == kNoBlock) return alone(slot);
        const Block& here = kBlocks[block];
        const bool was = is_heard(now_, at, here), will = is_heard(then_, at, here);
        if (at.row == here.on) return own_switch(slot, at, here, was, will);
        if (was && will) return alone(slot);
        if (at.row == here.level && will) return rising(slot, here.neutral);
        if (at.row == here.level && was) return falling(slot, here.neutral);
        // Nobody hears it: before it opens, or after it has closed.
        return was ? step(slot, times_.closed) : step(slot, times_.begin);
    }

    Track step(Slot slot, std::uint64_t frame) const {
        const float from = now_.number(slot), to = then_.number(slot);
        return {.slot = slot,
                .start = from,
                .jump_at = frame,
                .ramp_at = frame,
                .arrives_at = frame,
                .from = to,
                .to = to,
                .ends_at = frame,
                .goal = to};
    }

private:
    bool is_heard(const param::Values& values, const param::Place& at, const Block& block) const {
        const bool on =
            values.number(layout_.slot(at.kind, at.strip, block.on, at.index)) != block.off;
        if (block.on != row("eq/#/on")) return on;
        return on && values.number(layout_.slot(at.kind, at.strip, row("eq/on"))) != 0.0f;
    }

    Track own_switch(Slot slot, const param::Place& at, const Block& block, bool was,
                     bool will) const {
        if (will) return step(slot, times_.open);
        if (was) return step(slot, times_.end);
        // A band of an equaliser that is off at one end at least: never while that is on.
        const bool later = block.on == row("eq/#/on") &&
                           now_.number(layout_.slot(at.kind, at.strip, row("eq/on"))) != 0.0f;
        return step(slot, later ? times_.closed : times_.begin);
    }

    // What no block's switch decides about.
    Track alone(Slot slot) const {
        const param::Row& at = layout_.row(slot);
        const float from = now_.number(slot), to = then_.number(slot);
        if (at.type == param::Type::number && at.motion == param::Motion::glides)
            return ramp(slot, from, to, times_.begin);
        return step(slot, is_closing(slot) ? times_.end : opening(slot));
    }
    bool is_closing(Slot slot) const {
        const param::Row& at = layout_.row(slot);
        const float to = then_.number(slot);
        if (at.address == "/mutegroup/#/on") return to != 0.0f;
        if (at.type == param::Type::route) return to == param::kRouteNone;
        return at.type == param::Type::toggle && at.address.ends_with("on") && to == 0.0f;
    }
    // The whole equaliser opens when its bands are flat.
    std::uint64_t opening(Slot slot) const {
        return layout_.row(slot).address == "eq/on" ? times_.open : times_.begin;
    }

    Track ramp(Slot slot, float from, float to, std::uint64_t at) const {
        return {.slot = slot,
                .start = now_.number(slot),
                .jump_at = times_.begin,
                .ramp_at = at,
                .arrives_at = times_.end,
                .from = from,
                .to = to,
                .law = law_of(layout_.row(slot), from, to),
                .ends_at = times_.end,
                .goal = then_.number(slot)};
    }
    Track rising(Slot slot, float neutral) const {
        return ramp(slot, neutral, then_.number(slot), times_.open);
    }
    Track falling(Slot slot, float neutral) const {
        Track out = ramp(slot, now_.number(slot), neutral, times_.begin);
        out.ends_at = times_.closed;
        return out;
    }

    const param::Layout& layout_;
    const param::Values& now_;
    const param::Values& then_;
    const FadeTimes& times_;
};

// Slots that a plan has to look at: what is wanted, and the levels that a switch brings in or out.
std::vector<Slot> concerned(const param::Layout& layout, const param::Values& now,
                            const param::Values& then) {
    std::vector<bool> marked(now.size(), false);
    const auto mark_level = [&](const param::Place& at, const Block& block, std::size_t index) {
        marked[layout.slot(at.kind, at.strip, block.level, index)] = true;
    };
    for (Slot slot = 0; slot < now.size(); ++slot) {
        if (now.number(slot) == then.number(slot)) continue;
        marked[slot] = true;
        const param::Place at = layout.place(slot);
        for (const Block& block : kBlocks) {
            if (at.row == block.on) mark_level(at, block, at.index);
            if (at.row != row("eq/on") || block.on != row("eq/#/on")) continue;
            for (std::size_t b = 0; b < param::kBands; ++b) mark_level(at, block, b);
        }
    }
    std::vector<Slot> out;
    for (Slot slot = 0; slot < marked.size(); ++slot)
        if (marked[slot]) out.push_back(slot);
    return out;
}

bool is_structure(engine::Part part) {
    return part == engine::Part::route || part == engine::Part::send ||
           part == engine::Part::limiter;
}

// Between start and end there are the old paths and the new ones. Where they would make a loop
// together, all of them change at the start.
bool fits_between(const param::Layout& layout, const param::Values& now, const param::Values& then,
                  const std::vector<Track>& tracks, const FadeTimes& times, dsp::Hertz rate) {
    param::Values between = now;
    bool any = false;
    for (const Track& track : tracks) {
        const param::Row& at = layout.row(track.slot);
        any |= is_structure(engine::kParts[layout.place(track.slot).row]);
        const float value = at.taper == param::Taper::fader
                                ? std::max(now.number(track.slot), then.number(track.slot))
                                : track.at(times.open);
        between.set(track.slot, {value});
    }
    return !any || check_routes(layout, between, rate);
}

}  // namespace

float Track::at(std::uint64_t frame) const {
    if (frame >= ends_at) return goal;
    if (frame < jump_at) return start;
    if (frame >= arrives_at) return to;
    if (frame <= ramp_at) return from;
    const double share =
        static_cast<double>(frame - ramp_at) / static_cast<double>(arrives_at - ramp_at);
    const auto linear = static_cast<float>(share);
    switch (law) {
        case Law::linear:
            return from + (to - from) * linear;
        case Law::logarithmic:
            return from * std::pow(to / from, linear);
        case Law::rise:
            return quarter_sine(to, share);
        case Law::fall:
            return quarter_sine(from, 1.0 - share);
    }
    return to;
}

FadeTimes fade_times(std::uint64_t frame, double seconds, dsp::Hertz rate) {
    constexpr std::uint64_t kStep = dsp::kQuantum;
    const std::uint64_t begin = (frame + kStep - 1) / kStep * kStep;
    const std::uint64_t glide = (dsp::glide_quanta(rate) + 1) * kStep;
    const auto length =
        static_cast<std::uint64_t>(std::llround(seconds * rate.value)) / kStep * kStep;
    const std::uint64_t end = begin + std::max(length, 2 * glide);
    return {begin, begin + glide, end, end + glide};
}

std::vector<Track> plan_fade(const param::Layout& layout, const param::Values& now,
                             const session::Scene& wanted, const FadeTimes& times,
                             dsp::Hertz rate) {
    param::Values then = now;
    for (const session::Setting& setting : wanted)
        if (layout.row(setting.slot).type != param::Type::text)
            then.set(setting.slot, {layout.clamp(setting.slot, setting.value.number)});
    const Planner planner(layout, now, then, times);
    std::vector<Track> tracks;
    for (const Slot slot : concerned(layout, now, then)) tracks.push_back(planner.track(slot));
    if (!fits_between(layout, now, then, tracks, times, rate))
        for (Track& track : tracks)
            if (is_structure(engine::kParts[layout.place(track.slot).row]))
                track = planner.step(track.slot, times.begin);
    return tracks;
}

}  // namespace mixrig::app
