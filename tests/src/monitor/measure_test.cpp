// What a sound measures: level, crest, correlation, mono loss, offset, clips.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/measure.h"

#include "tests/src/monitor/signals.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace mixrig;
using namespace mixrig::monitor;
using namespace mixrig::tests;

namespace measure_test {

Measurement measured(const std::vector<float>& left, const std::vector<float>& right,
                     float full_scale = 1.0f) {
    std::vector<float> both;
    for (std::size_t i = 0; i < left.size(); ++i) both.insert(both.end(), {left[i], right[i]});
    auto m = Measurer::create({.channels = 2, .full_scale = full_scale});
    REQUIRE(m);
    m->add(both);
    return m->result();
}

std::vector<float> noise(unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> sample(0.0f, 0.1f);
    std::vector<float> out(20 * 48000);
    for (float& x : out) x = sample(random);
    return out;
}

std::vector<float> scaled(std::vector<float> signal, float by) {
    for (float& x : signal) x *= by;
    return signal;
}

TEST_CASE("measure: a full-scale sine has an RMS of -3.01 dBFS and a crest of 3.01 dB") {
    const auto sine = tones({{0.0, 2.0}});
    const Measurement m = measured(sine, sine);
    CHECK(m.rms_dBFS == doctest::Approx(-3.0103).epsilon(1e-4));
    CHECK(m.sample_peak_dBFS == doctest::Approx(0.0).epsilon(1e-4));
    CHECK(m.crest_dB == doctest::Approx(3.0103).epsilon(1e-4));
    CHECK(m.plr_lu == doctest::Approx(m.true_peak_dBTP - m.integrated_lufs));
    CHECK(m.frames == 96000);
    CHECK(m.duration.value == 2.0);
}

TEST_CASE("measure: RMS is of all channels together, and of each") {
    const auto sine = tones({{0.0, 1.0}});
    const Measurement m = measured(sine, scaled(sine, 0.0f));
    CHECK(m.rms_dBFS == doctest::Approx(-6.0206).epsilon(1e-4));
    CHECK(m.each[0].rms_dBFS == doctest::Approx(-3.0103).epsilon(1e-4));
    CHECK(m.each[1].rms_dBFS == kSilent);
    CHECK_FALSE(m.correlation);
}

TEST_CASE(
    "measure: correlation and mono loss of equal, opposite, unrelated and one-sided channels") {
    const auto a = noise(1), b = noise(2);
    const Measurement equal = measured(a, a), opposite = measured(a, scaled(a, -1.0f)),
                      unrelated = measured(a, b), left = measured(a, scaled(a, 0.0f));
    CHECK(*equal.correlation == doctest::Approx(1.0));
    CHECK(*equal.mono_loss_lu == doctest::Approx(0.0));
    CHECK(*opposite.correlation == doctest::Approx(-1.0));
    CHECK(*opposite.mono_loss_lu == std::numeric_limits<double>::infinity());
    // 960,000 frames: the standard error of a correlation of 0 is 0.001; four of them.
    CHECK(std::fabs(*unrelated.correlation) < 0.004);
    CHECK(*unrelated.mono_loss_lu == doctest::Approx(3.01).epsilon(0.01));
    CHECK(*left.mono_loss_lu == doctest::Approx(3.01).epsilon(0.001));
}

TEST_CASE("measure: a mono sound has neither correlation nor mono loss") {
    auto m = Measurer::create({.channels = 1});
    m->add(tones({{-20, 1.0}}));
    CHECK_FALSE(m->result().correlation);
    CHECK_FALSE(m->result().mono_loss_lu);
}

TEST_CASE("measure: the offset of each channel is its mean") {
    auto sine = tones({{-20, 1.0}});
    auto shifted = sine;
    for (float& x : shifted) x += 0.125f;
    const Measurement m = measured(sine, shifted);
    CHECK(std::fabs(m.each[0].dc_offset) < 1e-8);  // whole periods
    CHECK(m.each[1].dc_offset == doctest::Approx(0.125).epsilon(1e-6));
}

TEST_CASE("measure: clips are runs of two and more at full scale of one sign") {
    const float top = 32767.0f / 32768.0f;
    const std::vector<float> left = {0.0f,  top,   0.0f,          // one alone: a peak that fits
                                     top,   top,   top,  0.5f,    // a clip of three
                                     -1.0f, -1.0f, 0.0f,          // a clip of two
                                     top,   -1.0f, top,  -1.0f};  // a square wave: no clip
    const Measurement m = measured(left, std::vector<float>(left.size()), top);
    CHECK(m.each[0].clipped_runs == 2);
    CHECK(m.each[0].clipped_samples == 5);
    CHECK(m.each[0].samples_over == 4);
    CHECK(m.each[1].clipped_runs == 0);
    CHECK(m.clipped_samples() == 5);
}

TEST_CASE("measure: what is not a number is counted and poisons nothing") {
    auto sine = tones({{-20, 2.0}});
    const Measurement clean = measured(sine, sine);
    sine[5000] = std::numeric_limits<float>::quiet_NaN();
    sine[6000] = std::numeric_limits<float>::infinity();
    const Measurement m = measured(sine, sine);
    CHECK(m.not_finite() == 4);
    CHECK(std::fabs(m.integrated_lufs - clean.integrated_lufs) < 0.01);
    CHECK(std::fabs(m.rms_dBFS - clean.rms_dBFS) < 0.01);
}

TEST_CASE("measure: the same figures however the sound was cut") {
    const auto a = noise(3);
    auto whole = Measurer::create({.channels = 2}), cut = Measurer::create({.channels = 2});
    whole->add(a);
    for (std::size_t at = 0, size = 2; at < a.size();
         at += size, size = (size * 7 + 6) % 30'000 + 2)
        cut->add(
            std::span<const float>(a).subspan(at, std::min(size, a.size() - at) & ~std::size_t{1}));
    CHECK(to_text(whole->result()) == to_text(cut->result()));
}

TEST_CASE("measure: reading a source to its end, or to its error") {
    const auto sine = tones({{-23, 3.0}});
    std::size_t at = 0;
    const auto m = measure({.channels = 1}, [&](std::span<float> out) -> base::Result<std::size_t> {
        const std::size_t n = std::min(out.size(), sine.size() - at);
        std::copy_n(sine.begin() + static_cast<std::ptrdiff_t>(at), n, out.begin());
        at += n;
        return n;
    });
    REQUIRE(m);
    CHECK(m->frames == sine.size());
    CHECK(std::fabs(m->integrated_lufs + 26.01) < 0.1);
    const auto failed = measure({.channels = 1}, [](std::span<float>) -> base::Result<std::size_t> {
        return base::Error{.what = "the disk is gone"};
    });
    REQUIRE_FALSE(failed);
    CHECK(failed.error().what == "the disk is gone");
}

TEST_CASE("measure: an empty and a silent sound are silence, not an error") {
    for (const std::size_t frames : {std::size_t{0}, std::size_t{96000}}) {
        CAPTURE(frames);
        const std::vector<float> zero(frames);
        const Measurement m = measured(zero, zero);
        CHECK(m.integrated_lufs == kSilent);
        CHECK(m.rms_dBFS == kSilent);
        CHECK(m.crest_dB == 0.0);
        CHECK_FALSE(m.correlation);
        CHECK_FALSE(m.mono_loss_lu);
        CHECK(to_text(m).find("-inf LUFS") != std::string::npos);
    }
}

}  // namespace measure_test
