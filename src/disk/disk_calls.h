// How a recording reaches the operating system: what a test replaces by a slow or a full disk.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <sys/types.h>

namespace mixrig::disk {

// The hint of an error that means it.
inline constexpr const char* kDiskFull = "the disk is full";

// As the calls of POSIX: -1 and errno where they fail.
struct DiskCalls {
    std::function<ssize_t(int file, const void* bytes, std::size_t count, off_t at)> write;
    std::function<int(int file)> sync;
    // Bytes that are left for us; negative if it cannot be told.
    std::function<std::int64_t(const std::filesystem::path& folder)> free;

    static DiskCalls real();
};

}  // namespace mixrig::disk
