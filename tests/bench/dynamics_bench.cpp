// Benches of the gate and the compressor.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/compressor.h"
#include "dsp/gate.h"
#include "tests/bench/support.h"

namespace mixrig::bench {
namespace {

constexpr std::size_t kSamples = dsp::kQuantum * dsp::kLanes;

template <typename Bank>
void run(benchmark::State& state, Bank& bank, dsp::LaneMask linked) {
    const dsp::FlushSubnormals flush;
    Music music;
    for (auto _ : state) {
        bank.begin_quantum();
        const std::uint64_t frame = music.frame();
        dsp::BankBlock& block = music.next();
        bank.process(block.x, kWhole, dsp::kAllLanes,
                     {.key = block.x, .linked = linked, .frame = frame});
        benchmark::DoNotOptimize(block);
    }
    count_samples(state, kSamples);
}

void run_compressor(benchmark::State& state, dsp::Detector detector, dsp::LaneMask linked) {
    dsp::CompressorBank bank(kRate);
    const dsp::CompressorLane goal = dsp::design_compressor({.threshold = {-30.0},
                                                             .ratio = 4.0,
                                                             .knee = {6.0},
                                                             .makeup = {3.0},
                                                             .detector = detector,
                                                             .on = true},
                                                            kRate);
    for (std::size_t lane = 0; lane < dsp::kLanes; ++lane) bank.set(lane, goal, dsp::Change::jump);
    run(state, bank, linked);
}

void BM_compressor_peak(benchmark::State& state) {
    run_compressor(state, dsp::Detector::peak, dsp::kNoLanes);
}
BENCHMARK(BM_compressor_peak);

void BM_compressor_rms(benchmark::State& state) {
    run_compressor(state, dsp::Detector::rms, dsp::kNoLanes);
}
BENCHMARK(BM_compressor_rms);

void BM_compressor_stereo(benchmark::State& state) {
    run_compressor(state, dsp::Detector::peak, dsp::kAllLanes);
}
BENCHMARK(BM_compressor_stereo);

void run_gate(benchmark::State& state, dsp::GateMode mode) {
    dsp::GateBank bank(kRate);
    const dsp::GateLane goal =
        dsp::design_gate({.mode = mode, .threshold = {-30.0}, .on = true}, kRate);
    for (std::size_t lane = 0; lane < dsp::kLanes; ++lane) bank.set(lane, goal, dsp::Change::jump);
    run(state, bank, dsp::kNoLanes);
}

void BM_gate(benchmark::State& state) {
    run_gate(state, dsp::GateMode::gate);
}
BENCHMARK(BM_gate);

void BM_expander(benchmark::State& state) {
    run_gate(state, dsp::GateMode::expander);
}
BENCHMARK(BM_expander);

}  // namespace
}  // namespace mixrig::bench

BENCHMARK_MAIN();
