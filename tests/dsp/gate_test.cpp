// What the gate and the expander do to levels: hysteresis, hold, times, curve, link.
// definition.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/gate.h"

#include "dsp/cpu.h"
#include "dsp/denormals.h"
#include "tests/dsp/dynamics_support.h"
#include "tests/dsp/gate_support.h"
#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

using namespace mixrig::dsp;
using namespace mixrig::dsp::literals;
using namespace mixrig::dsp::test;

namespace gate_test {

// The reduction at each frame of a lane that was fed 1.0 while `key` opened and closed it.
std::vector<double> reductions(GateBank& bank, const Bank& key) {
    Bank x = silence(key.size() * kQuantum);
    fill(x, 0, [](std::size_t) { return 1.0; });
    process(bank, x, {.key = &key});
    std::vector<double> dB;
    for (std::size_t n = 0; n < x.size() * kQuantum; ++n)
        dB.push_back(-in_dB(static_cast<double>(sample(x, n, 0))));
    return dB;
}

double frames_until(const std::vector<double>& dB, std::size_t start, bool rises, double to) {
    for (std::size_t n = start; n < dB.size(); ++n)
        if (rises ? dB[n] >= to : dB[n] <= to) return static_cast<double>(n + 1 - start);
    return std::numeric_limits<double>::infinity();
}

double steady_reduction(const GateSettings& settings, double dB, Hertz rate) {
    GateBank bank = with(settings, rate);
    Bank x = silence(static_cast<std::size_t>(rate.value));
    fill(x, 3, [&](std::size_t n) { return gain(dB) * sine(n, 1_kHz, rate); });
    process(bank, x, {});
    bank.clear_meters();
    return bank.reduction_dB()[3];
}

TEST_CASE("gate: opens at the threshold, stays open to 3 dB below, and closes beneath") {
    for (const Hertz rate : kRates) {
        CAPTURE(rate.value);
        GateSettings settings = plain_gate();
        settings.hold = 0_ms;
        struct Row {
            double from, to;  // dB: the level before and now
            bool open;
        };
        for (const Row& row :
             {Row{-60, -30.15, false}, Row{-60, -29.9, true}, Row{-20, -30.5, true},
              Row{-20, -32.9, true}, Row{-20, -33.15, false}, Row{-20, -60, false}}) {
            CAPTURE(row.from);
            CAPTURE(row.to);
            GateBank bank = with(settings, rate);
            const auto half = static_cast<std::size_t>(rate.value / 2.0);
            Bank key = silence(2 * half);
            fill(key, 0, [&](std::size_t n) {
                return gain(n < half ? row.from : row.to) * sine(n, 1_kHz, rate);
            });
            const std::vector<double> dB = reductions(bank, key);
            CHECK(std::fabs(dB.back() - (row.open ? 0.0 : 40.0)) < 0.1);
        }
    }
}

TEST_CASE("gate: holds, then closes; attack and release cover 63 % in dB in their time") {
    for (const Hertz rate : kRates)
        for (const Seconds attack : {1_ms, 5_ms, 50_ms})
            for (const Seconds hold : {0_ms, 10_ms, 100_ms})
                for (const Seconds release : {20_ms, 200_ms}) {
                    CAPTURE(rate.value);
                    CAPTURE(attack.value);
                    CAPTURE(hold.value);
                    CAPTURE(release.value);
                    GateSettings settings = plain_gate();
                    settings.attack = attack;
                    settings.hold = hold;
                    settings.release = release;
                    GateBank bank = with(settings, rate);
                    const std::size_t on = 3200;
                    const std::size_t off =
                        on + static_cast<std::size_t>(rate.value * (10.0 * attack.value));
                    Bank key =
                        silence(off + static_cast<std::size_t>(
                                          rate.value * (0.01 + hold.value + 2.0 * release.value)));
                    fill(key, 0, [&](std::size_t n) { return n >= on && n < off ? 1.0 : 0.0; });
                    const std::vector<double> dB = reductions(bank, key);
                    const double e = std::exp(-1.0);
                    CHECK(frames_until(dB, on, false, 40.0 * e) / (attack.value * rate.value) ==
                          doctest::Approx(1.0).epsilon(0.05));
                    // The detector hears the key for another 0.5 to 1 ms.
                    const double begins = frames_until(dB, off, true, 0.1) / rate.value;
                    CHECK(begins > hold.value + 0.0004);
                    CHECK(begins < hold.value + 0.0012 + release.value * 0.01);
                    const double closes =
                        frames_until(dB, off, true, 40.0 * (1.0 - e)) / rate.value;
                    CHECK((closes - begins) / release.value == doctest::Approx(1.0).epsilon(0.05));
                }
}

TEST_CASE("expander: static curve within 0.1 dB") {
    struct Row {
        double ratio, range, level, expected;
    };
    for (const Hertz rate : kRates)
        for (const Row& row : {Row{2, 60, -20, 0}, Row{2, 60, -30, 0}, Row{2, 60, -31, 1},
                               Row{2, 60, -40, 10}, Row{4, 60, -40, 30}, Row{4, 20, -40, 20},
                               Row{1, 60, -50, 0}, Row{1.5, 60, -50, 10}, Row{3, 90, -70, 80}}) {
            CAPTURE(rate.value);
            CAPTURE(row.level);
            GateSettings settings = plain_gate();
            settings.mode = GateMode::expander;
            settings.ratio = row.ratio;
            settings.range = Decibels{row.range};
            CHECK(std::fabs(steady_reduction(settings, row.level, rate) - row.expected) < 0.1);
        }
}

TEST_CASE("expander: holds before it turns down") {
    GateSettings settings = plain_gate();
    settings.mode = GateMode::expander;
    settings.hold = 50_ms;
    GateBank bank = with(settings, 48_kHz);
    Bank key = silence(9600);
    fill(key, 0, [](std::size_t n) { return n < 4800 ? 1.0 : gain(-40.0); });
    const std::vector<double> dB = reductions(bank, key);
    CHECK(frames_until(dB, 4800, true, 0.05) / 48000.0 == doctest::Approx(0.051).epsilon(0.01));
    CHECK(dB.back() == doctest::Approx(10.0).epsilon(0.1));
}

TEST_CASE("gate: linked lanes obey the louder one of their own pair") {
    for (const Target& target : targets()) {
        use_target(target);
        CAPTURE(target.name);
        for (std::size_t loud = 0; loud < kLanes; ++loud) {
            GateBank bank = with(plain_gate(), 48_kHz);
            Bank x = silence(9600);
            for (std::size_t lane = 0; lane < kLanes; ++lane)
                fill(x, lane, [&](std::size_t) { return lane == loud ? 1.0 : 0.001; });
            process(bank, x, {.linked = 0x0fff});
            bank.clear_meters();
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                CAPTURE(lane);
                const bool open = lane == loud || (lane == (loud ^ 1u) && lane < 12);
                CHECK(std::fabs(bank.reduction_dB()[lane] - (open ? 0.0f : 40.0f)) < 0.01f);
            }
        }
    }
    init();
}

TEST_CASE("gate: a slow and deep release arrives") {
    // Without the remainder that is carried, single precision would stop 0.3 dB short.
    GateSettings settings = plain_gate();
    settings.release = 2_s;
    settings.range = 90_dB;
    settings.hold = 0_ms;
    GateBank bank = with(settings, 192_kHz);
    Bank loud = silence(19200), quiet = silence(19200);
    fill(loud, 0, [](std::size_t) { return 1.0; });
    for (std::size_t tenth = 0; tenth < 260; ++tenth)
        process(bank, tenth < 10 ? loud : quiet, {.begin = tenth * 19200});
    bank.clear_meters();
    CHECK(std::fabs(bank.reduction_dB()[0] - 90.0f) < 0.001f);
}

}  // namespace gate_test
