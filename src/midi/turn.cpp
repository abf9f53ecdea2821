// Positions of controls and values of rows.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/midi/turn.h"

#include <algorithm>
#include <cmath>

namespace mixrig::midi {
namespace {

// As fine as one detent of an endless knob should be: 0.01 of a pan, 0.2 dB around unity.
constexpr float kSteps = 200.0f;

bool is_number(const param::Row& row) {
    return row.type == param::Type::number;
}

}  // namespace

std::optional<float> position(const param::Layout& layout, param::Slot slot,
                              const param::Value& value) {
    const param::Row& row = layout.row(slot);
    if (row.type == param::Type::text) return std::nullopt;
    if (is_number(row)) return param::to_knob(row, value.number);
    const float high = layout.high(slot);
    return high == 0.0f ? 0.0f : value.number / high;
}

param::Value at_position(const param::Layout& layout, param::Slot slot, float position) {
    const param::Row& row = layout.row(slot);
    const float at = std::clamp(position, 0.0f, 1.0f);
    if (is_number(row)) return {param::from_knob(row, at)};
    return {std::round(at * layout.high(slot))};
}

param::Value turned(const param::Layout& layout, param::Slot slot, const param::Value& value,
                    int detents) {
    const auto steps = static_cast<float>(detents);
    if (!is_number(layout.row(slot)))
        return {std::clamp(value.number + steps, 0.0f, layout.high(slot))};
    // On to the steps themselves, so that there is a way back to the middle and to zero.
    const float now = *position(layout, slot, value) * kSteps;
    const float hair = 0.01f;
    const float from = detents > 0 ? std::floor(now + hair) : std::ceil(now - hair);
    return at_position(layout, slot, (from + steps) / kSteps);
}

param::Value pushed(const param::Layout& layout, param::Slot slot, const param::Value& value) {
    if (layout.row(slot).type == param::Type::toggle) return {value.number == 0.0f ? 1.0f : 0.0f};
    return layout.initial(slot);
}

}  // namespace mixrig::midi
