// Tells the network what the desk serves (mDNS, DNS-SD), by the avahi daemon; whether that is there
// or not.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::web {

struct Announcement {
    std::string type = {};  // "_osc._udp"
    std::uint16_t port = 0;
    std::vector<std::string> texts = {};  // "txtvers=1"
};

// On a thread of avahi's own. A name that somebody else has is changed ("desk #2"); a daemon that
// is not there, or goes, is waited for.
class Announcer {
public:
    // `log` is called on that thread.
    Announcer(std::string name, std::vector<Announcement> announcements,
              std::function<void(std::string_view)> log);
    ~Announcer();
    Announcer(const Announcer&) = delete;
    Announcer& operator=(const Announcer&) = delete;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mixrig::web
