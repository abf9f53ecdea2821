// Random recalls, at once and crossfaded, over something like music: nothing clicks, and a recall
// is heard within one quantum.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/crossfade.h"
#include "src/app/start_values.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace mixrig;
using namespace mixrig::app;

namespace {

constexpr dsp::Hertz kRate{48000.0};
constexpr std::size_t kBlock = 96;
constexpr std::size_t kPeriod = 1200;  // frames after which the music repeats: 25 ms
constexpr std::size_t kSettle = 9 * kBlock;
using Samples = std::vector<float>;

// A chord that swells and falls 40 times a second, nothing above 1.1 kHz.
Samples music(std::size_t frames) {
    constexpr std::array<double, 6> kTones = {120, 240, 360, 520, 760, 1040};  // Hz
    Samples out(frames);
    for (std::size_t n = 0; n < frames; ++n) {
        const double t = static_cast<double>(n) / kRate.value;
        double x = 0.0;
        for (const double f : kTones) x += std::sin(2.0 * std::numbers::pi * f * t + f) / 12.0;
        out[n] = static_cast<float>(x * (0.6 + 0.4 * std::cos(2.0 * std::numbers::pi * 40.0 * t)));
    }
    return out;
}

class Player {
public:
    explicit Player(param::DeskShape shape, double ceiling_dB = 40.0)
        : layout(std::move(shape)),
          console(layout, param::Values(layout),
                  {.rate = kRate, .outputs = {.ceiling = {ceiling_dB}}}),
          fade(layout) {}

    void set(const std::string& address, const std::string& text) {
        const param::Slot slot = *layout.find(address);
        console.set(slot, layout.parse(slot, text)->number);
    }
    // Appends to `outputs`.
    void play(const Samples& track, std::size_t frames) {
        if (outputs.empty()) outputs.resize(console.geometry().outputs.size());
        for (std::size_t done = 0; done < frames; done += kBlock) {
            const std::size_t count = std::min(kBlock, frames - done);
            const std::vector<const float*> in(console.geometry().inputs,
                                               track.data() + position % kPeriod);
            std::vector<float*> out;
            for (Samples& samples : outputs) {
                samples.resize(samples.size() + count);
                out.push_back(samples.data() + samples.size() - count);
            }
            REQUIRE(fade.send_until(console, position + count + 64));
            console.engine().process(in.data(), out.data(), count);
            position += count;
            fade.tell_until(position, [](param::Slot, float) {});
            console.collect();
        }
    }

    param::Layout layout;
    Console console;
    Crossfade fade;
    std::vector<Samples> outputs;
    std::uint64_t position = 0;
};

double step(const Samples& x, std::size_t begin, std::size_t end) {
    float largest = 0.0f;
    for (std::size_t i = std::max<std::size_t>(begin, 1); i < end; ++i)
        largest = std::max(largest, std::fabs(x[i] - x[i - 1]));
    return static_cast<double>(largest);
}

// Rows that a scene of this test sets, and between what. What a level does by itself, a compressor
// that is late say, is no step: dynamics have a test of their own in click_test.cpp.
struct Range {
    std::string_view row, low, high;
};
constexpr Range kRanges[] = {{"trim", "-10 dB", "10 dB"},
                             {"polarity", "off", "on"},
                             {"hpf/on", "off", "on"},
                             {"hpf/freq", "20 Hz", "500 Hz"},
                             {"lpf/on", "off", "on"},
                             {"lpf/freq", "500 Hz", "16 kHz"},
                             {"eq/on", "off", "on"},
                             {"eq/1/on", "off", "on"},
                             {"eq/1/gain", "-12 dB", "12 dB"},
                             {"eq/1/freq", "100 Hz", "2 kHz"},
                             {"eq/1/q", "0.3", "2"},
                             {"eq/2/on", "off", "on"},
                             {"eq/2/type", "0", "2"},
                             {"eq/2/gain", "-12 dB", "12 dB"},
                             {"eq/2/freq", "100 Hz", "4 kHz"},
                             {"fader", "-90 dB", "6 dB"},
                             {"mute", "off", "on"},
                             {"dca", "none", "2"},
                             {"mutegroup", "none", "1"},
                             {"pan", "-1", "1"},
                             {"width", "0", "2"},
                             {"to", "0", "2"},
                             {"send/aux/1/on", "off", "on"},
                             {"send/aux/1/level", "-90 dB", "6 dB"},
                             {"send/aux/1/pan", "-1", "1"},
                             {"send/aux/1/tap", "0", "2"}};

session::Scene random_scene(const param::Layout& layout, std::mt19937& random) {
    std::uniform_real_distribution<float> share(0.0f, 1.0f);
    session::Scene scene;
    const auto add = [&](const std::string& address, std::string_view low, std::string_view high) {
        const auto slot = layout.find(address);
        if (!slot || random() % 4 == 0) return;
        const float from = layout.parse(*slot, low)->number, to = layout.parse(*slot, high)->number;
        float value = from + (to - from) * share(random);
        if (layout.row(*slot).taper == param::Taper::fader && random() % 4 == 0) value = from;
        scene.push_back({*slot, {layout.clamp(*slot, value)}});
    };
    for (const char* strip : {"/ch/1/", "/sub/1/", "/aux/1/", "/main/"})
        for (const Range& range : kRanges) {
            const bool is_group = std::string_view(strip) != "/ch/1/";
            if (is_group && (range.row == "to" || range.row.starts_with("send"))) continue;
            if (is_group && random() % 2 == 0) continue;
            add(strip + std::string(range.row), range.low, range.high);
        }
    for (const char* group : {"/dca/1/", "/dca/2/"}) {
        add(group + std::string("fader"), "-20 dB", "6 dB");
        add(group + std::string("mute"), "off", "on");
    }
    add("/mutegroup/1/on", "off", "on");
    return scene;
}

}  // namespace

TEST_CASE("recall: of a thousand, half of them crossfaded, none makes a step") {
    param::DeskShape shape = param::DeskShape::of(1, 1, 1, 1, 1);
    shape.stereo[0][0] = true;
    Player player(shape);
    const Samples track = music(kPeriod + kBlock);
    std::mt19937 random(1000);
    constexpr int kRecalls = 1000;
    // Of the largest step that the music makes before or after, or as it comes in. An equaliser
    // that moves may swell on the way (click_test.cpp), but not beyond that.
    constexpr double kLargest = 1.05;
    double worst = 0.0;
    int worst_at = 0;
    player.play(track, kPeriod);
    for (int n = 0; n < kRecalls; ++n) {
        for (Samples& x : player.outputs) x.erase(x.begin(), x.end() - kPeriod);
        const session::Scene scene = random_scene(player.layout, random);
        const double seconds = n % 2 == 0 ? 0.0 : 0.05 * static_cast<double>(random() % 1000) / 1e3;
        if (seconds < 0.01) {
            player.fade.release(scene);
            for (const session::Setting& setting : scene)
                player.console.set(setting.slot, setting.value.number);
            REQUIRE(player.console.flush());
        } else {
            player.fade.begin(player.console, scene, player.position + random() % 100, seconds);
        }
        const auto length = static_cast<std::size_t>(seconds * kRate.value) / kBlock * kBlock;
        player.play(track, length + kSettle + 10 * kBlock);
        REQUIRE_FALSE(player.fade.is_active());
        player.play(track, kPeriod);
        for (const Samples& x : player.outputs) {
            const double before = step(x, 0, kPeriod),
                         after = step(x, x.size() - kPeriod, x.size());
            const double own = step(track, 1, kPeriod);
            const double ratio = step(x, kPeriod, x.size()) / std::max({before, after, own});
            if (ratio > worst) worst = ratio, worst_at = n;
        }
    }
    CHECK(worst < kLargest);
    MESSAGE("largest step by the music's own: " << worst << " at recall " << worst_at);
}

TEST_CASE("recall: a scene of 64 channels is heard from the next quantum on, all of it") {
    const param::DeskShape shape = param::DeskShape::of(64, 4, 8, 2, 2);
    const Samples track = music(kPeriod + kBlock);
    Player plain(shape), recalled(shape);
    std::mt19937 random(64);
    session::Scene scene;
    for (param::Slot slot = 0; slot < plain.layout.size(); ++slot) {
        const param::Row& row = plain.layout.row(slot);
        const param::Place place = plain.layout.place(slot);
        if (row.type == param::Type::number && place.kind == param::Kind::ch)
            scene.push_back(
                {slot, {param::from_knob(row, static_cast<float>(random() % 1000) / 1000.0f)}});
        if (row.type == param::Type::toggle && place.kind == param::Kind::ch &&
            row.address != "solo")
            scene.push_back({slot, {static_cast<float>(random() % 2)}});
    }
    constexpr std::size_t kArrival = 100, kBoundary = 128;
    for (Player* player : {&plain, &recalled}) player->play(track, kArrival);
    for (const session::Setting& setting : scene)
        recalled.console.set(setting.slot, setting.value.number);
    REQUIRE(recalled.console.flush());
    for (Player* player : {&plain, &recalled}) player->play(track, kBoundary - kArrival);
    CHECK(recalled.console.link().live.front() != nullptr);
    for (Player* player : {&plain, &recalled}) player->play(track, 32);
    CHECK(recalled.console.link().live.front() == nullptr);
    const Samples &a = plain.outputs.front(), &b = recalled.outputs.front();
    CHECK(std::equal(a.begin(), a.begin() + kBoundary, b.begin()));
    CHECK_FALSE(std::equal(a.begin() + kBoundary, a.end(), b.begin() + kBoundary));
    MESSAGE(scene.size() << " values");
}
