// What a flight says about itself: flight.toml, which only ever grows.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"
#include "src/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::session {

// Frames that the disk was too slow for; the file of the inputs has silence there.
struct FlightGap {
    std::uint64_t frame = 0;
    std::uint64_t frames = 0;
};

struct FlightInfo {
    dsp::Hertz rate = {48000.0};
    std::size_t inputs = 0;
    std::string processor = {};  // the instruction set of the kernels
    bool from_start = true;      // of the engine; else what it had in it then is not known
    std::optional<std::uint64_t> first_frame = {};  // none: nothing came
    std::optional<std::uint64_t> frames = {};       // none: it was not ended, but broke off
    std::vector<FlightGap> gaps = {};
};

// The files of a flight.
inline constexpr std::string_view kFlightInfo = "flight.toml", kFlightDesk = "desk.toml",
                                  kFlightStart = "start.scene", kFlightEvents = "events.auto",
                                  kFlightInputs = "inputs.f32";

// Its head; then come, one by one, as it goes:
std::string flight_head(const FlightInfo& info);
std::string flight_begin(std::uint64_t first_frame);
std::string flight_gap(const FlightGap& gap);
std::string flight_end(std::uint64_t frames);

base::Result<FlightInfo> parse_flight(std::string_view text, const std::filesystem::path& file);
base::Result<FlightInfo> load_flight(const std::filesystem::path& folder);

}  // namespace mixrig::session
