// The blocks of the master chain as one kind, with settings by number.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/master/clipper.h"
#include "dsp/master/master_limiter.h"
#include "dsp/master/mid_side_eq.h"
#include "dsp/master/multiband.h"
#include "dsp/master/saturator.h"
#include "dsp/master/stereo_field.h"
#include "tests/dsp/master/support.h"
#include "tests/dsp/support.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mixrig::dsp::test::master {
namespace {

Decibels level(Noise& random, double low, double high) {
    return {random.between(low, high)};
}

template <typename Enum>
Enum any(Noise& random, std::size_t count) {
    return static_cast<Enum>(random.below(count));
}

Hertz pitch(Noise& random, double low, double high) {
    return {std::exp(random.between(std::log(low), std::log(high)))};
}

void apply(Multiband& unit, Hertz, std::size_t number, Change change) {
    const std::size_t setting = number % kSwitchedOff;
    MultibandSettings s{.on = setting != kOff};
    Noise random(static_cast<std::uint32_t>(setting));
    for (MultibandBand& band : s.band) {
        band = {.threshold = {-30.0}, .ratio = 4.0, .makeup = {6.0}};
        if (setting < kDrawn) continue;
        band = {.threshold = level(random, -60.0, 0.0),
                .ratio = random.between(1.0, 110.0),
                .knee = level(random, 0.0, 24.0),
                .attack = {random.between(1e-4, 0.05)},
                .release = {random.between(5e-3, 1.0)},
                .makeup = level(random, -24.0, 24.0),
                .max_reduction = level(random, 0.0, 60.0),
                .mode = any<BandMode>(random, 3),
                .muted = random.below(6) == 0,
                .soloed = random.below(12) == 0};
    }
    if (setting >= kDrawn) {
        s.bands = 3 + random.below(3);
        for (Hertz& split : s.splits) split = pitch(random, 20.0, 20000.0);
        std::sort(s.splits.begin(), s.splits.end(),
                  [](Hertz a, Hertz b) { return a.value < b.value; });
        s.on = random.below(5) != 0;
    } else {
        s.band[1].mode = BandMode::mid;
        s.band[2].mode = BandMode::side;
    }
    s.on = s.on && number < kSwitchedOff;
    unit.set(s, change);
}

void apply(MidSideEq& unit, Hertz rate, std::size_t number, Change change) {
    const std::size_t setting = number % kSwitchedOff;
    MidSideEqSettings s{.on = setting != kOff};
    Noise random(static_cast<std::uint32_t>(setting));
    for (std::size_t b = 0; b < s.band.size(); ++b) {
        MidSideBand& band = s.band[b];
        const double centre = 30.0 * std::exp2(static_cast<double>(b));
        band = {.curve = {.type = b == 0 ? FilterType::hpf : FilterType::bell,
                          .frequency = {centre},
                          .q = b == 0   ? 0.7
                               : b == 1 ? 60.0
                                        : 1.0,
                          .gain = {b % 2 ? -9.0 : 6.0}},
                .place = static_cast<Place>(b % 3),
                .on = true};
        if (setting < kDrawn) continue;
        band = {.curve = {.type = any<FilterType>(random, 7),
                          .frequency = pitch(random, 20.0, 20000.0),
                          .q = random.between(0.3, 8.0),
                          .gain = level(random, -12.0, 12.0)},
                .place = any<Place>(random, 3),
                .on = random.below(3) == 0};
    }
    s.on = s.on && number < kSwitchedOff;
    unit.set(design_mid_side_eq(s, rate), change);
}

void apply(StereoField& unit, Hertz, std::size_t number, Change change) {
    const std::size_t setting = number % kSwitchedOff;
    StereoFieldSettings s{.width = {0.5, 1.5, 1.2}, .mono_below = {90.0}, .on = setting != kOff};
    Noise random(static_cast<std::uint32_t>(setting));
    if (setting >= kDrawn) {
        s.splits = {{pitch(random, 20.0, 500.0), pitch(random, 500.0, 20000.0)}};
        for (double& width : s.width) width = random.below(3) ? random.between(0.0, 2.0) : 1.0;
        s.mono_below = random.below(2) ? pitch(random, 20.0, 500.0) : Hertz{0.0};
        s.on = random.below(5) != 0;
    }
    s.on = s.on && number < kSwitchedOff;
    unit.set(s, change);
}

void apply(Saturator& unit, Hertz, std::size_t number, Change change) {
    const std::size_t setting = number % kSwitchedOff;
    SaturatorSettings s{.drive = {12.0}, .curve = SaturatorCurve::tube, .on = setting != kOff};
    Noise random(static_cast<std::uint32_t>(setting));
    if (setting >= kDrawn)
        s = {.drive = level(random, 0.0, 24.0),
             .curve = any<SaturatorCurve>(random, 3),
             .mix = static_cast<float>(random.between(0.0, 1.0)),
             .output = level(random, -24.0, 12.0),
             .on = random.below(5) != 0};
    s.on = s.on && number < kSwitchedOff;
    unit.set(s, change);
}

void apply(Clipper& unit, Hertz, std::size_t number, Change change) {
    const std::size_t setting = number % kSwitchedOff;
    ClipperSettings s{.drive = {9.0}, .on = setting != kOff};
    Noise random(static_cast<std::uint32_t>(setting));
    if (setting >= kDrawn)
        s = {.drive = level(random, 0.0, 24.0),
             .ceiling = level(random, -24.0, 0.0),
             .knee = random.between(0.0, 1.0),
             .on = random.below(5) != 0};
    s.on = s.on && number < kSwitchedOff;
    unit.set(s, change);
}

void apply(MasterLimiter& unit, Hertz, std::size_t number, Change change) {
    const std::size_t setting = number % kSwitchedOff;
    LimiterSettings s{.ceiling = {-6.0}, .on = setting != kOff};
    Noise random(static_cast<std::uint32_t>(setting));
    if (setting >= kDrawn)
        s = {.ceiling = level(random, -24.0, 0.0),
             .release = {random.between(0.001, 1.0)},
             .on = random.below(5) != 0};
    s.on = s.on && number < kSwitchedOff;
    unit.set(s, change);
}

template <typename Unit>
class BlockOf final : public Block {
public:
    explicit BlockOf(Hertz rate) : rate_(rate), unit_(rate) {}
    void set(std::size_t setting, Change change) override { apply(unit_, rate_, setting, change); }
    void begin_quantum() override { unit_.begin_quantum(); }
    void process(float* left, float* right, Slice slice) override {
        unit_.process(left, right, slice);
    }
    void process(double* left, double* right, Slice slice) override {
        unit_.process(left, right, slice);
    }
    void follow(float* left, float* right, Slice slice, const Block& leader) override {
        follow_any(left, right, slice, leader);
    }
    void follow(double* left, double* right, Slice slice, const Block& leader) override {
        follow_any(left, right, slice, leader);
    }
    void reset() override { unit_.reset(); }
    std::size_t latency() const override { return unit_.latency(); }

private:
    template <typename Sample>
    void follow_any(Sample* left, Sample* right, Slice slice, const Block& leader) {
        if constexpr (requires { unit_.gains(); })
            unit_.follow(left, right, slice, static_cast<const BlockOf&>(leader).unit_.gains());
        else
            unit_.process(left, right, slice);
    }

    Hertz rate_;
    Unit unit_;
};

template <typename Unit>
Kind kind(std::string name, bool linear) {
    return {.name = std::move(name),
            .make = [](Hertz rate) { return std::make_unique<Unit>(rate); },
            .linear = linear};
}

}  // namespace

const std::vector<Kind>& kinds() {
    static const std::vector<Kind> all = {kind<BlockOf<MidSideEq>>("mid-side eq", true),
                                          kind<BlockOf<Multiband>>("multiband", false),
                                          kind<BlockOf<StereoField>>("stereo field", true),
                                          kind<BlockOf<Saturator>>("saturator", false),
                                          kind<BlockOf<Clipper>>("clipper", false),
                                          kind<BlockOf<MasterLimiter>>("limiter", false)};
    return all;
}

}  // namespace mixrig::dsp::test::master
