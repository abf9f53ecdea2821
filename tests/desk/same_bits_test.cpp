// One song, one result: whatever the block size and the number of threads, offline or live.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/desk/big_song.h"
#include "tests/desk/jack_recorder.h"
#include "tests/desk/osc_peer.h"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstring>
#include <span>

namespace mixrig::tests {

namespace same_bits_test {

bool same_bits(std::span<const float> a, std::span<const float> b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

std::size_t first_sound(const Stereo& sound) {
    std::size_t at = 0;
    while (at < sound.left.size() && sound.left[at] == 0.0f && sound.right[at] == 0.0f) ++at;
    return at;
}

std::size_t first_difference(std::span<const float> a, std::span<const float> b) {
    std::size_t at = 0;
    while (at < std::min(a.size(), b.size()) && std::memcmp(&a[at], &b[at], sizeof(float)) == 0)
        ++at;
    return at;
}

// Made once for all tests here.
const std::filesystem::path& big_song() {
    static const ScratchFolder folder;
    static const bool made = (write_big_song(folder.path()), true);
    (void)made;
    return folder.path();
}

// Kept for the live test.
const Stereo& reference() {
    static const Stereo sound = bounce(big_song() / "song.toml", {});
    return sound;
}

TEST_SUITE_BEGIN("bits");

TEST_CASE("bounce: a song with everything on is the same for any block and number of threads") {
    const Stereo& one = reference();
    REQUIRE(one.left.size() == kSilence + kMusic);
    double energy = 0.0;
    for (const float x : one.left) energy += static_cast<double>(x) * static_cast<double>(x);
    const double rms_dB = 10.0 * std::log10(energy / static_cast<double>(kMusic));
    MESSAGE("the song's left side has an RMS of " << rms_dB << " dBFS");
    CHECK(rms_dB > -60.0);  // there is something to compare
    const std::vector<std::pair<int, int>> ways = {{16, 1},  {37, 2},   {64, 4},
                                                   {441, 1}, {1024, 2}, {16, 4}};
    for (const auto& way : ways) {
        const int block = way.first, threads = way.second;
        CAPTURE(block);
        CAPTURE(threads);
        const Stereo other =
            bounce(big_song() / "song.toml",
                   {"--block", std::to_string(block), "--threads", std::to_string(threads)});
        CAPTURE(first_difference(one.left, other.left));
        CHECK(same_bits(one.left, other.left));
        CHECK(same_bits(one.right, other.right));
    }
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("freewheel");

TEST_CASE("run: live in freewheel, and looked at, the song has the same bits as its bounce") {
    const Stereo& offline = reference();
    const ScratchFolder home;
    Jackd jackd(home.path(), 256);
    JackRecorder recorder(60 * kRate);  // a desk on a busy machine takes some of it to start
    Daemon desk(
        {"-c", (big_song() / "desk.toml").string(), "--scene", (big_song() / "mix.scene").string(),
         "--automation", (big_song() / "mix.auto").string(), "--play",
         (big_song() / "tracks").string(), "--once", "--no-state"},
        home.path());
    REQUIRE_MESSAGE(recorder.connect("mixrig:main-L", "mixrig:main-R"), desk.log());
    // Whoever looks on changes nothing: every value and every meter, a hundred times a second.
    std::vector<std::unique_ptr<OscPeer>> remotes;
    for (int n = 0; n < 4; ++n) {
        remotes.push_back(std::make_unique<OscPeer>(desk.port()));
        remotes.back()->send({"/subscribe", {std::int32_t{600}}});
        remotes.back()->send({"/meters", {100.0f, std::int32_t{600}}});
    }
    // It plays, or will in a moment.
    const std::size_t until = recorder.frames() + kSilence + kMusic + kRate;
    const auto begin = std::chrono::steady_clock::now();
    recorder.freewheel(true);
    REQUIRE(poll_until([&] { return recorder.frames() >= until; }, std::chrono::seconds(100)));
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
    recorder.freewheel(false);
    for (const auto& remote : remotes) CHECK(remote->wait("/meters/main", std::chrono::seconds(5)));
    const Stereo live = recorder.sound();
    const std::size_t at = first_sound(live), from = first_sound(offline);
    MESSAGE("freewheel took " << passed.count() << " s; first sound at frame " << at
                              << " of the recording, " << from << " of the bounce");
    REQUIRE(at > 0);  // recorded from before the beginning
    REQUIRE(at < live.left.size());
    const std::size_t length = offline.left.size() - from;
    REQUIRE(live.left.size() >= at + length);
    const auto live_left = std::span(live.left).subspan(at, length);
    const auto live_right = std::span(live.right).subspan(at, length);
    CAPTURE(first_difference(live_left, std::span(offline.left).subspan(from)));
    CHECK(same_bits(live_left, std::span(offline.left).subspan(from)));
    CHECK(same_bits(live_right, std::span(offline.right).subspan(from)));
    CHECK(desk.program().end(SIGTERM) == 0);
}

TEST_SUITE_END();

}  // namespace same_bits_test
}  // namespace mixrig::tests
