// What saturation, phaser and de-esser all keep: slices, reset, silence, extremes, no click.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/de_esser.h"
#include "dsp/fx/phaser.h"
#include "dsp/fx/saturation.h"
#include "tests/dsp/fx/sweep_support.h"
#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;
using namespace mixrig::dsp::test::sweep;
using namespace mixrig::dsp::literals;

namespace shaping_test {

const std::vector<Hertz> kRates = {44.1_kHz, 48_kHz, 96_kHz, 192_kHz};

const std::vector<Kind>& shapers() {
    static const std::vector<Kind> all = {
        {"saturation",
         [](Hertz rate) { return std::make_unique<Saturation>(rate); },
         {{0, 36, 6}, {0, 2, 0}, {1000, 20000, 6000}, {-24, 12, 0}, {0, 1, 1}}},
        {"phaser",
         [](Hertz rate) { return std::make_unique<Phaser>(rate); },
         {{0.02f, 10, 0.4f},
          {0, 4, 2},
          {100, 4000, 800},
          {4, 12, 6},
          {-0.9f, 0.9f, 0.3f},
          {0, 1, 0},
          {0, 1, 0.5f}}},
        {"de-esser",
         [](Hertz rate) { return std::make_unique<DeEsser>(rate); },
         {{2000, 12000, 6000}, {-60, 0, -30}, {0, 24, 12}, {0, 1, 0}, {10, 500, 60}}},
    };
    return all;
}

FxSettings random_settings(const Kind& kind, Noise& random) {
    FxSettings settings = kind.usual();
    for (std::size_t k = 0; k < kind.ranges.size(); ++k) {
        const Range& range = kind.ranges[k];
        const std::size_t choice = random.below(4);
        if (choice == 0) settings[k] = range.low;
        if (choice == 1) settings[k] = range.high;
        if (choice == 2) settings[k] = static_cast<float>(random.between(range.low, range.high));
    }
    return settings;
}

Stereo both(const Samples& x) {
    return {x, x};
}

// Third differences weigh 1 kHz at 0.0022 and a step at 2: the largest is where a click would be.
double roughness(const Samples& x) {
    double most = 0.0;
    for (std::size_t n = 3; n < x.size(); ++n) {
        const double third = static_cast<double>(x[n]) - 3.0 * static_cast<double>(x[n - 1]) +
                             3.0 * static_cast<double>(x[n - 2]) - static_cast<double>(x[n - 3]);
        most = std::max(most, std::fabs(third));
    }
    return most;
}

TEST_CASE("shapers: any slicing gives the same bits, while settings glide too") {
    for (const Kind& kind : shapers())
        for (const Slices& slices :
             {Slices{{0, 1}, {1, 5}, {6, 26}}, Slices{{0, 7}, {7, 25}}, Slices{{0, 31}, {31, 1}}}) {
            CAPTURE(kind.name);
            const auto whole = kind.make(48_kHz), cut = kind.make(48_kHz);
            Noise random(1);
            for (std::uint32_t change = 0; change < 30; ++change) {
                const FxSettings settings = random_settings(kind, random);
                const Change how = random.below(4) == 0 ? Change::jump : Change::glide;
                whole->set(settings, how);
                cut->set(settings, how);
                Stereo a{noise(640, 1.0f, change), noise(640, 1.0f, change + 100)};
                Stereo b = a;
                run(*whole, a, kWhole);
                run(*cut, b, slices);
                REQUIRE(same_bits(a.left.data(), b.left.data(), 640 * sizeof(float)));
                REQUIRE(same_bits(a.right.data(), b.right.data(), 640 * sizeof(float)));
            }
        }
}

TEST_CASE("shapers: reset makes a unit equal to a new one with these settings") {
    for (const Kind& kind : shapers()) {
        CAPTURE(kind.name);
        const auto used = kind.make(48_kHz), fresh = kind.make(48_kHz);
        Noise random(2);
        for (int change = 0; change < 5; ++change) {
            used->set(random_settings(kind, random), Change::glide);
            through(*used, both(noise(4800, 1.0f, 3)));
        }
        const FxSettings last = random_settings(kind, random);
        used->set(last, Change::glide);
        through(*used, both(noise(320, 1.0f, 4)));
        used->reset();
        fresh->set(last, Change::jump);
        const Stereo a = through(*used, both(noise(4800, 1.0f, 5)));
        const Stereo b = through(*fresh, both(noise(4800, 1.0f, 5)));
        CHECK(a.left == b.left);
        CHECK(a.right == b.right);
    }
}

TEST_CASE("shapers: a new unit is at rest, and silence gives zeros whatever is set") {
    for (const Kind& kind : shapers())
        for (const Hertz rate : kRates) {
            CAPTURE(kind.name);
            const auto unit = kind.make(rate);
            CHECK(unit->is_at_rest());
            Noise random(6);
            for (int change = 0; change < 10; ++change) {
                unit->set(random_settings(kind, random), Change::glide);
                const Stereo out = through(*unit, both(Samples(960, 0.0f)));
                CHECK(peak(out.left) == 0.0f);
                CHECK(peak(out.right) == 0.0f);
            }
        }
}

TEST_CASE("shapers: the tail ends in zeros; below -180 dB from the moment they say they rest") {
    for (const Kind& kind : shapers())
        for (const Hertz rate : {48_kHz, 192_kHz}) {
            Noise random(7);
            int longest = 0;
            for (int trial = 0; trial < 8; ++trial) {
                CAPTURE(kind.name);
                const auto unit = kind.make(rate);
                FxSettings settings = random_settings(kind, random);
                if (kind.name == "de-esser") settings[4] = std::min(settings[4], 100.0f);
                unit->set(settings, Change::jump);
                through(*unit, both(noise(9600, 1.0f, 6)));
                CHECK(!unit->is_at_rest());
                int quanta = 0;
                const int most = static_cast<int>(10.0 * rate.value) / 32;
                while (!unit->is_at_rest() && quanta < most) {
                    through(*unit, both(Samples(kQuantum, 0.0f)));
                    ++quanta;
                }
                longest = std::max(longest, quanta);
                REQUIRE(unit->is_at_rest());
                const Stereo tail = through(*unit, both(Samples(9600, 0.0f)));
                CHECK(peak(tail.left) < 1e-9f);
                CHECK(peak(tail.right) < 1e-9f);
                CHECK(unit->is_at_rest());
                const Stereo end = through(*unit, both(Samples(9600, 0.0f)));
                CHECK(peak(end.left) == 0.0f);
            }
            MESSAGE(kind.name << " at " << rate.value << " Hz rests after at most "
                              << longest * 32000.0 / rate.value << " ms");
        }
}

// By the headers: a saturation's limit of 1.46 times 2.2 for the filter, without DC at most twice
// that, and 12 dB of output are 26. A de-esser's crossover is an all-pass whose taps add up to 3.6.
// What a phaser gives is below the norm of all it holds, which says little of a peak: three times
// the loudest input is never seen.
TEST_CASE("shapers: loud noise, squares, DC and impulses stay finite and bounded") {
    for (const Kind& kind : shapers()) {
        const float bound = kind.name == "saturation" ? 26.0f
                            : kind.name == "phaser"   ? 30.0f
                                                      : 36.0f;
        float most = 0.0f;
        for (const Hertz rate : kRates) {
            CAPTURE(kind.name);
            CAPTURE(rate.value);
            const auto unit = kind.make(rate);
            Noise random(8);
            Samples square(1600);
            for (std::size_t n = 0; n < square.size(); ++n) square[n] = n / 50 % 2 ? 1.0f : -1.0f;
            for (int change = 0; change < 30; ++change) {
                const Change how = random.below(3) == 0 ? Change::jump : Change::glide;
                unit->set(random_settings(kind, random), how);
                for (const Samples& x :
                     {square, noise(1600, 10.0f, 9), Samples(1600, 1.0f), impulse(1600)}) {
                    const Stereo out = through(*unit, both(x));
                    REQUIRE(peak(out.left) <= bound);
                    REQUIRE(peak(out.right) <= bound);
                    most = std::max({most, peak(out.left), peak(out.right)});
                }
            }
        }
        MESSAGE(kind.name << ": peak " << most);
    }
}

// Linear units: what is above 4 kHz belongs to the jump, -70 dB is what the desk asks of its
// faders' linear glide. A saturation has harmonics there itself: no frame may be rougher than the
// rougher one of both settings is by itself, by more than a tenth and what a glide of 10 ms adds to
// a 1 kHz sine.
TEST_CASE("shapers: any setting may jump from end to end under a sine without a click" *
          doctest::test_suite("figures")) {
    for (const Kind& kind : shapers()) {
        double worst = -200.0, roughest = 0.0;
        for (std::size_t k = 0; k < kind.ranges.size(); ++k)
            for (const Hertz tone : {1_kHz, 100_Hz})
                for (const bool up : {true, false}) {
                    const auto unit = kind.make(48_kHz);
                    FxSettings settings = kind.usual();
                    settings[k] = up ? kind.ranges[k].low : kind.ranges[k].high;
                    unit->set(settings, Change::jump);
                    const Samples x = sine(tone, 57600, 48_kHz);
                    const auto part = [&](std::ptrdiff_t from, std::ptrdiff_t to) {
                        return both({x.begin() + from, x.begin() + to});
                    };
                    through(*unit, part(0, 19200));
                    const Samples before = through(*unit, part(19200, 24000)).left;
                    settings[k] = up ? kind.ranges[k].high : kind.ranges[k].low;
                    unit->set(settings, Change::glide);
                    const Stereo out = through(*unit, part(24000, 52800));
                    const Samples after = through(*unit, part(52800, 57600)).left;
                    CAPTURE(kind.name);
                    CAPTURE(k);
                    CAPTURE(up);
                    CAPTURE(tone.value);
                    const double usual = std::max(roughness(before), roughness(after));
                    const double extra = roughness(out.left) - 1.1 * usual;
                    roughest = std::max(roughest, extra);
                    CHECK(extra < 2e-3);
                    if (kind.name == "saturation") continue;
                    for (const Samples* side : {&out.left, &out.right}) {
                        const double level = loudest_above(*side, 4_kHz, 48_kHz).value;
                        CHECK(level < -70.0);
                        worst = std::max(worst, level);
                    }
                }
        MESSAGE(kind.name << ": at most " << worst << " dB above 4 kHz, roughness " << roughest);
    }
}

TEST_CASE("shapers: a jump takes effect at once") {
    const Samples x = noise(9600, 0.5f, 20), next = noise(kQuantum, 0.5f, 21);
    Phaser phaser(48_kHz);
    through(phaser, both(x));
    phaser.set({0.4f, 2.0f, 800.0f, 12.0f, 0.3f, 0.0f, 0.0f}, Change::jump);
    CHECK(through(phaser, both(next)).left == next);
    Saturation saturation(48_kHz);
    saturation.set({24.0f, 2.0f, 2000.0f, 0.0f, 1.0f}, Change::jump);
    through(saturation, both(x));
    saturation.set({24.0f, 2.0f, 2000.0f, 0.0f, 0.0f}, Change::jump);
    const auto late = x.end() - static_cast<std::ptrdiff_t>(saturation.latency());
    CHECK(through(saturation, both(next)).left == Samples(late, late + kQuantum));
    // Wide turns all down by what split has measured before.
    DeEsser split(48_kHz), wide(48_kHz);
    split.set({6000.0f, -60.0f, 24.0f, 0.0f, 60.0f}, Change::jump);
    wide.set({6000.0f, -60.0f, 24.0f, 1.0f, 60.0f}, Change::jump);
    through(split, both(x));
    through(wide, both(x));
    split.set({6000.0f, -60.0f, 24.0f, 1.0f, 60.0f}, Change::jump);
    CHECK(through(split, both(next)).left == through(wide, both(next)).left);
}

TEST_CASE("shapers: nothing allocates but the constructor") {
    for (const Kind& kind : shapers()) {
        const auto unit = kind.make(48_kHz);
        Stereo x = both(noise(1600, 1.0f, 10));
        Noise random(11);
        std::vector<FxSettings> changes;
        for (int change = 0; change < 20; ++change)
            changes.push_back(random_settings(kind, random));
        const std::size_t before = allocations();
        for (const FxSettings& settings : changes) {
            unit->set(settings, Change::glide);
            run(*unit, x, kWhole);
        }
        unit->reset();
        static_cast<void>(unit->is_at_rest());
        CHECK(allocations() == before);
    }
}

TEST_CASE("shapers: a minute of noise at coarse settings stays bounded" *
          doctest::test_suite("figures")) {
    for (const Kind& kind : shapers()) {
        CAPTURE(kind.name);
        const auto unit = kind.make(48_kHz);
        FxSettings settings = kind.usual();
        if (kind.name == "phaser") settings = {10.0f, 4.0f, 100.0f, 12.0f, 0.9f, 1.0f, 1.0f};
        if (kind.name == "saturation") settings = {36.0f, 1.0f, 20000.0f, 0.0f, 1.0f};
        if (kind.name == "de-esser") settings = {12000.0f, -60.0f, 24.0f, 0.0f, 10.0f};
        unit->set(settings, Change::jump);
        float first = 0.0f, last = 0.0f;
        for (std::uint32_t second = 0; second < 60; ++second) {
            const Stereo out = through(*unit, {noise(48000, 1.0f, second), noise(48000, 1.0f, 99)});
            const float most = std::max(peak(out.left), peak(out.right));
            REQUIRE(std::isfinite(most));
            (second < 30 ? first : last) = std::max(second < 30 ? first : last, most);
        }
        MESSAGE(kind.name << ": peaks " << first << " and " << last);
        // The second half is no louder: nothing builds up. Peaks of noise vary by some per cent.
        CHECK(last < 1.25f * first);
    }
}

}  // namespace shaping_test
