// The journal of systemd.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/log_outlets.h"

// Otherwise every line would carry this file and this line as its origin.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include <cstdlib>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace mixrig::monitor {

// $JOURNAL_STREAM is inherited by whatever a service starts; only if it names the device and inode
// of our own standard error is the journal where our words go (systemd.exec(5)).
bool stderr_is_journal() {
    const char* const stream = std::getenv("JOURNAL_STREAM");
    struct stat now = {};
    if (stream == nullptr || fstat(STDERR_FILENO, &now) != 0) return false;
    return stream == std::to_string(now.st_dev) + ':' + std::to_string(now.st_ino);
}

bool journal_listens() {
    return access("/run/systemd/journal/socket", W_OK) == 0;
}

bool send_to_journal(const std::vector<std::string>& entry) {
    std::vector<iovec> fields;
    for (const std::string& field : entry)
        fields.push_back({.iov_base = const_cast<char*>(field.data()), .iov_len = field.size()});
    return sd_journal_sendv(fields.data(), static_cast<int>(fields.size())) == 0;
}

}  // namespace mixrig::monitor
