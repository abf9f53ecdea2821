// Which meters a desk has: of each strip, and of the whole.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/desk_meters.h"

#include "src/engine/geometry.h"
#include "src/monitor/analyser.h"
#include "src/monitor/meters.h"
#include "src/monitor/stereo_scope.h"

#include <cstddef>
#include <utility>

namespace mixrig::app {

std::vector<control::MeterLine> silent_meters(const param::DeskShape& shape) {
    std::vector<control::MeterLine> out;
    const auto add = [&out](std::string address, std::size_t values) {
        out.push_back({"/meters" + std::move(address), std::vector<float>(values)});
    };
    for (const engine::StripPlace& place : engine::Geometry(shape).strips) {
        std::string address(param::kPrefix[static_cast<std::size_t>(place.kind)]);
        if (param::is_counted(place.kind)) address += "/" + std::to_string(place.number + 1);
        add(std::move(address), monitor::kMeterFields.size());
    }
    constexpr std::size_t kLoudnessValues = 5, kLoadValues = 5;
    add("/loudness", kLoudnessValues);
    add("/load", kLoadValues);
    add("/main/chain", monitor::kChainFields.size());
    add("/rta", monitor::kThirdOctaves);
    add("/fft", monitor::kSpectrumPoints);
    add("/scope", monitor::kImageValues);
    add("/scope/main", monitor::kImageValues);
    return out;
}

std::vector<std::string> meter_addresses(const param::DeskShape& shape) {
    std::vector<std::string> out;
    for (control::MeterLine& line : silent_meters(shape)) out.push_back(std::move(line.address));
    return out;
}

}  // namespace mixrig::app
