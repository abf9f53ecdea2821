// Clients and their leases.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/clients.h"

#include "control/x32/text.h"

#include <algorithm>

namespace mixrig::control::x32 {
namespace {

bool is_named(const Stream& stream, std::string_view name) {
    return name.empty() || without_slash(stream.name) == without_slash(name);
}

}  // namespace

bool Client::add(Stream stream, std::int64_t now) {
    stream.due = now;
    stream.until = now + kLease;
    const auto same = std::find_if(streams.begin(), streams.end(),
                                   [&](const Stream& other) { return other.name == stream.name; });
    if (same != streams.end())
        *same = std::move(stream);
    else if (streams.size() < kMostStreams)
        streams.push_back(std::move(stream));
    else
        return false;
    return true;
}

void Client::renew(std::string_view name, std::int64_t now) {
    for (Stream& stream : streams)
        if (is_named(stream, name)) stream.until = now + kLease;
    if (name.empty() && is_told(now)) remote_until = now + kRemoteLease;
}

void Client::remove(std::string_view name) {
    std::erase_if(streams, [&](const Stream& stream) { return is_named(stream, name); });
    if (name.empty()) remote_until = 0;
}

Client* Clients::find(const NetAddress& address, std::int64_t now) {
    const auto known = std::find_if(clients_.begin(), clients_.end(),
                                    [&](const Client& c) { return c.address == address; });
    if (known != clients_.end()) {
        known->heard = now;
        return &*known;
    }
    if (clients_.size() < kMostClients) {
        clients_.push_back(newcomer(address, now));
        return &clients_.back();
    }
    Client* oldest = nullptr;
    for (Client& client : clients_)
        if (!client.is_told(now) && client.streams.empty() &&
            (oldest == nullptr || client.heard < oldest->heard))
            oldest = &client;
    if (oldest != nullptr) *oldest = newcomer(address, now);
    return oldest;
}

void Clients::tidy(std::int64_t now) {
    for (Client& client : clients_)
        std::erase_if(client.streams, [&](const Stream& s) { return s.until <= now; });
}

}  // namespace mixrig::control::x32
