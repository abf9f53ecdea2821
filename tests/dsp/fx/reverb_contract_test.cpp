// The reverbs as units: slices, rest, glides, robustness, memory; and the matrix that feeds back.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/denormals.h"
#include "dsp/fx/reverb.h"
#include "dsp/fx/rotating_mix.h"
#include "dsp/glide.h"
#include "tests/dsp/fx/reverb_support.h"
#include "tests/dsp/fx/sweep_support.h"
#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

namespace mixrig::dsp::test::reverb {
namespace reverb_contract_test {

using namespace mixrig::dsp::literals;

constexpr Hertz kRate = 48_kHz;

constexpr FxSettings kUsual = {20.0f, 2000.0f, 0.5f, 6000.0f, 0.7f, 80.0f, 12000.0f, 0.3f};
constexpr FxSettings kLow = {0.0f, 100.0f, 0.0f, 1000.0f, 0.0f, 20.0f, 1000.0f, 0.0f};
constexpr FxSettings kHigh = {250.0f, 20000.0f, 1.0f, 20000.0f, 1.0f, 1000.0f, 20000.0f, 1.0f};
constexpr std::size_t kCount = 8;

float peak_of(const Pair& x) {
    return std::max(sweep::peak(x.left), sweep::peak(x.right));
}

void quantum(Reverb& unit, Pair& x, std::size_t at) {
    unit.begin_quantum();
    unit.process(x.left.data() + at, x.right.data() + at, {0, kQuantum});
}

FxSettings random_settings(Noise& random) {
    FxSettings settings{};
    for (std::size_t k = 0; k < kCount; ++k)
        settings[k] = static_cast<float>(
            random.between(static_cast<double>(kLow[k]), static_cast<double>(kHigh[k])));
    return settings;
}

bool same(const Pair& a, const Pair& b) {
    return same_bits(a.left.data(), b.left.data(), a.left.size() * sizeof(float)) &&
           same_bits(a.right.data(), b.right.data(), a.right.size() * sizeof(float));
}

TEST_CASE("reverb: the output does not depend on how quanta are cut, with moving settings") {
    const FlushSubnormals flush;
    for (const Space space : kSpaces)
        for (const std::vector<Slice>& slices : slicings()) {
            Reverb whole(space, kRate), cut(space, kRate);
            Noise random(7);
            Pair a = noise(6400, 0.5f, 3);
            // Sound that begins and ends within a quantum.
            for (std::vector<float>* x : {&a.left, &a.right}) {
                std::fill_n(x->begin(), 77, 0.0f);
                std::fill_n(x->begin() + 3000, 2000, 0.0f);
            }
            Pair b = a;
            for (std::size_t n = 0; n < a.left.size(); n += kQuantum) {
                if (n % 1600 == 0) {
                    const FxSettings settings = random_settings(random);
                    whole.set(settings, Change::glide);
                    cut.set(settings, Change::glide);
                }
                quantum(whole, a, n);
                cut.begin_quantum();
                for (const Slice& slice : slices)
                    cut.process(b.left.data() + n, b.right.data() + n, slice);
            }
            CHECK(same(a, b));
        }
}

TEST_CASE("reverb: after a reset it is as new") {
    const FlushSubnormals flush;
    for (const Space space : kSpaces) {
        Reverb used(space, kRate), fresh(space, kRate);
        Pair before = noise(48000, 1.0f, 5);
        used.set(kHigh, Change::glide);
        run(used, before);
        used.set(kUsual, Change::glide);
        used.reset();
        fresh.set(kUsual, Change::jump);
        CHECK(used.is_at_rest());
        Pair a = noise(48000, 0.5f, 9), b = a;
        run(used, a);
        run(fresh, b);
        CHECK(same(a, b));
    }
}

TEST_CASE("reverb: silence gives silence") {
    for (const Space space : kSpaces) {
        Reverb unit(space, kRate);
        unit.set(kUsual, Change::jump);
        Pair x = silence(9600);
        run(unit, x);
        CHECK(peak_of(x) == 0.0f);
        CHECK(unit.is_at_rest());
    }
}

// From full scale to -220 dB it takes 220/60 decays. A minute and the longest decay for one space:
// the three run the same code.
TEST_CASE("reverb: long noise at a long decay stays bounded and ends in exact silence" *
          doctest::test_suite("figures")) {
    const FlushSubnormals flush;
    for (const Space space : kSpaces) {
        const bool longest = space == Space::hall;
        Reverb unit(space, kRate);
        FxSettings settings = kHigh;
        if (!longest) settings[1] = 5000.0f;
        unit.set(settings, Change::jump);
        float loudest = 0.0f;
        for (std::uint32_t second = 0; second < (longest ? 60u : 10u); ++second) {
            Pair x = noise(48000, 1.0f, second);
            run(unit, x);
            loudest = std::max(loudest, peak_of(x));
        }
        // Noise of an RMS of 0.58 comes back about as loud, and is Gaussian: below 6 sigma for
        // hours.
        CHECK(loudest < 6.0f * 0.58f);
        CHECK_FALSE(unit.is_at_rest());
        std::size_t second = 0;
        for (; second < 100 && !unit.is_at_rest(); ++second) {
            Pair x = silence(48000);
            run(unit, x);
        }
        MESSAGE(name(space), ": peak ", loudest, ", at rest after ", second, " s");
        CHECK(unit.is_at_rest());
        Pair x = silence(48000);
        run(unit, x);
        CHECK(peak_of(x) == 0.0f);
    }
}

TEST_CASE(
    "reverb: a unit that was put to sleep at rest wakes up with the bits of one that was not") {
    const FlushSubnormals flush;
    for (const Space space : kSpaces) {
        Reverb awake(space, kRate), asleep(space, kRate);
        FxSettings settings = kUsual;
        settings[1] = 200.0f;
        awake.set(settings, Change::jump);
        asleep.set(settings, Change::jump);
        Pair a = noise(9600, 1.0f, 1), b = a;
        run(awake, a);
        run(asleep, b);
        float after = 0.0f;
        bool slept = false;
        for (std::size_t k = 0; k < 3000; ++k) {
            Pair quiet = silence(kQuantum);
            if (!asleep.is_at_rest()) {
                Pair own = silence(kQuantum);
                run(asleep, own);
            } else {
                slept = true;
            }
            run(awake, quiet);
            if (slept) after = std::max(after, peak_of(quiet));
        }
        REQUIRE(slept);
        CHECK(after < 1e-9f);  // -180 dB
        settings[2] = 1.0f;
        awake.set(settings, Change::glide);
        asleep.set(settings, Change::glide);
        a = b = noise(9600, 1.0f, 2);
        run(awake, a);
        run(asleep, b);
        CHECK(same(a, b));
    }
}

// A step in a full-scale tone of 1 kHz has -50 dB above 4 kHz, a gain that glides linearly for 10
// ms -70 dB. The worst here is the decay: from 0.1 s to 20 s and back every level moves by 20 dB,
// and the tone that the lines hold rings louder than it came in.
TEST_CASE("reverb: no setting clicks from one end of its range to the other" *
          doctest::test_suite("figures")) {
    const FlushSubnormals flush;
    double worst = -300.0;
    for (const Space space : kSpaces)
        for (const Hertz tone : {100_Hz, 1_kHz})
            for (std::size_t k = 0; k < kCount; ++k)
                for (const auto& [from, to] : {std::pair{kLow[k], kHigh[k]}, {kHigh[k], kLow[k]}}) {
                    Reverb unit(space, kRate);
                    FxSettings settings = kUsual;
                    settings[k] = from;
                    unit.set(settings, Change::jump);
                    auto input = sweep::sine(tone, 48000, kRate);
                    // In a tenth of a second, so that no click of the beginning goes on in the
                    // tail.
                    for (std::size_t n = 0; n < 4800; ++n)
                        input[n] *= static_cast<float>(s_curve(4800, n));
                    Pair x{input, input};
                    for (std::size_t n = 0; n < x.left.size(); n += kQuantum) {
                        if (n == 32000) {
                            settings[k] = to;
                            unit.set(settings, Change::glide);
                        }
                        quantum(unit, x, n);
                    }
                    const std::vector<float> around(x.left.begin() + 28000, x.left.begin() + 44000);
                    const double above = sweep::loudest_above(around, 4_kHz, kRate).value;
                    CAPTURE(name(space));
                    CAPTURE(k);
                    CAPTURE(tone.value);
                    CHECK(above < -70.0);
                    worst = std::max(worst, above);
                }
    MESSAGE("largest energy above 4 kHz: ", worst, " dB");
}

TEST_CASE("reverb: size that never stands still builds up no energy" *
          doctest::test_suite("figures")) {
    const FlushSubnormals flush;
    for (const Space space : kSpaces)
        for (const std::size_t quanta : {std::size_t{1}, std::size_t{46}, std::size_t{120}}) {
            Reverb unit(space, kRate);
            FxSettings settings = kHigh;
            unit.set(settings, Change::jump);
            Pair x = noise(480000, 1.0f, 8);
            for (std::size_t n = 0; n < x.left.size(); n += kQuantum) {
                if (n / kQuantum % quanta == 0) settings[2] = 1.0f - settings[2];
                unit.set(settings, Change::glide);
                quantum(unit, x, n);
            }
            CHECK(peak_of(x) < 6.0f);
        }
}

TEST_CASE(
    "reverb: loud, square, constant and random inputs stay finite and bounded at every rate") {
    const FlushSubnormals flush;
    for (const Hertz rate : {44.1_kHz, 48_kHz, 96_kHz, 192_kHz})
        for (const Space space : kSpaces) {
            Noise random(11);
            Reverb unit(space, rate);
            for (std::size_t round = 0; round < 12; ++round) {
                unit.set(round == 0   ? kLow
                         : round == 1 ? kHigh
                                      : random_settings(random),
                         Change::glide);
                Pair x = noise(9600, 10.0f, 21);
                for (std::size_t n = 0; n < x.left.size(); ++n) {
                    if (round % 4 == 1) x.left[n] = x.right[n] = n / 200 % 2 == 0 ? 1.0f : -1.0f;
                    if (round % 4 == 2) x.left[n] = x.right[n] = 1.0f;
                    if (round % 4 == 3) x.left[n] = x.right[n] = n % 4000 == 0 ? 10.0f : 0.0f;
                }
                run(unit, x);
                // +20 dBFS in, of unit energy gain; a resonance meets a square wave at most for a
                // fifth of a second.
                CHECK(peak_of(x) < 60.0f);
                CHECK(std::isfinite(energy(x.left, 0, x.left.size())));
                CHECK(std::isfinite(energy(x.right, 0, x.right.size())));
            }
        }
}

TEST_CASE("reverb: nothing is allocated after the constructor") {
    Reverb unit(Space::hall, kRate);
    Pair x = noise(9600, 0.5f, 2);
    const std::size_t before = allocations();
    unit.set(kHigh, Change::glide);
    run(unit, x);
    unit.set(kUsual, Change::jump);
    run(unit, x);
    unit.reset();
    CHECK(allocations() == before);
}

// Orthogonal but for rounding and for chords being shorter than arcs: less than 1e-5 of the power a
// pass, of which the longest decay takes a thousand times as much.
TEST_CASE("rotating mix: keeps the energy of what it mixes, at every depth and angle") {
    for (const float depth : {0.0f, 0.3f, 1.0f}) {
        RotatingMix mix(space_plan(Space::plate).slowest, kRate);
        mix.restart(depth);
        Noise random(4);
        const float none[kQuantum] = {};
        BankBlock x;
        random.fill(x);
        const auto power = [&x] {
            double sum = 0.0;
            for (const float v : x.x) sum += static_cast<double>(v) * static_cast<double>(v);
            return sum;
        };
        const double before = power();
        for (std::size_t pass = 0; pass < 1000; ++pass) {
            mix.begin_quantum(depth);
            mix.process(x.x, none, none, {0, kQuantum});
        }
        CHECK(power() == doctest::Approx(before).epsilon(1e-2));
    }
}

}  // namespace reverb_contract_test
}  // namespace mixrig::dsp::test::reverb
