// Tags, fingerprints and archives.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/archive.h"
#include "src/disk/digest.h"
#include "src/disk/sound_file_writer.h"
#include "src/disk/tags.h"
#include "tests/support/scratch_folder.h"

#include <fstream>
#include <iterator>
#include <string>

using namespace mixrig;
using namespace mixrig::disk;

namespace delivery_files_test {

Tags tags() {
    return {.title =
                "Gr\xc3\xbc\xc3\x9f"
                "e",
            .artist = "ARTIST",
            .album = "Album",
            .genre = "Rock",
            .date = "2026",
            .track = "3",
            .isrc = "DEABC2600001",
            .upc = "4006381333931",
            .time_reference = 0x123456789ull,
            .loudness = LoudnessTag{.integrated = -14.0, .range = 6.5, .true_peak = -1.02}};
}

std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::filesystem::path& path, Format format) {
    auto writer = SoundFileWriter::open(path, {.format = format, .tags = tags()});
    REQUIRE(writer);
    REQUIRE(writer->write(std::vector<float>(200, 0.25f)));
    REQUIRE(writer->close());
}

int number_at(const std::string& bytes, std::size_t at) {
    return static_cast<std::int16_t>(static_cast<unsigned char>(bytes[at]) |
                                     static_cast<unsigned char>(bytes[at + 1]) << 8);
}

TEST_CASE("tags: every container gives back what it can hold") {
    const mixrig::tests::ScratchFolder folder;
    for (const char* name : {"wav16", "wav24", "wav32f", "rf64_24", "flac16", "flac24", "aiff24"}) {
        CAPTURE(name);
        const Format format = *parse_format(name);
        const auto path = folder / ("x" + std::string(extension(format)));
        write(path, format);
        const auto read = read_tags(path);
        REQUIRE(read);
        CHECK(read->title == tags().title);
        CHECK(read->artist == "ARTIST");
        CHECK(read->isrc == "DEABC2600001");
        CHECK(read->upc == "4006381333931");
        if (format.container == Container::aiff) continue;
        CHECK(read->album == "Album");
        CHECK(read->genre == "Rock");
        CHECK(read->date == "2026");
        CHECK(read->track == "3");
    }
}

TEST_CASE("tags: a WAV has a broadcast chunk of version 2 and its ISRC in XML") {
    const mixrig::tests::ScratchFolder folder;
    write(folder / "x.wav", {Container::wav, Coding::pcm24});
    const std::string bytes = bytes_of(folder / "x.wav");
    const std::size_t bext = bytes.find("bext");
    REQUIRE(bext != std::string::npos);
    // EBU Tech 3285: offsets behind the chunk's head of 8 bytes.
    CHECK(bytes.substr(bext + 8 + 338, 5) == std::string("\x89\x67\x45\x23\x01"));
    CHECK(number_at(bytes, bext + 8 + 346) == 2);
    CHECK(number_at(bytes, bext + 8 + 412) == -1400);
    CHECK(number_at(bytes, bext + 8 + 414) == 650);
    CHECK(number_at(bytes, bext + 8 + 416) == -102);
    const std::size_t axml = bytes.find("axml");
    REQUIRE(axml != std::string::npos);
    CHECK(bytes.find("<dc:identifier>ISRC:DEABC2600001</dc:identifier>") > axml);
}

TEST_CASE("tags: same samples and tags, same bytes; without tags as before") {
    const mixrig::tests::ScratchFolder folder;
    for (const char* name : {"wav16", "flac24", "aiff24"}) {
        CAPTURE(name);
        write(folder / "a", *parse_format(name));
        write(folder / "b", *parse_format(name));
        CHECK(bytes_of(folder / "a") == bytes_of(folder / "b"));
    }
    REQUIRE(write_whole(folder / "c.wav", {.rate = {48000.0}, .tracks = {{0.5f}}},
                        {Container::wav, Coding::pcm24}));
    CHECK(bytes_of(folder / "c.wav").find("LIST") == std::string::npos);
    CHECK(bytes_of(folder / "c.wav").find("bext") == std::string::npos);
}

TEST_CASE("digest: the vectors of FIPS 180-4") {
    const mixrig::tests::ScratchFolder folder;
    std::ofstream(folder / "abc") << "abc";
    std::ofstream(folder / "nothing");
    std::ofstream(folder / "million") << std::string(1000000, 'a');
    CHECK(*sha256(folder / "abc") ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(*sha256(folder / "nothing") ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(*sha256(folder / "million") ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    CHECK_FALSE(sha256(folder / "gone"));
}

TEST_CASE("archive: same files, same bytes; what is not there leaves none behind") {
    const mixrig::tests::ScratchFolder folder;
    std::ofstream(folder / "a.txt") << std::string(5000, 'x');
    const std::vector<std::filesystem::path> files = {folder / "a.txt"};
    REQUIRE(write_zip(folder / "one.zip", files));
    REQUIRE(write_zip(folder / "two.zip", files));
    const std::string bytes = bytes_of(folder / "one.zip");
    CHECK(bytes.starts_with("PK\x03\x04"));
    CHECK(bytes.size() < 1000);
    CHECK(bytes == bytes_of(folder / "two.zip"));
    const std::vector<std::filesystem::path> gone = {folder / "gone"};
    CHECK_FALSE(write_zip(folder / "three.zip", gone));
    CHECK_FALSE(std::filesystem::exists(folder / "three.zip"));
}

}  // namespace delivery_files_test
