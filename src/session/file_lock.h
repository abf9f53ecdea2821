// Keeps programs that change the same file one behind the other.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <chrono>
#include <filesystem>
#include <utility>

namespace mixrig::session {

// Held as long as it lives; the system ends it with the program, however that ends.
class FileLock {
public:
    // [any thread, not audio] Waits for whoever holds it, `patience` at most. The file, PATH.lock
    // beside what is to be changed, stays: to remove it would let in two at once.
    static base::Result<FileLock> of(const std::filesystem::path& path,
                                     std::chrono::milliseconds patience = std::chrono::seconds(10));
    ~FileLock();
    FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    FileLock& operator=(FileLock&&) = delete;
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    explicit FileLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

}  // namespace mixrig::session
