// Values as OSC arguments and back.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/osc_value.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace mixrig::control {

using param::Type;

namespace {

constexpr double kMost = std::numeric_limits<float>::max();

}  // namespace

base::Result<param::Value> to_value(const param::Layout& layout, param::Slot slot,
                                    const OscArg& arg) {
    if (arg.is_text()) return layout.parse(slot, arg.as_text());
    if (layout.row(slot).type == Type::text) return base::Error{"the value is a text (,s)"};
    if (!arg.is_number())
        return base::Error{"type " + std::string(1, arg.type) + " is not a value",
                           {},
                           "send f, i, d, h, T, F or s"};
    const double number = arg.as_number();
    if (!std::isfinite(number)) return base::Error{"a value must be finite"};
    const auto narrowed = static_cast<float>(std::clamp(number, -kMost, kMost));
    return param::Value{layout.from_number(slot, narrowed)};
}

OscArg to_arg(const param::Layout& layout, param::Slot slot, const param::Value& value) {
    switch (layout.row(slot).type) {
        case Type::number:
            return OscArg::number(value.number);
        case Type::toggle:
            return OscArg::integer(value.number != 0.0f ? 1 : 0);
        default:
            return OscArg::text(layout.format(slot, value));
    }
}

}  // namespace mixrig::control
