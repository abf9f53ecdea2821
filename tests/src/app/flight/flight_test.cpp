// A flight is written while a desk plays, and replayed: the same samples at every output.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/flight/flight.h"

#include "src/app/flight/replay.h"
#include "src/disk/sound_file_reader.h"
#include "tests/src/app/flight/flight_show.h"
#include "tests/support/scratch_folder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstring>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <thread>

using namespace mixrig;
using tests::kDesk;
using tests::kMostBlock;
using tests::Samples;
using tests::Show;

namespace flight_test {

std::string text_of(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream out;
    out << in.rdbuf();
    return out.str();
}

void append(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary | std::ios::app) << text;
}

// By output, in the order of the engine's; empty if there are not that many.
std::vector<Samples> replayed(app::ReplaySettings settings, std::vector<std::string>& notes) {
    const tests::ScratchFolder out;
    settings.folder = out.path();
    const auto done = app::replay(settings);
    REQUIRE_MESSAGE(done, (done ? "" : done.error().text()));
    notes = done->notes;
    std::vector<Samples> samples;
    for (const auto& file : done->files) {
        auto sound = disk::read_whole(file);
        REQUIRE(sound);
        std::move(sound->tracks.begin(), sound->tracks.end(), std::back_inserter(samples));
    }
    return samples;
}

std::vector<Samples> replayed(const std::filesystem::path& flight, std::size_t block,
                              std::size_t threads) {
    std::vector<std::string> notes;
    auto samples = replayed({.flight = flight, .block = block, .threads = threads}, notes);
    CHECK_MESSAGE(notes.empty(), (notes.empty() ? "" : notes.front()));
    return samples;
}

std::size_t first_difference(const Samples& a, const Samples& b) {
    std::size_t at = 0;
    while (at < std::min(a.size(), b.size()) && std::memcmp(&a[at], &b[at], sizeof(float)) == 0)
        ++at;
    return at;
}

// The whole length of `part`, a quantum's rest left out: the tape holds whole quanta.
void check_same(const std::vector<Samples>& part, const std::vector<Samples>& whole) {
    REQUIRE(part.size() == whole.size());
    for (std::size_t o = 0; o < part.size(); ++o) {
        CAPTURE(o);
        REQUIRE(part[o].size() <= whole[o].size());
        CHECK(first_difference(part[o], whole[o]) == part[o].size());
    }
}

double rms_dB(const Samples& samples) {
    double sum = 1e-30;
    for (const float x : samples) sum += static_cast<double>(x) * static_cast<double>(x);
    return 10.0 * std::log10(sum / static_cast<double>(samples.size()));
}

// Two seconds of all that can be said to a desk.
void play_a_show(Show& show) {
    std::uniform_int_distribution<int> dice(0, 99);
    for (int turn = 0; turn < 240; ++turn) {
        const int what = dice(show.random);
        for (int i = 0; i < 3; ++i) show.set_anything();
        if (what < 15) {  // ahead, and then something live that is heard before it
            REQUIRE(show.console.flush_at(show.audio.position() + 2000));
            show.set_anything();
        } else if (what < 20) {  // too late
            REQUIRE(show.console.flush_at(show.audio.position() / 2));
        } else if (what < 25) {  // twice at one moment
            REQUIRE(show.console.flush());
            show.set_anything();
        } else if (what < 30) {  // once more what is there already
            show.console.refresh(*show.layout.find("/ch/1/fader"));
        } else if (what < 33) {
            show.console.ramp_up();
        }
        if (turn == 100) show.set("/sub/1/to", 3.0f);
        if (turn == 110) show.set("/sub/1/to", 1.0f);
        if (turn == 120) show.set("/sub/2/to", 2.0f);  // now the other way round: waits for a fade
        REQUIRE(show.console.flush());
        show.play(400);
    }
}

TEST_CASE("flight: a replay has the samples of every output, for any block and threads") {
    const tests::ScratchFolder folder;
    Show show;
    show.begin(folder.path());
    play_a_show(show);
    const auto flight = show.end();
    CHECK(rms_dB(show.played[0]) > -60.0);  // there is something to compare
    const auto one = replayed(flight, 64, 1);
    REQUIRE(one.size() == show.played.size());
    CHECK(one[0].size() + dsp::kQuantum > show.played[0].size());
    check_same(one, show.played);
    check_same(replayed(flight, 32, 2), show.played);
    check_same(replayed(flight, 1024, 1), show.played);
    // The folder has no link to the desk but what stands in it.
    CHECK(text_of(flight / "desk.toml") == kDesk);
}

TEST_CASE("flight: one that breaks off is whole as far as it goes") {
    const tests::ScratchFolder folder;
    Show show;
    show.begin(folder.path());
    for (int turn = 0; turn < 60; ++turn) {
        for (int i = 0; i < 3; ++i) show.set_anything();
        REQUIRE(show.console.flush());
        show.play(400);
    }
    // As after kill -9: what the files hold at some moment.
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    const auto killed = folder / "killed";
    std::filesystem::copy(show.flight->folder(), killed);
    show.play(48000);
    (void)show.end();
    std::vector<std::string> notes;
    const auto samples = replayed({.flight = killed}, notes);
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].find("breaks off") != std::string::npos);
    CHECK(samples[0].size() >= 60 * 400 - 1024 - 2 * kMostBlock);
    check_same(samples, show.played);
}

TEST_CASE("flight: moves by hand change what they say, and nothing before") {
    const tests::ScratchFolder folder;
    Show show;
    show.begin(folder.path());
    show.play(9600);
    show.set("/ch/1/fader", -12.0f);
    REQUIRE(show.console.flush());
    show.play(9600);
    const auto flight = show.end();
    const auto edited = folder / "edited.auto";
    std::filesystem::copy(flight / "events.auto", edited);
    append(edited, "4800f /main/fader -inf dB\n");
    std::vector<std::string> notes;
    const auto samples = replayed({.flight = flight, .events = edited}, notes);
    const std::size_t at = first_difference(samples[0], show.played[0]);
    CHECK(at >= 4800);
    CHECK(at < 4810);
    CHECK(rms_dB(Samples(samples[0].end() - 4800, samples[0].end())) < -200.0);
    // The monitor bus hears the main bus, the first monitor mix does not.
    CHECK(first_difference(samples[2], show.played[2]) == samples[2].size());

    const tests::ScratchFolder out;
    const auto refused = [&](const std::string& line) {
        std::filesystem::copy_file(flight / "events.auto", edited,
                                   std::filesystem::copy_options::overwrite_existing);
        append(edited, line);
        const auto done = app::replay({.flight = flight, .events = edited, .folder = out.path()});
        REQUIRE(!done);
        return done.error().text();
    };
    const std::string where = edited.string() + ":4: ";
    CHECK(refused("4800f /main/fader loud\n").find(where + "/main/fader: ") == 0);
    const std::string loop = refused("4800f /sub/1/to sub/1\n");
    CHECK_MESSAGE(loop.find(where + "/sub/1/to: ") == 0, loop);
    CHECK(out.entries() == 0);
}

TEST_CASE("flight: begun in the middle it says so, and ends as the show did") {
    const tests::ScratchFolder folder;
    Show show;
    show.play(4800);
    show.set("/fx/1/type", 0.0f);
    show.set("/fx/1/mute", 1.0f);
    REQUIRE(show.console.flush());
    show.play(24000);
    show.begin(folder.path());
    show.set("/ch/2/pan", -0.5f);
    REQUIRE(show.console.flush());
    show.play(48000);
    const auto flight = show.end();
    std::vector<std::string> notes;
    const auto samples = replayed({.flight = flight}, notes);
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].find("began while the desk ran") != std::string::npos);
    // Nothing is on that remembers more than an instant. The flight begins with a quantum.
    const std::size_t first = show.played[0].size() - 48000 + (32 - 28800 % 32) % 32;
    for (std::size_t o = 0; o < samples.size(); ++o) {
        CAPTURE(o);
        const Samples then(show.played[o].begin() + static_cast<std::ptrdiff_t>(first + 4800),
                           show.played[o].end());
        const Samples now(samples[o].begin() + 4800, samples[o].end());
        CHECK(first_difference(now, then) == now.size());
    }
}

TEST_CASE("flight: what the disk was too slow for is a gap that is named") {
    const tests::ScratchFolder folder;
    Show show(0.1);
    show.begin(folder.path());
    show.play(2400);
    // What is known by now is written first: room that comes in between would make two gaps.
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    // Nobody tells how far the engine has been heard of, so nothing is written.
    std::unique_ptr<app::Flight> deaf = std::move(show.flight);
    show.play(9600);
    show.flight = std::move(deaf);
    show.turn();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    show.play(2400);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    const auto error = show.flight->take_error();
    REQUIRE(error);
    CHECK(error->text().find("too slow") != std::string::npos);
    const auto flight = show.end();
    std::vector<std::string> notes;
    const auto samples = replayed({.flight = flight}, notes);
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].find("are missing") != std::string::npos);
    const auto info = session::load_flight(flight);
    REQUIRE(info);
    REQUIRE(info->gaps.size() == 1);
    // The same until there, and of the same length.
    CHECK(first_difference(samples[0], show.played[0]) >= info->gaps[0].frame);
    CHECK(samples[0].size() + dsp::kQuantum > show.played[0].size());
}

TEST_CASE("flight: a full disk ends it cleanly, and the desk plays on") {
    const tests::ScratchFolder folder;
    Show show;
    show.begin(folder.path());
    show.play(4800);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{.rlim_cur = 600'000, .rlim_max = before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    for (int i = 0; i < 500 && !show.flight->is_finished(); ++i) {
        show.play(480);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    (void)std::signal(SIGXFSZ, ignored);
    REQUIRE(show.flight->is_finished());
    const auto error = show.flight->take_error();
    REQUIRE(error);
    CHECK(error->text().find("cannot be written") != std::string::npos);
    show.play(480);
    const auto flight = show.end();
    const auto samples = replayed(flight, 1024, 1);
    CHECK(samples[0].size() >= 4096);
    check_same(samples, show.played);
}

TEST_CASE("flight: of a desk that never played nothing is left") {
    const tests::ScratchFolder folder;
    Show show;
    show.begin(folder.path());
    (void)show.end();
    CHECK(folder.entries() == 0);
}

TEST_CASE("replay: what is no flight is refused with the reason") {
    const tests::ScratchFolder folder;
    const auto error = [&] {
        const auto done = app::replay({.flight = folder / "flight", .folder = folder.path()});
        REQUIRE(!done);
        return done.error().text();
    };
    CHECK(error().find("is not a flight") != std::string::npos);
    Show show;
    show.begin(folder.path());
    show.play(480);
    std::filesystem::rename(show.end(), folder / "flight");
    const std::string desk = text_of(folder / "flight/desk.toml");
    const std::string scene = text_of(folder / "flight/start.scene");
    std::ofstream(folder / "flight/desk.toml") << "[desk]\nchannels = 9\n";
    std::ofstream(folder / "flight/start.scene") << "";
    CHECK(error().find("has 9 inputs, but the flight has 7") != std::string::npos);
    std::ofstream(folder / "flight/desk.toml") << desk;
    std::ofstream(folder / "flight/start.scene") << scene;
    std::filesystem::remove(folder / "flight/inputs.f32");
    CHECK(error().find("inputs.f32") != std::string::npos);
}

}  // namespace flight_test
