// A microphone, a desk and a loudspeaker that ring, and what the desk does about it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/console.h"
#include "src/app/demo/demo.h"
#include "src/app/live/feedback_watch.h"
#include "src/disk/sound_file_reader.h"
#include "src/monitor/monitor.h"
#include "tests/src/monitor/feedback_room.h"
#include "tests/support/scratch_folder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <vector>

using namespace mixrig;
using app::FeedbackWatch;

namespace feedback_test {

constexpr std::size_t kBlock = 32;
constexpr double kRate = 48000.0;

// One microphone into one monitor mix, whose loudspeaker it hears.
struct Stage {
    // So many frames from loudspeaker to microphone, a block of which passes in the desk. Of the
    // usual room: 2 dB above the limit three frequencies are unstable, as many as there may be
    // notches.
    explicit Stage(const std::string& guard, std::size_t way = 240, std::uint32_t seed = 3)
        : room(1000.0 * (static_cast<double>(way - kBlock) + 0.5) / kRate, seed),
          modes(tests::Room(1000.0 * (static_cast<double>(way) + 0.5) / kRate, seed).modes()) {
        set("/ch/1/feedback_guard", guard);
        set("/ch/1/send/aux/1/level", "0 dB");
        set("/ch/1/to", "none");
        desk.flush();
        console.link().taps.guarded[0].store(1, std::memory_order_relaxed);
        monitor::MonitorConfig config{
            .make_frame = [this] { return console.engine().make_meter_frame(); }};
        for (const engine::StripPlace& place : console.geometry().strips)
            config.strips.push_back({.address = "strip", .stereo = place.stereo});
        monitor = *monitor::Monitor::create(console.link(), log, std::move(config));
    }

    void set(const std::string& address, const std::string& text) {
        REQUIRE(desk.set_text(*layout.find(address), text, 1));
    }
    std::string get(const std::string& address) const {
        const param::Slot slot = *layout.find(address);
        return layout.format(slot, desk.get(slot));
    }
    double number(const std::string& address) const {
        return desk.values().number(*layout.find(address));
    }

    void take(std::size_t channel, const monitor::Ring& ring) {
        watch.tell(channel, ring, watch.act(channel, ring));
    }

    // RMS of the microphone over the last half second of so many; the loop is closed at the first.
    double play(const tests::Sound& source, double above_dB, double seconds) {
        const double through = std::sqrt(0.5);  // of a mono channel, in the middle of a stereo mix
        const double loop = std::pow(10.0, above_dB / 20.0) / (modes.front().gain * through);
        gain = loop * through;
        const auto blocks = static_cast<std::size_t>(seconds * kRate) / kBlock;
        constexpr std::size_t kSecond = 48000 / kBlock, closed = kSecond;
        const std::size_t last_half = blocks - kSecond / 2;
        double sum = 0.0;
        std::vector<std::vector<float>> outs(console.geometry().outputs.size(),
                                             std::vector<float>(kBlock, 0.0f));
        std::array<float, kBlock> mic{}, played{};
        for (std::size_t b = 0; b < blocks; ++b) {
            for (std::size_t i = 0; i < kBlock; ++i) {
                const double x = 0.3 * source[(b * kBlock + i) % source.size()] + room.hear();
                mic[i] = static_cast<float>(std::clamp(x, -1.0, 1.0));
                room.tell(b < closed ? 0.0 : loop * played[i]);
                if (b >= last_half) sum += mic[i] * mic[i];
            }
            const float* in = mic.data();
            std::vector<float*> out;
            for (auto& o : outs) out.push_back(o.data());
            console.engine().process(&in, out.data(), kBlock);
            std::copy_n(outs[aux_left].data(), kBlock, played.data());
            monitor->turn();
            for (const monitor::StripRing& ring : monitor->take_rings()) {
                take(ring.strip, ring.ring);
                if (first_s < 0.0) first_s = static_cast<double>(b * kBlock) / kRate - 1.0;
            }
            desk.flush();
            console.collect();
        }
        return 10.0 * std::log10(sum / (0.5 * kRate));
    }

    param::Layout layout{param::DeskShape::of(1, 0, 1, 0, 0)};
    monitor::Log log{{.target = monitor::LogTarget::nowhere}};
    app::Console console{layout, param::Values(layout), {.rate = {kRate}}};
    control::Desk desk{layout,
                       {.changed =
                            [this](param::Slot slot, const param::Value& value) {
                                if (layout.row(slot).type != param::Type::text)
                                    console.set(slot, value.number);
                            },
                        .flush = [this](const control::Batch&) { CHECK(console.flush()); }}};
    FeedbackWatch watch{desk, log};
    std::unique_ptr<monitor::Monitor> monitor;
    tests::Room room;
    std::vector<tests::Room::Mode> modes;
    double gain = 0.0;      // around the loop, by what the room gives back
    double first_s = -1.0;  // when the first ring was named, since the loop was closed
    static constexpr std::size_t aux_left = 2;  // behind the main bus
};

bool is_default(const Stage& stage, std::size_t band) {
    const std::string eq = "/ch/1/eq/" + std::to_string(band + 1);
    return stage.get(eq + "/type") == "bell" && stage.number(eq + "/gain") == 0.0 &&
           stage.number(eq + "/q") == 1.0;
}

std::size_t notches(const Stage& stage) {
    std::size_t count = 0;
    for (std::size_t band = 0; band < param::kBands; ++band)
        count += is_default(stage, band) ? 0u : 1u;
    return count;
}

TEST_CASE("feedback: a ring is named, notched, and ends; without the notch it howls") {
    const tests::Sound source = tests::spoken_syllables(4.0, 5);
    Stage helped("notch"), warned("warn");
    const double with_notch = helped.play(source, 2.0, 4.0);
    const double with_words = warned.play(source, 2.0, 4.0);
    // The words at the microphone, with no loop.
    Stage quiet("off");
    const double words = quiet.play(source, -60.0, 4.0);
    MESSAGE("words " << words << " dBFS; loop 2 dB above its limit: " << with_words
                     << " dBFS, with the notch " << with_notch << " dBFS; named after "
                     << helped.first_s << " s: " << helped.get("/feedback/last"));
    CHECK(helped.first_s > 0.0);
    CHECK(helped.first_s < 1.0);
    CHECK(helped.get("/ch/1/eq/on") == "on");
    CHECK(notches(helped) >= 1);
    CHECK(notches(helped) <= FeedbackWatch::kMostNotches);
    for (std::size_t band = 0; band < param::kBands; ++band) {
        if (is_default(helped, band)) continue;
        const std::string eq = "/ch/1/eq/" + std::to_string(band + 1);
        CHECK(helped.get(eq + "/type") == "notch");
        const double hertz = helped.number(eq + "/freq");
        CAPTURE(hertz);
        // Half a twelfth of an octave, or 10 Hz, from a frequency at which the loop is unstable.
        CHECK(std::any_of(helped.modes.begin(), helped.modes.end(), [&](const auto& mode) {
            return mode.gain * helped.gain >= 1.0 &&
                   std::abs(mode.hertz - hertz) < std::max(10.0, 0.029 * mode.hertz);
        }));
    }
    CHECK(with_words > -8.0);          // a howl at full scale
    CHECK(with_notch < words + 10.0);  // near its limit a loop rings, but it does not grow
    CHECK(notches(warned) == 0);
    CHECK(warned.get("/ch/1/eq/on") == "off");
    CHECK(warned.get("/feedback/last").starts_with("/ch/1 warn "));
    CHECK(warned.number("/feedback/count") >= 1.0);
}

TEST_CASE("feedback: the demo band is no feedback") {
    const tests::ScratchFolder folder;
    REQUIRE(app::render_demo(folder.path(), {24.0}, {kRate}));
    for (const std::string track : {"06-keys", "07-pad", "08-lead", "09-backing"}) {
        const auto sound = disk::read_whole(folder.path() / (track + ".wav"));
        REQUIRE(sound);
        monitor::FeedbackGuard guard({kRate});
        const std::vector<float>& left = sound->tracks[0];
        CAPTURE(track);
        for (std::size_t n = 0; n + kBlock <= left.size(); n += kBlock)
            CHECK_FALSE(guard.add(std::span(left).subspan(n, kBlock)));
    }
}

TEST_CASE("feedback: at most three notches, in free bands, and a wider one where one stands") {
    Stage stage("notch");
    stage.set("/ch/1/eq/5/gain", "3 dB");  // the engineer's
    stage.set("/ch/1/eq/on", "on");
    stage.take(0, {.hertz = 4000.0});  // band 5 would be the nearest
    CHECK(stage.get("/feedback/last") == "/ch/1 notch 4000 Hz");
    CHECK(stage.number("/ch/1/eq/5/gain") == 3.0);
    CHECK(stage.get("/ch/1/eq/5/type") == "bell");
    CHECK(stage.number("/ch/1/eq/6/freq") == 4000.0);
    CHECK(stage.get("/ch/1/eq/6/type") == "notch");
    CHECK(stage.number("/ch/1/eq/6/q") == 20.0);
    stage.take(0, {.hertz = 4040.0});
    CHECK(stage.get("/feedback/last") == "/ch/1 widen 4040 Hz");
    CHECK(stage.number("/ch/1/eq/6/q") == 10.0);
    stage.take(0, {.hertz = 4000.0});
    stage.take(0, {.hertz = 4000.0});
    CHECK(stage.get("/feedback/last") == "/ch/1 lower 2 dB 4000 Hz");
    CHECK(stage.number("/ch/1/eq/6/q") == 5.0);
    stage.take(0, {.hertz = 500.0});
    stage.take(0, {.hertz = 900.0});
    CHECK(stage.get("/feedback/last") == "/ch/1 notch 900 Hz");
    stage.take(0, {.hertz = 2000.0, .seconds = 1.0});
    CHECK(stage.get("/feedback/last") == "/ch/1 lower 2 dB 2000 Hz");
    CHECK(notches(stage) == 4);  // three and the engineer's bell
    CHECK(stage.number("/feedback/count") == 7.0);
    // Whoever takes one out makes room for another.
    stage.set("/ch/1/eq/6/on", "off");
    stage.take(0, {.hertz = 2000.0});
    CHECK(stage.get("/feedback/last") == "/ch/1 notch 2000 Hz");
}

TEST_CASE("feedback: where no notch helps the trim goes down by 6 dB at most, until it is moved") {
    Stage stage("notch");
    for (std::size_t band = 0; band < param::kBands; ++band)
        stage.set("/ch/1/eq/" + std::to_string(band + 1) + "/gain", "1 dB");
    stage.set("/ch/1/trim", "10 dB");
    const auto last = [&](double seconds) {
        stage.take(0, {.hertz = 700.0, .seconds = seconds});
        return stage.get("/feedback/last");
    };
    CHECK(last(5.0) == "/ch/1 lower 2 dB 700 Hz");
    CHECK(stage.number("/ch/1/trim") == 8.0);
    CHECK(last(5.3) == "/ch/1 lower 2 dB 700 Hz");  // waits for what it has done
    CHECK(stage.number("/ch/1/trim") == 8.0);
    CHECK(stage.number("/feedback/count") == 1.0);
    CHECK(last(5.5) == "/ch/1 lower 2 dB 700 Hz");
    CHECK(last(6.0) == "/ch/1 lower 2 dB 700 Hz");
    CHECK(stage.number("/ch/1/trim") == 4.0);
    CHECK(last(7.0) == "/ch/1 warn 700 Hz");
    CHECK(stage.number("/ch/1/trim") == 4.0);
    stage.set("/ch/1/trim", "9 dB");
    CHECK(last(8.0) == "/ch/1 lower 2 dB 700 Hz");
    CHECK(stage.number("/ch/1/trim") == 7.0);
    stage.set("/ch/1/trim", "-30 dB");
    CHECK(last(9.0) == "/ch/1 warn 700 Hz");
    stage.set("/ch/1/feedback_guard", "warn");
    stage.set("/ch/1/trim", "0 dB");
    CHECK(last(10.0) == "/ch/1 warn 700 Hz");
    CHECK(stage.number("/ch/1/trim") == 0.0);
}

// Of all of them (MIXRIG_RINGS) some keep a ring that grows too slowly for the guard.
TEST_CASE("feedback: loops of up to thirty unstable frequencies are tame after five seconds") {
    struct Case {
        std::size_t way;
        std::uint32_t seed;
        tests::Sound (*source)(double, std::uint32_t);
        double above_dB;
    };
    std::vector<Case> cases = {{1200, 2, tests::spoken_syllables, 3.0}};
    if (std::getenv("MIXRIG_RINGS") != nullptr) {
        cases.clear();
        for (const auto way : {240u, 576u, 1200u})
            for (const std::uint32_t seed : {2u, 3u, 4u})
                for (const auto source :
                     {tests::pink_noise, tests::spoken_syllables, tests::plucked_notes})
                    for (const double above_dB : {1.0, 2.0, 3.0})
                        cases.push_back({way, seed, source, above_dB});
    }
    double loudest = -144.0;
    for (const Case& c : cases) {
        Stage stage("notch", c.way, c.seed);
        const double dB = stage.play(c.source(4.0, 5), c.above_dB, 6.0);
        const auto unstable =
            std::count_if(stage.modes.begin(), stage.modes.end(),
                          [&](const auto& mode) { return mode.gain * stage.gain >= 1.0; });
        MESSAGE(c.way << " frames, room " << c.seed << ", " << c.above_dB << " dB above, "
                      << unstable << " unstable: " << dB << " dBFS with " << notches(stage)
                      << " notches, trim " << stage.number("/ch/1/trim") << " dB");
        CHECK(dB < -20.0);
        CHECK(stage.number("/ch/1/trim") >= -6.0);
        loudest = std::max(loudest, dB);
    }
    MESSAGE(cases.size() << " rooms; the loudest at " << loudest << " dBFS after 5 s");
}

TEST_CASE("feedback: an equaliser that is off with something in it stays off") {
    Stage stage("notch");
    stage.set("/ch/1/eq/2/gain", "-6 dB");
    stage.take(0, {.hertz = 1000.0});
    CHECK(stage.get("/feedback/last") == "/ch/1 lower 2 dB 1000 Hz");
    CHECK(stage.get("/ch/1/eq/on") == "off");
    CHECK(notches(stage) == 1);
    stage.set("/ch/1/eq/2/on", "off");
    stage.take(0, {.hertz = 1000.0});
    CHECK(stage.get("/feedback/last") == "/ch/1 notch 1000 Hz");
    CHECK(stage.get("/ch/1/eq/on") == "on");
}

}  // namespace feedback_test
