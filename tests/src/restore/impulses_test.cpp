// Clicks and clipping: how much is found, how much comes back, what is left alone.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/restore/clicks.h"
#include "src/restore/clipping.h"
#include "tests/src/restore/damage.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace mixrig;
using namespace mixrig::tests;
using restore::mend_clicks;
using restore::mend_clipping;

namespace {

constexpr std::size_t kNear = 48;  // samples: 1 ms from a click is no other click

struct Counted {
    std::size_t found = 0, missed = 0, wrong = 0;
    double before = 0.0, after = 0.0;  // dB, medians where the found ones were
};

bool differs(const Samples& a, const Samples& b, std::size_t begin, std::size_t end) {
    for (std::size_t n = begin; n < end; ++n)
        if (a[n] != b[n]) return true;
    return false;
}

double median_snr(const Samples& clean, const Samples& other, const std::vector<Stretch>& where) {
    std::vector<double> each;
    for (const Stretch& one : where) each.push_back(snr(clean, other, {one}));
    const auto middle = each.begin() + static_cast<std::ptrdiff_t>(each.size() / 2);
    std::nth_element(each.begin(), middle, each.end());
    return *middle;
}

Counted mend(const Samples& clean, std::size_t clicks) {
    Samples x = clean;
    const std::vector<Stretch> where = add_clicks(x, clicks, 5);
    const Samples damaged = x;
    mend_clicks(x, kRate, {});
    Counted out;
    std::vector<Stretch> found;
    std::vector<bool> near(x.size(), false);
    for (const Stretch& one : where) {
        if (differs(x, damaged, one.begin, one.end)) found.push_back(one);
        for (std::size_t n = one.begin - kNear; n < one.end + kNear; ++n) near[n] = true;
    }
    out.found = found.size();
    out.missed = where.size() - found.size();
    out.before = median_snr(clean, damaged, found);
    out.after = median_snr(clean, x, found);
    const auto wrong = [&](std::size_t n) { return x[n] != damaged[n] && !near[n]; };
    for (std::size_t n = 1; n < x.size(); ++n) out.wrong += wrong(n) && !wrong(n - 1) ? 1 : 0;
    return out;
}

std::vector<Stretch> clip(Samples& samples, double level) {
    std::vector<Stretch> out;
    const auto limit = static_cast<float>(level);
    for (std::size_t n = 0; n < samples.size(); ++n)
        if (std::fabs(samples[n]) > limit) {
            samples[n] = std::copysign(limit, samples[n]);
            out.push_back({n, n + 1});
        }
    return out;
}

}  // namespace

TEST_CASE("clicks: most are found and mended, and hardly anything is taken for one") {
    struct Case {
        std::string name;
        Samples clean;
        std::size_t found;
        double gain;
        std::size_t wrong;
    };
    // How many of 90 it finds at least, dB it gains where they were, and what it takes for one.
    for (const Case& one :
         {Case{"music", music(6.0, 1), 60, 6.0, 4}, Case{"voice", voice(6.0, 1), 85, 7.0, 10},
          Case{"sine", sine(6.0, 440.0, 0.5), 88, 15.0, 0}}) {
        const Counted is = mend(one.clean, 90);
        MESSAGE("clicks in " << one.name << ": " << is.found << " found, " << is.missed
                             << " missed, " << is.wrong << " wrong; median SNR there " << is.before
                             << " -> " << is.after << " dB");
        CHECK(is.found >= one.found);
        CHECK(is.after - is.before >= one.gain);
        CHECK(is.wrong <= one.wrong);
    }
}

TEST_CASE("clicks: sound without any keeps every bit, drums and voices as well") {
    for (const Samples& clean :
         {music(4.0, 2), voice(4.0, 2), white(2.0, 0.1, 2), sine(2.0, 55.0, 0.9), Samples(48000),
          Samples(10, 0.5f), Samples()}) {
        Samples x = clean;
        CHECK(mend_clicks(x, kRate, {}).clicks == 0);
        CHECK(x == clean);
    }
}

TEST_CASE("clicks: what lasts longer than the longest stays") {
    Samples x = sine(2.0, 220.0, 0.3);
    for (std::size_t n = 48000; n < 48000 + 480; ++n) x[n] += n % 2 == 0 ? 0.3f : -0.3f;
    const Samples damaged = x;
    mend_clicks(x, kRate, {.longest = {0.002}});
    CHECK_FALSE(differs(x, damaged, 48000 + 100, 48000 + 380));
}

TEST_CASE("clipping: the tops come back, at least as high as they were cut") {
    struct Case {
        std::string name;
        Samples clean;
        double over, gain;  // dB: how much of it was cut off; at least gained
    };
    for (const Case& one :
         {Case{"voice", voice(4.0, 1), 1.0, 15.0}, Case{"voice", voice(4.0, 1), 3.0, 12.0},
          Case{"voice", voice(4.0, 1), 6.0, 10.0}, Case{"plucked notes", plucks(4.0, 1), 3.0, 5.0},
          Case{"plucked notes", plucks(4.0, 1), 6.0, 5.0}, Case{"music", music(4.0, 1), 6.0, 0.1},
          Case{"50 Hz", sine(2.0, 50.0, 0.5), 3.0, 20.0}}) {
        Samples x = one.clean;
        const double level = 0.5 * std::pow(10.0, -one.over / 20.0);
        const std::vector<Stretch> where = clip(x, level);
        const double before = snr(one.clean, x);
        const auto found = mend_clipping(x, kRate);
        const double after = snr(one.clean, x);
        MESSAGE(one.name << ", " << one.over << " dB clipped: " << found.samples << " of "
                         << where.size() << " samples found; SNR " << before << " -> " << after
                         << " dB");
        CHECK(after - before >= one.gain);
        CHECK(found.above == doctest::Approx(level).epsilon(1e-6));
        for (const Stretch& at : where) REQUIRE(std::fabs(x[at.begin]) >= level * (1.0 - 1e-6));
    }
}

TEST_CASE("clipping: what is whole keeps every bit, round tops and square waves as well") {
    Samples square = sine(1.0, 110.0, 0.5);
    for (float& x : square) x = std::copysign(0.5f, x);
    Samples coarse = sine(2.0, 20.0, 0.9);
    for (float& x : coarse) x = std::round(x * 32768.0f) / 32768.0f;
    for (const Samples& clean :
         {music(3.0, 3), voice(3.0, 3), coarse, square, sine(1.0, 50.0, 1.0), Samples(48000, 0.25f),
          Samples(48000), Samples(3, 1.0f), Samples()}) {
        Samples x = clean;
        CHECK(mend_clipping(x, kRate).runs == 0);
        CHECK(x == clean);
    }
}
