// Ballistics of the strips' meters, in figures.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/meters.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <numbers>
#include <set>
#include <span>
#include <string>
#include <vector>

using namespace mixrig;
using monitor::MeterField;
using monitor::Meters;

namespace meters_test {

constexpr std::uint32_t kFrame = 960;  // 20 ms at 48 kHz, as the engine reads its meters

link::LaneMeter& lane(link::MeterFrame& frame, link::Tap tap, std::size_t side,
                      std::size_t strip = 0) {
    return frame.strips[strip].tap[static_cast<std::size_t>(tap)][side];
}

link::MeterFrame silence(std::size_t strips = 1, std::uint32_t frames = kFrame) {
    link::MeterFrame out;
    out.frames = frames;
    out.strips.resize(strips);
    return out;
}

// What the engine would say of 997 Hz in the first strip, from its samples.
class Sine {
public:
    explicit Sine(double peak_dB) : amplitude_(std::pow(10.0, peak_dB / 20.0)) {}

    link::MeterFrame next(std::uint32_t frames = kFrame) {
        link::MeterFrame out = silence(1, frames);
        link::LaneMeter meter;
        for (std::uint32_t i = 0; i < frames; ++i) {
            const auto x = static_cast<float>(amplitude_ * std::sin(step_ * position_++));
            meter.peak = std::max(meter.peak, std::fabs(x));
            meter.square_sum += x * x;
        }
        for (auto& tap : out.strips[0].tap) tap = {meter, meter};
        return out;
    }

private:
    double amplitude_;
    double step_ = 2.0 * std::numbers::pi * 997.0 / 48000.0;
    double position_ = 0.0;
};

void play(Meters& meters, Sine& sine, double seconds) {
    for (double at = 0.0; at < seconds - 0.01; at += 0.02) meters.add(sine.next());
}

void play_silence(Meters& meters, double seconds) {
    for (double at = 0.0; at < seconds - 0.01; at += 0.02) meters.add(silence());
}

float value(const Meters& meters, MeterField field, std::size_t strip = 0) {
    return meters.readings()[strip][field];
}

// Within 0.01 dB: single precision sums, and a crest that falls between two samples.
bool reads(const Meters& meters, MeterField field, double dB) {
    return std::fabs(value(meters, field) - dB) < 0.01;
}

TEST_CASE("meters: a sine of -20 dBFS reads -20 as peak and -23.01 as RMS") {
    Meters meters({48000.0}, {true});
    Sine sine(-20.0);
    play(meters, sine, 5.0);
    for (const MeterField field :
         {MeterField::input_peak, MeterField::pre_peak, MeterField::post_peak_left,
          MeterField::post_peak_right, MeterField::peak_hold}) {
        CAPTURE(static_cast<int>(field));
        CHECK(reads(meters, field, -20.0));
    }
    CHECK(reads(meters, MeterField::post_rms_left, -23.0103));
    CHECK(reads(meters, MeterField::post_rms_right, -23.0103));
}

TEST_CASE("meters: RMS has a time constant of 300 ms, however the time was cut") {
    for (const std::uint32_t frames : {32u, 480u, 960u, 4800u}) {
        CAPTURE(frames);
        Meters meters({48000.0}, {false});
        Sine sine(-20.0);
        for (std::uint32_t at = 0; at < 14400; at += frames) meters.add(sine.next(frames));
        // 1 - 1/e of the power is there after 300 ms; 0.1 dB for parts of a period in a frame.
        CHECK(std::fabs(value(meters, MeterField::post_rms_left) - (-23.01f - 1.99f)) < 0.1f);
        for (std::uint32_t at = 0; at < 14400; at += frames) meters.add(silence(1, frames));
        // And of what was there, 1/e remains after another 300 ms: 4.34 dB less.
        CHECK(std::fabs(value(meters, MeterField::post_rms_left) - (-25.0f - 4.34f)) < 0.1f);
    }
}

TEST_CASE("meters: a peak rises at once and falls by 20 dB a second") {
    Meters meters({48000.0}, {false});
    Sine sine(-20.0);
    meters.add(sine.next());
    CHECK(reads(meters, MeterField::post_peak_left, -20.0));
    play_silence(meters, 1.0);
    for (const MeterField field :
         {MeterField::input_peak, MeterField::pre_peak, MeterField::post_peak_left})
        CHECK(std::fabs(value(meters, field) + 40.0f) < 0.05f);
}

TEST_CASE("meters: the hold stays for 1.5 s, then falls by 20 dB a second") {
    Meters meters({48000.0}, {false});
    Sine sine(-20.0);
    meters.add(sine.next());
    play_silence(meters, 1.5);
    CHECK(reads(meters, MeterField::peak_hold, -20.0));
    play_silence(meters, 0.5);
    CHECK(std::fabs(value(meters, MeterField::peak_hold) + 30.0f) < 0.05f);
    // What is louder than what is left of the hold is held in turn.
    Sine softer(-25.0);
    meters.add(softer.next());
    play_silence(meters, 1.0);
    CHECK(reads(meters, MeterField::peak_hold, -25.0));
}

TEST_CASE("meters: silence ends at the floor on every level and at 0 on the others") {
    Meters meters({48000.0}, {true});
    Sine sine(0.0);
    play(meters, sine, 0.1);
    play_silence(meters, 20.0);
    const monitor::Reading untouched;
    for (std::size_t f = 0; f < monitor::kMeterFields.size(); ++f) {
        CAPTURE(std::string(monitor::kMeterFields[f].name));
        CHECK(meters.readings()[0].values[f] == untouched.values[f]);
    }
    CHECK(untouched[MeterField::post_rms_left] == monitor::kFloor_dB);
    CHECK(untouched[MeterField::gate] == 0.0f);
}

TEST_CASE("meters: before the fader the louder side shows, behind it both") {
    Meters meters({48000.0}, {true});
    link::MeterFrame frame = silence();
    for (const link::Tap tap : {link::Tap::input, link::Tap::pre, link::Tap::post}) {
        lane(frame, tap, 0).peak = 0.1f;
        lane(frame, tap, 1).peak = 1.0f;
    }
    meters.add(frame);
    CHECK(reads(meters, MeterField::input_peak, 0.0));
    CHECK(reads(meters, MeterField::pre_peak, 0.0));
    CHECK(reads(meters, MeterField::post_peak_left, -20.0));
    CHECK(reads(meters, MeterField::post_peak_right, 0.0));
    CHECK(reads(meters, MeterField::peak_hold, 0.0));
}

TEST_CASE("meters: a mono strip repeats its left side and ignores what stands at the right") {
    Meters meters({48000.0}, {false});
    link::MeterFrame frame = silence();
    lane(frame, link::Tap::post, 0) = {.peak = 0.1f, .square_sum = 9.6f, .clips = 0};
    lane(frame, link::Tap::post, 1) = {.peak = 1.0f, .square_sum = 960.0f, .clips = 7};
    for (int i = 0; i < 500; ++i) meters.add(frame);
    CHECK(reads(meters, MeterField::post_peak_right, -20.0));
    CHECK(reads(meters, MeterField::post_rms_right, -20.0));
    CHECK(reads(meters, MeterField::peak_hold, -20.0));
    CHECK(value(meters, MeterField::clips) == 0.0f);
}

TEST_CASE("meters: reductions are positive; only the limiter's falls slowly") {
    Meters meters({48000.0}, {false});
    link::MeterFrame frame = silence();
    frame.strips[0].reduction_dB = {40.0f, 3.0f, 6.0f};
    frame.strips[0].limiter_dB = 8.0f;
    meters.add(frame);
    CHECK(value(meters, MeterField::gate) == 40.0f);
    CHECK(value(meters, MeterField::comp_1) == 3.0f);
    CHECK(value(meters, MeterField::comp_2) == 6.0f);
    CHECK(value(meters, MeterField::limiter) == 8.0f);
    play_silence(meters, 0.1);
    CHECK(value(meters, MeterField::gate) == 0.0f);
    CHECK(value(meters, MeterField::comp_1) == 0.0f);
    CHECK(reads(meters, MeterField::limiter, 6.0));
}

TEST_CASE("meters: clips are counted at the tap with most of them, until they are reset") {
    Meters meters({48000.0}, {true, true});
    link::MeterFrame frame = silence(2);
    lane(frame, link::Tap::input, 0).clips = 3;
    lane(frame, link::Tap::input, 1).clips = 4;
    lane(frame, link::Tap::post, 0).clips = 5;
    lane(frame, link::Tap::post, 0, 1).clips = 1;
    meters.add(frame);
    meters.add(frame);
    CHECK(value(meters, MeterField::clips, 0) == 14.0f);
    CHECK(value(meters, MeterField::clips, 1) == 2.0f);
    meters.reset_clips(0);
    CHECK(value(meters, MeterField::clips, 0) == 0.0f);
    meters.add(frame);
    CHECK(value(meters, MeterField::clips, 0) == 7.0f);
    CHECK(value(meters, MeterField::clips, 1) == 3.0f);
}

TEST_CASE("meters: what is not a number leaves no trace") {
    Meters meters({48000.0}, {false});
    link::MeterFrame broken = silence();
    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
          -std::numeric_limits<float>::infinity()}) {
        for (auto& tap : broken.strips[0].tap) tap = {link::LaneMeter{bad, bad, 0}, {}};
        broken.strips[0].reduction_dB = {bad, bad, bad};
        broken.strips[0].limiter_dB = bad;
        meters.add(broken);
        for (const float v : meters.readings()[0].values) CHECK(std::isfinite(v));
    }
    Sine sine(-20.0);
    play(meters, sine, 5.0);
    CHECK(reads(meters, MeterField::post_peak_left, -20.0));
    CHECK(reads(meters, MeterField::post_rms_left, -23.0103));
}

TEST_CASE("meters: every field has a name of its own and stands in the document of OSC") {
    std::ifstream file(MIXRIG_DOCS "/osc.md");
    const std::string document((std::istreambuf_iterator<char>(file)), {});
    std::size_t at = 0;
    const auto stand = [&](std::span<const monitor::MeterFieldText> fields) {
        std::set<std::string_view> names;
        for (std::size_t f = 0; f < fields.size(); ++f) {
            const monitor::MeterFieldText& field = fields[f];
            CHECK(names.insert(field.name).second);
            const std::string row = "| " + std::to_string(f + 1) + " | `" +
                                    std::string(field.name) + "` | " + std::string(field.unit) +
                                    " | " + std::string(field.doc) + " |\n";
            CAPTURE(row);
            at = document.find(row, at);
            REQUIRE(at != std::string::npos);
            at += row.size();
        }
    };
    stand(monitor::kMeterFields);
    stand(monitor::kChainFields);
}

TEST_CASE("meters: the master chain's are those of its strip, its bands and the limiter") {
    Meters meters({48000.0}, {true, true});
    link::MeterFrame frame = silence(2);
    frame.strips[0].limiter_dB = 1.5f;
    frame.strips[1].reduction_dB = {0.0f, 2.0f, 3.0f};
    frame.bands_dB = {4.0f, 5.0f, std::numeric_limits<float>::quiet_NaN(), -1.0f, 6.0f};
    meters.add(frame);
    const auto chain =
        monitor::chain_reading(meters.readings()[1], meters.readings()[0], meters.bands_dB());
    CHECK(chain == monitor::ChainReading{2.0f, 3.0f, 4.0f, 5.0f, 0.0f, 0.0f, 6.0f, 1.5f});
}

TEST_CASE("meters: the loudness of taps that are measured, as mean squares over some seconds") {
    Meters meters({48000.0}, {true});
    link::MeterFrame frame = silence();
    link::TapLoudness& pre = frame.strips[0].loudness[static_cast<std::size_t>(link::Tap::pre)];
    pre = {.measured = true,
           .left = 0.04f * kFrame,
           .right = 0.01f * kFrame,
           .cross = -0.02f * kFrame};
    const auto tap = [&](link::Tap which) {
        return meters.loudness()[0].tap[static_cast<std::size_t>(which)];
    };
    // From the first frame on: what has not been measured does not count as silence.
    meters.add(frame);
    CHECK(tap(link::Tap::pre).left == doctest::Approx(0.04));
    CHECK(tap(link::Tap::pre).right == doctest::Approx(0.01));
    CHECK(tap(link::Tap::pre).cross == doctest::Approx(-0.02));
    CHECK(tap(link::Tap::post).left == 0.0);
    for (int i = 0; i < 500; ++i) meters.add(frame);
    pre.left = pre.right = pre.cross = 0.0f;
    // Silence after 10 s: e^(-1) is left of it after 1.5 s.
    for (int i = 0; i < 75; ++i) meters.add(frame);
    CHECK(tap(link::Tap::pre).left == doctest::Approx(0.04 * std::exp(-1.0)).epsilon(0.01));
    pre.measured = false;
    meters.add(frame);
    CHECK(tap(link::Tap::pre).left == 0.0);
}

TEST_CASE("meters: the automix shows as what it turns down") {
    Meters meters({48000.0}, {false});
    CHECK(meters.readings()[0][MeterField::automix] == 0.0f);
    link::MeterFrame frame = silence();
    meters.add(frame);
    CHECK(meters.readings()[0][MeterField::automix] == 0.0f);
    frame.strips[0].automix = 0.25f;
    meters.add(frame);
    CHECK(meters.readings()[0][MeterField::automix] == doctest::Approx(12.04).epsilon(0.001));
    frame.strips[0].automix = 0.0f;
    meters.add(frame);
    CHECK(meters.readings()[0][MeterField::automix] == 144.0f);
}

}  // namespace meters_test
