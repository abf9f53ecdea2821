// The loudness meter against EBU Tech 3341 (2016) and 3342: all cases that can be synthesised.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/loudness.h"

#include "tests/src/monitor/signals.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <span>

using namespace mixrig::monitor;
using namespace mixrig::tests;

namespace loudness_test {

// Tech 3341, table 1: +-0.1 LU for loudness; 3342, table 1: +-1 LU for the range.
void check_lufs(double measured, double expected) {
    CHECK(std::fabs(measured - expected) <= 0.1);
}

// BS.1770-4 written out a second time, in double and straight from its text: the two filters of
// annex 1 at 48 kHz, blocks of 400 ms every 100 ms, the gates at -70 LUFS and 10 LU below what
// passes that.
double reference_integrated(const std::vector<float>& mono_in_both) {
    double s1 = 0, s2 = 0, h1 = 0, h2 = 0;  // shelf and high-pass, direct form 2 transposed
    std::vector<double> square;
    for (const float sample : mono_in_both) {
        const double x = static_cast<double>(sample);
        const double y = 1.53512485958697 * x + s1;
        s1 = -2.69169618940638 * x + 1.69065929318241 * y + s2;
        s2 = 1.19839281085285 * x - 0.73248077421585 * y;
        const double z = y + h1;
        h1 = -2.0 * y + 1.99004745483398 * z + h2;
        h2 = y - 0.99007225036621 * z;
        square.push_back(2.0 * z * z);  // two equal channels
    }
    std::vector<double> blocks;
    for (std::size_t at = 0; at + 19200 <= square.size(); at += 4800) {
        double sum = 0.0;
        for (std::size_t i = 0; i < 19200; ++i) sum += square[at + i];
        blocks.push_back(sum / 19200.0);
    }
    const auto gated_mean = [&](double gate) {
        double sum = 0.0, count = 0.0;
        for (const double b : blocks)
            if (-0.691 + 10.0 * std::log10(b) > gate) sum += b, count += 1.0;
        return -0.691 + 10.0 * std::log10(sum / count);
    };
    return gated_mean(std::max(-70.0, gated_mean(-70.0) - 10.0));
}

// Noise whose level wanders: what programme material does, with a known seed.
std::vector<float> programme(double narrowest_dB, double widest_dB, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> noise(0.0, 0.1);
    std::uniform_real_distribution<double> level(narrowest_dB, widest_dB);
    std::vector<float> out;
    double low = 0.0, gain_dB = 0.0, target_dB = 0.0;
    for (std::size_t i = 0; i < 60 * 48000; ++i) {
        if (i % 48000 == 0) target_dB = level(random);
        gain_dB += (target_dB - gain_dB) / 9600.0;  // 0.2 s
        low += 0.1 * (noise(random) - low);  // falls by 6 dB an octave from 800 Hz, as music does
        out.push_back(static_cast<float>(low * amplitude(gain_dB)));
    }
    return out;
}

TEST_CASE("tech 3341 cases 1 and 2: a steady tone reads its level on M, S and I") {
    for (const double level : {-23.0, -33.0}) {
        CAPTURE(level);
        const LoudnessMeter m = heard({{level, 20.0}});
        check_lufs(m.integrated(), level);
        check_lufs(m.short_term(), level);
        check_lufs(m.momentary(), level);
    }
}

TEST_CASE("tech 3341 case 3: the relative gate leaves out what is 13 LU below") {
    check_lufs(heard({{-36, 10}, {-23, 60}, {-36, 10}}).integrated(), -23.0);
}

TEST_CASE("tech 3341 case 4: the absolute gate leaves out what is below -70 LUFS") {
    check_lufs(heard({{-72, 10}, {-36, 10}, {-23, 60}, {-36, 10}, {-72, 10}}).integrated(), -23.0);
}

TEST_CASE("tech 3341 case 5: what is within the gate counts") {
    check_lufs(heard({{-26, 20}, {-20, 20.1}, {-26, 20}}).integrated(), -23.0);
}

TEST_CASE("tech 3341 case 6: five channels, the surrounds 1.5 dB heavier") {
    LoudnessMeter m = meter(5);
    const auto front = tones({{-28, 20}}), centre = tones({{-24, 20}}),
               surround = tones({{-30, 20}});
    const float* planar[] = {front.data(), front.data(), centre.data(), surround.data(),
                             surround.data()};
    m.add(planar, front.size());
    check_lufs(m.integrated(), -23.0);
}

// Cases 7 and 8 are two recorded programmes that the EBU hands out; they cannot be synthesised.
// These stand in for them: wandering noise of narrow and of wide range, against a second
// implementation of the standard.
TEST_CASE(
    "in place of tech 3341 cases 7 and 8: programme of narrow and of wide range agrees with the "
    "formula") {
    for (const double softest : {-6.0, -40.0}) {
        CAPTURE(softest);
        const auto signal = programme(softest, 0.0, 7);
        LoudnessMeter m = meter();
        add_stereo(m, signal);
        CHECK(m.integrated() == doctest::Approx(reference_integrated(signal)).epsilon(1e-4));
    }
}

TEST_CASE("tech 3341 case 9: short-term loudness is constant when its window fits the signal") {
    LoudnessMeter m = meter();
    std::vector<Piece> pieces;
    for (int i = 0; i < 5; ++i) pieces.insert(pieces.end(), {{-20, 1.34}, {-30, 1.66}});
    const auto signal = tones(pieces);
    for (std::size_t at = 0; at + 4800 <= signal.size(); at += 4800) {
        const float* planar[] = {signal.data() + at, signal.data() + at};
        m.add(planar, 4800);
        if (at + 4800 >= 3 * 48000) check_lufs(m.short_term(), -23.0);
    }
}

TEST_CASE("tech 3341 case 10: the short-term maximum does not depend on where the tone begins") {
    for (int i = 0; i < 20; ++i) {
        CAPTURE(i);
        check_lufs(heard({{kSilent, 0.15 * i}, {-23, 3.0}, {kSilent, 1.0}}).short_term_max(),
                   -23.0);
    }
}

TEST_CASE("tech 3341 case 11: short-term loudness reaches each of 20 rising tones") {
    LoudnessMeter m = meter();
    for (int i = 0; i < 20; ++i) {
        CAPTURE(i);
        add_stereo(m, tones({{kSilent, 0.15 * i}, {-38.0 + i, 3.0}, {kSilent, 3.0 - 0.15 * i}}));
        check_lufs(m.short_term_max(), -38.0 + i);
    }
}

TEST_CASE("tech 3341 case 12: momentary loudness is constant when its window fits the signal") {
    LoudnessMeter m = meter();
    std::vector<Piece> pieces;
    for (int i = 0; i < 25; ++i) pieces.insert(pieces.end(), {{-20, 0.18}, {-30, 0.22}});
    const auto signal = tones(pieces);
    for (std::size_t at = 0; at + 480 <= signal.size(); at += 480) {
        const float* planar[] = {signal.data() + at, signal.data() + at};
        m.add(planar, 480);
        if (at >= 48000) check_lufs(m.momentary(), -23.0);
    }
}

TEST_CASE("tech 3341 case 13: the momentary maximum does not depend on where the tone begins") {
    for (int i = 0; i < 20; ++i) {
        CAPTURE(i);
        check_lufs(heard({{kSilent, 0.02 * i}, {-23, 0.4}, {kSilent, 1.0}}).momentary_max(), -23.0);
    }
}

TEST_CASE("tech 3341 case 14: momentary loudness reaches each of 20 rising tones") {
    LoudnessMeter m = meter();
    for (int i = 0; i < 20; ++i) {
        CAPTURE(i);
        add_stereo(m, tones({{kSilent, 0.02 * i}, {-38.0 + i, 0.4}, {kSilent, 0.4 - 0.02 * i}}));
        check_lufs(m.momentary_max(), -38.0 + i);
    }
}

TEST_CASE("tech 3342 cases 1 to 4: the loudness range of steps is the step") {
    CHECK(std::fabs(heard({{-20, 20}, {-30, 20}}).range() - 10.0) <= 1.0);
    CHECK(std::fabs(heard({{-20, 20}, {-15, 20}}).range() - 5.0) <= 1.0);
    CHECK(std::fabs(heard({{-40, 20}, {-20, 20}}).range() - 20.0) <= 1.0);
    CHECK(std::fabs(heard({{-50, 20}, {-35, 20}, {-20, 20}, {-35, 20}, {-50, 20}}).range() -
                    15.0) <= 1.0);
}

TEST_CASE("loudness: every sample rate reads the same") {
    for (const double rate : {8000.0, 22050.0, 44100.0, 88200.0, 96000.0, 192000.0}) {
        CAPTURE(rate);
        const LoudnessMeter m = heard({{-23, 4.0}}, rate);
        check_lufs(m.integrated(), -23.0);
        check_lufs(m.short_term_max(), -23.0);
        check_lufs(m.momentary_max(), -23.0);
    }
}

TEST_CASE("loudness: one channel counts once, as the standard has it") {
    LoudnessMeter m = meter(1);
    m.add(tones({{-23, 2.0}}));
    check_lufs(m.integrated(), -23.0 - 3.01);
}

TEST_CASE("loudness: an endless history agrees with an exact one") {
    const auto exact = heard({{-26, 8}, {-20, 8}, {-31, 8}});
    const auto endless = heard({{-26, 8}, {-20, 8}, {-31, 8}}, 48000.0, History::endless);
    // The histogram's bins are 0.1 LU wide.
    CHECK(std::fabs(exact.integrated() - endless.integrated()) <= 0.1);
    CHECK(std::fabs(exact.range() - endless.range()) <= 0.2);
    CHECK(exact.momentary_max() == endless.momentary_max());
}

TEST_CASE("loudness: the same figures however the audio was cut, planar or interleaved") {
    const auto signal = programme(-20.0, 0.0, 3);
    LoudnessMeter whole = meter(), cut = meter();
    add_stereo(whole, signal);
    std::vector<float> both;
    for (const float x : signal) both.insert(both.end(), {x, x});
    for (std::size_t at = 0, size = 2; at < both.size(); at += size, size = size * 5 % 4094 + 2)
        cut.add(std::span<const float>(both).subspan(at, std::min(size, both.size() - at)));
    CHECK(whole.integrated() == cut.integrated());
    CHECK(whole.range() == cut.range());
    CHECK(whole.momentary_max() == cut.momentary_max());
    CHECK(whole.short_term_max() == cut.short_term_max());
    CHECK(whole.true_peak() == cut.true_peak());
}

TEST_CASE("loudness: silence is minus infinity and has no range") {
    const LoudnessMeter m = heard({{kSilent, 5.0}});
    CHECK(m.integrated() == kSilent);
    CHECK(m.momentary() == kSilent);
    CHECK(m.short_term_max() == kSilent);
    CHECK(m.true_peak() == kSilent);
    CHECK(m.range() == 0.0);
    CHECK(meter().integrated() == kSilent);
}

TEST_CASE("loudness: reset forgets everything") {
    LoudnessMeter m = heard({{-10, 5.0}});
    m.reset();
    CHECK(m.integrated() == kSilent);
    CHECK(m.momentary_max() == kSilent);
    add_stereo(m, tones({{-33, 5.0}}));
    CHECK(m.integrated() == heard({{-33, 5.0}}).integrated());
    CHECK(m.true_peak() == heard({{-33, 5.0}}).true_peak());
}

TEST_CASE("loudness: what cannot be measured is refused") {
    CHECK_FALSE(LoudnessMeter::create({.channels = 0}));
    CHECK_FALSE(LoudnessMeter::create({.channels = 65}));
    CHECK_FALSE(LoudnessMeter::create({.rate = {0.0}}));
    CHECK_FALSE(LoudnessMeter::create({.rate = {std::numeric_limits<double>::quiet_NaN()}}));
}

}  // namespace loudness_test
