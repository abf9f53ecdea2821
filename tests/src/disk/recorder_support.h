// A tape that is played onto, and recordings that are held against it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/disk/recorder.h"
#include "src/disk/sound_file_reader.h"
#include "tests/support/scratch_folder.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace mixrig::disk::tests {

using link::Tape;
using mixrig::tests::ScratchFolder;
using namespace std::chrono_literals;

inline constexpr std::size_t kQuantum = dsp::kQuantum;
inline constexpr std::size_t kSecond = 48000 / kQuantum;  // quanta

// What a lane plays: noise that is a function of lane and frame.
inline float sample(std::size_t lane, std::uint64_t frame) {
    std::uint64_t z = (frame + 1) * 0x9e3779b97f4a7c15ull + lane * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 30)) * 0x94d049bb133111ebull;
    return static_cast<float>(static_cast<std::int32_t>(z >> 32)) * 0x1p-31f;
}

// The audio thread: as many quanta as it is told.
class Player {
public:
    explicit Player(Tape& tape, std::uint64_t first = 0) : tape_(tape), next_(first) {}
    void play(std::size_t quanta) {
        float room[kQuantum];
        for (std::size_t q = 0; q < quanta; ++q, ++next_) {
            tape_.begin_quantum(next_);
            for (std::size_t lane = 0; lane < tape_.lanes(); ++lane) {
                for (std::size_t i = 0; i < kQuantum; ++i)
                    room[i] = sample(lane, next_ * kQuantum + i);
                tape_.write(lane, room, {0, kQuantum});
            }
            tape_.end_quantum();
        }
    }
    std::uint64_t next() const { return next_; }

private:
    Tape& tape_;
    std::uint64_t next_;
};

inline std::shared_ptr<Tape> make_tape(std::size_t lanes, std::size_t quanta) {
    std::vector<link::TapeSource> sources;
    for (std::uint32_t lane = 0; lane < lanes; ++lane)
        sources.push_back({lane, link::TapeTap::in, 1});
    return std::make_shared<Tape>(sources, quanta);
}

inline std::string name_of(std::size_t lane) {
    return (lane < 9 ? "0" : "") + std::to_string(lane + 1) + "-Track";
}

inline TakeOrder order_of(std::shared_ptr<Tape> tape, const std::filesystem::path& folder) {
    TakeOrder order{.tape = tape,
                    .folder = folder,
                    .name = "2026-11-21_16-30-00",
                    .coding = RecordingCoding::float32,
                    .desk = "test",
                    .began = std::chrono::system_clock::now()};
    for (std::size_t lane = 0; lane < tape->lanes(); ++lane)
        order.tracks.push_back({.file = name_of(lane), .title = "Track", .lane = lane, .lanes = 1});
    return order;
}

template <typename Condition>
bool eventually(Condition condition) {
    for (int i = 0; i < 4000; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(5ms);
    }
    return false;
}

inline RecorderReport wait_for_end(const Recorder& recorder, std::uint64_t ended = 1) {
    CHECK(eventually([&] { return recorder.report().ended >= ended; }));
    return recorder.report();
}

struct Silence {
    std::uint64_t begin = 0, end = 0;
};

// Every file is the lane that it should be, from `first` on; returns the length of the files.
inline std::uint64_t check_files(const std::filesystem::path& folder, std::size_t lanes,
                                 std::uint64_t first, Silence silence = {},
                                 float tolerance = 0.0f) {
    std::uint64_t frames = 0;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        CAPTURE(lane);
        const auto sound = read_whole(folder / (name_of(lane) + ".wav"));
        REQUIRE_MESSAGE(sound, sound.error().text());
        if (lane == 0) frames = sound->frames();
        REQUIRE(sound->channels() == 1);
        REQUIRE(sound->frames() == frames);
        std::uint64_t wrong = 0;
        for (std::uint64_t n = 0; n < frames; ++n) {
            const bool silent = n >= silence.begin && n < silence.end;
            const float wanted = silent ? 0.0f : sample(lane, first + n);
            wrong += !(std::fabs(sound->tracks[0][n] - wanted) <= tolerance);
        }
        CHECK(wrong == 0);
    }
    return frames;
}

// Writes for real, up to a moment at which it does something else.
inline DiskCalls calls_with(std::function<ssize_t(int, const void*, std::size_t, off_t)> write) {
    DiskCalls calls = DiskCalls::real();
    calls.write = std::move(write);
    return calls;
}

inline std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace mixrig::disk::tests
