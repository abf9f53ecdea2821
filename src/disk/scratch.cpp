// Mapped room.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/scratch.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace mixrig::disk {

base::Result<Scratch> Scratch::create(const std::filesystem::path& folder, std::size_t samples) {
    constexpr std::size_t kMost =
        static_cast<std::size_t>(std::numeric_limits<off_t>::max()) / sizeof(float);
    const auto failed = [&](int code) {
        return base::Error{std::string("no room to work in: ") + std::strerror(code),
                           folder.string(), "it takes 4 bytes a sample and channel"};
    };
    if (samples > kMost) return failed(EFBIG);
    if (samples == 0) return Scratch({});
    std::string name = (folder / ".mixrig-XXXXXX").string();
    const int file = mkostemp(name.data(), O_CLOEXEC);
    if (file < 0) return failed(errno);
    unlink(name.c_str());
    const std::size_t bytes = samples * sizeof(float);
    const int full = posix_fallocate(file, 0, static_cast<off_t>(bytes));
    void* const at =
        full != 0 ? MAP_FAILED : mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    const int code = full != 0 ? full : errno;
    close(file);
    if (at == MAP_FAILED) return failed(code);
    return Scratch({static_cast<float*>(at), samples});
}

Scratch::Scratch(Scratch&& other) noexcept : samples_(std::exchange(other.samples_, {})) {}

Scratch& Scratch::operator=(Scratch&& other) noexcept {
    std::swap(samples_, other.samples_);
    return *this;
}

Scratch::~Scratch() {
    if (!samples_.empty()) munmap(samples_.data(), samples_.size_bytes());
}

}  // namespace mixrig::disk
