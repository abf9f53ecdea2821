// Values of the table as OSC arguments.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/osc_message.h"
#include "src/base/result.h"
#include "src/param/layout.h"

namespace mixrig::control {

// What a remote asks for, not yet clamped. Numbers of any type, true and false, or text with unit;
// a number given to a choice is its word ("24" of 12, 18, 24) or else its index.
base::Result<param::Value> to_value(const param::Layout& layout, param::Slot slot,
                                    const OscArg& arg);

// Numbers as f, toggles as i 0 or 1, all else as its word.
OscArg to_arg(const param::Layout& layout, param::Slot slot, const param::Value& value);

}  // namespace mixrig::control
