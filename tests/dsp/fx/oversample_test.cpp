// The oversampler: its passband, images and what folds, its latency, slices.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/oversample.h"

#include "tests/dsp/fx/sweep_support.h"
#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <complex>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;
using namespace mixrig::dsp::test::sweep;

namespace oversample_test {

constexpr double kRate = 48000.0;
constexpr std::size_t kFactors[] = {2, 4, 8, 16};

double magnitude(const Samples& h, double frequency, double rate) {
    std::complex<double> sum = 0.0, turned = 1.0;
    const auto turn = std::polar(1.0, -6.283185307179586 * frequency / rate);
    for (const float sample : h) {
        sum += static_cast<double>(sample) * turned;
        turned *= turn;
    }
    return std::abs(sum);
}

double level(double gain) {
    return 20.0 * std::log10(gain + 1e-30);
}

// What an impulse at the base rate becomes at the high one.
Samples up_response(std::size_t factor) {
    Oversampler over(factor, 1, 0);
    Samples h;
    for (std::size_t quantum = 0; quantum < 6; ++quantum) {
        Samples x(kQuantum, 0.0f), high(kQuantum * factor);
        if (quantum == 0) x[0] = 1.0f;
        over.up(0, x.data(), kQuantum, high.data());
        h.insert(h.end(), high.begin(), high.end());
    }
    return h;
}

// The filter before the high rate's samples are dropped: an impulse at each place of a frame shows
// the part that its samples meet.
Samples down_response(std::size_t factor) {
    Samples h(6 * kQuantum * factor, 0.0f);
    for (std::size_t place = 0; place < factor; ++place) {
        Oversampler over(factor, 1, 0);
        for (std::size_t quantum = 0; quantum < 6; ++quantum) {
            Samples high(kQuantum * factor, 0.0f), y(kQuantum);
            if (quantum == 0) high[place] = 1.0f;
            over.down(0, high.data(), kQuantum, y.data());
            for (std::size_t n = 0; n < kQuantum; ++n) {
                const std::size_t at = (quantum * kQuantum + n) * factor;
                if (at >= place) h[at - place] = y[n];
            }
        }
    }
    return h;
}

Samples there_and_back(Oversampler& over, const Samples& x, const Slices& slices,
                       std::size_t inner) {
    Samples high(over.factor() * kQuantum), y(x.size()), held(inner, 0.0f);
    for (std::size_t at = 0; at + kQuantum <= x.size(); at += kQuantum)
        for (const Slice slice : slices) {
            over.up(0, x.data() + at + slice.first, slice.count, high.data());
            held.insert(held.end(), high.begin(),
                        high.begin() + static_cast<std::ptrdiff_t>(slice.count * over.factor()));
            over.down(0, held.data(), slice.count, y.data() + at + slice.first);
            held.erase(held.begin(), held.end() - static_cast<std::ptrdiff_t>(inner));
        }
    return y;
}

TEST_CASE("oversampler: upwards flat to 20 kHz at 48 kHz, images 100 dB down") {
    for (const std::size_t factor : kFactors) {
        const Samples h = up_response(factor);
        const auto times = static_cast<double>(factor);
        double ripple = 0.0, image = -200.0;
        for (double f = 0.0; f <= 20000.0; f += 125.0) {
            ripple = std::max(ripple, std::fabs(level(magnitude(h, f, kRate * times) / times)));
            for (double k = 1.0; k <= times / 2.0; k += 1.0)
                for (const double at : {k * kRate - f, k * kRate + f})
                    if (at <= kRate * times / 2.0)
                        image = std::max(image, level(magnitude(h, at, kRate * times) / times));
        }
        MESSAGE("x" << factor << " up: ripple " << ripple << " dB, images " << image << " dB");
        CHECK(ripple < 0.01);
        CHECK(image < -100.0);
    }
}

TEST_CASE("oversampler: downwards flat to 20 kHz at 48 kHz, nothing above 24 kHz folds") {
    for (const std::size_t factor : kFactors) {
        const Samples h = down_response(factor);
        const double high = kRate * static_cast<double>(factor);
        double ripple = 0.0, folded = -200.0;
        for (double f = 0.0; f <= 20000.0; f += 125.0)
            ripple = std::max(ripple, std::fabs(level(magnitude(h, f, high))));
        // All that lands in 0..20 kHz, and at the first doubling all that lands anywhere.
        for (double f = 24000.0; f <= high / 2.0; f += 125.0)
            if (f <= 72000.0 || std::fabs(std::remainder(f, kRate)) <= 20000.0)
                folded = std::max(folded, level(magnitude(h, f, high)));
        MESSAGE("x" << factor << " down: ripple " << ripple << " dB, folded " << folded << " dB");
        CHECK(ripple < 0.01);
        CHECK(folded < -100.0);
    }
}

TEST_CASE("oversampler: the latency is whole and exact, the phase linear") {
    for (const std::size_t factor : kFactors)
        for (const std::size_t inner : {std::size_t{0}, std::size_t{1}, std::size_t{5}}) {
            CAPTURE(factor);
            CAPTURE(inner);
            Oversampler over(factor, 1, inner);
            const Samples y = there_and_back(over, impulse(256), kWhole, inner);
            const std::size_t late = over.latency();
            if (inner == 1) {
                const std::size_t stated[] = {64, 72, 74, 75};
                CHECK(late == stated[std::bit_width(factor) - 2]);
            }
            const auto largest = std::max_element(y.begin(), y.end()) - y.begin();
            CHECK(static_cast<std::size_t>(largest) == late);
            // Symmetric around it: no fraction of a frame is left.
            for (std::size_t k = 1; k <= late; ++k)
                CHECK(std::fabs(y[late - k] - y[late + k]) < 1e-6f);
        }
}

TEST_CASE("oversampler: any slicing gives the same bits, reset makes it new, channels are apart") {
    for (const std::size_t factor : kFactors) {
        const Samples x = noise(960, 1.0f, 1);
        Oversampler over(factor, 2, 0), cut(factor, 1, 0);
        const Samples y = there_and_back(over, x, kWhole, 0);
        for (const Slices& slices :
             {Slices{{0, 1}, {1, 5}, {6, 26}}, Slices{{0, 7}, {7, 0}, {7, 25}}}) {
            CHECK(there_and_back(cut, x, slices, 0) == y);
            cut.reset();
        }
        // The second channel has heard nothing.
        Samples high(kQuantum * factor), silence(kQuantum, 0.0f);
        over.up(1, silence.data(), kQuantum, high.data());
        CHECK(peak(high) == 0.0f);
        over.down(1, high.data(), kQuantum, silence.data());
        CHECK(peak(silence) == 0.0f);
    }
}

TEST_CASE("oversampler: the same bits on every instruction set") {
    for (const std::size_t factor : kFactors) {
        const Samples x = noise(960, 1.0f, 2);
        Samples first;
        on_every_target([&](const Target&) {
            for (const Slices& slices : {kWhole, Slices{{0, 3}, {3, 17}, {20, 12}}}) {
                Oversampler over(factor, 1, 0);
                const Samples y = there_and_back(over, x, slices, 0);
                if (first.empty()) first = y;
                CHECK(y == first);
            }
        });
    }
}

}  // namespace oversample_test
