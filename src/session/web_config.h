// How the desk serves its page and OSCQuery, as [web] of desk.toml says.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace mixrig::session {

struct WebConfig {
    bool enabled = true;
    std::size_t port = 8080;  // 0: any that is free
    std::string listen = "127.0.0.1";
    std::vector<std::string> hosts = {};               // names that browsers may call this desk by
    std::filesystem::path certificate = {}, key = {};  // PEM; both or none
    bool datagrams = true;                             // to pages, by WebRTC at the same port
    bool announce = true;                              // by mDNS, where it listens to a network

    bool operator==(const WebConfig&) const = default;
};

}  // namespace mixrig::session
