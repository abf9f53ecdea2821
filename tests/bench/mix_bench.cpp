// Benches of what moves sound without filtering it: mix columns, gains, guards, interleaving.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/bank_io.h"
#include "dsp/gain.h"
#include "dsp/glide.h"
#include "dsp/mix.h"
#include "tests/bench/support.h"

#include <array>

namespace mixrig::bench {
namespace {

constexpr std::size_t kSamples = dsp::kQuantum * dsp::kLanes;
constexpr float kFar = 1e6f;  // a guard that finds nothing

// One bus of so many banks.
void BM_mix_column(benchmark::State& state) {
    const auto banks = static_cast<std::size_t>(state.range(0));
    const dsp::FlushSubnormals flush;
    Music music;
    std::vector<dsp::BankBlock> blocks;
    for (std::size_t b = 0; b < banks; ++b) blocks.push_back(music.next());
    const dsp::GainCurve gain = dsp::constant_curve(0.5f);
    std::vector<dsp::MixTerm> terms;
    for (const dsp::BankBlock& block : blocks) terms.push_back({block.x, &gain});
    alignas(64) std::array<float, dsp::kQuantum> out{};
    for (auto _ : state) {
        dsp::mix_column(terms, out.data(), kWhole);
        benchmark::DoNotOptimize(out);
    }
    count_samples(state, banks * kSamples);
}
BENCHMARK(BM_mix_column)->Arg(1)->Arg(4)->Arg(16)->Arg(64);

void BM_gain(benchmark::State& state) {
    dsp::GainCurve gain = dsp::constant_curve(0.5f);
    if (state.range(0) != 0) {
        gain.gliding = dsp::kAllLanes;
        for (std::size_t lane = 0; lane < dsp::kLanes; ++lane) gain.c1[lane] = 1e-3f;
    }
    Music music;
    for (auto _ : state) {
        dsp::BankBlock& block = music.next();
        dsp::apply_gain(block.x, gain, kWhole, dsp::kAllLanes);
        benchmark::DoNotOptimize(block);
    }
    count_samples(state, kSamples);
}
BENCHMARK(BM_gain)->ArgName("gliding")->Arg(0)->Arg(1);

void BM_guard(benchmark::State& state) {
    Music music;
    dsp::BankBlock block = music.next();
    for (auto _ : state) benchmark::DoNotOptimize(dsp::guard(block.x, kWhole, kFar));
    count_samples(state, kSamples);
}
BENCHMARK(BM_guard);

void BM_guard_and_measure(benchmark::State& state) {
    Music music;
    dsp::BankBlock block = music.next();
    dsp::TapMeters meters;
    for (auto _ : state) {
        benchmark::DoNotOptimize(dsp::guard_and_measure(block.x, kWhole, kFar, meters));
        benchmark::DoNotOptimize(meters);
    }
    count_samples(state, kSamples);
}
BENCHMARK(BM_guard_and_measure);

void BM_interleave(benchmark::State& state) {
    std::vector<std::vector<float>> planes(dsp::kLanes, std::vector<float>(dsp::kQuantum, 0.5f));
    dsp::PlanarInputs planar{};
    for (std::size_t lane = 0; lane < dsp::kLanes; ++lane) planar[lane] = planes[lane].data();
    dsp::BankBlock block;
    for (auto _ : state) {
        dsp::interleave(planar, block.x, kWhole);
        benchmark::DoNotOptimize(block);
    }
    count_samples(state, kSamples);
}
BENCHMARK(BM_interleave);

void BM_deinterleave_one_lane(benchmark::State& state) {
    Music music;
    const dsp::BankBlock block = music.next();
    std::array<float, dsp::kQuantum> out{};
    for (auto _ : state) {
        dsp::deinterleave(block.x, 3, out.data(), kWhole);
        benchmark::DoNotOptimize(out);
    }
    count_samples(state, dsp::kQuantum);
}
BENCHMARK(BM_deinterleave_one_lane);

}  // namespace
}  // namespace mixrig::bench

BENCHMARK_MAIN();
