// The checks of the control room.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/monitor_check.h"

#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;
using namespace mixrig::dsp::literals;

namespace monitor_check_test {

constexpr double kRate = 48000.0;
constexpr std::array kAll = {Check::off, Check::mono, Check::side, Check::small_speaker,
                             Check::band_limited};

struct Pair {
    std::vector<float> left, right;
};

Pair sines(double left, double right, double frequency, std::size_t quanta) {
    Pair out;
    for (std::size_t n = 0; n < quanta * kQuantum; ++n) {
        const double s =
            std::sin(2.0 * std::numbers::pi * frequency * static_cast<double>(n) / kRate);
        out.left.push_back(static_cast<float>(left * s));
        out.right.push_back(static_cast<float>(right * s));
    }
    return out;
}

void run(MonitorCheck& check, Pair& x, std::size_t first, std::size_t quanta) {
    for (std::size_t q = first; q < first + quanta; ++q) {
        check.begin_quantum();
        check.process(x.left.data() + q * kQuantum, x.right.data() + q * kQuantum, {0, kQuantum});
    }
}

Pair through(Check mode, bool mono, Pair x) {
    MonitorCheck check(48_kHz);
    check.set(mode, mono, Change::jump);
    run(check, x, 0, x.left.size() / kQuantum);
    return x;
}

// Gain at this frequency, of the settled second half.
double gain_dB(Check mode, double frequency) {
    const Pair in = sines(0.5, 0.5, frequency, 1500), out = through(mode, false, in);
    double a = 0.0, b = 0.0;
    for (std::size_t n = 24000; n < in.left.size(); ++n) {
        a += static_cast<double>(in.left[n]) * static_cast<double>(in.left[n]);
        b += static_cast<double>(out.left[n]) * static_cast<double>(out.left[n]);
    }
    return 10.0 * std::log10(b / a);
}

double largest_step(const std::vector<float>& x) {
    double largest = 0.0;
    for (std::size_t n = 1; n < x.size(); ++n)
        largest =
            std::max(largest, std::fabs(static_cast<double>(x[n]) - static_cast<double>(x[n - 1])));
    return largest;
}

TEST_CASE("monitor check: off changes no bit") {
    const Pair in = sines(0.5, -0.3, 700.0, 20), out = through(Check::off, false, in);
    CHECK(in.left == out.left);
    CHECK(in.right == out.right);
}

TEST_CASE(
    "monitor check: mono is (L+R)/2 and side (L-R)/2, on both sides; mono stands behind side") {
    const Pair in = sines(0.5, -0.25, 700.0, 20);
    const Pair mono = through(Check::mono, false, in), side = through(Check::side, false, in);
    const Pair folded = through(Check::off, true, in), both = through(Check::side, true, in);
    for (std::size_t n = 0; n < in.left.size(); ++n) {
        const float m = 0.5f * (in.left[n] + in.right[n]), s = 0.5f * (in.left[n] - in.right[n]);
        REQUIRE(mono.left[n] == m);
        REQUIRE(mono.right[n] == m);
        REQUIRE(side.left[n] == s);
        REQUIRE(side.right[n] == s);
        REQUIRE(folded.left[n] == doctest::Approx(m).epsilon(1e-6));
        REQUIRE(folded.right[n] == doctest::Approx(m).epsilon(1e-6));
        REQUIRE(both.left[n] == s);
    }
}

TEST_CASE("monitor check: a small loudspeaker, 150 Hz to 8 kHz, its middle forward") {
    CHECK(gain_dB(Check::small_speaker, 1500.0) == doctest::Approx(4.0).epsilon(0.03));
    CHECK(gain_dB(Check::small_speaker, 30.0) < -26.0);
    CHECK(gain_dB(Check::small_speaker, 150.0) == doctest::Approx(-3.0).epsilon(0.05));
    CHECK(gain_dB(Check::small_speaker, 8000.0) == doctest::Approx(-2.8).epsilon(0.1));
    CHECK(gain_dB(Check::small_speaker, 20000.0) < -14.0);
}

TEST_CASE("monitor check: a telephone, 300 to 3400 Hz") {
    CHECK(std::fabs(gain_dB(Check::band_limited, 1000.0)) < 0.1);
    CHECK(gain_dB(Check::band_limited, 300.0) == doctest::Approx(-3.01).epsilon(0.02));
    CHECK(gain_dB(Check::band_limited, 3400.0) == doctest::Approx(-3.01).epsilon(0.02));
    CHECK(gain_dB(Check::band_limited, 100.0) < -37.0);
    CHECK(gain_dB(Check::band_limited, 10200.0) < -37.0);
}

TEST_CASE("monitor check: from every check to every other there is no step") {
    for (const Check from : kAll)
        for (const Check to : kAll)
            for (const bool mono : {false, true}) {
                MonitorCheck check(48_kHz);
                Pair x = sines(0.5, -0.2, 997.0, 300);
                const double own = largest_step(x.left);
                check.set(from, false, Change::jump);
                run(check, x, 0, 100);
                check.set(to, mono, Change::glide);
                run(check, x, 100, 5);
                check.set(from, false, Change::glide);  // a change of mind on the way
                run(check, x, 105, 95);
                check.set(to, mono, Change::glide);
                run(check, x, 200, 100);
                // From the start on, where a filter begins at rest: up to the bell's 4 dB and a
                // bit.
                CHECK(largest_step(x.left) < 1.7 * own);
                CHECK(largest_step(x.right) < 1.7 * own);
            }
}

TEST_CASE("monitor check: the output does not depend on how time is cut") {
    for (const auto& cut : slicings()) {
        MonitorCheck whole(48_kHz), sliced(48_kHz);
        Noise noise(5);
        for (std::size_t q = 0; q < 30; ++q) {
            if (q % 6 == 0) {
                const Check mode = kAll[(q / 6) % kAll.size()];
                whole.set(mode, q % 12 == 0, Change::glide);
                sliced.set(mode, q % 12 == 0, Change::glide);
            }
            std::array<std::array<float, kQuantum>, 2> a{}, b{};
            for (std::size_t n = 0; n < kQuantum; ++n) {
                a[0][n] = b[0][n] = noise.sample();
                a[1][n] = b[1][n] = noise.sample();
            }
            whole.begin_quantum();
            sliced.begin_quantum();
            whole.process(a[0].data(), a[1].data(), {0, kQuantum});
            for (const Slice& slice : cut)
                sliced.process(b[0].data() + slice.first, b[1].data() + slice.first, slice);
            REQUIRE(same_bits(&a, &b, sizeof a));
        }
    }
}

TEST_CASE("monitor check: silence in, silence out, and after a reset it is as new") {
    for (const Check mode : kAll) {
        MonitorCheck used(48_kHz), fresh(48_kHz);
        used.set(mode, false, Change::jump);
        fresh.set(mode, false, Change::jump);
        Pair silence = sines(0.0, 0.0, 100.0, 20);
        run(fresh, silence, 0, 20);
        for (const float x : silence.left) REQUIRE(x == 0.0f);
        Pair loud = sines(1.0, 0.5, 333.0, 20);
        const std::size_t before = allocations();
        run(used, loud, 0, 20);
        CHECK(allocations() == before);
        used.reset();
        Pair a = sines(0.5, 0.1, 500.0, 20), b = a;
        run(used, a, 0, 20);
        run(fresh, b, 0, 20);
        CHECK(a.left == b.left);
        CHECK(a.right == b.right);
    }
}

}  // namespace monitor_check_test
