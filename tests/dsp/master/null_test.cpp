// Stems through the master chain with the gains of the mix add up to the mix.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/compressor.h"
#include "tests/dsp/master/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;
using namespace mixrig::dsp::test::master;
using namespace mixrig::dsp::literals;

namespace null_test {

enum class Gains { of_the_mix, of_their_own };

using Chain = std::vector<std::unique_ptr<Block>>;

Chain chain_of(const std::vector<Kind>& blocks, Hertz rate) {
    Chain chain;
    for (const Kind& kind : blocks) chain.push_back(kind.make(rate));
    return chain;
}

struct Result {
    double residual_dB;  // the largest difference of the mix and the sum of the stems
    double changed_dB;   // and of the mix and its input
};

template <typename Sample>
struct Sides {
    std::vector<Sample> left, right;
    explicit Sides(const Stereo& x)
        : left(x.left.begin(), x.left.end()), right(x.right.begin(), x.right.end()) {}
};

// Blocks one behind the other, at settings that change every 100 ms if `drawn`, else fully driven.
// Between them samples are floats or doubles; what goes in and comes out are floats.
template <typename Sample>
Result null_of(const std::vector<Kind>& blocks, Hertz rate, Gains gains, bool drawn) {
    const auto frames = static_cast<std::size_t>(0.5 * rate.value) / kQuantum * kQuantum;
    const std::vector<Stereo> stereo = stems(frames, rate, 0.5);
    const Stereo before = sum(stereo);
    Sides<Sample> mix(before);
    std::vector<Sides<Sample>> parts(stereo.begin(), stereo.end());
    const Chain leader = chain_of(blocks, rate);
    std::vector<Chain> followers;
    for (std::size_t s = 0; s < parts.size(); ++s) followers.push_back(chain_of(blocks, rate));
    const std::size_t often = static_cast<std::size_t>(0.1 * rate.value) / kQuantum * kQuantum;
    const Slice whole{0, kQuantum};
    for (std::size_t at = 0; at < frames; at += kQuantum)
        for (std::size_t b = 0; b < blocks.size(); ++b) {
            const bool change = at == 0 || (drawn && at % often == 0);
            const std::size_t setting = drawn ? kDrawn + 7 * b + at / often : kDriven;
            const auto step = [&](Block& block) {
                if (change) block.set(setting, at == 0 ? Change::jump : Change::glide);
                block.begin_quantum();
            };
            step(*leader[b]);
            leader[b]->process(mix.left.data() + at, mix.right.data() + at, whole);
            for (std::size_t s = 0; s < parts.size(); ++s) {
                Block& follower = *followers[s][b];
                Sample *left = parts[s].left.data() + at, *right = parts[s].right.data() + at;
                step(follower);
                if (gains == Gains::of_the_mix)
                    follower.follow(left, right, whole, *leader[b]);
                else
                    follower.process(left, right, whole);
            }
        }
    Result result{0.0, 0.0};
    const auto as_float = [](Sample x) { return static_cast<double>(static_cast<float>(x)); };
    for (std::size_t n = 0; n < frames; ++n) {
        double left = as_float(mix.left[n]), right = as_float(mix.right[n]);
        const double changed = std::fabs(left - static_cast<double>(before.left[n]));
        for (const Sides<Sample>& part : parts) {
            left -= as_float(part.left[n]);
            right -= as_float(part.right[n]);
        }
        result.residual_dB = std::max({result.residual_dB, std::fabs(left), std::fabs(right)});
        result.changed_dB = std::max(result.changed_dB, changed);
    }
    return {in_dB(result.residual_dB), in_dB(result.changed_dB)};
}

constexpr double kNull = -120.0;  // dBFS, peak

TEST_CASE("master chain: eight stems through each block add up to the mix") {
    for (const Kind& kind : kinds())
        for (const Hertz rate : {48_kHz, 96_kHz})
            for (const bool drawn : {false, true}) {
                if (drawn && rate.value > 48000.0) continue;
                const Result found = null_of<float>({kind}, rate, Gains::of_the_mix, drawn);
                CAPTURE(kind.name);
                CAPTURE(rate.value);
                CAPTURE(drawn);
                CHECK(found.residual_dB < kNull);
                CHECK(found.changed_dB > -20.0);
                MESSAGE(kind.name << (drawn ? ", moving" : ", driven") << ", " << rate.value
                                  << " Hz: residual " << found.residual_dB << " dBFS");
            }
}

TEST_CASE("master chain: eight stems through all blocks in series add up to the master") {
    for (const bool drawn : {false, true}) {
        const Result floats = null_of<float>(kinds(), 48_kHz, Gains::of_the_mix, drawn);
        const Result doubles = null_of<double>(kinds(), 48_kHz, Gains::of_the_mix, drawn);
        CAPTURE(drawn);
        CHECK(floats.residual_dB < kNull);
        CHECK(doubles.residual_dB < kNull);
        MESSAGE("whole chain" << (drawn ? ", moving" : ", driven") << ": residual "
                              << floats.residual_dB << " dBFS, with doubles between the blocks "
                              << doubles.residual_dB << " dBFS");
    }
}

// A strip's compressor has no follow(): with the mix as its key it leaves its gains in a block of
// ones.
TEST_CASE("master chain: a compressor tells its gains by what it makes of ones") {
    constexpr LaneMask kPair = 0b11;
    const CompressorLane settings = design_compressor(
        {.threshold = {-30.0}, .ratio = 4.0, .makeup = {6.0}, .mix = 0.8, .on = true}, 48_kHz);
    CompressorBank direct(48_kHz), told(48_kHz);
    for (const std::size_t lane : {0u, 1u}) {
        direct.set(lane, settings, Change::jump);
        told.set(lane, settings, Change::jump);
    }
    const Stereo mix = sum(stems(24000, 48_kHz, 0.5));
    BankBlock key, ones;
    std::uint64_t frame = 0;
    for (; frame < mix.left.size(); frame += kQuantum) {
        for (std::size_t n = 0; n < kQuantum; ++n) {
            key.at(n)[0] = mix.left[frame + n];
            key.at(n)[1] = mix.right[frame + n];
            ones.at(n)[0] = ones.at(n)[1] = 1.0f;
        }
        const BankBlock heard = key;
        direct.begin_quantum();
        told.begin_quantum();
        const Sidechain sidechain{.key = heard.x, .linked = kPair, .frame = frame};
        direct.process(key.x, {0, kQuantum}, kPair, sidechain);
        told.process(ones.x, {0, kQuantum}, kPair, sidechain);
        for (std::size_t n = 0; n < kQuantum; ++n)
            for (const std::size_t lane : {0u, 1u})
                REQUIRE(key.at(n)[lane] == heard.at(n)[lane] * ones.at(n)[lane]);
    }
    CHECK(told.reduction_dB()[0] > 6.0f);
}

TEST_CASE("master chain: stems with gains of their own do not add up") {
    for (const Kind& kind : kinds()) {
        if (kind.linear) continue;
        const Result found = null_of<float>({kind}, 48_kHz, Gains::of_their_own, false);
        CAPTURE(kind.name);
        CHECK(found.residual_dB > -30.0);
        MESSAGE(kind.name << ": residual " << found.residual_dB << " dBFS");
    }
}

}  // namespace null_test
