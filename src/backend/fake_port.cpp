// The control port of the fake device: lines over TCP on loopback, one reply each.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/backend/fake_port.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mixrig::backend {

namespace {

constexpr int kPollMs = 20;
constexpr std::size_t kLongestLine = 4096;

base::Error socket_error(unsigned port) {
    return {.what = std::strerror(errno), .where = "fake device, port " + std::to_string(port)};
}

}  // namespace

base::Result<std::unique_ptr<FakePort>> FakePort::open(unsigned port, FakeDevice& device) {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0) return socket_error(port);
    const int yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener, generic, size) != 0 || listen(listener, 8) != 0 ||
        getsockname(listener, generic, &size) != 0) {
        const base::Error error = socket_error(port);
        close(listener);
        return error;
    }
    return std::unique_ptr<FakePort>(new FakePort(listener, ntohs(address.sin_port), device));
}

FakePort::FakePort(int listener, unsigned port, FakeDevice& device)
    : device_(device), listener_(listener), port_(port), thread_([this] { run(); }) {}

FakePort::~FakePort() {
    stopping_.store(true, std::memory_order_relaxed);
    thread_.join();
    for (const Client& client : clients_) close(client.socket);
    close(listener_);
}

void FakePort::run() {
    while (!stopping_.load(std::memory_order_relaxed)) {
        std::vector<pollfd> waits{{.fd = listener_, .events = POLLIN, .revents = 0}};
        for (const Client& client : clients_)
            waits.push_back({.fd = client.socket, .events = POLLIN, .revents = 0});
        if (poll(waits.data(), waits.size(), kPollMs) <= 0) continue;
        std::size_t index = 1;
        std::erase_if(clients_, [&](Client& client) {
            if (waits[index++].revents == 0 || serve(client)) return false;
            close(client.socket);
            return true;
        });
        if (waits[0].revents != 0) accept_client();
    }
}

void FakePort::accept_client() {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client >= 0) clients_.push_back({.socket = client});
}

bool FakePort::serve(Client& client) {
    char buffer[512];
    const ssize_t count = recv(client.socket, buffer, sizeof buffer, 0);
    if (count <= 0 || client.received.size() > kLongestLine) return false;
    client.received.append(buffer, static_cast<std::size_t>(count));
    for (std::size_t end = client.received.find('\n'); end != std::string::npos;
         end = client.received.find('\n')) {
        const std::string reply = reply_to(client.received.substr(0, end)) + "\n";
        client.received.erase(0, end + 1);
        if (send(client.socket, reply.data(), reply.size(), MSG_NOSIGNAL) < 0) return false;
    }
    return true;
}

std::string FakePort::reply_to(const std::string& line) {
    const base::Result<FakeCommand> command = parse_fake_command(line, device_.inputs());
    if (!command) return "error " + command.error().text();
    if (command->kind == FakeCommand::Kind::counters) return "ok " + device_.counters();
    if (command->kind == FakeCommand::Kind::peaks) return "ok " + device_.peaks();
    return device_.obey(*command) ? "ok" : "error the device is busy and obeys later";
}

}  // namespace mixrig::backend
