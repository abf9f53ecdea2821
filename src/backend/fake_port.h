// The control port of the fake device: lines over TCP on loopback, one reply each.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/backend/fake_device.h"
#include "src/base/result.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace mixrig::backend {

class FakePort {
public:
    // Port 0: any free one.
    static base::Result<std::unique_ptr<FakePort>> open(unsigned port, FakeDevice& device);
    ~FakePort();
    FakePort(const FakePort&) = delete;
    FakePort& operator=(const FakePort&) = delete;

    unsigned port() const { return port_; }

private:
    struct Client {
        int socket = -1;
        std::string received = {};
    };

    FakePort(int listener, unsigned port, FakeDevice& device);
    void run();
    void accept_client();
    bool serve(Client& client);  // false: it has gone
    std::string reply_to(const std::string& line);

    FakeDevice& device_;
    int listener_;
    unsigned port_;
    std::vector<Client> clients_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace mixrig::backend
