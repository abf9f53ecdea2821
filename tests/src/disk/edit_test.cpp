// Cuts, fades and levels to the sample.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/edit.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mixrig;
using namespace mixrig::disk;

namespace edit_test {

Sound ones(std::size_t frames) {
    return {.rate = {48000.0},
            .tracks = {std::vector<float>(frames, 1.0f), std::vector<float>(frames, -1.0f)}};
}

TEST_CASE("edit: a cut keeps exactly what lies between two frames") {
    Sound sound{.rate = {48000.0}, .tracks = {{0.0f, 1.0f, 2.0f, 3.0f, 4.0f}}};
    cut(sound, 1, 4);
    CHECK(sound.tracks[0] == std::vector<float>{1.0f, 2.0f, 3.0f});
    cut(sound, 2, 100);
    CHECK(sound.tracks[0] == std::vector<float>{3.0f});
    cut(sound, 7, 9);
    CHECK(sound.frames() == 0);
}

TEST_CASE("edit: one channel becomes two equal ones, two stay") {
    Sound sound{.rate = {48000.0}, .tracks = {{0.25f, 0.5f}}};
    make_stereo(sound);
    CHECK(sound.tracks == std::vector<std::vector<float>>{{0.25f, 0.5f}, {0.25f, 0.5f}});
    make_stereo(sound);
    CHECK(sound.channels() == 2);
}

TEST_CASE("edit: a fade begins at silence and reaches the full level on its frame") {
    for (std::size_t which = 0; which < base::kFadeCurveNames.size(); ++which) {
        const auto curve = static_cast<base::FadeCurve>(which);
        CAPTURE(which);
        Sound up = ones(100), down = ones(100);
        fade_in(up, 40, curve);
        fade_out(down, 40, curve);
        for (std::size_t n = 0; n < 100; ++n) {
            // Formula, to the rounding of a float.
            const double gain = base::fade_gain(curve, static_cast<double>(n) / 40.0);
            CHECK(static_cast<double>(up.tracks[0][n]) == doctest::Approx(gain).epsilon(1e-7));
            CHECK(up.tracks[1][n] == -up.tracks[0][n]);
            CHECK(down.tracks[0][99 - n] == up.tracks[0][n]);
        }
        CHECK(up.tracks[0][0] == 0.0f);
        CHECK(up.tracks[0][39] < 1.0f);
        CHECK(up.tracks[0][40] == 1.0f);
    }
}

TEST_CASE("fade curve: each is what its name says") {
    using base::fade_gain;
    using base::FadeCurve;
    CHECK(fade_gain(FadeCurve::linear, 0.25) == 0.25);
    CHECK(fade_gain(FadeCurve::cosine, 0.5) == doctest::Approx(0.5));
    CHECK(fade_gain(FadeCurve::cosine, 0.25) == doctest::Approx(0.5 - std::sqrt(0.125)));
    CHECK(fade_gain(FadeCurve::sine, 0.5) == doctest::Approx(std::sqrt(0.5)));  // -3 dB
    // -30 dB half way, less the floor of -60 dB.
    CHECK(fade_gain(FadeCurve::exponential, 0.5) ==
          doctest::Approx((std::pow(10.0, -1.5) - 1e-3) / 0.999));
    for (std::size_t which = 0; which < base::kFadeCurveNames.size(); ++which) {
        const auto curve = static_cast<FadeCurve>(which);
        CHECK(base::fade_curve(base::kFadeCurveNames[which]) == curve);
        for (double share = 0.0; share < 1.0; share += 0.01)
            CHECK(fade_gain(curve, share) <= fade_gain(curve, share + 0.01));
    }
    CHECK_FALSE(base::fade_curve("steep"));
}

TEST_CASE("edit: a fade longer than the sound ends with it") {
    Sound sound = ones(10);
    fade_in(sound, 20, base::FadeCurve::linear);
    CHECK(sound.tracks[0][9] == doctest::Approx(0.45f));
}

TEST_CASE("edit: 0 dB changes no bit, -6.02 dB halves") {
    Sound sound{.rate = {48000.0}, .tracks = {{0.1f, -0.3f}}};
    const Sound before = sound;
    change_level(sound, 0.0);
    CHECK(sound.tracks == before.tracks);
    change_level(sound, 20.0 * std::log10(0.5));
    CHECK(sound.tracks[0][0] == doctest::Approx(0.05f));
}

}  // namespace edit_test
