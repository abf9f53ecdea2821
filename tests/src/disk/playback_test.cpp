// Tracks streamed from the disk: every frame in its place, whatever is sought.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/playback.h"

#include "src/disk/sound_file_writer.h"
#include "tests/support/scratch_folder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>
#include <thread>
#include <vector>

using namespace mixrig;
using namespace mixrig::disk;
using mixrig::tests::ScratchFolder;
using namespace std::chrono_literals;

namespace playback_test {

// What a lane has at a frame: never silence.
float sample(std::size_t lane, std::uint64_t frame) {
    return (1.0f + static_cast<float>(frame % 65521) + 100000.0f * static_cast<float>(lane)) /
           1048576.0f;
}

void write(const std::filesystem::path& path, std::size_t first_lane, std::size_t channels,
           std::size_t frames, double rate = 48000.0) {
    Sound sound{.rate = {rate}};
    for (std::size_t c = 0; c < channels; ++c) {
        sound.tracks.emplace_back(frames);
        for (std::size_t n = 0; n < frames; ++n) sound.tracks[c][n] = sample(first_lane + c, n);
    }
    REQUIRE(write_whole(path, sound, {Container::wav, Coding::float32}));
}

// An audio thread that has time.
class Listener {
public:
    explicit Listener(Playback& playback)
        : playback_(playback), room_(playback.lanes(), std::vector<float>(Playback::kBlock)) {
        for (auto& lane : room_) pointers_.push_back(lane.data());
    }
    bool read(std::size_t frames) { return playback_.read(pointers_.data(), frames); }
    // Until there is enough.
    void wait() {
        for (int i = 0; i < 2000 && !playback_.is_ready(); ++i) std::this_thread::sleep_for(2ms);
        REQUIRE(playback_.is_ready());
    }
    const std::vector<float>& lane(std::size_t at) const { return room_[at]; }

private:
    Playback& playback_;
    std::vector<std::vector<float>> room_;
    std::vector<float*> pointers_;
};

TEST_CASE("playback: lanes of all tracks, in time, whatever is read at once; then silence") {
    const ScratchFolder folder;
    write(folder / "a.wav", 0, 1, 100000);
    write(folder / "b.wav", 1, 2, 70000);
    auto opened = Playback::open(
        {{folder / "a.wav", 1}, {folder / "b.wav", 2}, {folder / "a.wav", 2}}, {48000.0});
    REQUIRE_MESSAGE(opened, opened.error().text());
    Playback& playback = **opened;
    CHECK(playback.lanes() == 5);
    CHECK(playback.length() == 100000);
    Listener listener(playback);
    listener.wait();
    std::uint64_t at = 0;
    std::size_t wrong = 0;
    const std::size_t sizes[] = {1, 64, 441, 1024, 37, 1000};
    for (std::size_t i = 0; at < 110000; ++i) {
        const std::size_t frames = sizes[i % 6];
        while (!listener.read(frames)) FAIL("the disk is slower than 3 s of music");
        for (std::size_t n = 0; n < frames; ++n, ++at) {
            const bool long_one = at < 100000, short_one = at < 70000;
            wrong += listener.lane(0)[n] != (long_one ? sample(0, at) : 0.0f);
            wrong += listener.lane(1)[n] != (short_one ? sample(1, at) : 0.0f);
            wrong += listener.lane(2)[n] != (short_one ? sample(2, at) : 0.0f);
            wrong += listener.lane(3)[n] != listener.lane(0)[n];
            wrong += listener.lane(4)[n] != listener.lane(0)[n];
        }
        if (i % 16 == 0) std::this_thread::sleep_for(1ms);
    }
    CHECK(wrong == 0);
    CHECK(playback.late() == 0);
}

TEST_CASE("playback: seeks to the frame, and a loop has no seam") {
    const ScratchFolder folder;
    write(folder / "a.wav", 0, 1, 30000);
    auto opened = Playback::open({{folder / "a.wav", 1}}, {48000.0});
    REQUIRE(opened);
    Playback& playback = **opened;
    Listener listener(playback);
    for (const std::uint64_t from : {12345u, 0u, 29999u, 7u}) {
        CAPTURE(from);
        playback.seek(from, {0, 30000});
        // Time stands still until it begins, and nothing is heard of what was read before.
        bool begun = false;
        std::size_t wrong = 0;
        for (int i = 0; i < 2000 && !begun; ++i) {
            begun = listener.read(500);
            if (begun) break;
            wrong += listener.lane(0)[99] != 0.0f;
            std::this_thread::sleep_for(2ms);
        }
        REQUIRE(begun);
        // A busy machine may bring some of it late; time goes on all the same.
        std::size_t heard = 0;
        std::uint64_t at = from;
        bool is_there = true;
        for (int i = 0; i < 130; ++i, at += 500) {
            // But for the seam.
            for (std::size_t n = 0; is_there && n < 500; ++n)
                wrong += (at + n) % 30000 < 30000 - 240 &&
                         listener.lane(0)[n] != sample(0, (at + n) % 30000);
            heard += is_there ? 1 : 0;
            std::this_thread::sleep_for(i % 8 == 0 ? 5ms : 0ms);
            is_there = listener.read(500);
        }
        CHECK(wrong == 0);
        CHECK(heard > 65);  // the loop was gone through
    }
}

TEST_CASE("playback: what comes late is silence, and the rest is where it belongs") {
    const ScratchFolder folder;
    write(folder / "a.wav", 0, 1, 2'000'000);
    auto opened = Playback::open({{folder / "a.wav", 1}}, {48000.0});
    REQUIRE(opened);
    Playback& playback = **opened;
    Listener listener(playback);
    listener.wait();
    std::uint64_t at = 0;
    // Faster than any disk, until it is late.
    std::size_t wrong = 0;
    while (playback.late() == 0 && at < 1'500'000) {
        (void)listener.read(1024);
        at += 1024;
    }
    CHECK(playback.late() > 0);
    std::size_t heard = 0;
    for (int i = 0; i < 200; ++i) {
        std::this_thread::sleep_for(2ms);
        const bool whole = listener.read(480);
        for (std::size_t n = 0; n < 480; ++n, ++at) {
            const float x = listener.lane(0)[n];
            wrong += x != 0.0f && x != sample(0, at);
            heard += whole && x == sample(0, at);
        }
    }
    CHECK(wrong == 0);
    CHECK(heard > 480u * 100u);
}

TEST_CASE("playback: loops within the song, and what is left out is passed over") {
    const ScratchFolder folder;
    write(folder / "a.wav", 0, 1, 30000);
    auto opened = Playback::open({{folder / "a.wav", 1}}, {48000.0});
    REQUIRE(opened);
    Playback& playback = **opened;
    Listener listener(playback);
    const base::Loop loop{10000, 12345};
    listener.wait();  // what was read for the beginning is of no use
    playback.seek(9000, loop);
    for (int i = 0; i < 2000 && !playback.is_ready(); ++i) {
        playback.rest();
        std::this_thread::sleep_for(2ms);
    }
    REQUIRE(playback.is_ready());
    playback.skip(777);
    std::size_t wrong = 0;
    for (std::uint64_t at = 777; at < 20000; at += 1000) {
        REQUIRE(listener.read(1000));
        for (std::size_t n = 0; n < 1000; ++n) {
            const std::uint64_t place = loop.advance(9000, at + n);
            wrong += place < 12345 - 240 && listener.lane(0)[n] != sample(0, place);
        }
    }
    CHECK(wrong == 0);
    CHECK(playback.late() == 0);
    CHECK(loop.advance(9000, 3345) == 10000);
    CHECK(loop.advance(12345, 5) == 12350);
}

TEST_CASE("playback: the seam of a loop makes no step, whatever stands on either side") {
    const ScratchFolder folder;
    Sound tone{.rate = {48000.0}, .tracks = {std::vector<float>(96000)}};
    for (std::size_t n = 0; n < 96000; ++n)
        tone.tracks[0][n] = static_cast<float>(
            0.5 * std::sin(2.0 * std::numbers::pi * 997.0 * static_cast<double>(n) / 48000.0));
    REQUIRE(write_whole(folder / "a.wav", tone, {Container::wav, Coding::float32}));
    for (const base::Loop loop :
         {base::Loop{0, 4813}, base::Loop{100, 5000}, base::Loop{9000, 14017}}) {
        CAPTURE(loop.begin);
        auto opened = Playback::open({{folder / "a.wav", 1}}, {48000.0});
        REQUIRE(opened);
        Playback& playback = **opened;
        Listener listener(playback);
        playback.seek(loop.begin, loop);
        for (int i = 0; i < 2000 && !playback.is_ready(); ++i) {
            playback.rest();
            std::this_thread::sleep_for(2ms);
        }
        std::vector<double> heard;
        for (int i = 0; i < 30; ++i) {
            REQUIRE(listener.read(1000));
            heard.insert(heard.end(), listener.lane(0).begin(), listener.lane(0).begin() + 1000);
        }
        // The tone's own bend is 0.0085 a frame; a cut makes one of up to 1.
        double bend = 0.0;
        for (std::size_t n = 1; n + 1 < heard.size(); ++n)
            bend = std::max(bend, std::fabs(heard[n - 1] - 2.0 * heard[n] + heard[n + 1]));
        CHECK(bend < 0.02);
    }
}

TEST_CASE("playback: tracks of another rate and files that are none are refused by name") {
    const ScratchFolder folder;
    write(folder / "a.wav", 0, 1, 1000, 44100.0);
    const auto other = Playback::open({{folder / "a.wav", 1}}, {48000.0});
    REQUIRE_FALSE(other);
    CHECK(other.error().text().find("a.wav: is of 44100 Hz") != std::string::npos);
    CHECK_FALSE(Playback::open({{folder / "none.wav", 1}}, {48000.0}));
}

}  // namespace playback_test
