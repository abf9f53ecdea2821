// Signals and runs for the tests of gates and compressors.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/detector.h"
#include "dsp/lanes.h"
#include "dsp/units.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numbers>
#include <random>
#include <vector>

namespace mixrig::dsp::test {

inline constexpr std::array<Hertz, 4> kRates = {Hertz{44100.0}, Hertz{48000.0}, Hertz{96000.0},
                                                Hertz{192000.0}};

using Bank = std::vector<BankBlock>;

inline double gain(double dB) {
    return std::pow(10.0, dB / 20.0);
}
inline double in_dB(double gain) {
    return 20.0 * std::log10(gain);
}

inline float& sample(Bank& bank, std::size_t frame, std::size_t lane) {
    return bank[frame / kQuantum].at(frame % kQuantum)[lane];
}

inline Bank silence(std::size_t frames) {
    return Bank((frames + kQuantum - 1) / kQuantum);
}

// Fills one lane with f(frame).
template <typename Function>
void fill(Bank& bank, std::size_t lane, const Function& f) {
    for (std::size_t n = 0; n < bank.size() * kQuantum; ++n)
        sample(bank, n, lane) = static_cast<float>(f(n));
}

inline double sine(std::size_t frame, Hertz f, Hertz rate) {
    return std::sin(2.0 * std::numbers::pi * f.value * static_cast<double>(frame) / rate.value);
}

// Noise whose level wanders over 80 dB, so that thresholds are crossed often.
inline Bank wandering_noise(std::size_t frames, std::uint32_t seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> uniform(-1.0f, 1.0f);
    Bank bank = silence(frames);
    std::array<float, kLanes> level{};
    for (BankBlock& block : bank)
        for (std::size_t n = 0; n < kQuantum; ++n)
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                if (n % 16 == 0 && uniform(random) > 0.8f)
                    level[lane] = std::pow(10.0f, 2.0f * uniform(random) - 2.0f);
                block.at(n)[lane] = level[lane] * uniform(random);
            }
    return bank;
}

struct Run {
    const Bank* key = nullptr;  // itself if null
    LaneMask lanes = kAllLanes;
    LaneMask linked = kNoLanes;
    std::size_t block = 64;   // frames in a backend's block
    std::uint64_t begin = 0;  // absolute frame, a multiple of the quantum
    bool scalar = false;
    std::function<void(std::size_t quantum)> before_quantum = {};
};

template <typename Processor>
void process(Processor& processor, Bank& bank, const Run& run) {
    std::size_t left_in_block = run.block;
    for (std::size_t q = 0; q < bank.size(); ++q) {
        if (run.before_quantum) run.before_quantum(q);
        processor.begin_quantum();
        for (std::size_t first = 0; first < kQuantum;) {
            const Slice slice{.first = first, .count = std::min(kQuantum - first, left_in_block)};
            const Sidechain sidechain{.key = run.key ? (*run.key)[q].x : bank[q].x,
                                      .linked = run.linked,
                                      .frame = run.begin + q * kQuantum + first};
            if (run.scalar)
                processor.process_scalar(bank[q].x, slice, run.lanes, sidechain);
            else
                processor.process(bank[q].x, slice, run.lanes, sidechain);
            first += slice.count;
            left_in_block -= slice.count;
            if (left_in_block == 0) left_in_block = run.block;
        }
    }
}

inline std::size_t different_bits(const Bank& a, const Bank& b) {
    std::size_t count = 0;
    for (std::size_t q = 0; q < a.size(); ++q)
        for (std::size_t i = 0; i < kQuantum * kLanes; ++i)
            count +=
                std::bit_cast<std::uint32_t>(a[q].x[i]) != std::bit_cast<std::uint32_t>(b[q].x[i]);
    return count;
}

inline double largest_difference(const Bank& a, const Bank& b) {
    double largest = 0.0;
    for (std::size_t q = 0; q < a.size(); ++q)
        for (std::size_t i = 0; i < kQuantum * kLanes; ++i)
            largest = std::max(largest, std::fabs(static_cast<double>(a[q].x[i]) -
                                                  static_cast<double>(b[q].x[i])));
    return largest;
}

inline bool all_finite(const Bank& bank) {
    for (const BankBlock& block : bank)
        for (const float x : block.x)
            if (!std::isfinite(x)) return false;
    return true;
}

}  // namespace mixrig::dsp::test
