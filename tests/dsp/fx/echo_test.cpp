// Echo: times, levels, filters and the loop.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/echo.h"

#include "tests/dsp/fx/sweep_support.h"
#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;
using namespace mixrig::dsp::test::sweep;
using namespace mixrig::dsp::literals;

namespace echo_test {

// Times in ms; the filters as wide open as they go.
FxSettings open_echo(float time, float feedback, bool ping_pong, float ratio) {
    return {time, feedback, ping_pong ? 1.0f : 0.0f, 20.0f, 20000.0f, ratio};
}

std::size_t frames_of(double ms, Hertz rate) {
    return static_cast<std::size_t>(std::round(1e-3 * ms * rate.value));
}

std::size_t first_sound(const Samples& x) {
    return static_cast<std::size_t>(
        std::find_if(x.begin(), x.end(), [](float v) { return v != 0.0f; }) - x.begin());
}

TEST_CASE("echo: the first repeat is the input itself, exactly its time later, on both sides") {
    for (const Hertz rate : {44.1_kHz, 48_kHz, 96_kHz, 192_kHz})
        for (const float time : {1.0f, 33.3f, 777.7f, 4000.0f})
            for (const float ratio : {0.25f, 1.0f, 2.0f}) {
                CAPTURE(rate.value);
                CAPTURE(time);
                CAPTURE(ratio);
                Echo echo(rate);
                echo.set(open_echo(time, 0.0f, false, ratio), Change::jump);
                const std::size_t left = frames_of(time, rate);
                const std::size_t right = frames_of(double{time} * double{ratio}, rate);
                const std::size_t length = (std::max(left, right) / kQuantum + 3) * kQuantum;
                const Stereo out = through(echo, {impulse(length), impulse(length)});
                CHECK(first_sound(out.left) == left);
                CHECK(out.left[left] == 1.0f);
                CHECK(first_sound(out.right) == right);
                CHECK(out.right[right] == 1.0f);
            }
}

TEST_CASE("echo: repeat k has level feedback^(k-1) and comes k times the time later") {
    Echo echo(48_kHz);
    echo.set(open_echo(100.0f, 0.8f, false, 1.0f), Change::jump);
    Samples x = sine(1_kHz, 48000, 48_kHz);
    std::fill(x.begin() + 2400, x.end(), 0.0f);  // 50 ms
    const Stereo out = through(echo, {x, x});
    for (std::size_t k = 1; k < 10; ++k) {
        const std::size_t from = 4800 * k + 480, to = from + 1440;
        // At 1 kHz the open filters take 0.013 dB a pass.
        const double level = amplitude(out.left, from, to, 1_kHz, 48_kHz);
        CHECK(off(level, std::pow(0.8, static_cast<double>(k) - 1.0)) < 0.02);
        CHECK(energy(out.left, 4800 * k + 2880, 4800 * k + 4700) < 1e-3 * level * level * 1820);
    }
}

TEST_CASE("echo: ping-pong comes left, right, left, in both times' rhythm") {
    Echo echo(48_kHz);
    echo.set(open_echo(100.0f, 0.5f, true, 1.5f), Change::jump);
    const Stereo out = through(echo, {impulse(48000), impulse(48000)});
    CHECK(first_sound(out.left) == 4800);
    CHECK(out.left[4800] == 1.0f);
    CHECK(first_sound(out.right) == 12000);
    // One pass of the low-pass at 20 kHz leaves of an impulse's first frame g = 0.79, of the
    // high-pass 1 - 0.0013.
    CHECK(off(out.right[12000], 0.5 * 0.79) < 0.01);
    CHECK(energy(out.left, 4801, 16800) == 0.0);
    CHECK(energy(out.left, 16800, 17000) > 0.01);

    echo.reset();
    const Stereo one_side = through(echo, {Samples(48000, 0.0f), impulse(48000)});
    CHECK(one_side.left[4800] == 0.5f);
    CHECK(first_sound(one_side.right) == 12000);
}

// One pass through the loop at a frequency, in dB: the second repeat of a long tone against the
// first.
static double pass(FxSettings settings, Hertz frequency, Hertz rate) {
    Echo echo(rate);
    settings[0] = 200.0f;
    settings[1] = 0.5f;
    echo.set(settings, Change::jump);
    const std::size_t time = frames_of(200.0, rate);
    Samples x = sine(frequency, (time * 3 / kQuantum + 1) * kQuantum, rate);
    std::fill(x.begin() + static_cast<std::ptrdiff_t>(time), x.end(), 0.0f);
    const Samples out = through(echo, {x, x}).left;
    const double first = amplitude(out, time * 5 / 4, time * 2, frequency, rate);
    const double second = amplitude(out, time * 9 / 4, time * 3, frequency, rate);
    return 20.0 * std::log10(second / (0.5 * first));
}

TEST_CASE("echo: the loop's cuts are first-order, -3 dB where they are set") {
    for (const Hertz rate : {44.1_kHz, 48_kHz, 192_kHz}) {
        const FxSettings low{0, 0, 0, 1000.0f, 20000.0f, 1.0f}, high{0, 0, 0, 20.0f, 2000.0f, 1.0f};
        // The other cut is far off: 0.011 dB of 20 kHz at 1 kHz, 0.01 dB more for the window.
        CHECK(std::abs(pass(low, 1_kHz, rate) + 3.01) < 0.03);
        CHECK(std::abs(pass(low, 125_Hz, rate) + 10.0 * std::log10(1.0 + 64.0)) < 0.03);
        CHECK(std::abs(pass(high, 2_kHz, rate) + 3.01) < 0.03);
        // Three octaves up on the analogue curve -18.1 dB; the trapezoidal one falls faster near
        // half the rate: by tan(pi*f/rate).
        const double ratio = std::tan(3.14159265 * 16000.0 / rate.value) /
                             std::tan(3.14159265 * 2000.0 / rate.value);
        CHECK(std::abs(pass(high, 16_kHz, rate) + 10.0 * std::log10(1.0 + ratio * ratio)) < 0.03);
    }
}

TEST_CASE("echo: the loop's gain is below 1 for every setting: noise for minutes, then it fades" *
          doctest::test_suite("figures")) {
    Noise random(30);
    for (int trial = 0; trial < 12; ++trial) {
        Echo echo(48_kHz);
        const float low = trial < 2 ? 20.0f : static_cast<float>(random.between(20.0, 2000.0));
        const float high =
            trial < 2 ? 20000.0f : static_cast<float>(random.between(500.0, 20000.0));
        const auto ratio = static_cast<float>(random.between(0.25, 2.0));
        const auto time = static_cast<float>(random.between(1.0, 40.0));
        echo.set({time, 0.98f, trial % 2 ? 1.0f : 0.0f, low, high, ratio}, Change::jump);
        double in = 0.0, sounding = 0.0, fading = 0.0;
        for (std::uint32_t second = 0; second < 12; ++second) {
            const Stereo x{noise(48000, 1.0f, second), noise(48000, 1.0f, second + 50)};
            in += energy(x.left, 0, 48000) + energy(x.right, 0, 48000);
            const Stereo out = through(echo, x);
            sounding += energy(out.left, 0, 48000) + energy(out.right, 0, 48000);
        }
        // The header's bound on energy.
        CHECK(sounding <= in / (0.02 * 0.02));
        // A longest loop of 80 ms at 0.98 fades by 60 dB in 27 s at most: -6.9 / ln 0.98 passes.
        for (int second = 0; second < 30; ++second) {
            const Stereo out = through(echo, {Samples(48000, 0.0f), Samples(48000, 0.0f)});
            fading = energy(out.left, 0, 48000) + energy(out.right, 0, 48000);
        }
        CHECK(fading < 1e-5 * sounding / 12.0);
    }
}

TEST_CASE("echo: times that change all the while do not make the loop grow") {
    Echo echo(48_kHz);
    Noise random(31);
    float most = 0.0f;
    for (int change = 0; change < 2000; ++change) {
        const auto time = static_cast<float>(random.between(1.0, 60.0));
        echo.set({time, 0.98f, static_cast<float>(random.below(2)), 20.0f, 20000.0f, 1.3f},
                 Change::glide);
        const Samples x = change < 1000 ? noise(640, 1.0f, 32) : Samples(640, 0.0f);
        const Stereo out = through(echo, {x, x});
        most = std::max({most, peak(out.left), peak(out.right)});
    }
    MESSAGE("most " << most);
    CHECK(most < 50.0f);  // 1 / (1 - 0.98)
    const Stereo end = through(echo, {Samples(640, 0.0f), Samples(640, 0.0f)});
    CHECK(peak(end.left) < 0.3f * most);
}

TEST_CASE("echo: a new time crosses over and is then exact; of several the last one wins") {
    Echo echo(48_kHz);
    echo.set(open_echo(20.0f, 0.0f, false, 1.0f), Change::jump);
    const Samples x = noise(48000, 1.0f, 33);
    const auto part = [&](std::size_t from, std::size_t to) {
        const Samples cut(x.begin() + static_cast<std::ptrdiff_t>(from),
                          x.begin() + static_cast<std::ptrdiff_t>(to));
        return through(echo, {cut, cut}).left;
    };
    part(0, 9600);
    echo.set(open_echo(50.0f, 0.0f, false, 1.0f), Change::glide);
    part(9600, 9600 + kQuantum);
    echo.set(open_echo(70.0f, 0.0f, false, 1.0f), Change::glide);
    echo.set(open_echo(30.0f, 0.0f, false, 1.0f), Change::glide);
    part(9632, 19200);
    const Samples out = part(19200, 28800);
    for (std::size_t n = 0; n < out.size(); ++n) REQUIRE(out[n] == x[19200 + n - 1440]);
}

TEST_CASE("echo: what was over before a sleep does not come back with a longer time") {
    Echo echo(48_kHz);
    echo.set(open_echo(10.0f, 0.0f, false, 1.0f), Change::jump);
    through(echo, {noise(4800, 1.0f, 36), noise(4800, 1.0f, 37)});
    while (!echo.is_at_rest()) through(echo, {Samples(kQuantum, 0.0f), Samples(kQuantum, 0.0f)});
    // Asleep; then a sound, and while it sounds a time that reaches back beyond the sleep.
    through(echo, {impulse(320), impulse(320)});
    echo.set(open_echo(50.0f, 0.0f, false, 1.0f), Change::jump);
    const Stereo out = through(echo, {Samples(4800, 0.0f), Samples(4800, 0.0f)});
    CHECK(out.left[2400 - 320] == 1.0f);
    CHECK(energy(out.left, 0, 4800) == 1.0);
}

TEST_CASE("echo: the highest feedback ends in exact zeros") {
    Echo echo(48_kHz);
    echo.set(open_echo(1.0f, 0.98f, false, 1.0f), Change::jump);
    through(echo, {noise(48000, 1.0f, 34), noise(48000, 1.0f, 35)});
    // -200 dB at 0.98 a pass of 1 ms: 1.14 s and some for the level it had.
    int quanta = 0;
    while (!echo.is_at_rest() && ++quanta < 3000)
        through(echo, {Samples(kQuantum, 0.0f), Samples(kQuantum, 0.0f)});
    CHECK(quanta < 2500);
    const Stereo out = through(echo, {Samples(48000, 0.0f), Samples(48000, 0.0f)});
    CHECK(peak(out.left) == 0.0f);
}

}  // namespace echo_test
