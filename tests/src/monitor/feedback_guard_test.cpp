// The feedback guard in rooms that ring, and with music that does not.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/feedback_guard.h"

#include "tests/src/monitor/feedback_sounds.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>
#include <string>
#include <vector>

using namespace mixrig;
using namespace mixrig::tests;
using monitor::FeedbackGuard;
using monitor::Ring;

namespace {

constexpr double kRate = 48000.0;
constexpr double kBefore = 1.0;  // seconds of sound before the loop closes

struct Named {
    double seconds;  // since the loop was closed, or since the start
    Ring ring;
};

std::vector<Named> listen(const Sound& sound, double zero = 0.0, double rate = kRate) {
    FeedbackGuard guard({rate});
    std::vector<Named> out;
    for (std::size_t n = 0; n + 32 <= sound.size(); n += 32)
        if (const auto ring = guard.add(std::span(sound).subspan(n, 32)))
            out.push_back({static_cast<double>(n + 32) / rate - zero, *ring});
    return out;
}

struct Loop {
    double gain = 0.0;
    std::vector<Room::Mode> modes = {};
    Sound heard = {};
    double full = 99.0;  // when the microphone was at full scale, seconds after the loop closed

    double at(const Room::Mode& mode) const { return 20.0 * std::log10(mode.gain * gain); }
    // Within half a twelfth of an octave, or 10 Hz.
    bool rings_at(double hertz) const {
        return std::any_of(modes.begin(), modes.end(), [&](const Room::Mode& mode) {
            return mode.gain * gain >= 1.0 &&
                   std::abs(mode.hertz - hertz) < std::max(10.0, 0.029 * mode.hertz);
        });
    }
};

Loop close_loop(const Sound& source, double level, double delay_ms, double above_dB,
                std::uint32_t seed) {
    Room room(delay_ms, seed);
    Loop loop;
    loop.modes = room.modes();
    loop.gain = std::pow(10.0, above_dB / 20.0) / loop.modes.front().gain;
    const auto before = static_cast<std::size_t>(kBefore * kRate);
    for (std::size_t n = 0; n < source.size(); ++n) {
        const double x = std::clamp(level * source[n] + room.hear(), -1.0, 1.0);
        if (std::abs(x) >= 1.0 && n > before && loop.full > 98.0)
            loop.full = static_cast<double>(n) / kRate - kBefore;
        loop.heard.push_back(static_cast<float>(x));
        room.tell(n < before ? 0.0 : loop.gain * x);
    }
    return loop;
}

std::string text(const std::vector<Named>& named) {
    std::string out;
    for (const Named& n : named)
        out += " " + std::to_string(n.seconds) + " s: " + std::to_string(n.ring.hertz) + " Hz";
    return out;
}

void check_silent(const Sound& sound) {
    const auto named = listen(sound);
    CAPTURE(text(named));
    CHECK(named.empty());
}

}  // namespace

TEST_CASE("feedback guard: music, speech and noise are no feedback") {
    SUBCASE("pink noise") {
        check_silent(pink_noise(60.0, 1));
    }
    SUBCASE("sustained chords, pure and of partials") {
        check_silent(sustained_chords(60.0, 1));
    }
    SUBCASE("plucked notes") {
        check_silent(plucked_notes(60.0, 1));
    }
    SUBCASE("sung vowels with vibrato and swells") {
        check_silent(sung_vowels(60.0, 1));
    }
    SUBCASE("spoken syllables") {
        check_silent(spoken_syllables(20.0, 1));
    }
    SUBCASE("flute") {
        check_silent(flute_swells(20.0, 1));
    }
    SUBCASE("silence") {
        check_silent(Sound(48000, 0.0f));
    }
}

TEST_CASE("feedback guard: a ring is named within a second, at its frequency") {
    struct Case {
        const char* name;
        Sound (*source)(double, std::uint32_t);
        double level;
    };
    const Case cases[] = {{"noise", pink_noise, 0.03},
                          {"speech", spoken_syllables, 0.25},
                          {"plucked", plucked_notes, 0.15}};
    std::size_t rings = 0, late = 0;
    for (const Case& c : cases)
        for (const double delay_ms : {5.0, 12.0, 25.0})
            for (const double above_dB : {1.0, 2.0, 3.0}) {
                const Loop loop =
                    close_loop(c.source(kBefore + 2.0, 9), c.level, delay_ms, above_dB, 2);
                auto named = listen(loop.heard, kBefore);
                // What is clipped has partials and rings of its own.
                std::erase_if(named, [&](const Named& n) { return n.seconds > loop.full; });
                CAPTURE(c.name);
                CAPTURE(delay_ms);
                CAPTURE(above_dB);
                CAPTURE(text(named));
                for (const Named& n : named) CHECK(loop.rings_at(n.ring.hertz));
                ++rings;
                late += named.empty() || named.front().seconds > 1.0 ? 1u : 0u;
            }
    MESSAGE((rings - late) << " of " << rings << " named within a second of closing the loop");
    // What is late grows by less than 50 dB a second under a sound that hides it.
    CHECK(late <= 5);
}

TEST_CASE("feedback guard: a tone that was too quick is named when it howls") {
    Sound sound(96000);
    for (std::size_t n = 24000; n < sound.size(); ++n)
        sound[n] = std::clamp(2.0f * std::sin(2.0f * std::numbers::pi_v<float> * 1234.5f *
                                              static_cast<float>(n) / 48000.0f),
                              -1.0f, 1.0f);
    const auto named = listen(sound, 0.5);
    REQUIRE(named.size() == 1);
    CHECK(named[0].seconds < 0.6);
    CHECK(std::abs(named[0].ring.hertz - 1234.5) < 2.0);
}

TEST_CASE("feedback guard: growth, level and frequency of a pure ring at every rate") {
    for (const double rate : {44100.0, 48000.0, 96000.0, 192000.0})
        for (const double slope : {20.0, 60.0, 250.0})
            for (const double hertz : {110.0, 997.3, 7777.7}) {
                Sound sound;
                double level_dB = -90.0;
                for (std::size_t n = 0; level_dB < -10.0; ++n) {
                    const double t = static_cast<double>(n) / rate;
                    level_dB = -90.0 + slope * t;
                    sound.push_back(static_cast<float>(
                        std::pow(10.0, level_dB / 20.0) *
                        std::sin(2.0 * std::numbers::pi * std::fmod(hertz * t, 1.0))));
                }
                const auto named = listen(sound, 0.0, rate);
                CAPTURE(rate);
                CAPTURE(slope);
                CAPTURE(hertz);
                REQUIRE(!named.empty());
                CHECK(std::abs(named[0].ring.hertz - hertz) < 1.5);
                CHECK(std::abs(named[0].ring.growth_dB_per_s - slope) < 0.1 * slope);
                // The window's middle lies 43 ms back.
                const double now = -90.0 + slope * (named[0].seconds - 0.043) - 3.0;
                CHECK(std::abs(named[0].ring.level_dBFS - now) < 1.0 + 0.01 * slope);
            }
}
