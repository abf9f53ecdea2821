// The control port of the fake device in a running desk.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/desk/fake_remote.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sstream>
#include <sys/socket.h>
#include <unistd.h>

namespace mixrig::tests {

FakeRemote::FakeRemote(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval limit{.tv_sec = 10, .tv_usec = 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
}

FakeRemote::~FakeRemote() {
    close(socket_);
}

std::string FakeRemote::ask(const std::string& line) {
    const std::string sent = line + "\n";
    REQUIRE(send(socket_, sent.data(), sent.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(sent.size()));
    std::string reply;
    for (char c = 0; recv(socket_, &c, 1, 0) == 1 && c != '\n';) reply += c;
    return reply;
}

std::map<std::string, long> FakeRemote::counters() {
    std::istringstream words(ask("counters").substr(2));
    std::map<std::string, long> values;
    for (std::string word; words >> word;)
        values[word.substr(0, word.find('='))] = std::stol(word.substr(word.find('=') + 1));
    return values;
}

bool FakeRemote::pass(long blocks, Milliseconds limit) {
    const long until = counters()["blocks"] + blocks;
    return poll_until([&] { return counters()["blocks"] >= until; }, limit);
}

std::vector<float> FakeRemote::peaks(long blocks) {
    CHECK(pass(2));
    ask("peaks");
    CHECK(pass(blocks));
    std::istringstream words(ask("peaks").substr(2));
    std::vector<float> values;
    for (float value = 0.0f; words >> value;) values.push_back(value);
    REQUIRE_FALSE(values.empty());
    return values;
}

}  // namespace mixrig::tests
