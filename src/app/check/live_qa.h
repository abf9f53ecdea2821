// The mix doctor of a running desk: the rules whose figures its meters and settings hold.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/action.h"
#include "src/app/check/rules.h"
#include "src/base/result.h"
#include "src/engine/geometry.h"
#include "src/monitor/monitor.h"
#include "src/param/values.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mixrig::app::check {

// [control] Keeps the highest of what meters show only for a moment.
class LiveQa {
public:
    explicit LiveQa(const param::Layout& layout);

    // Now and then, the more often the better.
    void add(const monitor::Readings& readings);
    // What was loudest is forgotten; loudness and clips are the monitor's.
    void reset();

    static bool knows(std::string_view address) { return address.starts_with("/qa/"); }
    // All of /qa/... but /qa/reset.
    base::Result<control::Answer> act(const control::ActionCall& call, const param::Values& values,
                                      const monitor::Readings& readings);

private:
    struct Held {
        float input_dB = monitor::kFloor_dB, post_dB = monitor::kFloor_dB;
        float limiter_dB = 0.0f;
        std::array<double, 2> reduced_dB = {}, most_dB = {};
        std::size_t sounding = 0;  // how often it did when somebody looked
    };

    Facts facts(const param::Values& values, const monitor::Readings& readings) const;
    ChainFacts chain(const param::Values& values, const monitor::Readings& readings) const;
    control::Answer list(std::string_view address, const Facts& facts) const;
    base::Result<control::Answer> answer(const Rule& rule, const control::ActionCall& call,
                                         const Facts& facts) const;
    base::Result<control::Answer> set_profile(std::span<const control::OscArg> args);

    const param::Layout& layout_;
    engine::Geometry geometry_;
    Profile profile_ = Profile::classic;
    std::vector<Held> held_;  // by strip
    float bands_dB_ = 0.0f;   // of the multiband compressor, the most of any band
};

}  // namespace mixrig::app::check
