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
    // For who has these rights: what he may not see is silence. All must outlive it.
    Meters(const Mapping& mapping, const Dialect& dialect, const Desk& desk, RightsNumber rights);

    // Nothing if there is no such meter. `selected`: a strip's number among all.
    std::optional<Blob> blob(int number, std::array<std::int32_t, 2> parameters,
                             std::int32_t selected, std::span<const MeterLine> lines);
    bool knows(int number) const;

private:
    friend class Filling;
    bool is_air() const { return &dialect_ == &kAirDialect; }
    using Rows = std::vector<std::vector<std::optional<std::size_t>>>;
    void find_lines(std::span<const MeterLine> lines);

    const Mapping& mapping_;
    const Dialect& dialect_;
    const Desk& desk_;
    RightsNumber rights_;
    Rows lines_;  // numbers of our lines, by row of strips
    std::optional<std::size_t> spectrum_;
    bool found_ = false;
};

}  // namespace mixrig::control::x32
