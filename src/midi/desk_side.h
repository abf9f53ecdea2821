// What surfaces need of the desk. They know its table, but nothing of who else steers it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/param/layout.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace mixrig::midi {

using Argument = std::variant<std::int32_t, float, std::string>;

// The meter of a strip.
struct Level {
    float peak_dB = -144.0f;
    float clips = 0.0f;  // samples since the start
};

// [control] `set` and `act` may refuse; then nothing has changed.
struct DeskSide {
    std::function<param::Value(param::Slot)> get = {};
    std::function<bool(param::Slot, const param::Value&)> set = {};
    std::function<bool(std::string_view address, std::span<const Argument>)> act = {};
    // A finger is on it, or has let go.
    std::function<void(param::Slot, bool down)> touch = {};
    // For the log: who comes, who goes.
    std::function<void(const std::string&)> tell = {};
    // Nothing if the strip has no meter.
    std::function<std::optional<Level>(param::Kind, std::size_t strip)> level = {};
};

}  // namespace mixrig::midi
