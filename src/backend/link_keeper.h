// Remembers which JACK ports are connected, to connect them again when a server or client returns.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/backend/jack_session.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace mixrig::backend {

// A connection that ends while the other port lives was ended on purpose, and is forgotten, but
// only after a second: a server that shuts down takes connections away just before it goes. One
// whose other port vanished (its program, or the server, died) waits for that port to come back.
class LinkKeeper {
public:
    using Exists = std::function<bool(const std::string& port)>;

    // What is connected now -> what should be connected now and is not.
    std::vector<JackLink> update(const std::vector<JackLink>& actual, const Exists& exists,
                                 std::int64_t now_ns);
    void server_died();
    // Ports of our own can be connected to each other, and change their names.
    void rename(const std::vector<std::string>& old_names,
                const std::vector<std::string>& new_names);
    void rename_client(const std::string& old_name, const std::string& new_name);

    std::size_t size() const { return kept_.size(); }

private:
    enum class State { present, waiting, doubtful };
    struct Kept {
        JackLink link = {};
        State state = State::present;
        std::int64_t doubtful_since = 0;
    };

    std::vector<Kept> kept_;
};

}  // namespace mixrig::backend
