// The reverbs as room acoustics measures them: decay, density, echoes, stereo, level, cuts.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/reverb.h"

#include "dsp/denormals.h"
#include "dsp/design.h"
#include "tests/dsp/fx/reverb_support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <complex>
#include <numbers>

namespace mixrig::dsp::test::reverb {
namespace reverb_test {

using namespace mixrig::dsp::literals;

constexpr Hertz kRate = 48_kHz;
constexpr Hertz kBands[] = {250_Hz, 500_Hz, 1_kHz, 2_kHz, 4_kHz};

double decibels(double power) {
    return 10.0 * std::log10(power);
}

// What a band-wide measurement reads off a sound whose every frequency decays with its T60(f):
// slower than at the centre where T60 falls within the band, as the lower part lasts longer.
Seconds decay_over_band(const ReverbSettings& settings, Hertz band) {
    constexpr std::size_t kParts = 64, kSteps = 4000;
    double count = 0.0, t = 0.0, y = 0.0, tt = 0.0, ty = 0.0, whole = 0.0;
    for (std::size_t step = 0; step < kSteps; ++step) {
        const double time = settings.decay.value * static_cast<double>(step) / kSteps;
        double left = 0.0;
        for (std::size_t part = 0; part < kParts; ++part) {
            // Linear in frequency: an impulse has as much power at each.
            const double low = band.value / std::numbers::sqrt2;
            const double f = low + low * (static_cast<double>(part) + 0.5) / kParts;
            const double decay = reverb_decay(settings, {f}).value;
            left += decay * std::pow(10.0, -6.0 * time / decay);
        }
        if (step == 0) whole = left;
        const double dB = decibels(left / whole);
        if (dB > -5.0) continue;
        if (dB < -35.0) break;
        count += 1.0, t += time, y += dB, tt += time * time, ty += time * dB;
    }
    return {-60.0 / ((count * ty - t * y) / (count * tt - t * t))};
}

// One response of a diffuse field scatters by 0.88/sqrt(bandwidth * decay) (ISO 3382-1, annex A,
// for -5 to -35 dB): 12 % at 250 Hz and 0.3 s. The mean of sixteen leaves 3 %. The rest of the 10 %
// is the 6 % by which an octave around 4 kHz lasts longer than its centre at 6 kHz damping; against
// the band as a whole 5 % hold.
TEST_CASE("reverb: every octave band decays as its formula says" * doctest::test_suite("figures")) {
    const FlushSubnormals flush;
    for (const Space space : kSpaces)
        for (const Seconds decay : {0.3_s, 1.0_s, 2.5_s, 8.0_s})
            for (const Hertz damping : {20_kHz, 6_kHz}) {
                const ReverbSettings settings{.decay = decay, .damping = damping};
                const auto responses = ensemble(space, settings, {0.9 * decay.value + 0.1}, kRate);
                std::string line;
                for (const Hertz band : kBands) {
                    CAPTURE(name(space));
                    CAPTURE(decay.value);
                    CAPTURE(damping.value);
                    CAPTURE(band.value);
                    const double seconds = measured_decay(responses, band, kRate).value;
                    const double centre = reverb_decay(settings, band).value;
                    CHECK(seconds == doctest::Approx(centre).epsilon(0.10));
                    CHECK(seconds ==
                          doctest::Approx(decay_over_band(settings, band).value).epsilon(0.05));
                    line += " " + std::to_string(seconds) + " (" + std::to_string(centre) + ")";
                }
                MESSAGE(name(space), ", damping ", damping.value,
                        " Hz, T60 (set) at 250 Hz..4 kHz:", line);
            }
}

TEST_CASE("reverb: the decay is the same however large the space and deep the modulation" *
          doctest::test_suite("figures")) {
    const FlushSubnormals flush;
    for (const Space space : kSpaces)
        for (const double size : {0.0, 1.0})
            for (const double modulation : {0.0, 1.0}) {
                const ReverbSettings settings{
                    .decay = 1_s, .size = size, .damping = 20_kHz, .modulation = modulation};
                const auto responses = ensemble(space, settings, 1.1_s, kRate);
                for (const Hertz band : kBands) {
                    CAPTURE(name(space));
                    CAPTURE(size);
                    CAPTURE(modulation);
                    CAPTURE(band.value);
                    CHECK(measured_decay(responses, band, kRate).value ==
                          doctest::Approx(1.0).epsilon(0.05));
                }
            }
}

TEST_CASE("reverb: T60 is half at the damping frequency, a fifth far above, the same if open") {
    const ReverbSettings damped{.decay = 2_s, .damping = 3_kHz};
    CHECK(reverb_decay(damped, 3_kHz).value == doctest::Approx(1.0));
    CHECK(reverb_decay(damped, 1_Hz).value == doctest::Approx(2.0));
    CHECK(reverb_decay(damped, 1000_kHz).value == doctest::Approx(0.4).epsilon(0.001));
    const ReverbSettings open{.decay = 2_s, .damping = 20_kHz};
    CHECK(reverb_decay(open, 20_kHz).value == doctest::Approx(2.0));
}

// Of a line alone, at single frequencies. A shelf that takes many decibels is no longer shaped like
// a small one: that is where long lines, short decays and low dampings end.
TEST_CASE("reverb: the filter of a line takes what its length asks for and never gives") {
    double worst = 0.0;
    for (const Hertz rate : {44.1_kHz, 48_kHz, 192_kHz})
        for (const Seconds length : {5_ms, 20_ms, 80_ms, 155_ms})
            for (const Seconds decay : {0.1_s, 0.3_s, 1.0_s, 2.5_s, 8.0_s, 20.0_s})
                for (const Hertz damping : {1_kHz, 2_kHz, 4_kHz, 6_kHz, 12_kHz, 18_kHz, 20_kHz}) {
                    const ReverbSettings settings{.decay = decay, .damping = damping};
                    const SvfLane filter = design_absorption(length, settings, rate);
                    for (double f = 20.0; f < 0.499 * rate.value; f *= 1.1)
                        CHECK(std::abs(mixrig::dsp::response(filter, {f}, rate)) < 1.0);
                    const bool gentle = decay.value > 0.9
                                            ? damping.value > 3000.0
                                            : decay.value > 0.2 && damping.value > 5000.0;
                    if (!gentle || length.value > 0.1) continue;
                    for (const Hertz f : {250_Hz, 500_Hz, 1_kHz, 2_kHz, 4_kHz, 5.6_kHz}) {
                        CAPTURE(length.value);
                        CAPTURE(decay.value);
                        CAPTURE(damping.value);
                        CAPTURE(f.value);
                        const double dB =
                            20.0 * std::log10(std::abs(mixrig::dsp::response(filter, f, rate)));
                        const double seconds = -60.0 * length.value / dB;
                        const double wanted = reverb_decay(settings, f).value;
                        worst = std::max(worst, std::fabs(seconds / wanted - 1.0));
                        CHECK(seconds == doctest::Approx(wanted).epsilon(0.10));
                    }
                }
    MESSAGE("largest error of T60 of a line: ", 100.0 * worst, " %");
}

TEST_CASE("reverb: echoes soon are as dense as noise") {
    const FlushSubnormals flush;
    const Seconds latest[] = {60_ms, 40_ms, 120_ms};
    for (const Space space : kSpaces) {
        const Pair x = response(space, {.decay = 2_s}, kMono, 0.4_s, kRate);
        const double left = time_of_density(x.left, 0.9, kRate).value;
        const double right = time_of_density(x.right, 0.9, kRate).value;
        MESSAGE(name(space), ": echo density 0.9 after ", 1e3 * left, " and ", 1e3 * right, " ms");
        CHECK(std::max(left, right) < latest[static_cast<std::size_t>(space)].value);
    }
}

// Noise of this length and bandwidth has none above 0.03; a single audible flutter, as of two
// parallel walls, has one near 1. With sixteen lines and a matrix whose entries are all 1/4
// something about 1/16 is left at the length of each, and its random sums.
TEST_CASE("reverb: no echo repeats in the tail") {
    const FlushSubnormals flush;
    for (const Space space : kSpaces)
        for (const Impulse impulse : {kMono, Impulse{1.0f, 0.0f}, Impulse{0.0f, 1.0f}}) {
            const ReverbSettings settings{.decay = 2_s, .damping = 20_kHz, .modulation = 0.0};
            const Pair x = response(space, settings, impulse, 1.6_s, kRate);
            const double left = flutter(x.left, 0.3_s, 1.5_s, settings.decay, kRate);
            const double right = flutter(x.right, 0.3_s, 1.5_s, settings.decay, kRate);
            MESSAGE(name(space), ": largest autocorrelation of the tail ", left, ", ", right);
            CHECK(std::max(left, right) < 0.2);
        }
}

TEST_CASE("reverb: a mono input gives two channels of one loudness and unlike tails") {
    const FlushSubnormals flush;
    for (const Space space : kSpaces)
        for (const double size : {0.0, 0.5, 1.0})
            for (const Seconds decay : {0.5_s, 2.0_s}) {
                const Pair x = response(space, {.decay = decay, .size = size}, kMono,
                                        {1.2 * decay.value}, kRate);
                const std::size_t end = x.left.size();
                const double difference =
                    decibels(energy(x.left, 0, end) / energy(x.right, 0, end));
                const double tail = correlation(x, 4800, 24000);
                MESSAGE(name(space), ", size ", size, ", ", decay.value, " s: left over right ",
                        difference, " dB, correlation of the tail ", tail);
                CHECK(std::fabs(difference) < 0.5);
                CHECK(std::fabs(tail) < 0.3);
            }
}

// The whole of an undamped impulse, of which the high cut at 20 kHz and the low cut at 20 Hz leave
// -0.7 dB; a response of 0.1 s has no more than some hundred echoes, whose sum scatters.
TEST_CASE("reverb: the wet energy does not depend on decay and size") {
    const FlushSubnormals flush;
    for (const Space space : kSpaces) {
        double least = 100.0, most = -100.0;
        for (const double size : {0.0, 0.5, 1.0})
            for (const Seconds decay : {0.1_s, 0.3_s, 1.0_s, 6.0_s}) {
                const Pair x = response(space, {.decay = decay, .size = size, .damping = 20_kHz},
                                        {1.0f, 0.0f}, {0.5 * decay.value + 0.3}, kRate);
                const std::size_t end = x.left.size();
                const double level = decibels(energy(x.left, 0, end) + energy(x.right, 0, end));
                least = std::min(least, level);
                most = std::max(most, level);
            }
        MESSAGE(name(space), ": energy of the response ", least, " to ", most, " dB");
        CHECK(least > -1.7);
        CHECK(most < 0.3);
    }
}

TEST_CASE("reverb: the first sound comes exactly the pre-delay after the input") {
    for (const Hertz rate : {44.1_kHz, 48_kHz, 96_kHz, 192_kHz})
        for (const Space space : kSpaces) {
            const ReverbSettings near{.modulation = 0.0};
            const Pair first = response(space, near, {1.0f, 0.5f}, 0.2_s, rate);
            for (const Seconds predelay : {0.0_ms, 1.0_ms, 33.3_ms, 250.0_ms}) {
                CAPTURE(rate.value);
                CAPTURE(predelay.value);
                ReverbSettings settings = near;
                settings.predelay = predelay;
                const Pair x =
                    response(space, settings, {1.0f, 0.5f}, {0.2 + predelay.value}, rate);
                const auto frames =
                    static_cast<std::size_t>(std::lround(predelay.value * rate.value));
                CHECK(energy(x.left, 0, frames) == 0.0);
                CHECK(energy(x.right, 0, frames) == 0.0);
                CHECK(x.left[frames] != 0.0f);
                CHECK(x.right[frames] != 0.0f);
                const std::size_t count = std::min(first.left.size(), x.left.size() - frames);
                CHECK(std::equal(first.left.begin(), first.left.begin() + static_cast<long>(count),
                                 x.left.begin() + static_cast<long>(frames)));
            }
        }
}

// Without modulation the reverb is linear and does not change with time, so responses with and
// without a cut differ by its curve. Its frequencies are warped as the bilinear transform does.
TEST_CASE("reverb: low and high cut are Butterworth curves of second order") {
    const FlushSubnormals flush;
    const ReverbSettings open{.decay = 0.3_s, .modulation = 0.0};
    const Pair whole = response(Space::plate, open, kMono, 1_s, kRate);
    const auto warped = [](Hertz f) { return std::tan(std::numbers::pi * f.value / kRate.value); };
    const auto curve = [&](Hertz f, Hertz corner, double power) {
        return 1.0 / std::sqrt(1.0 + std::pow(warped(f) / warped(corner), power));
    };
    for (const Hertz corner : {100_Hz, 300_Hz, 1_kHz}) {
        ReverbSettings cut = open;
        cut.low_cut = corner;
        const Pair x = response(Space::plate, cut, kMono, 1_s, kRate);
        for (const double over : {0.25, 1.0, 4.0}) {
            const Hertz f{over * corner.value};
            const double seen = magnitude(x.left, f, kRate) / magnitude(whole.left, f, kRate);
            const double wanted = curve(f, corner, -4.0) / curve(f, 20_Hz, -4.0);
            CHECK(20.0 * std::log10(seen / wanted) == doctest::Approx(0.0).epsilon(0.05));
        }
    }
    for (const Hertz corner : {1_kHz, 4_kHz, 10_kHz}) {
        ReverbSettings cut = open;
        cut.high_cut = corner;
        const Pair x = response(Space::plate, cut, kMono, 1_s, kRate);
        for (const double over : {0.25, 1.0, 2.0}) {
            const Hertz f{over * corner.value};
            const double seen = magnitude(x.left, f, kRate) / magnitude(whole.left, f, kRate);
            const double wanted = curve(f, corner, 4.0) / curve(f, 20_kHz, 4.0);
            CHECK(20.0 * std::log10(seen / wanted) == doctest::Approx(0.0).epsilon(0.05));
        }
    }
}

TEST_CASE("reverb: what it costs") {
    const FlushSubnormals flush;
    for (const Space space : kSpaces) {
        Reverb unit(space, kRate);
        Pair x = noise(96000, 0.5f, 1);
        const auto start = std::chrono::steady_clock::now();
        run(unit, x);
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        MESSAGE(name(space), ": ", 1e9 * seconds / 96000.0, " ns a stereo frame");
        CHECK(seconds < 2.0);  // realtime, even with sanitizers
    }
}

}  // namespace reverb_test
}  // namespace mixrig::dsp::test::reverb
