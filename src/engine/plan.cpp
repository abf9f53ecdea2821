// Order of computation and alignment of paths.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/plan.h"

#include "dsp/glide.h"

#include <algorithm>

namespace mixrig::engine {

AlignedTap::AlignedTap(MixSource from, std::size_t late)
    : source(from), frames(late), ring(late * dsp::kLanes, 0.0f) {}

void AlignedTap::process(const float* in, dsp::Slice slice, dsp::LaneMask lanes) MIXRIG_REALTIME {
    std::size_t at = position;
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        float* kept = ring.data() + at * dsp::kLanes;
        const float* now = in + n * dsp::kLanes;
        const std::size_t rest = fading - std::min(fading, n - slice.first);
        const auto open = static_cast<float>(dsp::s_curve(kTapFade, kTapFade - rest));
        for (std::size_t lane = 0; lane < dsp::kLanes; ++lane) {
            if (!(lanes & dsp::lane_bit(lane))) continue;
            out.at(n)[lane] = kept[lane];
            kept[lane] = open * now[lane];
        }
        at = at + 1 == frames ? 0 : at + 1;
    }
}

void AlignedTap::advance(dsp::Slice slice) MIXRIG_REALTIME {
    position = (position + slice.count) % frames;
    fading -= std::min(fading, slice.count);
}

void AlignedTap::clear() MIXRIG_REALTIME {
    std::fill(ring.begin(), ring.end(), 0.0f);
    out = {};
}

namespace {

bool is_group(const Geometry& geometry, Strip strip) {
    return geometry.banks[geometry.strips[strip].bank].stage == Stage::groups;
}

}  // namespace

std::vector<std::size_t> group_levels(const Geometry& geometry, const Routing& routing) {
    std::vector<std::size_t> levels(geometry.strips.size(), 0);
    std::vector<Path> between;
    std::size_t groups = 0;
    for (Strip s = 0; s < geometry.strips.size(); ++s) {
        if (!is_group(geometry, s)) continue;
        levels[s] = 1;
        ++groups;
    }
    for (const Path& path : routing.paths)
        if (is_group(geometry, path.from) && is_group(geometry, path.to)) between.push_back(path);
    // Relaxation: a chain without loops settles within as many rounds as there are groups.
    for (std::size_t round = 0; round <= groups; ++round) {
        bool changed = false;
        for (const Path& path : between) {
            if (levels[path.to] > levels[path.from]) continue;
            levels[path.to] = levels[path.from] + 1;
            changed = true;
        }
        if (!changed) return levels;
    }
    return {};
}

Latency latencies(const Geometry& geometry, const Routing& routing,
                  const std::vector<std::size_t>& levels) {
    Latency latency{.sum = std::vector<std::size_t>(geometry.strips.size(), 0),
                    .arrival = routing.before,
                    .inserted = {},
                    .leaving = {}};
    const auto add_own = [&](Strip s) {
        latency.arrival[s] = latency.sum[s] + routing.before[s];
        latency.inserted[s] = latency.arrival[s] + routing.insert[s];
        latency.leaving[s] = latency.inserted[s] + routing.latency[s];
    };
    latency.inserted = latency.leaving = latency.sum;
    for (Strip s = 0; s < geometry.strips.size(); ++s) add_own(s);
    const std::size_t deepest =
        levels.empty() ? 0 : *std::max_element(levels.begin(), levels.end());
    // Sources first: channels, then groups by level, then everything that groups feed, then what
    // main feeds.
    const auto rank = [&](Strip strip) {
        const Stage stage = geometry.banks[geometry.strips[strip].bank].stage;
        if (stage == Stage::channels) return std::size_t{0};
        if (stage == Stage::groups) return levels[strip];
        return deepest + (stage == Stage::buses ? 1u : 2u);
    };
    std::vector<Path> paths = routing.paths;
    std::stable_sort(paths.begin(), paths.end(),
                     [&](const Path& a, const Path& b) { return rank(a.to) < rank(b.to); });
    for (const Path& path : paths) {
        latency.sum[path.to] = std::max(latency.sum[path.to], latency.at(path.from, path.tap));
        add_own(path.to);
    }
    latency.sum[geometry.master()] = latency.inserted[geometry.main()];
    add_own(geometry.master());
    return latency;
}

}  // namespace mixrig::engine
