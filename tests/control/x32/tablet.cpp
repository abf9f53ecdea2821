// The desk and the clients of the tests.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/control/x32/tablet.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace mixrig::control::x32::test {
namespace {

NetAddress loopback(std::uint16_t port) {
    return *NetAddress::parse("127.0.0.1", port);
}

std::vector<MeterLine> silent_meters(const param::DeskShape& shape) {
    std::vector<MeterLine> out;
    for (const param::Kind kind : param::kCountedKinds)
        for (std::size_t s = 0; s < shape.count(kind); ++s)
            out.push_back({"/meters" + std::string(param::kPrefix[static_cast<std::size_t>(kind)]) +
                               "/" + std::to_string(s + 1),
                           std::vector<float>(13, -144.0f)});
    out.push_back({"/meters/main", std::vector<float>(13, -144.0f)});
    out.push_back({"/meters/fft", std::vector<float>(256, -144.0f)});
    for (MeterLine& line : out)
        if (line.dB.size() == 13) line.dB[7] = line.dB[8] = 0.0f;
    return out;
}

}  // namespace

Packet from_hex(std::string_view hex) {
    Packet out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        out.push_back(
            static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
    return out;
}

std::string to_hex(Bytes bytes) {
    std::string out;
    std::array<char, 3> digits{};
    for (const std::uint8_t byte : bytes) {
        std::snprintf(digits.data(), digits.size(), "%02x", byte);
        out += digits.data();
    }
    return out;
}

std::string text_of(Bytes packet) {
    std::string out;
    read_messages(packet, [&](const Message& message, Bytes) {
        out = message.address;
        for (const Argument& argument : message.arguments) {
            out += std::string(" ") + argument.tag + " ";
            if (argument.tag == 's') out += argument.text;
            if (argument.tag == 'i') out += std::to_string(argument.whole);
            if (argument.tag != 'f') continue;
            std::array<char, 32> digits{};
            std::snprintf(digits.data(), digits.size(), "%.6g", static_cast<double>(argument.real));
            out += digits.data();
        }
    });
    return out;
}

Rig::Rig(const Dialect& dialect, param::DeskShape shape, Config config, const char* role)
    : meters(silent_meters(shape)),
      layout(std::move(shape)),
      desk(layout, {.action = [this](const ActionCall& call) -> base::Result<Answer> {
               if (refuses_actions) return base::Error{"not today"};
               std::string line(call.address);
               for (const OscArg& arg : call.args) line += " " + arg.as_text();
               actions.push_back(line);
               if (call.address == "/scene/recall") {
                   if (before_recall) std::exchange(before_recall, {})();
                   if (std::find(scenes.begin(), scenes.end(), call.args[0].as_text()) ==
                       scenes.end())
                       return base::Error{"there is no scene of this name"};
               }
               if (!call.address.starts_with("/scene/") || call.address == "/scene/recall")
                   return Answer{.args = std::vector<OscArg>{}};
               Asked asked{call.from, std::string(call.address), {}};
               for (const OscArg& arg : call.args) asked.names.push_back(arg.as_text());
               disk_.push_back(std::move(asked));
               return Answer{};
           }}) {
    // A number that was given out already is meant as it is: nobody's, for one.
    if (config.rights == kEngineer) config.rights = desk.access().named(role).value();
    auto opened = Server::open(dialect, std::move(config), desk,
                               {.meters = [this] { return std::span<const MeterLine>(meters); },
                                .scenes = [this] { return scenes; },
                                .scene_changes = [this] { return scene_changes; }});
    server = std::move(opened).value();
}

void Rig::turn(int turns, std::int64_t each) {
    for (int i = 0; i < turns; ++i) {
        now += each;
        server->turn(now);
        desk.flush();
        if (!disk_waits) serve_disk();
    }
}

void Rig::serve_disk() {
    for (; !disk_.empty(); disk_.pop_front()) {
        const Asked& asked = disk_.front();
        const bool done = !disk_refuses && change_scenes(asked);
        scene_changes += done ? 1u : 0u;
        CHECK(server->answer(asked.from, asked.address,
                             done ? base::Result<Answer>(Answer{}) : base::Error{"the disk"}));
    }
}

bool Rig::change_scenes(const Asked& asked) {
    const auto has = [&](const std::string& name) {
        return std::find(scenes.begin(), scenes.end(), name) != scenes.end();
    };
    const std::string &first = asked.names.front(), &last = asked.names.back();
    if (asked.address != "/scene/save" && !has(first)) return false;
    if (asked.address == "/scene/rename" && has(last)) return false;
    if (asked.address == "/scene/rename" || asked.address == "/scene/delete")
        std::erase(scenes, first);
    if (asked.address != "/scene/delete" && !has(last)) scenes.push_back(last);
    std::sort(scenes.begin(), scenes.end());
    return true;
}

Tablet::Tablet(Rig& rig)
    : rig_(rig),
      socket_(UdpSocket::open(loopback(0)).value()),
      server_(loopback(rig.server->port())) {}

void Tablet::send(Bytes packet) {
    (void)socket_.send(server_, packet, Urgency::reply);
}

std::vector<Packet> Tablet::take() {
    std::vector<Packet> out;
    socket_.receive(100'000, [&](Bytes packet, const NetAddress&) {
        out.emplace_back(packet.begin(), packet.end());
    });
    return out;
}

std::vector<std::string> Tablet::texts() {
    std::vector<std::string> out;
    for (const Packet& packet : take()) out.push_back(text_of(packet));
    return out;
}

std::string Tablet::answer() {
    rig_.turn();
    std::string out;
    for (const std::string& text : texts()) out += (out.empty() ? "" : "; ") + text;
    return out;
}

}  // namespace mixrig::control::x32::test
