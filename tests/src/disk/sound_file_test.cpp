// Sound files written and read back.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/sound_file_reader.h"
#include "src/disk/sound_file_writer.h"
#include "tests/support/scratch_folder.h"

#include <doctest/doctest.h>

#include <cmath>
#include <csignal>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mixrig;
using namespace mixrig::disk;
using mixrig::tests::ScratchFolder;

namespace sound_file_test {

// Random whole numbers of `bits` as samples, with the extremes in front.
std::vector<float> on_grid(int bits, std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    const auto scale = std::int32_t{1} << (bits - 1);
    std::uniform_int_distribution<std::int32_t> number(-scale, scale - 1);
    std::vector<float> out = {0.0f, -1.0f,
                              static_cast<float>(scale - 1) / static_cast<float>(scale)};
    while (out.size() < count)
        out.push_back(static_cast<float>(number(random)) / static_cast<float>(scale));
    return out;
}

std::vector<float> noise(std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> sample(-0.9f, 0.9f);
    std::vector<float> out(count);
    for (float& x : out) x = sample(random);
    return out;
}

std::string bytes(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

Format format(const char* name) {
    return *parse_format(name);
}

TEST_CASE("sound file: every format keeps channels, rate, length and samples") {
    const ScratchFolder folder;
    std::istringstream names(format_names());
    for (std::string name; names >> name;) {
        CAPTURE(name);
        const Format f = format(name.c_str());
        // 16 bit material survives every format, dithered ones included.
        const Sound sound{.rate = {44100.0},
                          .tracks = {on_grid(16, 30'000, 1), on_grid(16, 30'000, 2)}};
        const auto path = folder / ("a" + std::string(extension(f)));
        const auto written = write_whole(path, sound, f);
        REQUIRE_MESSAGE(written, (written ? "" : written.error().text()));
        const auto back = read_whole(path);
        REQUIRE_MESSAGE(back, (back ? "" : back.error().text()));
        CHECK(back->rate.value == 44100.0);
        CHECK(back->tracks == sound.tracks);
    }
    CHECK(folder.entries() == 3);  // .wav .aiff .flac, nothing temporary
}

TEST_CASE("sound file: 24 bit in is 24 bit out") {
    const ScratchFolder folder;
    for (const char* name : {"wav24", "aiff24", "flac24", "rf64_24", "wav32", "wav32f"}) {
        CAPTURE(name);
        const Sound sound{.rate = {96000.0}, .tracks = {on_grid(24, 200'000, 3)}};
        REQUIRE(write_whole(folder / "a", sound, format(name)));
        CHECK(read_whole(folder / "a")->tracks == sound.tracks);
    }
}

TEST_CASE("sound file: a float file keeps every bit, also beyond full scale") {
    const ScratchFolder folder;
    const Sound sound{.rate = {48000.0}, .tracks = {{1.5f, -3.25f, 1e-30f, 0.1f}}};
    REQUIRE(write_whole(folder / "a.wav", sound, format("wav32f")));
    CHECK(read_whole(folder / "a.wav")->tracks == sound.tracks);
}

TEST_CASE("sound file: the bytes do not depend on chunks, nor on the time of day") {
    const ScratchFolder folder;
    const std::vector<float> left = noise(50'000, 4), right = noise(50'000, 5);
    for (const char* name : {"wav16", "wav24", "wav32f", "aiff32f", "flac16", "rf64_24"}) {
        CAPTURE(name);
        const Sound sound{.rate = {48000.0}, .tracks = {left, right}};
        REQUIRE(write_whole(folder / "whole", sound, format(name)));
        auto writer =
            SoundFileWriter::open(folder / "cut", {.format = format(name), .channels = 2});
        REQUIRE(writer);
        for (std::size_t at = 0, size = 1; at < left.size();
             at += size, size = size * 3 % 1009 + 1) {
            const float* planar[] = {left.data() + at, right.data() + at};
            REQUIRE(writer->write(planar, std::min(size, left.size() - at)));
        }
        REQUIRE(writer->close());
        CHECK(bytes(folder / "whole") == bytes(folder / "cut"));
    }
}

TEST_CASE("sound file: reading does not depend on chunks") {
    const ScratchFolder folder;
    const Sound sound{.rate = {48000.0},
                      .tracks = {on_grid(24, 40'000, 6), on_grid(24, 40'000, 7)}};
    REQUIRE(write_whole(folder / "a.flac", sound, format("flac24")));
    auto reader = SoundFileReader::open(folder / "a.flac");
    REQUIRE(reader);
    CHECK(reader->info().frames == 40'000);
    std::vector<float> left(40'000), right(40'000);
    std::size_t at = 0;
    for (std::size_t size = 1; at < left.size(); size = size * 5 % 12'007 + 1) {
        float* planar[] = {left.data() + at, right.data() + at};
        const auto got = reader->read(planar, std::min(size, left.size() - at));
        REQUIRE(got);
        at += *got;
    }
    CHECK(left == sound.tracks[0]);
    CHECK(right == sound.tracks[1]);
    float beyond[2] = {};
    CHECK(*reader->read(beyond) == 0);
    REQUIRE(reader->seek(1234));
    REQUIRE(*reader->read(beyond) == 1);
    CHECK(beyond[1] == sound.tracks[1][1234]);
}

TEST_CASE("sound file: full scale is that of the coding") {
    const ScratchFolder folder;
    const Sound sound{.rate = {48000.0}, .tracks = {{1.0f, -1.0f}}};
    REQUIRE(write_whole(folder / "16", sound, format("wav16")));
    REQUIRE(write_whole(folder / "24", sound, format("wav24")));
    CHECK(read_whole(folder / "16")->full_scale == 32767.0f / 32768.0f);
    CHECK(read_whole(folder / "16")->tracks[0][0] == 32767.0f / 32768.0f);
    CHECK(read_whole(folder / "24")->full_scale == 1.0f - 0x1p-23f);
}

TEST_CASE("sound file: nothing is at the name before close, and an abandoned file leaves nothing") {
    const ScratchFolder folder;
    {
        auto writer = SoundFileWriter::open(folder / "a.wav", {.format = format("wav24")});
        REQUIRE(writer);
        REQUIRE(writer->write(noise(1000, 8)));
        CHECK_FALSE(std::filesystem::exists(folder / "a.wav"));
    }
    CHECK(folder.entries() == 0);
}

TEST_CASE("sound file: a bounce that is killed leaves the older file as it was") {
    const ScratchFolder folder;
    const Sound old{.rate = {48000.0}, .tracks = {on_grid(24, 500, 9)}};
    REQUIRE(write_whole(folder / "a.wav", old, format("wav24")));
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        auto writer = SoundFileWriter::open(folder / "a.wav", {.format = format("wav24")});
        const std::vector<float> chunk = noise(200'000, 10);
        if (writer && writer->write(chunk)) ::kill(::getpid(), SIGKILL);
        ::_exit(1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    CHECK(read_whole(folder / "a.wav")->tracks == old.tracks);

    CHECK(folder.entries() == 2);  // what the killed one left
    REQUIRE(write_whole(folder / "a.wav", old, format("wav24")));
    CHECK(folder.entries() == 1);
}

TEST_CASE("sound file: two writers of one name do not mix") {
    const ScratchFolder folder;
    auto first = SoundFileWriter::open(folder / "a.wav", {.format = format("wav24")});
    REQUIRE(first);
    const auto second = SoundFileWriter::open(folder / "a.wav", {.format = format("wav24")});
    REQUIRE_FALSE(second);
    CHECK(second.error().what == "is being written by someone else");
    REQUIRE(first->write(noise(200, 14)));
    REQUIRE(first->close());
    CHECK(read_whole(folder / "a.wav")->frames() == 100);
    CHECK(folder.entries() == 1);
}

TEST_CASE("sound file: a disk that is full is an error, not half a file") {
    const ScratchFolder folder;
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        // A file size limit stands for the full disk: write(2) fails in the same way, with EFBIG.
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{100'000, 100'000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const Sound sound{.rate = {48000.0}, .tracks = {noise(200'000, 11)}};
        const auto written = write_whole(folder / "a.wav", sound, format("wav24"));
        ::_exit(!written && written.error().text().find("a.wav") != std::string::npos ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    CHECK(folder.entries() == 0);
}

TEST_CASE("sound file: what cannot be written is refused with the reason") {
    const ScratchFolder folder;
    CHECK_FALSE(SoundFileWriter::open(folder / "no" / "a.wav", {.format = format("wav24")}));
    CHECK_FALSE(SoundFileWriter::open(folder / "a", {.format = format("flac24"), .channels = 9}));
    CHECK_FALSE(SoundFileWriter::open(folder / "a", {.format = format("wav24"), .channels = 0}));
    CHECK_FALSE(SoundFileWriter::open(folder / "a", {.format = format("wav24"), .rate = {0.0}}));
    CHECK(folder.entries() == 0);
}

TEST_CASE("sound file: what cannot be read says which file and why") {
    const ScratchFolder folder;
    std::ofstream(folder / "empty.wav").close();
    std::ofstream(folder / "text.wav")
        << "this is not audio, however long it may be: " << std::string(500, 'x');
    struct Case {
        std::string name, fragment;
    };
    for (const Case& c : {Case{"missing.wav", "no such file"}, Case{"empty.wav", "empty"},
                          Case{"text.wav", "not a readable sound file"}}) {
        CAPTURE(c.name);
        const auto sound = read_whole(folder / c.name);
        REQUIRE_FALSE(sound);
        CHECK(sound.error().text().find(c.name) != std::string::npos);
        CHECK(sound.error().text().find(c.fragment) != std::string::npos);
    }
    CHECK(read_whole(folder.path()).error().what == "is a folder, not a sound file");
}

TEST_CASE("sound file: nothing is a sound, a part is none") {
    const ScratchFolder folder;
    for (const char* name : {"wav24", "aiff16", "rf64_32f"}) {
        CAPTURE(name);
        REQUIRE(write_whole(folder / "none", {.rate = {48000.0}, .tracks = {{}}}, format(name)));
        const auto none = read_whole(folder / "none");
        REQUIRE(none);
        CHECK(none->frames() == 0);
        REQUIRE(write_whole(folder / "part", {.rate = {48000.0}, .tracks = {noise(4000, 3)}},
                            format(name)));
        std::filesystem::resize_file(folder / "part", 2000);
        const auto part = SoundFileReader::open(folder / "part");
        REQUIRE_FALSE(part);
        CHECK(part.error().what.starts_with("ends early"));
    }
}

TEST_CASE("sound file: a damaged file is an error or a shorter sound, never a crash") {
    const ScratchFolder folder;
    const Sound sound{.rate = {48000.0}, .tracks = {noise(20'000, 12)}};
    for (const char* name : {"wav24", "flac24", "aiff16", "rf64_32f"}) {
        CAPTURE(name);
        REQUIRE(write_whole(folder / "good", sound, format(name)));
        const std::string good = bytes(folder / "good");
        std::mt19937 random(13);
        for (int i = 0; i < 60; ++i) {
            std::string bad = good.substr(0, i % 2 == 0 ? good.size() : random() % good.size());
            for (int k = 0; k < 8 && !bad.empty(); ++k)
                bad[random() % std::min<std::size_t>(bad.size(), k < 4 ? 64 : bad.size())] =
                    static_cast<char>(random());
            std::ofstream(folder / "bad", std::ios::binary) << bad;
            const auto result = read_whole(folder / "bad");
            if (!result) {
                CHECK_FALSE(result.error().what.empty());
            } else {
                CHECK(result->frames() <=
                      20'000 * 4 * 4);  // as many mono bytes as there are at most
            }
        }
    }
}

}  // namespace sound_file_test
