// Rows of the table as facts.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/check/settings_facts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace mixrig::app::check {
namespace {

using param::Kind;
using param::row;

class StripValues {
public:
    StripValues(const param::Layout& layout, const param::Values& values, Kind kind,
                std::size_t number)
        : layout_(layout), values_(values), kind_(kind), number_(number) {}

    float value(std::size_t at, std::size_t index = 0) const {
        return values_.number(layout_.slot(kind_, number_, at, index));
    }
    bool is_on(std::size_t at, std::size_t index = 0) const { return value(at, index) != 0.0f; }
    // The word of a choice.
    std::string_view word(std::size_t at, std::size_t index = 0) const {
        return param::choices(param::kTable[at])[static_cast<std::size_t>(value(at, index))];
    }
    bool has(std::size_t at) const { return layout_.has(kind_, at); }
    const std::string& name() const {
        return values_.text(layout_.slot(kind_, number_, row("name")));
    }

private:
    const param::Layout& layout_;
    const param::Values& values_;
    Kind kind_;
    std::size_t number_;
};

// An equaliser of bands: that of strips, or the mid-side one.
struct EqRows {
    std::size_t on, band_on, type, freq, gain, count;
};
constexpr EqRows kEq = {row("eq/on"),     row("eq/#/on"),   row("eq/#/type"),
                        row("eq/#/freq"), row("eq/#/gain"), param::kBands};
constexpr EqRows kMs = {row("ms/on"),     row("ms/#/on"),   row("ms/#/type"),
                        row("ms/#/freq"), row("ms/#/gain"), param::kMsBands};

// Calls `see(word of its type, band)` for the bands that work.
template <typename See>
void each_band(const StripValues& strip, const EqRows& eq, See see) {
    if (!strip.has(eq.on) || !strip.is_on(eq.on)) return;
    for (std::size_t band = 0; band < eq.count; ++band)
        if (strip.is_on(eq.band_on, band)) see(strip.word(eq.type, band), band);
}

double boldest(const StripValues& strip, const EqRows& eq) {
    double most = 0.0;
    each_band(strip, eq, [&](std::string_view type, std::size_t band) {
        if (type == "bell" || type.ends_with("shelf"))
            most = std::max(most, std::fabs(static_cast<double>(strip.value(eq.gain, band))));
    });
    return most;
}

// Of the side alone a high-pass is good practice (K06).
std::size_t cuts(const StripValues& strip, const EqRows& eq) {
    std::size_t count = 0;
    each_band(strip, eq, [&](std::string_view type, std::size_t band) {
        const bool side = eq.on == kMs.on && strip.word(row("ms/#/place"), band) == "side";
        if ((type == "hpf" || type == "lpf") && !side) ++count;
    });
    return count;
}

std::optional<double> high_pass(const StripValues& strip) {
    std::optional<double> out;
    const auto take = [&](float hertz) {
        out = std::max(out.value_or(0.0), static_cast<double>(hertz));
    };
    if (strip.is_on(row("hpf/on"))) take(strip.value(row("hpf/freq")));
    each_band(strip, kEq, [&](std::string_view type, std::size_t band) {
        if (type == "hpf") take(strip.value(row("eq/#/freq"), band));
    });
    return out;
}

// Reverbs, and echoes where they count.
bool makes_space(std::string_view type, bool echoes) {
    constexpr std::array<std::string_view, 4> kReverbs = {"room", "plate", "hall", "convolution"};
    return (echoes && type == "echo") ||
           std::find(kReverbs.begin(), kReverbs.end(), type) != kReverbs.end();
}

// The type of the effect in a strip's insert; empty if there is none.
std::string_view inserted(const param::Layout& layout, const param::Values& values,
                          const StripValues& strip) {
    if (!strip.has(row("insert"))) return {};
    const float insert = strip.value(row("insert"));
    if (insert < param::kInsertFirstEffect) return {};
    const auto effect = static_cast<std::size_t>(insert - param::kInsertFirstEffect);
    return StripValues(layout, values, Kind::fx, effect).word(row("type"));
}

}  // namespace

StripFacts settings_of(const param::Layout& layout, const param::Values& values, Kind kind,
                       std::size_t number) {
    const StripValues strip(layout, values, kind, number);
    StripFacts out{.name = strip.name(), .kind = kind};
    out.address.append(param::kPrefix[static_cast<std::size_t>(kind)])
        .append("/")
        .append(std::to_string(number + 1));
    out.stereo = layout.shape().is_stereo(kind, number);
    out.hpf_Hz = high_pass(strip);
    out.pan = static_cast<double>(strip.value(row("pan")));
    out.boldest_eq_dB = boldest(strip, kEq);
    out.gate_on = strip.is_on(row("gate/on"));
    for (std::size_t c = 0; c < out.comps.size(); ++c)
        out.comps[c].on = strip.is_on(row("comp/#/on"), c);
    out.holds_space = makes_space(inserted(layout, values, strip), true);
    if (kind != Kind::fx || !out.stereo) return out;
    const std::string_view type = strip.word(row("type"));
    // What treats both sides alike cannot make the low end wide.
    if (type != "none" && type != "saturation" && type != "de_esser")
        out.fx_mono_below_Hz = static_cast<double>(strip.value(row("mono_below")));
    return out;
}

ChainFacts chain_settings(const param::Layout& layout, const param::Values& values) {
    const StripValues main(layout, values, Kind::main, 0), master(layout, values, Kind::master, 0);
    ChainFacts out;
    for (std::size_t c = 0; c < param::kComps; ++c) {
        out.comps[c].on = main.is_on(row("comp/#/on"), c);
        out.comps[param::kComps + c].on = master.is_on(row("comp/#/on"), c);
    }
    out.comps.back().on = master.is_on(row("multiband/on"));
    out.boldest_eq_dB = std::max({boldest(main, kEq), boldest(master, kEq), boldest(master, kMs)});
    out.cuts = cuts(main, kEq) + cuts(master, kEq) + cuts(master, kMs) +
               (main.is_on(row("hpf/on")) ? 1u : 0u) + (main.is_on(row("lpf/on")) ? 1u : 0u);
    out.reverbs = makes_space(inserted(layout, values, main), false) ? 1 : 0;
    out.shapers = (master.is_on(row("saturator/on")) ? 1u : 0u) +
                  (master.is_on(row("clipper/on")) ? 1u : 0u) +
                  (inserted(layout, values, main) == "saturation" ? 1u : 0u);
    out.limiter_on = main.is_on(row("limiter/on"));
    return out;
}

}  // namespace mixrig::app::check
