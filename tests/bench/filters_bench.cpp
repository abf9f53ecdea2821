// Benches of the filters: one band, six bands at once, a 24 dB high-pass.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/design.h"
#include "dsp/svf.h"
#include "tests/bench/support.h"

#include <array>
#include <span>

namespace mixrig::bench {
namespace {

using dsp::SvfBank;

constexpr std::size_t kSamples = dsp::kQuantum * dsp::kLanes;

std::vector<SvfBank> bands(std::size_t count) {
    std::vector<SvfBank> out;
    for (std::size_t band = 0; band < count; ++band) {
        out.emplace_back(kRate);
        const dsp::SvfLane bell =
            dsp::design_eq(dsp::FilterType::bell, {100.0 * std::exp2(static_cast<double>(band))},
                           1.0, {band % 2 == 0 ? -4.0 : 3.0}, kRate);
        for (std::size_t lane = 0; lane < dsp::kLanes; ++lane)
            out.back().set(lane, bell, dsp::Change::jump);
    }
    return out;
}

void run(benchmark::State& state, std::span<SvfBank> sections) {
    const dsp::FlushSubnormals flush;
    Music music;
    for (auto _ : state) {
        for (SvfBank& section : sections) section.begin_quantum();
        dsp::BankBlock& block = music.next();
        dsp::svf_process(sections, block.x, kWhole, dsp::kAllLanes);
        benchmark::DoNotOptimize(block);
    }
    count_samples(state, kSamples);
}

void BM_copy(benchmark::State& state) {
    Music music;
    for (auto _ : state) benchmark::DoNotOptimize(music.next());
    count_samples(state, kSamples);
}
BENCHMARK(BM_copy);

void BM_bands(benchmark::State& state) {
    auto sections = bands(static_cast<std::size_t>(state.range(0)));
    run(state, sections);
}
BENCHMARK(BM_bands)->Arg(1)->Arg(2)->Arg(4)->Arg(6);

void BM_high_pass_24(benchmark::State& state) {
    std::vector<SvfBank> sections(2, SvfBank(kRate));
    const auto design = dsp::design_hpf({80.0}, dsp::Slope::dB24, kRate);
    for (std::size_t s = 0; s < sections.size(); ++s)
        for (std::size_t lane = 0; lane < dsp::kLanes; ++lane)
            sections[s].set(lane, design[s], dsp::Change::jump);
    run(state, sections);
}
BENCHMARK(BM_high_pass_24);

// Coefficients that glide: hands on every lane at once.
void BM_six_bands_gliding(benchmark::State& state) {
    auto sections = bands(6);
    const auto bell = [](double gain) {
        return dsp::design_eq(dsp::FilterType::bell, {1000.0}, 1.0, {gain}, kRate);
    };
    const std::array goals = {bell(6.0), bell(-6.0)};
    const dsp::FlushSubnormals flush;
    Music music;
    std::size_t turn = 0;
    for (auto _ : state) {
        ++turn;
        for (SvfBank& section : sections) {
            section.set(turn % dsp::kLanes, goals[turn / dsp::kLanes % 2], dsp::Change::glide);
            section.begin_quantum();
        }
        dsp::BankBlock& block = music.next();
        dsp::svf_process(sections, block.x, kWhole, dsp::kAllLanes);
        benchmark::DoNotOptimize(block);
    }
    count_samples(state, kSamples);
}
BENCHMARK(BM_six_bands_gliding);

void BM_design_bell(benchmark::State& state) {
    double frequency = 20.0;
    for (auto _ : state) {
        frequency = frequency > 19000.0 ? 20.0 : frequency * 1.1;
        benchmark::DoNotOptimize(
            dsp::design_eq(dsp::FilterType::bell, {frequency}, 1.0, {6.0}, kRate));
    }
}
BENCHMARK(BM_design_bell);

}  // namespace
}  // namespace mixrig::bench

BENCHMARK_MAIN();
