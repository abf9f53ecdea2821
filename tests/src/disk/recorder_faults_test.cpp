// Disks that are full, or fail: what was recorded until then is valid.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/disk/recorder_support.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace mixrig;
using namespace mixrig::disk;
using namespace mixrig::disk::tests;

TEST_CASE("recorder: a disk that is full ends it with valid files, all of one length") {
    for (const int code : {ENOSPC, EDQUOT, EFBIG, EIO}) {
        CAPTURE(code);
        const ScratchFolder folder;
        auto tape = make_tape(8, 4 * kSecond);
        Player player(*tape);
        std::int64_t room = 2'000'000;
        Recorder recorder(
            calls_with([&](int file, const void* bytes, std::size_t count, off_t at) -> ssize_t {
                if (at == 0) return ::pwrite(file, bytes, count, at);  // these blocks it has
                if (room <= 0) {
                    errno = code;
                    return -1;
                }
                const auto part = std::min(count, static_cast<std::size_t>(room));
                room -= static_cast<std::int64_t>(part);
                return ::pwrite(file, bytes, part, at);
            }));
        recorder.begin(order_of(tape, folder.path()));
        player.play(3 * kSecond);
        const RecorderReport report = wait_for_end(recorder);
        CHECK(report.state == (code == EIO ? RecorderState::failed : RecorderState::full));
        REQUIRE(report.error);
        const std::uint64_t frames = check_files(report.folder, 8, 0);
        CHECK(frames == report.frames);
        CHECK(frames * 8 * 4 <= 2'000'000);
        CHECK(frames * 8 * 4 >= 2'000'000 - 2 * 4096 * 8 * 4);
        for (const auto& entry : std::filesystem::directory_iterator(report.folder))
            CHECK(entry.file_size() == WaveFile::kHeaderBytes + frames * 4);
    }
}

TEST_CASE("recorder: a disk that takes everything and keeps nothing is told of at the end") {
    const ScratchFolder folder;
    auto tape = make_tape(1, 4 * kSecond);
    Player player(*tape);
    DiskCalls calls = DiskCalls::real();
    std::atomic<int> syncs{0};
    calls.sync = [&](int) {
        if (syncs.fetch_add(1) == 0) return 0;  // the folder
        errno = EIO;
        return -1;
    };
    Recorder recorder(calls);
    recorder.begin(order_of(tape, folder.path()));
    player.play(kSecond);
    recorder.end(player.next());
    const RecorderReport report = wait_for_end(recorder, 2);
    CHECK(report.state == RecorderState::failed);
    REQUIRE(report.error);
    CHECK(report.error->what.find("onto the disk") != std::string::npos);
}

TEST_CASE("recorder: a real limit on the size of files is such an end as well") {
    const ScratchFolder folder;
    auto tape = make_tape(2, 4 * kSecond);
    Player player(*tape);
    player.play(3 * kSecond);
    rlimit before = {};
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);  // as `mixrig run` does
    const rlimit small = {300'000, before.rlim_max};
    REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
    Recorder recorder;
    recorder.begin(order_of(tape, folder.path()));
    const RecorderReport report = wait_for_end(recorder);
    CHECK(setrlimit(RLIMIT_FSIZE, &before) == 0);
    (void)std::signal(SIGXFSZ, handler);
    CHECK(report.state == RecorderState::full);
    const std::uint64_t frames = check_files(report.folder, 2, 0);
    CHECK(frames * 4 <= 300'000);
    CHECK(frames * 4 >= 300'000 - 2 * 4096 * 4 - WaveFile::kHeaderBytes);
}

TEST_CASE("recorder: a small disk of its own is filled, and what fits is valid") {
    const ScratchFolder folder;
    // 8 MB for eight lanes of 192 kB a second, less what is left alone.
    if (::geteuid() != 0 || ::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=8m") != 0) {
        MESSAGE("not shown: only root may mount");
        return;
    }
    {
        auto tape = make_tape(8, 12 * kSecond);
        Player player(*tape);
        player.play(10 * kSecond);
        Recorder recorder;
        recorder.begin(order_of(tape, folder.path()));
        const RecorderReport report = wait_for_end(recorder);
        CHECK(report.state == RecorderState::full);
        const std::uint64_t frames = check_files(report.folder, 8, 0);
        CHECK(frames == report.frames);
        CHECK(frames * 8 * 4 > 3'000'000);
        CHECK(frames * 8 * 4 < 8'400'000);
    }
    CHECK(::umount2(folder.path().c_str(), MNT_DETACH) == 0);
}

TEST_CASE("recorder: it leaves the last megabytes of a disk alone, and does not begin without") {
    const ScratchFolder folder;
    auto tape = make_tape(1, 4 * kSecond);
    Player player(*tape);
    player.play(kSecond);
    std::atomic<std::int64_t> left{Recorder::kReserveBytes + 1'000'000};
    DiskCalls calls = DiskCalls::real();
    calls.free = [&](const std::filesystem::path&) { return left.load(); };
    Recorder recorder(calls);
    recorder.watch(folder.path());
    recorder.begin(order_of(tape, folder.path()));
    CHECK(eventually([&] { return recorder.report().frames == kSecond * kQuantum; }));
    CHECK(recorder.report().free_bytes == Recorder::kReserveBytes + 1'000'000);
    left.store(1000);
    const RecorderReport report = wait_for_end(recorder);
    CHECK(report.state == RecorderState::full);
    CHECK(check_files(report.folder, 1, 0) == kSecond * kQuantum);
    recorder.begin(order_of(tape, folder.path()));
    CHECK(wait_for_end(recorder, 2).state == RecorderState::full);
    CHECK(folder.entries() == 1);
}
