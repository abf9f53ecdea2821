// Meter blobs: ours in decibels, theirs in the order and the numbers of the dialect.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/osc_hooks.h"
#include "control/x32/mapping.h"
#include "control/x32/message.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mixrig::control::x32 {

class Meters {
public:
    Meters(const Mapping& mapping, const Dialect& dialect);

    // Nothing if there is no such meter.
    std::optional<Blob> blob(int number, std::array<std::int32_t, 2> parameters,
                             std::span<const MeterLine> lines);
    bool knows(int number) const;

private:
    using Rows = std::vector<std::vector<std::optional<std::size_t>>>;

    void find_lines(std::span<const MeterLine> lines);

    bool is_air_;
    std::vector<std::vector<std::string>> addresses_;  // of our lines, by row of strips
    Rows lines_;                                       // and their numbers
    std::optional<std::size_t> spectrum_;
    bool found_ = false;
};

}  // namespace mixrig::control::x32
