// Connections that there is no room for: told so, and closed a while later.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace mixrig::web {

// [web] A connection that is closed while a request is on its way is reset, and what it was told
// is lost (RFC 9112, 9.6). So it stays for a while, and what comes is thrown away.
class TurnedAway {
public:
    static constexpr std::size_t kMost = 64;

    TurnedAway() = default;
    TurnedAway(const TurnedAway&) = delete;
    TurnedAway& operator=(const TurnedAway&) = delete;
    ~TurnedAway() { close_all(); }

    // Takes the descriptor, which must not block.
    void add(int descriptor, std::string_view why) {
        if (descriptors_.size() == kMost) close_all();
        (void)send(descriptor, why.data(), why.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        (void)shutdown(descriptor, SHUT_WR);
        descriptors_.push_back(descriptor);
    }

    void close_all() {
        std::array<char, 4096> dropped;
        for (const int descriptor : descriptors_) {
            (void)recv(descriptor, dropped.data(), dropped.size(), MSG_DONTWAIT);
            (void)close(descriptor);
        }
        descriptors_.clear();
    }

private:
    std::vector<int> descriptors_;
};

}  // namespace mixrig::web
