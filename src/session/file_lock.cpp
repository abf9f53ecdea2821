// A lock of the system's on a file beside the one that changes: that one is replaced, and a lock on
// it would go with the old one.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/file_lock.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace mixrig::session {

base::Result<FileLock> FileLock::of(const std::filesystem::path& path,
                                    std::chrono::milliseconds patience) {
    const std::string name = path.string() + ".lock";
    std::error_code ignored;  // open() says it better
    std::filesystem::create_directories(path.parent_path(), ignored);
    const int descriptor = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return base::Error{std::string("cannot be locked: ") + std::strerror(errno), name};
    FileLock lock(descriptor);
    const auto end = std::chrono::steady_clock::now() + patience;
    while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return base::Error{std::string("cannot be locked: ") + std::strerror(errno), name};
        if (std::chrono::steady_clock::now() > end)
            return base::Error{"somebody else changes it", path.string(), "try again"};
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return lock;
}

FileLock::~FileLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace mixrig::session
