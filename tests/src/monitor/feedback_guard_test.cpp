// The feedback guard in rooms that ring, and with music that does not.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/feedback_guard.h"

#include "tests/src/monitor/feedback_room.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numbers>
#include <span>
#include <string>
#include <vector>

using namespace mixrig;
using namespace mixrig::tests;
using monitor::FeedbackGuard;
using monitor::Ring;

namespace feedback_guard_test {

constexpr double kRate = 48000.0;

// The whole proof, of minutes; else a part of it.
bool wants_all() {
    return std::getenv("MIXRIG_RINGS") != nullptr;
}

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

std::string text(const std::vector<Named>& named) {
    std::string out;
    for (const Named& n : named)
        out += " " + std::to_string(n.seconds) + " s: " + std::to_string(n.ring.hertz) + " Hz";
    return out;
}

// As loud as it is; in the whole proof as loud as a microphone gets, too.
void check_silent(const std::string& name, Sound sound) {
    const int times = wants_all() ? 2 : 1;
    std::size_t alarms = 0;
    for (int i = 0; i < times; ++i) {
        const auto named = listen(sound);
        CAPTURE(text(named));
        CHECK(named.empty());
        alarms += named.size();
        float peak = 1e-9f;
        for (const float x : sound) peak = std::max(peak, std::abs(x));
        for (float& x : sound) x *= 0.99f / peak;
    }
    MESSAGE(name << ": " << alarms << " false alarms in "
                 << times * static_cast<int>(static_cast<double>(sound.size()) / kRate) << " s");
}

struct Source {
    std::string name;
    Sound (*make)(double, std::uint32_t);
    double level;
};

// How soon rings were named, in seconds.
struct Score {
    std::vector<double> closing = {},
                        standing = {};  // since the loop was closed, since it stood out
    std::size_t stray = 0;              // named where the loop is stable, and not clipped yet

    // What is clipped has partials, which may be named as well.
    void take(const Loop& loop) {
        double first = Loop::kNever, since = Loop::kNever;
        for (const Named& n : listen(loop.heard, Loop::kBefore)) {
            if (!loop.rings_at(n.ring.hertz)) {
                if (n.seconds <= loop.full) ++stray;
            } else if (first == Loop::kNever) {
                first = n.seconds;
                since = std::max(0.0, first - loop.stands_out(n.ring.hertz));
            }
        }
        closing.push_back(first);
        standing.push_back(since);
    }
    static std::size_t in_time(const std::vector<double>& seconds) {
        return static_cast<std::size_t>(
            std::count_if(seconds.begin(), seconds.end(), [](double s) { return s <= 1.0; }));
    }
    static std::string line(std::vector<double> seconds) {
        std::sort(seconds.begin(), seconds.end());
        char out[80];
        std::snprintf(out, sizeof(out), "%zu of %zu in 1 s, median %.2f s, worst %.2f s",
                      in_time(seconds), seconds.size(), seconds[seconds.size() / 2],
                      seconds.back());
        return out;
    }
    void tell(const std::string& name) const {
        MESSAGE(name << ": since it stood out " << line(standing) << "; since closing "
                     << line(closing));
    }
};

TEST_CASE("feedback guard: music, speech and noise are no feedback") {
    const auto seconds = [](double usual) { return wants_all() ? 60.0 : usual; };
    const Source sounds[] = {{"pink noise", pink_noise, 60.0},
                             {"chords", sustained_chords, 60.0},
                             {"plucked notes", plucked_notes, 60.0},
                             {"sung vowels", sung_vowels, 60.0},
                             {"speech", spoken_syllables, 20.0},
                             {"flute", flute_swells, 20.0},
                             {"organ", organ_crescendos, 15.0},
                             {"long strings", ringing_strings, 15.0},
                             {"pads", slow_pads, 15.0},
                             {"whistle", whistled_tune, 15.0}};
    for (const Source& sound : sounds)
        for (std::uint32_t seed = 1; seed <= (wants_all() ? 4 : 1); ++seed) {
            CAPTURE(sound.name);
            CAPTURE(seed);
            check_silent(sound.name, sound.make(seconds(sound.level), seed));
        }
    check_silent("silence", Sound(48000, 0.0f));
}

TEST_CASE("feedback guard: a ring is named within a second, at its frequency") {
    Score score;
    for (const Source& source :
         {Source{"noise", pink_noise, 0.03}, Source{"speech", spoken_syllables, 0.25},
          Source{"plucked", plucked_notes, 0.15}}) {
        const Sound sound = source.make(Loop::kBefore + 2.0, 9);
        for (const double delay_ms : {5.0, 12.0, 25.0})
            for (const double above_dB : {1.0, 2.0, 3.0})
                score.take(close_loop(Room(delay_ms, 2), sound, source.level, above_dB));
    }
    score.tell("rooms as they are, 1 to 3 dB above the limit");
    CHECK(score.stray == 0);
    CHECK(Score::in_time(score.standing) == score.standing.size());
    // Speech, 25 ms, 1 dB: it grows by 20 dB a second out of what hides it for 0.8 s.
    CHECK(Score::in_time(score.closing) >= score.closing.size() - 1);
}

TEST_CASE("feedback guard: rings of 100 Hz to 8 kHz, to 6 dB above the limit, under loud music") {
    const std::vector<double> all_Hz = {0.0,    100.0,  200.0,  400.0, 800.0,
                                        1600.0, 3200.0, 6400.0, 8000.0};
    const std::vector<double> all_dB = {1.0, 2.0, 3.0, 4.5, 6.0};
    const auto some = [](const std::vector<double>& all, std::vector<double> few) {
        return wants_all() ? all : few;
    };
    Score score;
    for (const Source& source :
         {Source{"noise", pink_noise, 0.03}, Source{"speech", spoken_syllables, 0.25},
          Source{"plucked", plucked_notes, 0.15}, Source{"loud plucked", plucked_notes, 2.0},
          Source{"loud chords", sustained_chords, 2.0}, Source{"loud noise", pink_noise, 1.0}}) {
        const Sound sound = source.make(Loop::kBefore + 2.2, 9);
        Score here;
        for (const std::uint32_t room : {0u, 1u, 2u})
            for (const double hertz : some(all_Hz, {100.0, 1600.0, 8000.0}))
                for (const double above_dB : some(all_dB, {6.0})) {
                    const Room::Peak peak{.hertz = std::max(hertz, 100.0),
                                          .dB = hertz > 0.0 ? 9.0 : 0.0};
                    constexpr double kDelays_ms[] = {5.0, 12.0, 25.0};
                    here.take(close_loop(Room(kDelays_ms[room], 2 + room, peak), sound,
                                         source.level, above_dB));
                }
        here.tell(source.name);
        score.stray += here.stray;
        score.closing.insert(score.closing.end(), here.closing.begin(), here.closing.end());
        score.standing.insert(score.standing.end(), here.standing.begin(), here.standing.end());
    }
    score.tell("all");
    CHECK(score.stray == 0);
    // What is late are rings of 20 to 30 dB per second under notes that go on, and microphones that
    // clip before a ring is alone in them.
    CHECK(100 * Score::in_time(score.standing) >= 97 * score.standing.size());
}

TEST_CASE("feedback guard: a tone that was too quick is named when it howls") {
    Sound sound(96000);
    for (std::size_t n = 24000; n < sound.size(); ++n)
        sound[n] = std::clamp(2.0f * std::sin(2.0f * std::numbers::pi_v<float> * 1234.5f *
                                              static_cast<float>(n) / 48000.0f),
                              -1.0f, 1.0f);
    const auto named = listen(sound, 0.5);
    REQUIRE(named.size() == 2);  // once a second while nothing helps
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

}  // namespace feedback_guard_test
