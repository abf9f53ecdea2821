// Write, sync, rename, sync.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/atomic_file.h"

#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <signal.h>  // NOLINT: kill is POSIX
#include <string>
#include <system_error>
#include <unistd.h>

namespace mixrig::session {
namespace {

constexpr std::string_view kSuffix = ".mixrig-new";

std::atomic<unsigned> counter{0};

// ".NAME.PID-N.mixrig-new": says who writes it, so that leftovers of the dead can be told apart.
std::filesystem::path temporary_name(const std::filesystem::path& path) {
    const unsigned n = counter.fetch_add(1, std::memory_order_relaxed);
    return path.parent_path() / ("." + path.filename().string() + "." + std::to_string(::getpid()) +
                                 "-" + std::to_string(n) + std::string(kSuffix));
}

base::Error failed(const std::string& what, const std::filesystem::path& path) {
    const int reason = errno;
    return {.what = what + ": " + std::strerror(reason),
            .where = path.string(),
            .hint = reason == ENOSPC || reason == EDQUOT ? "make room on the disk" : ""};
}

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

bool write_new(const std::filesystem::path& path, std::string_view bytes, Readers readers) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                          readers == Readers::owner ? 0600 : 0644);
    if (fd < 0) return false;
    const bool written = write_all(fd, bytes) && ::fsync(fd) == 0;
    const int reason = errno;
    const bool closed = ::close(fd) == 0;
    if (!written) errno = reason;
    return written && closed;
}

bool sync_folder(const std::filesystem::path& folder) {
    const int fd =
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return false;
    // FAT and some network file systems cannot sync a folder and say EINVAL; nothing better is to
    // be had there.
    const bool synced = ::fsync(fd) == 0 || errno == EINVAL;
    ::close(fd);
    return synced;
}

// A second name for the present file, put in place of the older backup in one step.
void keep_previous(const std::filesystem::path& path) {
    const auto link = temporary_name(path);
    if (::link(path.c_str(), link.c_str()) == 0) {
        ::rename(link.c_str(), backup_of(path).c_str());
        ::unlink(
            link.c_str());  // still there if both are names of one file: then rename does nothing
        return;
    }
    // File systems without hard links (FAT): a copy does as well.
    std::error_code ec;
    std::filesystem::copy_file(path, link, ec);
    if (!ec) std::filesystem::rename(link, backup_of(path), ec);
    if (ec) ::unlink(link.c_str());
}

// The PID in a leftover's name; 0 if it is not one of ours.
pid_t writer_of(const std::string& name) {
    if (!name.starts_with('.') || !name.ends_with(kSuffix)) return 0;
    const std::size_t end = name.size() - kSuffix.size();
    const std::size_t dot = name.rfind('.', end - 1);
    pid_t pid = 0;
    if (dot != std::string::npos) std::from_chars(name.data() + dot + 1, name.data() + end, pid);
    return pid;
}

}  // namespace

std::filesystem::path backup_of(const std::filesystem::path& path) {
    return path.parent_path() / (path.filename().string() + ".bak");
}

base::Status save_atomically(const std::filesystem::path& path, std::string_view bytes, Keep keep,
                             Readers readers) {
    std::error_code ec;
    if (!path.parent_path().empty()) std::filesystem::create_directories(path.parent_path(), ec);
    const auto temporary = temporary_name(path);
    if (!write_new(temporary, bytes, readers)) {
        const base::Error error = failed("cannot save it", path);
        ::unlink(temporary.c_str());
        return error;
    }
    if (keep == Keep::previous && std::filesystem::exists(path, ec)) keep_previous(path);
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
        const base::Error error = failed("cannot save it", path);
        ::unlink(temporary.c_str());
        return error;
    }
    if (!sync_folder(path.parent_path())) return failed("saved, but perhaps not on the disk", path);
    return base::Done{};
}

std::size_t remove_leftovers(const std::filesystem::path& folder) {
    std::size_t removed = 0;
    std::error_code ec;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ec)) {
        const pid_t writer = writer_of(entry.path().filename().string());
        if (writer <= 0) continue;
        // Our own number cannot be ours yet: in a container every start has the same one.
        const bool dead = writer == ::getpid() || (::kill(writer, 0) != 0 && errno == ESRCH);
        if (dead && ::unlink(entry.path().c_str()) == 0) ++removed;
    }
    return removed;
}

}  // namespace mixrig::session
