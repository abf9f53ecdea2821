// The recorder of a running desk: bit for bit what was played, through stalls, kills, full disks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/sound_file_reader.h"
#include "src/disk/sound_file_writer.h"
#include "tests/desk/osc_peer.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <random>
#include <sys/resource.h>
#include <thread>

namespace mixrig::tests {

namespace record_test {

using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

constexpr std::size_t kRate = 48000;
constexpr std::size_t kLoop = 2 * kRate;  // frames of what the clock plays

// Noise, another one in each channel.
std::vector<std::vector<float>> tracks(std::size_t channels) {
    std::mt19937 random(32);
    std::uniform_real_distribution<float> sample(-0.2f, 0.2f);
    std::vector<std::vector<float>> out(channels, std::vector<float>(kLoop));
    for (auto& track : out)
        for (float& x : track) x = sample(random);
    return out;
}

class Studio {
public:
    explicit Studio(std::size_t channels, const std::string& recording = "")
        : channels_(channels), tracks_(record_test::tracks(channels)) {
        std::filesystem::create_directories(home_ / "tracks");
        for (std::size_t c = 0; c < channels; ++c) {
            char name[32];
            std::snprintf(name, sizeof name, "%03zu.wav", c + 1);
            REQUIRE(disk::write_whole(home_ / "tracks" / name,
                                      {.rate = {48000.0}, .tracks = {tracks_[c]}},
                                      {disk::Container::wav, disk::Coding::float32}));
        }
        write_text(home_ / "desk.toml",
                   "[desk]\nchannels = " + std::to_string(channels) +
                       "\n[recording]\nfolder = \"takes\"\narm = \"inputs\"\nformat = \"32f\"\n" +
                       (recording.empty() ? "lookback_s = 4.0\n" : recording));
    }

    Words options() const {
        return {"-c",     (home_ / "desk.toml").string(), "--backend", "null", "--block", "256",
                "--play", (home_ / "tracks").string(),    "--no-state"};
    }
    const std::filesystem::path& home() const { return home_.path(); }
    std::filesystem::path takes() const { return home_ / "takes"; }

    // Every channel's file is what was played from the frame on that the file names; the frames.
    std::uint64_t check(const std::filesystem::path& take) const {
        std::optional<std::uint64_t> frames;
        for (std::size_t c = 0; c < channels_; ++c) {
            char name[32];
            std::snprintf(name, sizeof name, "%02zu.wav", c + 1);
            CAPTURE(c);
            const auto sound = disk::read_whole(take / name);
            REQUIRE_MESSAGE(sound, sound.error().text());
            REQUIRE(sound->channels() == 1);
            const std::uint64_t first = first_frame(take / name);
            std::uint64_t wrong = 0;
            for (std::uint64_t n = 0; n < sound->frames(); ++n)
                wrong += sound->tracks[0][n] != tracks_[c][(first + n) % kLoop];
            CHECK(wrong == 0);
            // A kill may come between two files.
            frames = std::min(frames.value_or(sound->frames()), sound->frames());
        }
        return frames.value_or(0);
    }

    static std::uint64_t first_frame(const std::filesystem::path& file) {
        const std::string header = read_text(file).substr(0, 4096);
        const auto at = header.find("frame ", header.find("ICMT"));
        REQUIRE(at != std::string::npos);
        return std::stoull(header.substr(at + 6));
    }

private:
    ScratchFolder home_;
    std::size_t channels_;
    std::vector<std::vector<float>> tracks_;
};

bool lookback_reaches(OscPeer& peer, float s) {
    return poll_until([&] { return peer.get("/record/lookback").number() >= s; }, seconds(20));
}

bool state_becomes(OscPeer& peer, const std::string& state) {
    return poll_until([&] { return peer.get("/record/state").text() == state; }, seconds(20));
}

std::filesystem::path newest(const std::filesystem::path& takes) {
    std::vector<std::filesystem::path> all;
    for (const auto& entry : std::filesystem::directory_iterator(takes))
        all.push_back(entry.path());
    REQUIRE_FALSE(all.empty());
    return *std::max_element(all.begin(), all.end());
}

int kills() {
    const char* said = std::getenv("MIXRIG_KILLS");
    return said != nullptr ? std::atoi(said) : 5;
}

TEST_SUITE_BEGIN("record");

TEST_CASE("record: 32 channels, begun in the past, through a stall of 2 s, without a bit amiss") {
    const Studio studio(32);
    const auto gate = studio.home() / "stall";
    const char* const slow_disk = std::getenv("MIXRIG_SLOW_DISK");
    REQUIRE(slow_disk != nullptr);
    setenv("LD_PRELOAD", slow_disk, 1);
    setenv("SLOW_DISK", gate.c_str(), 1);
    Daemon desk(studio.options(), studio.home());
    unsetenv("LD_PRELOAD");
    OscPeer peer(desk.port());
    REQUIRE(lookback_reaches(peer, 3.0f));
    const auto before = Clock::now();
    peer.send({"/record/from", {3.0f}});
    const auto answer = peer.wait("/record/from");
    REQUIRE(answer);
    CHECK(answer->number() == doctest::Approx(3.0).epsilon(0.001));
    const auto begun = Clock::now();
    CHECK(peer.get("/record/state").text() == "recording");
    // A second one is refused, and what is armed stays as it is.
    peer.send({"/record/start", {}});
    CHECK(peer.wait("/error"));
    peer.send({"/ch/1/record", {std::string("off")}});
    write_text(gate, "");
    REQUIRE(poll_until([&] { return !std::filesystem::exists(gate); }, seconds(5)));
    std::this_thread::sleep_for(Milliseconds(2200));
    peer.send({"/record/stop", {}});
    const double least = std::chrono::duration<double>(Clock::now() - begun).count();
    REQUIRE(peer.wait("/record/stop"));
    const double most = std::chrono::duration<double>(Clock::now() - before).count();
    REQUIRE(state_becomes(peer, "off"));
    CHECK(peer.get("/record/gaps").number() == 0.0f);
    const std::uint64_t frames = studio.check(newest(studio.takes()));
    CHECK(static_cast<double>(frames) / kRate > 0.95 * (3.0 + least));
    CHECK(static_cast<double>(frames) / kRate < 1.05 * (3.0 + most));
    CHECK(peer.get("/record/seconds").number() ==
          doctest::Approx(static_cast<double>(frames) / kRate));
    CHECK(peer.get("/record/folder").text() == newest(studio.takes()).filename().string());
    CHECK(desk.log_says("what is armed changes when the recording has ended"));
    MESSAGE("32 channels, " << static_cast<double>(frames) / kRate << " s, equal bit for bit");
    CHECK(desk.program().end(SIGTERM) == 0);
}

TEST_CASE("record: killed at any moment, every file opens and lacks a second at most") {
    const Studio studio(8);
    std::mt19937 random(9);
    std::uniform_int_distribution<int> moment(0, 1500);
    double most_lost = 0.0;
    for (int round = 0; round < kills(); ++round) {
        CAPTURE(round);
        Daemon desk(studio.options(), studio.home());
        OscPeer peer(desk.port());
        REQUIRE(lookback_reaches(peer, 0.1f));
        peer.send({"/record/start", {}});
        REQUIRE(peer.wait("/record/start"));
        const auto begun = Clock::now();
        std::this_thread::sleep_for(Milliseconds(moment(random)));
        const double recorded = std::chrono::duration<double>(Clock::now() - begun).count();
        desk.program().end(SIGKILL);
        // Killed before there was a folder, or in the middle of its files.
        if (recorded < 1.0 && !std::filesystem::exists(studio.takes())) continue;
        const auto take = newest(studio.takes());
        if (recorded < 1.0 && !std::filesystem::exists(take / "08.wav")) {
            std::filesystem::remove_all(studio.takes());
            continue;
        }
        const double there = static_cast<double>(studio.check(take)) / kRate;
        most_lost = std::max(most_lost, recorded - there);
        CHECK(recorded - there <= 1.0);
        std::filesystem::remove_all(studio.takes());
    }
    MESSAGE(kills() << " kills, at most " << most_lost << " s lost");
}

TEST_CASE("record: a full disk ends the recording, says so, and the mix plays on") {
    const Studio studio(4);
    rlimit before = {};
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
    const rlimit small = {250'000, before.rlim_max};
    REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
    Daemon desk(studio.options(), studio.home());
    REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
    OscPeer peer(desk.port()), watcher(desk.port());
    REQUIRE(lookback_reaches(peer, 0.1f));
    watcher.send({"/subscribe", {std::string("/record/*"), std::int32_t{60}}});
    REQUIRE(watcher.wait("/synced"));
    peer.send({"/record/start", {}});
    REQUIRE(peer.wait("/record/start"));
    REQUIRE(state_becomes(peer, "full"));
    const auto told = watcher.wait("/record/message");
    REQUIRE(told);
    CHECK(told->text() == "the disk is full: the recording has ended");
    CHECK(desk.log_says("the recording has ended"));
    const std::uint64_t frames = studio.check(newest(studio.takes()));
    CHECK(frames * 4 <= 250'000);
    CHECK(frames * 4 >= 250'000 - 40'000);
    peer.send({"/meters", {std::string("/ch/1"), 20.0f, std::int32_t{5}}});
    const auto meters = peer.wait("/meters/ch/1");
    REQUIRE(meters);
    CHECK(meters->number(0) > -20.0f);
    CHECK(desk.program().end(SIGTERM) == 0);
}

TEST_CASE("soundcheck: the recording feeds the channels from its start, and the interface again") {
    const Studio studio(2);
    Daemon desk(studio.options(), studio.home());
    OscPeer peer(desk.port());
    peer.send({"/soundcheck", {true}});  // there is nothing yet
    REQUIRE(
        poll_until([&] { return desk.log_says("there is no recording of channels"); }, seconds(5)));
    CHECK(poll_until([&] { return peer.get("/soundcheck").number() == 0.0f; }, seconds(5)));
    REQUIRE(lookback_reaches(peer, 2.0f));
    peer.send({"/record/from", {2.0f}});
    REQUIRE(peer.wait("/record/from"));
    peer.send({"/record/stop", {}});
    REQUIRE(peer.wait("/record/stop"));
    REQUIRE(state_becomes(peer, "off"));
    const auto source = newest(studio.takes());
    const std::uint64_t first = Studio::first_frame(source / "01.wav");

    // Recorded at the input, so what is fed is what is recorded.
    peer.send({"/ch/1/soundcheck", {true}});
    REQUIRE(poll_until([&] { return !peer.get("/soundcheck/folder").text().empty(); }, seconds(5)));
    std::this_thread::sleep_for(Milliseconds(700));
    peer.send({"/record/from", {0.4f}});
    REQUIRE(peer.wait("/record/from"));
    peer.send({"/record/stop", {}});
    REQUIRE(peer.wait("/record/stop"));
    REQUIRE(state_becomes(peer, "off"));
    const auto fed = newest(studio.takes());
    REQUIRE(fed != source);
    const auto played = disk::read_whole(source / "01.wav"), got = disk::read_whole(fed / "01.wav");
    REQUIRE(played);
    REQUIRE(got);
    const auto& from = played->tracks[0];
    const auto& to = got->tracks[0];
    REQUIRE(to.size() > 1000);
    // Where in the recording it is, if it is the recording: noise says so.
    std::size_t at = 0;
    while (at + to.size() < from.size() &&
           !std::equal(to.begin(), to.begin() + 64, from.begin() + static_cast<std::ptrdiff_t>(at)))
        ++at;
    const auto begin = from.begin() + static_cast<std::ptrdiff_t>(at);
    CHECK(std::equal(to.begin(), to.end(), begin));
    // The clock plays the same loop; but the recording began elsewhere in it.
    const std::uint64_t here = Studio::first_frame(fed / "01.wav");
    CHECK((here - first - at) % kLoop != 0);
    // The other channel has the interface all the time.
    const auto other = disk::read_whole(fed / "02.wav"),
               clean = disk::read_whole(source / "02.wav");
    REQUIRE(other);
    REQUIRE(clean);
    CHECK(other->tracks[0][100] == clean->tracks[0][(here + 100 - first) % kLoop]);
    CHECK(desk.program().end(SIGTERM) == 0);
}

TEST_SUITE_END();

}  // namespace record_test
}  // namespace mixrig::tests
