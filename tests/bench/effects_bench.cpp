// What a stereo frame costs in each unit of the effect rack, at 48 kHz, with noise.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/denormals.h"
#include "src/engine/effect_units.h"
#include "src/param/layout.h"

#include <array>
#include <benchmark/benchmark.h>
#include <random>
#include <string>

using namespace mixrig;

namespace {

using Side = std::array<float, dsp::kQuantum>;

void run(benchmark::State& state, engine::EffectType type) {
    const dsp::FlushSubnormals flush;
    const auto unit = engine::make_unit(type, {48000.0});
    unit->set(engine::unit_settings(
                  type, [](std::size_t row) { return param::kTable[row].initial; }, 120.0f),
              dsp::Change::jump);
    std::mt19937 random(1);
    std::uniform_real_distribution<float> any(-0.25f, 0.25f);
    std::array<Side, 64> left, right;
    for (std::size_t q = 0; q < left.size(); ++q)
        for (std::size_t n = 0; n < dsp::kQuantum; ++n) left[q][n] = right[q][n] = any(random);
    std::size_t q = 0;
    for (auto _ : state) {
        Side l = left[q % left.size()], r = right[q++ % left.size()];
        unit->begin_quantum();
        unit->process(l.data(), r.data(), {0, dsp::kQuantum});
        benchmark::DoNotOptimize(l);
        benchmark::DoNotOptimize(r);
    }
    state.counters["ns_a_frame"] =
        benchmark::Counter(static_cast<double>(state.iterations()) * dsp::kQuantum,
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

}  // namespace

int main(int count, char** arguments) {
    std::size_t type = 0;
    for (const auto word : param::choices(param::kTable[param::row("type")])) {
        const auto now = static_cast<engine::EffectType>(type++);
        if (word == "none" || word == "convolution") continue;
        benchmark::RegisterBenchmark(std::string(word).c_str(), run, now);
    }
    benchmark::Initialize(&count, arguments);
    benchmark::RunSpecifiedBenchmarks();
}
