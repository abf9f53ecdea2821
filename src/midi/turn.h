// Knobs, steps and buttons on the rows of the table.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/param/layout.h"

#include <optional>

namespace mixrig::midi {

// Where a control for this value stands, 0..1; nothing if it has no range (text).
std::optional<float> position(const param::Layout& layout, param::Slot slot,
                              const param::Value& value);
// What a control at this position, 0..1, means.
param::Value at_position(const param::Layout& layout, param::Slot slot, float position);
// So many detents of an endless knob further. Numbers have 200 steps from end to end, all else as
// many as it has values.
param::Value turned(const param::Layout& layout, param::Slot slot, const param::Value& value,
                    int detents);
// A push: the other state of a toggle, the initial value of anything else.
param::Value pushed(const param::Layout& layout, param::Slot slot, const param::Value& value);

}  // namespace mixrig::midi
