// What a stereo frame costs in each block of the master chain, at 48 kHz, with noise: as the mix,
// as a stem that follows it, and off.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/master/clipper.h"
#include "dsp/master/master_limiter.h"
#include "dsp/master/matched_bypass.h"
#include "dsp/master/mid_side_eq.h"
#include "dsp/master/multiband.h"
#include "dsp/master/saturator.h"
#include "dsp/master/stereo_field.h"
#include "tests/bench/support.h"

#include <array>

namespace mixrig::bench {
namespace {

using Side = std::array<float, dsp::kQuantum>;

template <typename Process>
void run(benchmark::State& state, Process process) {
    dsp::init();
    const dsp::FlushSubnormals flush;
    std::mt19937 random(1);
    std::uniform_real_distribution<float> any(-0.5f, 0.5f);
    std::array<Side, 64> left, right;
    for (std::size_t q = 0; q < left.size(); ++q)
        for (std::size_t n = 0; n < dsp::kQuantum; ++n) {
            left[q][n] = any(random);
            right[q][n] = any(random);
        }
    std::size_t q = 0;
    for (auto _ : state) {
        Side l = left[q % left.size()], r = right[q++ % left.size()];
        process(l.data(), r.data());
        benchmark::DoNotOptimize(l);
        benchmark::DoNotOptimize(r);
    }
    state.counters["ns_a_frame"] =
        benchmark::Counter(static_cast<double>(state.iterations()) * dsp::kQuantum,
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

template <typename Unit, typename Settings>
void mix(benchmark::State& state, const Settings& settings) {
    Unit unit(kRate);
    unit.set(settings, dsp::Change::jump);
    run(state, [&](float* left, float* right) {
        unit.begin_quantum();
        unit.process(left, right, kWhole);
    });
}

template <typename Unit, typename Settings>
void stem(benchmark::State& state, const Settings& settings) {
    Unit leader(kRate), unit(kRate);
    leader.set(settings, dsp::Change::jump);
    unit.set(settings, dsp::Change::jump);
    Side left, right;
    left.fill(0.7f);
    right.fill(-0.7f);
    leader.begin_quantum();
    leader.process(left.data(), right.data(), kWhole);
    run(state, [&](float* l, float* r) {
        unit.begin_quantum();
        unit.follow(l, r, kWhole, leader.gains());
    });
}

dsp::MultibandSettings multiband(std::size_t bands) {
    dsp::MultibandSettings s{.bands = bands, .on = true};
    for (dsp::MultibandBand& band : s.band) band = {.threshold = {-30.0}, .ratio = 4.0};
    return s;
}

dsp::MidSideEqDesign equaliser() {
    dsp::MidSideEqSettings s{.on = true};
    for (std::size_t b = 0; b < s.band.size(); ++b)
        s.band[b] = {.curve = {.frequency = {40.0 * std::exp2(static_cast<double>(b))},
                               .gain = {b % 2 ? -3.0 : 3.0}},
                     .place = static_cast<dsp::Place>(b % 3),
                     .on = true};
    return dsp::design_mid_side_eq(s, kRate);
}

constexpr dsp::StereoFieldSettings kField{
    .width = {0.5, 1.5, 1.2}, .mono_below = {90.0}, .on = true};
constexpr dsp::SaturatorSettings kSaturator{.drive = {6.0}, .on = true};
constexpr dsp::ClipperSettings kClipper{.drive = {9.0}, .on = true};

void BM_mid_side_eq(benchmark::State& state) {
    mix<dsp::MidSideEq>(state, equaliser());
}
BENCHMARK(BM_mid_side_eq);

void BM_multiband(benchmark::State& state) {
    mix<dsp::Multiband>(state, multiband(static_cast<std::size_t>(state.range(0))));
}
BENCHMARK(BM_multiband)->Arg(3)->Arg(4)->Arg(5);

void BM_multiband_stem(benchmark::State& state) {
    stem<dsp::Multiband>(state, multiband(4));
}
BENCHMARK(BM_multiband_stem);

void BM_stereo_field(benchmark::State& state) {
    mix<dsp::StereoField>(state, kField);
}
BENCHMARK(BM_stereo_field);

void BM_saturator(benchmark::State& state) {
    mix<dsp::Saturator>(state, kSaturator);
}
BENCHMARK(BM_saturator);

void BM_saturator_stem(benchmark::State& state) {
    stem<dsp::Saturator>(state, kSaturator);
}
BENCHMARK(BM_saturator_stem);

void BM_saturator_off(benchmark::State& state) {
    mix<dsp::Saturator>(state, dsp::SaturatorSettings{});
}
BENCHMARK(BM_saturator_off);

void BM_clipper(benchmark::State& state) {
    mix<dsp::Clipper>(state, kClipper);
}
BENCHMARK(BM_clipper);

void BM_clipper_stem(benchmark::State& state) {
    stem<dsp::Clipper>(state, kClipper);
}
BENCHMARK(BM_clipper_stem);

constexpr dsp::LimiterSettings kLimiter{.ceiling = {-12.0}, .on = true};

void BM_master_limiter(benchmark::State& state) {
    mix<dsp::MasterLimiter>(state, kLimiter);
}
BENCHMARK(BM_master_limiter);

void BM_master_limiter_stem(benchmark::State& state) {
    stem<dsp::MasterLimiter>(state, kLimiter);
}
BENCHMARK(BM_master_limiter_stem);

// Argument: whether it is bypassed.
void BM_matched_bypass(benchmark::State& state) {
    dsp::MatchedBypass bypass(kRate, 75);
    bypass.set({.bypassed = state.range(0) != 0}, dsp::Change::jump);
    run(state, [&](float* left, float* right) {
        bypass.begin_quantum();
        bypass.remember(left, right, kWhole);
        bypass.process(left, right, kWhole);
    });
}
BENCHMARK(BM_matched_bypass)->Arg(0)->Arg(1);

}  // namespace
}  // namespace mixrig::bench

BENCHMARK_MAIN();
