// The equaliser of a strip, from the table's rows to samples.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/design.h"
#include "src/engine/retired.h"
#include "tests/src/engine/rig.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

using namespace mixrig;
using dsp::EqBand;
using dsp::FilterType;
using test::Channels;
using test::Rig;
using test::Samples;

namespace eq_test {

constexpr double kRate = 48000.0;
constexpr std::size_t kBlock = 96;
// Longer than a glide, even one that takes four times as long (dsp/svf.cpp).
constexpr std::size_t kSettled = 50 * kBlock;
// What rings at q 20 from 2 kHz up is 180 dB down after so long.
constexpr std::size_t kLength = 100 * kBlock;
// Whole periods of any tone in steps of 10 Hz.
constexpr std::size_t kTone = 4 * kSettled;
constexpr float kImpulse = 0.25f;

// A channel through which an impulse is sent now and then.
struct Probe {
    Rig rig{test::stereo_channels(1)};
    std::size_t now = 0;

    Samples play(const Samples& x) {
        const std::size_t frames = x.size();
        Channels in(2, Samples(now + frames)),
            out(rig.geometry().outputs.size(), Samples(now + frames));
        for (Samples& side : in)
            std::copy(x.begin(), x.end(), side.begin() + static_cast<std::ptrdiff_t>(now));
        for (std::size_t end = now + frames; now < end; now += kBlock)
            rig.process(in, out, now, kBlock);
        CHECK(out[0] == out[1]);
        return {out[0].end() - static_cast<std::ptrdiff_t>(frames), out[0].end()};
    }

    // Values that were set reach their goals; then the response to an impulse.
    Samples impulse_response() {
        if (now != 0) rig.send();
        play(Samples(kSettled));
        Samples x(kLength);
        x[0] = kImpulse;
        return play(x);
    }

    void set_band(int band, const std::string& type, const std::string& frequency,
                  const std::string& q) {
        const std::string at = "/ch/1/eq/" + std::to_string(band);
        rig.set(at + "/type", type);
        rig.set(at + "/freq", frequency);
        rig.set(at + "/q", q);
    }
};

double level(const Samples& response, double frequency) {
    const double w = 2.0 * std::numbers::pi * frequency / kRate;
    std::complex<double> sum = 0.0;
    for (std::size_t n = 0; n < response.size(); ++n)
        sum += static_cast<double>(response[n]) * std::polar(1.0, -w * static_cast<double>(n));
    return std::abs(sum) / static_cast<double>(kImpulse);
}

// The largest distance in dB from the analogue curve of bands in series, up to 20 kHz, where that
// is above -60 dB.
double distance(const Samples& response, const std::vector<EqBand>& bands) {
    double worst = 0.0;
    for (double f = 50.0; f <= 20000.0; f += 50.0) {
        double should = 1.0;
        for (const EqBand& band : bands)
            should *= std::abs(dsp::prototype(band.type, band.frequency, band.q, band.gain, {f}));
        if (should < 1e-3) continue;
        worst = std::max(worst, std::fabs(test::dB(level(response, f) / should)));
    }
    return worst;
}

float largest(const Samples& x, std::size_t begin) {
    float peak = 0.0f;
    for (std::size_t n = begin; n < x.size(); ++n) peak = std::max(peak, std::fabs(x[n]));
    return peak;
}

// How many events there are for the section behind the bands.
std::size_t touch_ups(Rig& rig) {
    std::vector<link::Event> batch;
    rig.resolver().resolve(dsp::Change::glide, batch);
    return static_cast<std::size_t>(
        std::count_if(batch.begin(), batch.end(), [](const auto& event) {
            return event.block == link::Block::eq && event.index == link::kTouchUp;
        }));
}

TEST_CASE("eq: a resonant hpf at 16 kHz follows the analogue curve within 0.5 dB") {
    Probe probe;
    probe.rig.set("/ch/1/eq/on", "on");
    probe.set_band(3, "hpf", "16 kHz", "12");
    const double worst =
        distance(probe.impulse_response(), {{FilterType::hpf, {16000.0}, 12.0, {}}});
    MESSAGE("dB from the analogue curve: " << worst);
    CHECK(worst < 0.5);
}

TEST_CASE("eq: turned while it plays, resonant hpf bands still follow the analogue curve") {
    Probe probe;
    probe.rig.set("/ch/1/eq/on", "on");
    probe.impulse_response();
    probe.set_band(1, "hpf", "16 kHz", "12");
    const double one = distance(probe.impulse_response(), {{FilterType::hpf, {16000.0}, 12.0, {}}});
    probe.set_band(6, "hpf", "9 kHz", "5");
    const double two = distance(probe.impulse_response(), {{FilterType::hpf, {16000.0}, 12.0, {}},
                                                           {FilterType::hpf, {9000.0}, 5.0, {}}});
    probe.rig.set("/ch/1/eq/1/on", "off");
    probe.rig.set("/ch/1/eq/6/q", "20");
    const double other =
        distance(probe.impulse_response(), {{FilterType::hpf, {9000.0}, 20.0, {}}});
    probe.rig.set("/ch/1/eq/6/q", "0.7071");
    const double broad =
        distance(probe.impulse_response(), {{FilterType::hpf, {9000.0}, 0.7071, {}}});
    MESSAGE("dB from the analogue curve: " << one << ", " << two << ", " << other << ", " << broad);
    CHECK(one < 0.5);
    CHECK(two < 0.5);
    CHECK(other < 0.5);
    CHECK(broad < 0.5);
}

TEST_CASE("eq: while a resonant hpf becomes a broad one nothing swells, at any frequency") {
    for (const double tone : {1000.0, 3000.0, 8000.0, 12000.0, 15000.0, 16000.0, 19000.0}) {
        CAPTURE(tone);
        Probe probe;
        probe.rig.set("/ch/1/eq/on", "on");
        probe.set_band(1, "hpf", "16 kHz", "20");
        const Samples x = test::sine(tone, -40.0, kTone);
        const float before = largest(probe.play(x), kTone - kSettled);
        probe.rig.set("/ch/1/eq/1/q", "0.7071");
        probe.rig.send();
        const Samples y = probe.play(x);
        const float between = largest(y, 0), after = largest(y, kTone - kSettled);
        MESSAGE(tone << " Hz: " << between / std::max(before, after));
        // What rings lets a tone at -48 dB swell by a fifth, with and without a touch-up.
        CHECK(between < 1.25f * std::max(before, after));
    }
}

TEST_CASE("eq: when its last resonant hpf goes, a strip is again what it was, bit for bit") {
    Probe probe;
    probe.set_band(2, "hpf", "16 kHz", "12");
    const Samples before = probe.impulse_response();
    CHECK(before[0] == kImpulse);
    for (const char* address : {"/ch/1/eq/on", "/ch/1/eq/2/on"}) {
        probe.rig.set("/ch/1/eq/on", "on");
        CHECK(probe.impulse_response() != before);
        probe.rig.set(address, "off");
        CHECK(probe.impulse_response() == before);
        probe.rig.set("/ch/1/eq/2/on", "on");
    }
    probe.rig.set("/ch/1/eq/on", "on");
    CHECK(probe.impulse_response() != before);
    probe.rig.set("/ch/1/eq/2/type", "bell");
    CHECK(probe.impulse_response() == before);
}

TEST_CASE("eq: the touch-up is sent with the bands while there is one, and once more to end it") {
    Rig rig(test::stereo_channels(1));
    const auto after = [&](const char* address, const char* value) {
        rig.set(address, value);
        return touch_ups(rig);
    };
    std::vector<link::Event> all;
    rig.resolver().resolve_all(all);
    for (const link::Event& event : all) engine::free_payload(event);
    CHECK(after("/ch/1/eq/on", "on") == 0);
    CHECK(after("/ch/1/eq/1/type", "hpf") == 0);  // at 80 Hz
    CHECK(after("/ch/1/eq/1/freq", "16 kHz") == 0);
    CHECK(after("/ch/1/eq/1/q", "12") == 1);
    CHECK(after("/ch/1/eq/5/gain", "3 dB") == 1);
    CHECK(after("/ch/1/fader", "-3 dB") == 0);
    rig.resolver().refresh(*rig.layout().find("/ch/1/eq/1/freq"));
    CHECK(touch_ups(rig) == 1);
    CHECK(after("/ch/1/eq/1/q", "1") == 1);
    CHECK(after("/ch/1/eq/1/freq", "15 kHz") == 0);
}

}  // namespace eq_test
