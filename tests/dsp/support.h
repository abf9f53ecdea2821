// What the tests of dsp share: noise, slicings, the comparison of bits, a count of allocations.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/cpu.h"
#include "dsp/lanes.h"
#include "dsp/scalar.h"
#include "dsp/units.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace mixrig::dsp::test {

class Noise {
public:
    explicit Noise(std::uint32_t seed) : engine_(seed) {}
    // Uniform in [low, high).
    double between(double low, double high) {
        return low + (high - low) * static_cast<double>(engine_()) / 4294967296.0;
    }
    float sample() { return static_cast<float>(between(-1.0, 1.0)); }
    std::size_t below(std::size_t count) { return engine_() % count; }
    LaneMask lanes() { return static_cast<LaneMask>(engine_()); }
    void fill(BankBlock& block) {
        for (float& x : block.x) x = sample();
    }

private:
    std::mt19937 engine_;
};

// Ways to cut a quantum: every count up to a whole one, and uneven mixtures.
inline std::vector<std::vector<Slice>> slicings() {
    std::vector<std::vector<Slice>> all;
    for (std::size_t length = 1; length <= kQuantum; ++length) {
        std::vector<Slice> cut;
        for (std::size_t first = 0; first < kQuantum; first += length)
            cut.push_back({first, std::min(length, kQuantum - first)});
        all.push_back(cut);
    }
    all.push_back({{0, 0}, {0, 3}, {3, 8}, {11, 1}, {12, 17}, {29, 0}, {29, 3}});
    return all;
}

inline bool same_bits(const void* a, const void* b, std::size_t bytes) {
    return std::memcmp(a, b, bytes) == 0;
}

inline bool same_bits(const BankBlock& a, const BankBlock& b) {
    return same_bits(&a, &b, sizeof a);
}

inline scalar::Rounding rounding(const Target& target) {
    return target.fused ? scalar::Rounding::once : scalar::Rounding::twice;
}

// Calls `check` with every instruction set in turn; afterwards the best one is chosen again.
template <typename Check>
void on_every_target(Check check) {
    for (const Target& target : targets()) {
        use_target(target);
        check(target);
    }
    init();
}

// Energy of x between `low` and half the rate against a full-scale sine, through a Hann window.
Decibels energy_above(const std::vector<float>& x, Hertz low, Hertz rate);

// Allocations of this thread since the program began.
std::size_t allocations();

}  // namespace mixrig::dsp::test
