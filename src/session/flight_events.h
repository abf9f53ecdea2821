// The events of a flight: automation whose lines also say in which batch they were heard.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/session/automation.h"

#include <cstdint>
#include <filesystem>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::session {

// Behind a line, as a comment: "#17" or "#17 ahead". Batches were worked out in the order of their
// numbers; those that were sent ahead of their frames travelled in a queue of their own.
struct FlightMark {
    std::uint64_t number = 0;  // from 1; 0: the line has none, somebody has written it by hand
    bool ahead = false;
};

std::string flight_line(std::uint64_t frame, std::string_view address, std::string_view value,
                        FlightMark mark);

// What is no value, automation does not know: these lines are comments to it.
// All outputs fall silent and come up again, as after a loss of the device: "# 4096f ramp #18".
std::string flight_ramp_line(std::uint64_t frame, FlightMark mark);
// The convolution of an effect gets another impulse response, a file of the flight; none if the
// name is empty: "# 4096f impulse 1 impulse-1-1.wav #19". With number 0 it has it at the start.
struct FlightImpulse {
    std::size_t effect = 0;  // from 0
    std::string file = {};
};
std::string flight_impulse_line(std::uint64_t frame, const FlightImpulse& impulse, FlightMark mark);

struct FlightBatch {
    std::uint64_t frame = 0;
    FlightMark mark = {};
    bool is_ramp = false;
    std::vector<Setting> settings = {};
    std::vector<FlightImpulse> impulses = {};
};

// In the order in which they are to be worked out. Lines without a mark, and lines that were moved
// away from their batch, come live at their frame, in the order of frames; those of one quantum
// boundary are one batch. An error names the line.
base::Result<std::vector<FlightBatch>> parse_flight_events(std::istream& text,
                                                           const param::Layout& layout,
                                                           dsp::Hertz rate,
                                                           const std::string& file);
base::Result<std::vector<FlightBatch>> load_flight_events(const std::filesystem::path& path,
                                                          const param::Layout& layout,
                                                          dsp::Hertz rate);

}  // namespace mixrig::session
