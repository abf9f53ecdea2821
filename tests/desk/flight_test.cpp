// A live show through JACK, steered at random, and its replay: the same samples at every output.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/sound_file_reader.h"
#include "src/param/layout.h"
#include "tests/desk/jack_recorder.h"
#include "tests/desk/jack_taps.h"
#include "tests/desk/osc_peer.h"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstring>
#include <random>
#include <thread>

namespace mixrig::tests {

namespace flight_test {

constexpr std::size_t kChannels = 8;
const Words kOutputs = {"main", "aux-1", "aux-2", "mtx-1", "monitor"};
const Words kPorts = {"main-L",  "main-R",  "aux-1-L",   "aux-1-R",  "aux-2",
                      "mtx-1-L", "mtx-1-R", "monitor-L", "monitor-R"};
const char* const kDesk =
    "[desk]\nchannels = 8\nsubgroups = 2\nauxes = 2\neffects = 2\nmatrices = 1\n"
    "[[aux]]\nnumber = 2\nstereo = false\n"
    "[audio]\nbackend = \"jack\"\njack_server = \"mixrig-desk\"\nautoconnect = false\n"
    "[engine]\nramp_ms = 50\n[flight]\nfolder = \"flights\"\nalways = true\n";

param::DeskShape shape() {
    param::DeskShape shape = param::DeskShape::of(kChannels, 2, 2, 2, 1);
    shape.stereo[2] = {true, false};
    return shape;
}

// Any value that leaves something to hear.
class Hand {
public:
    Message move() {
        for (;;) {
            const auto slot = std::uniform_int_distribution<param::Slot>(
                0, static_cast<param::Slot>(layout_.size() - 1))(random_);
            const param::Row& row = layout_.row(slot);
            const param::Kind kind = layout_.place(slot).kind;
            const bool quiet = row.address == "mute" || row.address == "solo" ||
                               row.address == "trim" || row.address.starts_with("gate/");
            if (row.type == param::Type::text || kind == param::Kind::main ||
                kind == param::Kind::master || kind == param::Kind::desk ||
                (quiet && kind != param::Kind::ch) || row.address == "solo" ||
                row.address == "convolution/ir")
                continue;
            return {layout_.address(slot), {layout_.clamp(slot, value(slot))}};
        }
    }
    std::string automation(std::size_t moves, std::size_t frames) {
        std::string text;
        for (std::size_t i = 0; i < moves; ++i) {
            const Message one = move();
            const param::Slot slot = *layout_.find(one.address);
            // A route by automation might close a loop with one by hand.
            if (layout_.row(slot).type != param::Type::number) continue;
            text += std::to_string(random_() % frames) + "f " + one.address + " " +
                    layout_.format(slot, {one.number()}) + "\n";
        }
        return text;
    }
    std::size_t wait_us() { return random_() % 20000; }

private:
    float value(param::Slot slot) {
        const param::Row& row = layout_.row(slot);
        const float share = std::uniform_real_distribution<float>(0.0f, 1.0f)(random_);
        if (row.address == "fader") return -20.0f * share;
        if (row.type == param::Type::number) return param::from_knob(row, share);
        return std::floor(share * (layout_.high(slot) + 1.0f));
    }

    param::Layout layout_{shape()};
    std::mt19937 random_{77};
};

bool same_bits(const float* a, const float* b, std::size_t count) {
    return std::memcmp(a, b, count * sizeof(float)) == 0;
}

// Where in `whole` a piece of sound stands; its size if nowhere.
std::size_t find(const Samples& whole, const float* piece, std::size_t count) {
    for (std::size_t at = 0; at + count <= whole.size(); ++at)
        if (whole[at] == piece[0] && same_bits(&whole[at], piece, count)) return at;
    return whole.size();
}

std::filesystem::path only_entry(const std::filesystem::path& folder) {
    REQUIRE(std::filesystem::is_directory(folder));
    REQUIRE(std::distance(std::filesystem::directory_iterator(folder), {}) == 1);
    return *std::filesystem::directory_iterator(folder);
}

struct Heard {
    std::vector<Samples> sound;
    std::size_t connected = 0;  // frames recorded before everything was
};

// What the recorder heard in one show; the flight is in `home`.
Heard play_show(const ScratchFolder& home) {
    Hand hand;
    write_text(home / "desk.toml", kDesk);
    write_text(home / "mix.auto", hand.automation(200, 5 * kRate));
    Jackd jackd(home.path(), 128);
    JackTaps taps(kPorts, 30 * kRate);
    Daemon desk({"-c", (home / "desk.toml").string(), "--automation", (home / "mix.auto").string()},
                home.path());
    JackNoise noise(kChannels);
    taps.connect("mixrig");
    noise.connect("mixrig", "ch-");
    const std::size_t connected = taps.frames() + kRate / 10;
    OscPeer me(desk.port());
    me.send({"/fx/1/type", {std::string("plate")}});
    me.send({"/fx/2/type", {std::string("chorus")}});
    for (const char* const kind : {"fx", "aux"}) {
        me.send({std::string("/ch/*/send/") + kind + "/*/on", {1}});
        me.send({std::string("/ch/*/send/") + kind + "/*/level", {-12.0f}});
    }
    me.send({"/main/send/mtx/1/on", {1}});
    me.send({"/main/send/mtx/1/level", {-6.0f}});
    me.send({"/scene/save", {std::string("first")}});
    REQUIRE(me.wait("/scene/save"));
    for (int i = 0; i < 200; ++i) {
        me.send(hand.move());
        std::this_thread::sleep_for(std::chrono::microseconds(hand.wait_us()));
        if (i == 60) me.send({"/scene/save", {std::string("second")}});
        if (i % 40 == 39)
            me.send(
                {"/scene/recall",
                 {std::string(i % 80 == 39 ? "first" : "second"), i % 120 == 39 ? 0.0f : 300.0f}});
        if (i % 50 == 49) me.send({"/undo", {}});
    }
    std::this_thread::sleep_for(Milliseconds(300));
    Heard heard{taps.sound(), connected};
    CHECK(desk.program().end(SIGTERM) == 0);
    CHECK(desk.log().find("flight: has ended") != std::string::npos);
    return heard;
}

// Every file of a replay, in the order of kPorts.
std::vector<Samples> replay(const std::filesystem::path& flight, const Words& options) {
    const ScratchFolder out;
    Words words = {"replay", flight.string(), "-o", out.path().string()};
    words.insert(words.end(), options.begin(), options.end());
    const Finished finished = run(words);
    REQUIRE_MESSAGE(finished.code == 0, finished.output);
    CHECK_MESSAGE(finished.output.find("mixrig: ") == std::string::npos, finished.output);
    std::vector<Samples> samples;
    for (const std::string& name : kOutputs) {
        auto sound = disk::read_whole(out / (name + ".wav"));
        REQUIRE_MESSAGE(sound, name);
        std::move(sound->tracks.begin(), sound->tracks.end(), std::back_inserter(samples));
    }
    REQUIRE(samples.size() == kPorts.size());
    return samples;
}

TEST_SUITE_BEGIN("flight");

TEST_CASE("replay: a live show has the same samples at every output, for any block") {
    const ScratchFolder home;
    const auto [heard, connected] = play_show(home);
    const auto flight = only_entry(home / "flights");
    const std::vector<Samples> one = replay(flight, {"--block", "32"});
    for (const Words& options :
         {Words{"--block", "64", "--threads", "2"}, Words{"--block", "1024"}}) {
        const std::vector<Samples> other = replay(flight, options);
        for (std::size_t o = 0; o < one.size(); ++o) {
            CAPTURE(kPorts[o]);
            REQUIRE(other[o].size() == one[o].size());
            CHECK(same_bits(other[o].data(), one[o].data(), one[o].size()));
        }
    }

    // The recorder's first frame is not the desk's: a piece of the show tells how far they are
    // apart. Everything from there on is compared.
    const auto begin = static_cast<std::size_t>(
        std::find_if(heard[0].begin() + static_cast<std::ptrdiff_t>(connected), heard[0].end(),
                     [](float x) { return x != 0.0f; }) -
        heard[0].begin());
    REQUIRE(begin + 512 < heard[0].size());
    const std::size_t at = find(one[0], &heard[0][begin], 512);
    REQUIRE_MESSAGE(at < one[0].size(), "nothing of what was heard is in the replay");
    const std::size_t length = heard[0].size() - begin;
    REQUIRE(one[0].size() >= at + length);
    CHECK(length > kRate);
    for (std::size_t o = 0; o < one.size(); ++o) {
        CAPTURE(kPorts[o]);
        double energy = 0.0;
        std::size_t same = 0;
        while (same < length && same_bits(&heard[o][begin + same], &one[o][at + same], 1)) ++same;
        for (const float x : one[o]) energy += static_cast<double>(x) * static_cast<double>(x);
        CHECK(same == length);
        CHECK(10.0 * std::log10(energy / static_cast<double>(one[o].size()) + 1e-30) > -80.0);
    }
    MESSAGE(length << " frames of " << kPorts.size() << " outputs compared");

    const std::string events = read_text(flight / "events.auto");
    MESSAGE(std::count(events.begin(), events.end(), '\n') << " moves");
    write_text(home / "edited.auto", events + "1s /ch/1/fader loud\n");
    const Finished wrong = run({"replay", flight.string(), "-o", (home / "out").string(),
                                "--events", (home / "edited.auto").string()});
    CHECK(wrong.code == 1);
    const auto lines = std::count(events.begin(), events.end(), '\n') + 1;
    CHECK_MESSAGE(
        wrong.output.find("edited.auto:" + std::to_string(lines) + ": ") != std::string::npos,
        wrong.output);
    const Finished valid = run({"validate", flight.string()});
    CHECK_MESSAGE(valid.code == 0, valid.output);
}

TEST_SUITE_END();

}  // namespace flight_test
}  // namespace mixrig::tests
