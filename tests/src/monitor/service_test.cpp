// What a service manager hears of us, on a socket of the test's own.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/service.h"

#include "tests/support/scratch_folder.h"

#include <doctest/doctest.h>

#include <array>
#include <cstring>
#include <stdlib.h>  // NOLINT: setenv is POSIX
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace mixrig::monitor;
using mixrig::tests::ScratchFolder;

namespace service_test {

class ServiceManager {
public:
    ServiceManager() : socket_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
        const std::string path = folder_ / "notify";
        sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        REQUIRE(path.size() < sizeof(address.sun_path));
        std::memcpy(address.sun_path, path.data(), path.size());
        REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
        setenv("NOTIFY_SOCKET", path.c_str(), 1);
    }
    ServiceManager(const ServiceManager&) = delete;
    ServiceManager& operator=(const ServiceManager&) = delete;
    ~ServiceManager() {
        unsetenv("NOTIFY_SOCKET");
        ::close(socket_);
    }

    std::string heard() {
        std::array<char, 512> text = {};
        const ssize_t size = ::recv(socket_, text.data(), text.size(), MSG_DONTWAIT);
        return size < 0 ? "nothing" : std::string(text.data(), static_cast<std::size_t>(size));
    }

private:
    ScratchFolder folder_;
    int socket_;
};

TEST_CASE("service: each notification says what it should") {
    ServiceManager manager;
    notify_ready("48 kHz");
    CHECK(manager.heard() == "READY=1\nSTATUS=48 kHz");
    notify_status("no sound card");
    CHECK(manager.heard() == "STATUS=no sound card");
    notify_watchdog();
    CHECK(manager.heard() == "WATCHDOG=1");
    notify_stopping();
    CHECK(manager.heard() == "STOPPING=1");
}

TEST_CASE("service: a status cannot say more than itself") {
    ServiceManager manager;
    notify_status("a\nSTOPPING=1");
    CHECK(manager.heard() == "STATUS=a?STOPPING=1");
}

TEST_CASE("service: without a manager nothing happens") {
    unsetenv("NOTIFY_SOCKET");
    notify_ready("nobody hears");
    unsetenv("WATCHDOG_USEC");
    CHECK_FALSE(watchdog_time());
}

TEST_CASE("service: the watchdog's time is the manager's") {
    setenv("WATCHDOG_USEC", "10000000", 1);
    setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
    const auto time = watchdog_time();
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
    REQUIRE(time);
    CHECK(time->value == 10.0);
}

}  // namespace service_test
