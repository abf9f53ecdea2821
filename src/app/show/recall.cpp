// Scope, safes and differences.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/show/recall.h"

#include "src/param/scope.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace mixrig::app {

namespace {

using param::Kind;
using param::row;
using param::Slot;

// A switch and the level that it lets through: when it is at `silent`, there is silence.
struct Switched {
    std::size_t level, by;
    float silent;
};
constexpr std::array kSwitched = {Switched{row("fader"), row("mute"), 1.0f},
                                  Switched{row("/dca/#/fader"), row("/dca/#/mute"), 1.0f},
                                  Switched{row("send/aux/#/level"), row("send/aux/#/on"), 0.0f},
                                  Switched{row("send/fx/#/level"), row("send/fx/#/on"), 0.0f},
                                  Switched{row("send/mtx/#/level"), row("send/mtx/#/on"), 0.0f}};

constexpr std::array kGains = {row("trim"), row("eq/#/gain"), row("comp/#/makeup")};

float level_of(const param::Layout& layout, const param::Values& values, const param::Place& at,
               const Switched& pair) {
    const float on = values.number(layout.slot(at.kind, at.strip, pair.by, at.index));
    if (on == pair.silent) return param::kSilence;
    return values.number(layout.slot(at.kind, at.strip, pair.level, at.index));
}

float jump(const param::Layout& layout, const param::Values& now, const param::Values& then,
           Slot slot) {
    const param::Place at = layout.place(slot);
    for (const Switched& pair : kSwitched) {
        if (at.row == pair.by)
            return level_of(layout, then, at, pair) - level_of(layout, now, at, pair);
        if (at.row == pair.level) return then.number(slot) - now.number(slot);
    }
    const bool is_gain = std::find(kGains.begin(), kGains.end(), at.row) != kGains.end() ||
                         layout.row(slot).taper == param::Taper::fader;
    return is_gain ? then.number(slot) - now.number(slot) : 0.0f;
}

}  // namespace

bool is_in_scenes(const param::Layout& layout, Slot slot) {
    const std::size_t at = layout.place(slot).row;
    return param::kScopes[at] != param::Scope::never &&
           param::kTable[at].keep == param::Keep::scenes;
}

bool is_recalled(const param::Layout& layout, const param::Values& now, Slot slot) {
    const param::Place at = layout.place(slot);
    const param::Scope scope = param::kScopes[at.row];
    if (!is_in_scenes(layout, slot)) return false;
    const std::size_t by = param::kScopeRows[static_cast<std::size_t>(scope)];
    if (now.number(layout.slot(Kind::desk, 0, by)) == 0.0f) return false;
    if (at.kind == Kind::desk) return true;
    const Kind strip = at.kind == Kind::master ? Kind::main : at.kind;
    return now.number(layout.slot(strip, at.strip, row("safe"))) == 0.0f;
}

session::Scene recalled(const session::Scene& scene, const param::Layout& layout,
                        const param::Values& now) {
    session::Scene out;
    out.reserve(scene.size());
    for (const session::Setting& setting : scene) {
        if (!is_recalled(layout, now, setting.slot)) continue;
        out.push_back(setting);
        if (layout.row(setting.slot).type != param::Type::text)
            out.back().value.number = layout.clamp(setting.slot, setting.value.number);
    }
    return out;
}

session::Scene whole_scene(const param::Layout& layout, const param::Values& now) {
    session::Scene out;
    out.reserve(layout.size());
    for (Slot slot = 0; slot < layout.size(); ++slot)
        if (is_in_scenes(layout, slot)) out.push_back({slot, now.get(slot)});
    return out;
}

std::vector<Difference> differences(const param::Layout& layout, const param::Values& now,
                                    const session::Scene& wanted) {
    param::Values then = now;
    session::apply(wanted, then);
    std::vector<Difference> out;
    for (Slot slot = 0; slot < layout.size(); ++slot) {
        param::Value before = now.get(slot), after = then.get(slot);
        if (before == after) continue;
        const float by = jump(layout, now, then, slot);
        out.push_back({slot, std::move(before), std::move(after), by});
    }
    std::stable_sort(out.begin(), out.end(), [](const Difference& a, const Difference& b) {
        return std::fabs(a.jump_dB) > std::fabs(b.jump_dB);
    });
    return out;
}

std::string jump_text(const Difference& difference) {
    if (difference.jump_dB == 0.0f) return {};
    std::array<char, 32> digits{};
    const auto [end, error] =
        std::to_chars(digits.data(), digits.data() + digits.size(),
                      std::round(static_cast<double>(difference.jump_dB) * 10.0) / 10.0);
    if (error != std::errc{}) return {};
    return (difference.jump_dB > 0.0f ? "+" : "") + std::string(digits.data(), end) + " dB";
}

}  // namespace mixrig::app
