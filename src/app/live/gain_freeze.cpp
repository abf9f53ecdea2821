// Which rows move with a trim whose effect is frozen.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/gain_freeze.h"

#include <cmath>
#include <optional>

namespace mixrig::app {
namespace {

using param::Kind;
using param::row;
using param::Slot;

// Of gate or compressor: its switch, its threshold, whose signal it hears.
struct Dynamics {
    std::size_t on, threshold, key;
};
constexpr Dynamics kGate{row("gate/on"), row("gate/threshold"), row("gate/key")};
constexpr Dynamics kComp{row("comp/#/on"), row("comp/#/threshold"), row("comp/#/key")};

class Freeze {
public:
    Freeze(const param::Layout& layout, const param::Values& values, std::size_t channel, double dB)
        : layout_(layout), values_(values), channel_(channel), dB_(dB) {}

    base::Result<Moves> run() {
        add(layout_.slot(Kind::ch, channel_, row("trim")), true);
        add(layout_.slot(Kind::ch, channel_, row("freeze")), true);
        for (std::size_t k = 0; k < param::kKinds; ++k) {
            const auto kind = static_cast<Kind>(k);
            if (kind == Kind::desk) continue;
            const std::size_t strips = layout_.shape().count(kind);
            for (std::size_t s = 0; s < strips; ++s) {
                add_dynamics(kind, s, kGate, 0);
                for (std::size_t c = 0; c < param::kComps; ++c) add_dynamics(kind, s, kComp, c);
            }
        }
        if (refused_) return *refused_;
        return moves_;
    }

private:
    void add_dynamics(Kind kind, std::size_t strip, const Dynamics& rows, std::size_t index) {
        if (!layout_.has(kind, rows.threshold)) return;
        const auto get = [&](std::size_t r) {
            return values_.number(layout_.slot(kind, strip, r, index));
        };
        const float key = get(rows.key);
        const bool hears = key == param::kSourceSelf
                               ? kind == Kind::ch && strip == channel_
                               : key == param::kSourceFirstChannel + static_cast<float>(channel_);
        if (hears) add(layout_.slot(kind, strip, rows.threshold, index), get(rows.on) != 0.0f);
    }

    // In ten-thousandths of a dB, so that a move and the one back meet.
    void add(Slot slot, bool is_strict) {
        constexpr double kSteps = 1e4;
        const double from = static_cast<double>(values_.number(slot));
        const auto to = static_cast<float>(std::round((from + dB_) * kSteps) / kSteps);
        const float within = layout_.clamp(slot, to);
        if (within != to && is_strict && !refused_)
            refused_ =
                base::Error{layout_.address(slot) + " would be " + layout_.format(slot, {to, {}}) +
                                ", beyond its " + layout_.format(slot, {within, {}}),
                            layout_.address(slot), "nothing was moved"};
        moves_.push_back({slot, within});
    }

    const param::Layout& layout_;
    const param::Values& values_;
    std::size_t channel_;
    double dB_;
    Moves moves_;
    std::optional<base::Error> refused_;
};

}  // namespace

base::Result<Moves> freeze_gain(const param::Layout& layout, const param::Values& values,
                                std::size_t channel, double dB) {
    if (!std::isfinite(dB)) return base::Error{"a gain must be finite"};
    return Freeze(layout, values, channel, dB).run();
}

}  // namespace mixrig::app
