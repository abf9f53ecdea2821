// Benches of what stands at an output: the limiter and the safety ceiling.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/ceiling.h"
#include "dsp/limiter.h"
#include "tests/bench/support.h"

#include <algorithm>
#include <array>

namespace mixrig::bench {
namespace {

using Planar = std::array<float, dsp::kQuantum>;

// 2 s of noise with a peak of one, as a main bus.
std::vector<float> programme() {
    std::vector<float> out(96000);
    std::mt19937 random(3);
    std::uniform_real_distribution<float> uniform(-1.0f, 1.0f);
    for (float& sample : out) sample = uniform(random);
    return out;
}

template <typename Process>
void run(benchmark::State& state, float gain, Process process) {
    dsp::init();
    const dsp::FlushSubnormals flush;
    const std::vector<float> sound = programme();
    Planar left{}, right{};
    std::size_t at = 0;
    for (auto _ : state) {
        std::transform(sound.begin() + static_cast<std::ptrdiff_t>(at),
                       sound.begin() + static_cast<std::ptrdiff_t>(at + dsp::kQuantum),
                       left.begin(), [gain](float x) { return gain * x; });
        right = left;
        process(left.data(), right.data());
        benchmark::DoNotOptimize(left);
        benchmark::DoNotOptimize(right);
        at = (at + dsp::kQuantum) % sound.size();
    }
    count_samples(state, 2 * dsp::kQuantum);
}

// Argument: percent of the ceiling that the sound's peak reaches; above 100 it works.
void BM_limiter(benchmark::State& state) {
    dsp::Limiter limiter(kRate);
    limiter.set({.ceiling = {0.0}, .on = true});
    run(state, static_cast<float>(state.range(0)) / 100.0f,
        [&](float* left, float* right) { limiter.process(left, right, dsp::kQuantum); });
}
BENCHMARK(BM_limiter)->Arg(25)->Arg(200);

void BM_ceiling(benchmark::State& state) {
    dsp::Ceiling ceiling(kRate);
    ceiling.set({0.0});
    run(state, static_cast<float>(state.range(0)) / 100.0f, [&](float* left, float* right) {
        benchmark::DoNotOptimize(ceiling.process(left, right, dsp::kQuantum));
    });
}
BENCHMARK(BM_ceiling)->Arg(25)->Arg(200);

}  // namespace
}  // namespace mixrig::bench

BENCHMARK_MAIN();
