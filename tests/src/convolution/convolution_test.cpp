// Convolution against its definition.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/convolution/convolution.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace mixrig;
using convolution::Convolution;
using convolution::Response;

namespace {

constexpr dsp::Hertz kRate{48000.0};
constexpr std::size_t kLate = Convolution::kBlock;
using Samples = std::vector<float>;

Samples noise(std::uint32_t seed, std::size_t frames) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> any(-0.5f, 0.5f);
    Samples out(frames);
    for (float& x : out) x = any(random);
    return out;
}

std::unique_ptr<Convolution> make(Response response) {
    auto made = Convolution::make(std::move(response), kRate);
    REQUIRE(made);
    return std::move(*made);
}

// Both sides through the unit; quanta are cut into slices of these lengths, again and again.
void run(Convolution& unit, Samples& left, Samples& right,
         const std::vector<std::size_t>& cuts = {32}) {
    std::size_t cut = 0;
    for (std::size_t begin = 0; begin < left.size(); begin += dsp::kQuantum) {
        unit.begin_quantum();
        for (std::size_t first = 0; first < dsp::kQuantum;) {
            const std::size_t count = std::min(cuts[cut++ % cuts.size()], dsp::kQuantum - first);
            unit.process(left.data() + begin, right.data() + begin, {first, count});
            first += count;
        }
    }
}

// The definition, in double precision.
std::vector<double> convolve(const Samples& x, const Samples& h, double scale) {
    std::vector<double> y(x.size(), 0.0);
    for (std::size_t n = 0; n < x.size(); ++n)
        for (std::size_t k = 0; k < h.size() && k <= n; ++k)
            y[n] += scale * static_cast<double>(h[k]) * static_cast<double>(x[n - k]);
    return y;
}

double energy(const Samples& h) {
    double sum = 0.0;
    for (const float x : h) sum += static_cast<double>(x) * static_cast<double>(x);
    return sum;
}

}  // namespace

TEST_CASE("convolution: four responses do what the sum says, 256 frames late") {
    const Response h = {noise(1, 1000), noise(2, 1000), noise(3, 1000), noise(4, 1000)};
    const auto unit = make(h);
    const Samples left = noise(5, 4096), right = noise(6, 4096);
    Samples out_left = left, out_right = right;
    run(*unit, out_left, out_right);
    const double scale =
        1.0 / std::sqrt(std::max(energy(h[0]) + energy(h[2]), energy(h[1]) + energy(h[3])));
    const auto ll = convolve(left, h[0], scale), lr = convolve(left, h[1], scale),
               rl = convolve(right, h[2], scale), rr = convolve(right, h[3], scale);
    double worst = 0.0;
    for (std::size_t n = 0; n + kLate < left.size(); ++n) {
        worst =
            std::max(worst, std::fabs(ll[n] + rl[n] - static_cast<double>(out_left[n + kLate])));
        worst =
            std::max(worst, std::fabs(lr[n] + rr[n] - static_cast<double>(out_right[n + kLate])));
    }
    MESSAGE("largest difference to the definition: " << worst);
    CHECK(worst < 2e-6);  // of noise at 0.5: single precision
}

TEST_CASE("convolution: one response serves both sides, and noise keeps its level") {
    const auto unit = make({noise(7, 24000)});
    Samples left = noise(8, 96000), right(96000, 0.0f);
    const double in = energy(Samples(left.begin(), left.begin() + 48000));
    run(*unit, left, right);
    CHECK(energy(right) == 0.0);
    const double out = energy(Samples(left.begin() + 48000, left.end()));
    CHECK(std::fabs(10.0 * std::log10(out / in)) < 0.3);
}

TEST_CASE("convolution: the output does not depend on how quanta are cut") {
    const Response h = {noise(9, 3000), noise(10, 3000)};
    Samples a = noise(11, 9600), b = noise(12, 9600), c = a, d = b;
    const auto one = make(h), other = make(h);
    dsp::FxSettings settings{};
    run(*one, a, b);
    run(*other, c, d, {1, 5, 26, 7, 25});
    CHECK(a == c);
    CHECK(b == d);
    settings[0] = 40.0f;
    settings[1] = -6.0f;
    one->set(settings, dsp::Change::glide);
    other->set(settings, dsp::Change::glide);
    run(*one, a, b);
    run(*other, c, d, {3, 29});
    CHECK(a == c);
    CHECK(b == d);
}

TEST_CASE("convolution: the pre-delay is exact") {
    const auto unit = make({{1.0f}});
    dsp::FxSettings settings{};
    settings[0] = 100.0f;
    unit->set(settings, dsp::Change::jump);
    Samples left(9600, 0.0f), right(9600, 0.0f);
    left[3] = 1.0f;
    run(*unit, left, right);
    const auto first = std::find_if(left.begin(), left.end(), [](float x) { return x > 0.5f; });
    CHECK(first - left.begin() == 3 + 4800 + static_cast<std::ptrdiff_t>(kLate));
}

TEST_CASE("convolution: neither pre-delay nor level click under a sine") {
    const auto unit = make({{1.0f}});
    Samples left(48000), right(48000);
    for (std::size_t n = 0; n < left.size(); ++n)
        left[n] = right[n] = 0.25f * static_cast<float>(std::sin(0.1309 * static_cast<double>(n)));
    dsp::FxSettings settings{};
    for (std::size_t begin = 0; begin < left.size(); begin += 4800) {
        settings[0] = begin % 9600 == 0 ? 250.0f : 0.0f;
        unit->set(settings, dsp::Change::glide);
        Samples l(left.begin() + static_cast<std::ptrdiff_t>(begin),
                  left.begin() + static_cast<std::ptrdiff_t>(begin) + 4800);
        Samples r = l;
        run(*unit, l, r);
        std::copy(l.begin(), l.end(), left.begin() + static_cast<std::ptrdiff_t>(begin));
    }
    float largest = 0.0f;
    for (std::size_t n = 1; n < left.size(); ++n)
        largest = std::max(largest, std::fabs(left[n] - left[n - 1]));
    // The tone's own step is 0.25 * 0.1309; a smoothstep of 10 ms adds at most 1.5 / 480 of a
    // swing.
    CHECK(largest < 0.25f * 0.1309f + 0.5f * 1.5f / 480.0f);
}

TEST_CASE("convolution: it comes to rest in silence, and a reset forgets") {
    const auto unit = make({noise(13, 5000)});
    CHECK(unit->is_at_rest());
    Samples left = noise(14, 3200), right = left;
    run(*unit, left, right);
    CHECK_FALSE(unit->is_at_rest());
    std::size_t frames = 0;
    for (; !unit->is_at_rest() && frames < 96000; frames += 320) {
        left.assign(320, 0.0f);
        right = left;
        run(*unit, left, right);
    }
    CHECK(frames < 24000);
    left.assign(9600, 0.0f);
    right = left;
    run(*unit, left, right);
    CHECK(energy(left) == 0.0);
    left = noise(15, 3200);
    right = left;
    run(*unit, left, right);
    unit->reset();
    left.assign(9600, 0.0f);
    right = left;
    run(*unit, left, right);
    CHECK(energy(left) == 0.0);
}

TEST_CASE("convolution: a response that cannot be used is refused with a reason") {
    CHECK_FALSE(Convolution::make({}, kRate));
    CHECK_FALSE(Convolution::make({{}}, kRate));
    CHECK_FALSE(Convolution::make({{0.0f, 0.0f}}, kRate));
    CHECK_FALSE(Convolution::make({{1.0f}, {1.0f}, {1.0f}}, kRate));
    CHECK_FALSE(Convolution::make({{std::numeric_limits<float>::quiet_NaN()}}, kRate));
    CHECK_FALSE(Convolution::make({Samples(48000 * 21, 0.1f)}, kRate));
}
