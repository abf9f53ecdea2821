// Recordings: what was on the tape is in the files, whatever the disk does.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/disk/recorder_support.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <unistd.h>

using namespace mixrig;
using namespace mixrig::disk;
using namespace mixrig::disk::tests;

TEST_CASE("recorder: 32 channels come through a disk that stalls for 2 s, bit for bit") {
    const ScratchFolder folder;
    auto tape = make_tape(32, 4 * kSecond);
    Player player(*tape);
    std::atomic<bool> stalled{false}, go_on{false};
    std::atomic<int> writes{0};
    Recorder recorder(calls_with([&](int file, const void* bytes, std::size_t count, off_t at) {
        if (writes.fetch_add(1) == 200) {
            stalled.store(true);
            while (!go_on.load()) std::this_thread::sleep_for(1ms);
        }
        return ::pwrite(file, bytes, count, at);
    }));
    player.play(kSecond / 2);
    recorder.begin(order_of(tape, folder.path()));
    while (!stalled.load()) {
        player.play(kSecond / 10);
        std::this_thread::sleep_for(20ms);
    }
    const std::uint64_t before = player.next();
    player.play(2 * kSecond);  // while the disk does nothing
    CHECK(player.next() - before == 2 * kSecond);
    go_on.store(true);
    for (int i = 0; i < 10; ++i) {
        player.play(kSecond / 10);
        std::this_thread::sleep_for(20ms);
    }
    recorder.end(player.next());
    const RecorderReport report = wait_for_end(recorder);
    CHECK(report.state == RecorderState::off);
    CHECK(report.gaps == 0);
    CHECK(report.frames == player.next() * kQuantum);
    CHECK(check_files(report.folder, 32, 0) == report.frames);
}

TEST_CASE("recorder: a stall longer than the tape is a gap of silence, and all else in its place") {
    const ScratchFolder folder;
    auto tape = make_tape(2, 4 * kSecond);
    Player player(*tape);
    std::atomic<bool> stalled{false}, go_on{false};
    std::atomic<int> writes{0};
    Recorder recorder(calls_with([&](int file, const void* bytes, std::size_t count, off_t at) {
        if (writes.fetch_add(1) == 20) {
            stalled.store(true);
            while (!go_on.load()) std::this_thread::sleep_for(1ms);
        }
        return ::pwrite(file, bytes, count, at);
    }));
    recorder.begin(order_of(tape, folder.path()));
    while (!stalled.load()) {
        player.play(kSecond / 8);
        std::this_thread::sleep_for(40ms);
    }
    player.play(12 * kSecond);
    go_on.store(true);
    std::this_thread::sleep_for(300ms);
    player.play(kSecond / 8);
    recorder.end(player.next());
    const RecorderReport report = wait_for_end(recorder);
    CHECK(report.gaps == 1);
    CHECK(report.gap_frames >= 8 * kSecond * kQuantum);
    CHECK(report.gap_frames <= 12 * kSecond * kQuantum);
    CHECK(report.frames == player.next() * kQuantum);
    // Where the silence lies: its end is known by what follows.
    const auto sound = read_whole(report.folder + "/" + name_of(0) + ".wav");
    REQUIRE(sound);
    Silence silence;
    while (sound->tracks[0][silence.begin] != 0.0f) ++silence.begin;
    silence.end = silence.begin + report.gap_frames;
    CHECK(check_files(report.folder, 2, 0, silence) == report.frames);
}

TEST_CASE("recorder: begins in the past, and a second one never writes over the first") {
    const ScratchFolder folder;
    auto tape = make_tape(3, 13 * kSecond);
    Player player(*tape, 7777);
    player.play(20 * kSecond);  // the tape has gone round
    Recorder recorder;
    TakeOrder order = order_of(tape, folder.path());
    order.from = player.next() - 10 * kSecond;
    const std::uint64_t first = order.from * kQuantum;
    recorder.begin(order);
    player.play(kSecond);
    recorder.end(player.next());
    const RecorderReport past = wait_for_end(recorder);
    CHECK(past.frames == 11 * kSecond * kQuantum);
    CHECK(past.gaps == 0);
    CHECK(check_files(past.folder, 3, first) == past.frames);

    const std::string before = bytes_of(past.folder + "/" + name_of(0) + ".wav");
    order.from = player.next();
    recorder.begin(order);
    player.play(kSecond / 4);
    recorder.end(player.next());
    const RecorderReport second = wait_for_end(recorder, 2);
    CHECK(second.folder == past.folder + "-2");
    CHECK(check_files(second.folder, 3, order.from * kQuantum) == second.frames);
    CHECK(bytes_of(past.folder + "/" + name_of(0) + ".wav") == before);
    CHECK(folder.entries() == 2);
}

TEST_CASE("recorder: 24 bit is the nearest step; stereo strips are one file") {
    const ScratchFolder folder;
    auto tape = make_tape(3, 2 * kSecond);
    Player player(*tape);
    player.play(kSecond);
    Recorder recorder;
    TakeOrder order = order_of(tape, folder.path());
    order.coding = RecordingCoding::pcm24;
    order.tracks.resize(2);
    order.tracks[1].lane = 1;
    order.tracks[1].lanes = 2;
    recorder.begin(order);
    recorder.end(player.next());
    const RecorderReport report = wait_for_end(recorder);
    CHECK(check_files(report.folder, 1, 0, {}, 0x1p-24f) == kSecond * kQuantum);
    const auto pair = read_whole(report.folder + "/" + name_of(1) + ".wav");
    REQUIRE(pair);
    REQUIRE(pair->channels() == 2);
    for (std::size_t side = 0; side < 2; ++side)
        for (std::size_t n = 0; n < pair->frames(); ++n)
            REQUIRE(std::fabs(pair->tracks[side][n] - sample(1 + side, n)) <= 0x1p-24f);
}

TEST_CASE("recorder: each second is in the headers, so a program that is killed loses no more") {
    const ScratchFolder folder;
    auto tape = make_tape(4, 4 * kSecond);
    Player player(*tape);
    Recorder recorder;
    recorder.begin(order_of(tape, folder.path()));
    for (int i = 0; i < 20; ++i) {
        player.play(kSecond / 20);
        std::this_thread::sleep_for(50ms);
    }
    // Read while it is being written, as after a kill.
    const std::string take = (folder.path() / "2026-11-21_16-30-00").string();
    std::filesystem::copy(take, folder / "killed");
    CHECK(check_files(folder / "killed", 4, 0) >= kSecond * kQuantum / 2);
    // The destructor takes what the tape still has.
}

TEST_CASE("recorder: what ends with the program is whole as well") {
    const ScratchFolder folder;
    auto tape = make_tape(2, 4 * kSecond);
    Player player(*tape);
    {
        Recorder recorder;
        recorder.begin(order_of(tape, folder.path()));
        player.play(3 * kSecond);
    }
    CHECK(check_files(folder.path() / "2026-11-21_16-30-00", 2, 0) == 3 * kSecond * kQuantum);
}

TEST_CASE("recorder: beyond what WAV has room for the same file is RF64, with its label") {
    for (const bool large : {false, true}) {
        CAPTURE(large);
        const ScratchFolder folder;
        auto tape = make_tape(1, 4 * kSecond);
        Player player(*tape, 1000);
        player.play(3 * kSecond);
        TakeOrder order = order_of(tape, folder.path());
        order.from = 1000;
        if (large) order.largest_wav = 200'000;
        // An hour and a half past midnight of some day, in this place.
        std::tm when = {};
        when.tm_year = 126, when.tm_mon = 10, when.tm_mday = 21, when.tm_hour = 1, when.tm_min = 30;
        when.tm_isdst = -1;
        order.began = std::chrono::system_clock::from_time_t(std::mktime(&when)) + 250ms;
        {
            Recorder recorder;
            recorder.begin(order);
        }
        const auto path = folder.path() / "2026-11-21_16-30-00" / (name_of(0) + ".wav");
        CHECK(check_files(path.parent_path(), 1, 1000 * kQuantum) == 3 * kSecond * kQuantum);
        const std::string bytes = bytes_of(path);
        CHECK(bytes.substr(0, 4) == (large ? "RF64" : "RIFF"));
        CHECK(bytes.substr(12, 4) == (large ? "ds64" : "JUNK"));
        const std::size_t bext = bytes.find("bext") + 8;
        CHECK(bytes.substr(bext, 12) == std::string("test: Track\0", 12));
        CHECK(bytes.substr(bext + 320, 18) == "2026-11-2101:30:00");
        std::uint64_t reference = 0;
        for (std::size_t i = 0; i < 8; ++i)
            reference |= std::uint64_t{static_cast<unsigned char>(bytes[bext + 338 + i])}
                         << (8 * i);
        CHECK(reference == 5400 * 48000 + 12000);
        CHECK(bytes.find("INAM") != std::string::npos);
        CHECK(bytes.find("frame 32000 of the engine") != std::string::npos);
    }
}

TEST_CASE("recorder: makes tapes, shorter ones where memory is scarce, and frees them") {
    Recorder recorder;
    const auto made = [&] {
        std::optional<base::Result<std::shared_ptr<Tape>>> tape;
        CHECK(eventually([&] { return (tape = recorder.take_tape()).has_value(); }));
        return *tape;
    };
    recorder.make_tape({{3, link::TapeTap::pre, 2}}, 100, 10);
    auto tape = made();
    REQUIRE(tape);
    CHECK((*tape)->capacity() == 100);
    CHECK((*tape)->lanes() == 2);
    const std::weak_ptr<Tape> still_there = *tape;
    tape = base::Error{"let go"};
    CHECK(eventually([&] { return still_there.expired(); }));
    // More than any machine has.
    recorder.make_tape({{0, link::TapeTap::in, 2}}, std::size_t{1} << 40, std::size_t{1} << 40);
    CHECK_FALSE(made());
}
