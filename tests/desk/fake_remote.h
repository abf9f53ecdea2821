// The control port of the fake device in a running desk.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/desk/program.h"

#include <map>

namespace mixrig::tests {

class FakeRemote {
public:
    explicit FakeRemote(std::uint16_t port);
    ~FakeRemote();
    FakeRemote(const FakeRemote&) = delete;
    FakeRemote& operator=(const FakeRemote&) = delete;

    std::string ask(const std::string& line);
    std::map<std::string, long> counters();
    // Of each output over the next `blocks` blocks, after those under way have passed.
    std::vector<float> peaks(long blocks = 30);
    // Waits for this many more blocks.
    bool pass(long blocks, Milliseconds limit = std::chrono::seconds(10));

private:
    int socket_;
};

}  // namespace mixrig::tests
