// Between interface and recording: a fade without a click, and nothing touched at its ends.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/song/soundcheck.h"

#include "src/disk/sound_file_writer.h"
#include "tests/support/scratch_folder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>
#include <thread>

using namespace mixrig;
using mixrig::tests::ScratchFolder;
using namespace std::chrono_literals;

namespace soundcheck_test {

constexpr std::size_t kBlock = 64;

std::vector<float> sine(double frequency, std::size_t frames) {
    std::vector<float> out(frames);
    for (std::size_t n = 0; n < frames; ++n)
        out[n] = static_cast<float>(
            0.5 * std::sin(2.0 * std::numbers::pi * frequency * static_cast<double>(n) / 48000.0));
    return out;
}

double steepest(const std::vector<float>& x) {
    double most = 0.0;
    for (std::size_t n = 1; n < x.size(); ++n)
        most = std::max(most, std::fabs(static_cast<double>(x[n]) - static_cast<double>(x[n - 1])));
    return most;
}

TEST_CASE("soundcheck: fades within 10 ms, and passes either side bit for bit") {
    const ScratchFolder folder;
    const auto track = sine(440.0, 96000), live = sine(997.0, 96000);
    REQUIRE(disk::write_whole(folder / "a.wav", {.rate = {48000.0}, .tracks = {track}},
                              {disk::Container::wav, disk::Coding::float32}));
    auto playback = disk::Playback::open({{folder / "a.wav", 1}}, {48000.0});
    REQUIRE(playback);
    app::SoundcheckFeed feed(*std::move(playback), {-1, 0}, {48000.0});
    std::size_t at = 0;
    std::vector<float> heard;
    const auto play = [&](std::size_t blocks) {
        heard.clear();
        const float* const* out = nullptr;
        for (std::size_t b = 0; b < blocks; ++b, at += kBlock) {
            const float* const in[] = {live.data() + at, live.data() + at};
            out = feed.mix(at, in, kBlock);
            CHECK(out[0] == in[0]);  // nothing is loaded for it
            heard.insert(heard.end(), out[1], out[1] + kBlock);
        }
        return out[1];
    };
    const double bound = 1.05 * (steepest(track) + steepest(live));
    const float* last = play(3);
    CHECK(last == live.data() + at - kBlock);
    CHECK(feed.is_dry());

    feed.want(0, true);  // has no track
    feed.want(1, true);
    feed.play_from(at);
    (void)play(1);
    CHECK_FALSE(feed.is_dry());
    for (int i = 0; i < 500 && !feed.playback().is_ready(); ++i) std::this_thread::sleep_for(2ms);
    (void)play(10);
    CHECK(steepest(heard) < bound);
    (void)play(1);
    // All recording: somewhere in the track, bit for bit.
    const auto where = std::search(track.begin(), track.end(), heard.begin(), heard.end());
    CHECK(where != track.end());

    feed.want(1, false);
    (void)play(10);
    CHECK(steepest(heard) < bound);
    CHECK(feed.is_dry());
    last = play(1);
    CHECK(last == live.data() + at - kBlock);
}

TEST_CASE("soundcheck: tracks begin and end at the frames that were said, with a fade") {
    const ScratchFolder folder;
    std::vector<float> ramp(96000);
    for (std::size_t n = 0; n < ramp.size(); ++n) ramp[n] = 1.0f + static_cast<float>(n);
    REQUIRE(disk::write_whole(folder / "a.wav", {.rate = {48000.0}, .tracks = {ramp}},
                              {disk::Container::wav, disk::Coding::float32}));
    auto playback = disk::Playback::open({{folder / "a.wav", 1}}, {48000.0});
    REQUIRE(playback);
    app::SoundcheckFeed feed(*std::move(playback), {0}, {48000.0});
    feed.want(0, true);
    const std::vector<float> silence(kBlock);
    std::uint64_t at = 0;
    std::vector<float> heard;
    const auto play_to = [&](std::uint64_t end) {
        for (; at < end; at += kBlock) {
            const float* const in[] = {silence.data()};
            const float* const* out = feed.mix(at, in, kBlock);
            heard.insert(heard.end(), out[0], out[0] + kBlock);
        }
    };
    const auto ready = [&] {
        for (int i = 0; i < 500 && !feed.playback().is_ready(); ++i) {
            play_to(at + kBlock);
            std::this_thread::sleep_for(2ms);
        }
        REQUIRE(feed.playback().is_ready());
    };
    // Said ahead; said so late that some of it is missed.
    for (const bool is_late : {false, true}) {
        CAPTURE(is_late);
        feed.playback().seek(5000);
        ready();
        const std::uint64_t from = is_late ? at - 100 : at + 1000, until = from + 20000;
        const std::uint64_t seen = is_late ? at : from;
        feed.play_from(from);
        play_to(at + 4096);
        feed.play_until(until);
        play_to(until + 4096);
        std::size_t wrong = 0, faded = 0;
        for (std::uint64_t n = from; n < until + 2000; ++n) {
            const float song = ramp[5000 + (n - from)], x = heard[n];
            if (n < seen || n >= until)
                wrong += x != 0.0f;
            else if (n >= seen + 480 && n < until - 481)
                wrong += x != song;
            else
                faded += x >= 0.0f && x <= song;
        }
        CHECK(wrong == 0);
        CHECK(faded == 480 + 481);
    }
}

}  // namespace soundcheck_test
