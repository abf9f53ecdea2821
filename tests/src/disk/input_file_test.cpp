// All inputs of a desk in one raw file.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/input_file.h"

#include "tests/support/scratch_folder.h"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <sys/stat.h>

using namespace mixrig;

namespace input_file_test {

using Channels = std::vector<std::vector<float>>;

// Every pattern of bits that a float can have, not numbers included.
Channels random_bits(std::size_t inputs, std::size_t frames) {
    std::mt19937 random(7);
    Channels out(inputs, std::vector<float>(frames));
    for (auto& channel : out)
        for (float& x : channel) x = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
    return out;
}

void write(disk::InputFileWriter& file, const Channels& channels, std::size_t block) {
    const std::size_t frames = channels.front().size();
    for (std::size_t at = 0; at < frames; at += block) {
        std::vector<const float*> planar;
        for (const auto& channel : channels) planar.push_back(channel.data() + at);
        REQUIRE(file.write(planar.data(), std::min(block, frames - at)));
    }
}

Channels read(const std::filesystem::path& path, std::size_t inputs, std::size_t frames,
              std::size_t block) {
    auto file = disk::InputFileReader::open(path, inputs);
    REQUIRE(file);
    Channels out(inputs, std::vector<float>(frames));
    for (std::size_t at = 0; at < frames; at += block) {
        std::vector<float*> planar;
        for (auto& channel : out) planar.push_back(channel.data() + at);
        REQUIRE(file->read(planar.data(), std::min(block, frames - at)));
    }
    return out;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

TEST_CASE("input file: every bit comes back, whatever the blocks") {
    const mixrig::tests::ScratchFolder folder;
    for (const std::size_t frames : {1u, 1023u, 1024u, 1025u, 5000u}) {
        CAPTURE(frames);
        const Channels channels = random_bits(3, frames);
        const auto path = folder / ("inputs-" + std::to_string(frames));
        auto file = disk::InputFileWriter::create(path, 3);
        REQUIRE(file);
        write(*file, channels, 37);
        CHECK(file->frames() == frames);
        REQUIRE(file->close());
        const Channels back = read(path, 3, frames, 100);
        for (std::size_t i = 0; i < 3; ++i) CHECK(same_bits(back[i], channels[i]));
    }
}

TEST_CASE("input file: a silent input takes no disk, a negative zero stays one") {
    const mixrig::tests::ScratchFolder folder;
    constexpr std::size_t kFrames = 64 * disk::kInputBlock;
    Channels channels(8, std::vector<float>(kFrames, 0.0f));
    channels[5].assign(kFrames, 0.25f);
    channels[6][100] = -0.0f;
    auto file = disk::InputFileWriter::create(folder / "inputs", 8);
    REQUIRE(file);
    write(*file, channels, 32);
    REQUIRE(file->close());
    struct stat facts = {};
    REQUIRE(::stat((folder / "inputs").c_str(), &facts) == 0);
    CHECK(facts.st_size == 8 * kFrames * sizeof(float));
    CHECK(facts.st_blocks * 512 < 2 * static_cast<long>(kFrames * sizeof(float)));
    const Channels back = read(folder / "inputs", 8, kFrames, 1024);
    CHECK(same_bits(back[5], channels[5]));
    CHECK(std::signbit(back[6][100]));
    CHECK(!std::signbit(back[6][99]));
}

TEST_CASE("input file: without an end it holds every whole block, behind it is silence") {
    const mixrig::tests::ScratchFolder folder;
    const Channels channels = random_bits(2, 3000);
    auto file = disk::InputFileWriter::create(folder / "inputs", 2);
    REQUIRE(file);
    write(*file, channels, 500);  // and is not closed
    const auto reader = disk::InputFileReader::open(folder / "inputs", 2);
    REQUIRE(reader);
    CHECK(reader->frames() == 2048);
    const Channels back = read(folder / "inputs", 2, 4096, 64);
    CHECK(std::memcmp(back[1].data(), channels[1].data(), 2048 * sizeof(float)) == 0);
    CHECK(back[1][2048] == 0.0f);
    CHECK(back[1][4095] == 0.0f);
}

TEST_CASE("input file: what is there is never written over, what is not cannot be read") {
    const mixrig::tests::ScratchFolder folder;
    REQUIRE(disk::InputFileWriter::create(folder / "inputs", 2));
    const auto again = disk::InputFileWriter::create(folder / "inputs", 2);
    REQUIRE(!again);
    CHECK(again.error().text().find("exists") != std::string::npos);
    CHECK(!disk::InputFileReader::open(folder / "nothing", 2));
    CHECK(!disk::InputFileReader::open(folder.path(), 2));
}

}  // namespace input_file_test
