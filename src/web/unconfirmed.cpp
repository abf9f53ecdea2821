// Whether what was sent by TCP has got there, by what the kernel says of it (tcp(7)).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/web/unconfirmed.h"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace mixrig::web {
namespace {

// Longer than a receiver waits with its confirmation (40 ms).
constexpr unsigned kPause = 50;  // ms

}  // namespace

bool is_unconfirmed(int socket) {
    tcp_info info = {};
    socklen_t size = sizeof info;
    if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return false;
    if (info.tcpi_unacked == 0 || info.tcpi_last_data_sent < kPause) return false;
    // What has not even left would wait behind itself.
    int unsent = 0;
    return ioctl(socket, SIOCOUTQNSD, &unsent) == 0 && unsent == 0;
}

}  // namespace mixrig::web
