// Feeds arbitrary files to the reader of sound files; checks what must hold of what it lets in.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/promised.h"
#include "src/disk/sound_file_reader.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

using namespace mixrig;

namespace {

// A second of eight channels: what 4 KiB of FLAC may stand for takes too long to read each time.
constexpr std::size_t kMostSamples = 400'000, kChunk = 8192;

[[noreturn]] void broken(const char* what) {
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

void check_message(const base::Error& error, const std::string& name) {
    if (error.what.empty()) broken("an error without a reason");
    if (error.where != name) broken("an error without the file");
}

void check_header(const disk::SoundInfo& info) {
    if (info.channels == 0) broken("a sound without channels");
    if (info.rate.value < 1000.0 || info.rate.value > 1'536'000.0) broken("a rate out of range");
}

// As long as it says, or an error.
void read_to_the_end(disk::SoundFileReader& file, const std::string& name) {
    const disk::SoundInfo info = file.info();
    std::vector<float> out(kChunk / info.channels * info.channels + info.channels);
    const std::size_t chunk = out.size() / info.channels;
    std::uint64_t frames = 0;
    while (frames * info.channels < kMostSamples) {
        const auto got = file.read(out);
        if (!got) return check_message(got.error(), name);
        if (*got > chunk) broken("more than there was room for");
        frames += *got;
        if (*got == chunk) continue;
        if (frames != info.frames) broken("a length that is not the header's");
        return;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const int memory = ::memfd_create("sound", MFD_CLOEXEC);
    if (memory < 0 || ::write(memory, data, size) != static_cast<ssize_t>(size))
        broken("no memory for a file");
    const std::string name = "/proc/self/fd/" + std::to_string(memory);
    static_cast<void>(disk::missing_bytes(name));
    auto file = disk::SoundFileReader::open(name);
    if (!file) {
        check_message(file.error(), name);
    } else {
        check_header(file->info());
        read_to_the_end(*file, name);
        static_cast<void>(static_cast<bool>(file->seek(file->info().frames / 2)));
    }
    ::close(memory);
    return 0;
}
