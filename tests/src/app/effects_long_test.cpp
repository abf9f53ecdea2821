// Every unit of the effect rack: noise for long, then silence until nothing but zeros comes out.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/denormals.h"
#include "src/convolution/convolution.h"
#include "src/engine/effect_units.h"
#include "src/param/table.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <vector>
#if defined(__SSE__)
#include <xmmintrin.h>
#endif

using namespace mixrig;
using engine::EffectType;

namespace effects_long_test {

constexpr dsp::Hertz kRate{48000.0};
constexpr std::array kNames = {"none",       "room",     "plate",   "hall",
                               "echo",       "chorus",   "flanger", "phaser",
                               "saturation", "de_esser", "tremolo", "convolution"};

// Two in the usual run, ten minutes by hand: MIXRIG_LONG=600.
double seconds() {
    const char* wanted = std::getenv("MIXRIG_LONG");
    return wanted != nullptr ? std::atof(wanted) : 2.0;
}

std::unique_ptr<dsp::FxUnit> make(EffectType type) {
    if (type != EffectType::convolution) return engine::make_unit(type, kRate);
    convolution::Response response(2, std::vector<float>(96000));
    std::mt19937 random(3);
    std::uniform_real_distribution<float> any(-1.0f, 1.0f);
    for (auto& side : response)
        for (std::size_t n = 0; n < side.size(); ++n)
            side[n] = any(random) * std::exp(-static_cast<float>(n) / 14000.0f);
    auto made = convolution::Convolution::make(std::move(response), kRate);
    REQUIRE(made);
    return std::move(*made);
}

// As the table has it at first, but the longest feedback and the hardest drive.
dsp::FxSettings settings(EffectType type) {
    return engine::unit_settings(
        type,
        [](std::size_t row) {
            const param::Row& at = param::kTable[row];
            const bool hard = at.address.ends_with("/feedback") || at.address.ends_with("/drive");
            return hard ? at.high : at.initial;
        },
        120.0f);
}

// Whether an operation has met a subnormal number since this was last asked.
bool met_subnormal() {
#if defined(__SSE__)
    constexpr unsigned kMet = 0x0002;  // MXCSR: an operand was subnormal
    const unsigned flags = _mm_getcsr();
    _mm_setcsr(flags & ~kMet);
    return (flags & kMet) != 0;
#else
    return false;
#endif
}

struct Found {
    float early = 0.0f, late = 0.0f;  // peaks of both halves of the noise
    double until_zero = -1.0;         // seconds of silence until the last sample that was not zero
    std::uint64_t subnormal = 0;      // samples that came out so
    std::uint64_t met = 0;            // quanta in which an operation met one
    bool finite = true;
};

Found run(EffectType type, double noise_seconds) {
    const auto unit = make(type);
    unit->set(settings(type), dsp::Change::jump);
    Found found;
    std::uint32_t random = 1;
    std::array<float, dsp::kQuantum> left{}, right{};
    const auto quantum = [&] {
        unit->begin_quantum();
        unit->process(left.data(), right.data(), {0, dsp::kQuantum});
        float peak = 0.0f;
        for (const auto* side : {&left, &right})
            for (const float x : *side) {
                found.finite = found.finite && std::isfinite(x);
                found.subnormal += std::fpclassify(x) == FP_SUBNORMAL;
                peak = std::max(peak, std::fabs(x));
            }
        return peak;
    };
    const auto quanta = static_cast<std::uint64_t>(noise_seconds * kRate.value / dsp::kQuantum);
    for (std::uint64_t q = 0; q < quanta; ++q) {
        for (auto* side : {&left, &right})
            for (float& x : *side) {
                random = random * 1664525u + 1013904223u;
                x = static_cast<float>(random >> 8) / 8388608.0f - 1.0f;
            }
        float& half = q < quanta / 2 ? found.early : found.late;
        half = std::max(half, quantum());
    }
    // Longer than an echo at its highest feedback takes: 0.98 a round of 0.35 s, 180 dB and more.
    constexpr double kSilence = 600.0, kStays = 5.0;
    const auto steps = static_cast<std::uint64_t>(kSilence * kRate.value / dsp::kQuantum);
    (void)met_subnormal();
    std::uint64_t last = 0;
    for (std::uint64_t q = 0; q < steps; ++q) {
        left.fill(0.0f);
        right.fill(0.0f);
        if (quantum() != 0.0f) last = q + 1;
        found.met += met_subnormal();
        const double quiet = static_cast<double>((q - last) * dsp::kQuantum) / kRate.value;
        if (q >= last && quiet > kStays) {
            found.until_zero = static_cast<double>(last * dsp::kQuantum) / kRate.value;
            break;
        }
    }
    return found;
}

TEST_CASE("effects: after noise for long every unit is bounded, ends in zeros, and no subnormal") {
    for (std::size_t t = 1; t < kNames.size(); ++t) {
        const std::string name = kNames[t];
        CAPTURE(name);
        const auto type = static_cast<EffectType>(t);
        Found flushed;
        {
            const dsp::FlushSubnormals flush;  // as the engine's threads do
            flushed = run(type, seconds());
        }
        MESSAGE(name << ": peaks " << flushed.early << " and " << flushed.late << ", zero after "
                     << flushed.until_zero << " s, " << flushed.subnormal
                     << " subnormal samples; operations met one in " << flushed.met << " quanta");
        CHECK(flushed.finite);
        // Feedback has built up long before the second half of minutes.
        if (seconds() >= 60.0) CHECK(flushed.late < 1.3f * flushed.early);
        CHECK(flushed.until_zero >= 0.0);
        CHECK(flushed.subnormal == 0);
        CHECK(flushed.met == 0);
        // What it would be without the processor's help: that the count can find them.
        const Found plain = run(type, 1.0);
        MESSAGE(name << " without flushing: zero after " << plain.until_zero << " s, "
                     << plain.subnormal << " subnormal samples, met in " << plain.met << " quanta");
#if defined(__SSE__)
        if (type == EffectType::room) CHECK(plain.met > 0);
#endif
    }
}

}  // namespace effects_long_test
