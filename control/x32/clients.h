// Who speaks the dialect to us: a table of bounded size.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "control/net_address.h"
#include "control/rate_limit.h"
#include "control/x32/tree.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::control::x32 {

inline constexpr std::size_t kMostClients = 32;
inline constexpr std::size_t kMostStreams = 24;         // of a client
inline constexpr std::int64_t kStep = 50'000'000;       // ns; a time factor of 1
inline constexpr std::int64_t kLease = 10'000'000'000;  // ns
// Common clients renew every 9 s, some every 10 to 11 s.
inline constexpr std::int64_t kRemoteLease = 12'000'000'000;

// Something that a client is sent again and again until its lease ends.
struct Stream {
    std::string name;  // the address under which it is sent
    int meter = -1;    // of /meters; else leaves
    std::array<std::int32_t, 2> parameters = {};
    bool is_blob = true;  // else one leaf, as it is
    std::vector<LeafId> leaves = {};
    std::int64_t period = kStep;
    std::int64_t due = 0;
    std::int64_t until = 0;
};

struct Client {
    NetAddress address = {};
    Origin origin = kDeskItself;
    std::int64_t heard = 0;
    std::int64_t remote_until = 0;  // is told of changes
    bool hears_itself = false;      // of its own as well
    // 8000 values at once are a scene that is loaded into the desk.
    RateLimit limit{20'000.0, 20'000.0};
    RateLimit sets;  // as many as its role may
    std::vector<Stream> streams = {};

    bool is_told(std::int64_t now) const { return remote_until > now; }
    // In place of one of the same name. False if it has too many.
    bool add(Stream stream, std::int64_t now);
    // Those of this name, a slash in front or not; all if there is none.
    void renew(std::string_view name, std::int64_t now);
    void remove(std::string_view name);
};

class Clients {
public:
    // So many sets a second from each; 0: as many as come.
    Clients(std::function<Origin()> admit, double sets)
        : admit_(std::move(admit)), sets_(sets > 0.0 ? sets : kAnyNumber) {}

    // The one with this address; who has been silent for longest and expects nothing goes for a new
    // one. Null if all of them expect something.
    Client* find(const NetAddress& address, std::int64_t now);
    std::vector<Client>& all() { return clients_; }
    // Ends what has expired.
    void tidy(std::int64_t now);

private:
    static constexpr double kAnyNumber = 1e9;
    Client newcomer(const NetAddress& address, std::int64_t now) const {
        return {
            .address = address, .origin = admit_(), .heard = now, .sets = RateLimit(sets_, sets_)};
    }

    std::function<Origin()> admit_;
    double sets_;
    std::vector<Client> clients_;
};

}  // namespace mixrig::control::x32
