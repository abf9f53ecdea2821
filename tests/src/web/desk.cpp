// A server with a desk of nothing behind it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/web/desk.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <thread>

namespace mixrig::tests {

namespace {

std::string text_of(const web::Argument& arg) {
    if (const auto* number = std::get_if<float>(&arg)) return std::to_string(*number);
    if (const auto* flag = std::get_if<bool>(&arg)) return *flag ? "T" : "F";
    return std::get<std::string>(arg);
}

web::Sight known_sight(web::Rights rights, const web::Tree& tree) {
    if (rights != 7) return nullptr;
    const param::Layout& layout = tree.layout();
    web::View out{.reads = std::vector<bool>(layout.size()),
                  .sets = std::vector<bool>(layout.size()),
                  .meters = std::vector<bool>(tree.meters().size()),
                  .actions = std::vector<bool>(tree.action_addresses().size())};
    for (const char* address : {"/ch/1/name", "/ch/1/fader"})
        out.reads[*layout.find(address)] = true;
    return std::make_shared<const web::View>(std::move(out));
}

}  // namespace

std::optional<web::Rights> known_rights(std::string_view token, const web::Visitor& visitor) {
    if (token == "musician") return web::Rights{7};
    if (token.empty() && visitor.is_this_machine) return web::Rights{0};
    return std::nullopt;
}

WebDesk::WebDesk(web::ServerConfig config) {
    config.port = 0;
    auto made =
        web::Server::open(std::move(config), layout, param::Values(layout),
                          {.rights_of = known_rights,
                           .sight_of = known_sight,
                           .wake = [this] { ++wakes; },
                           .encode =
                               [](std::string_view address, std::span<const web::Argument> args) {
                                   std::string text(address);
                                   for (const auto& arg : args) text += " " + text_of(arg);
                                   return std::vector<std::uint8_t>(text.begin(), text.end());
                               },
                           .log = [](std::string_view) {}});
    REQUIRE_MESSAGE(made, made.error().text());
    server = std::move(*made);
}

void WebDesk::collect() {
    server->collect({.came =
                         [this](auto id, const auto& visitor, auto what) {
                             CHECK(!visitor.address.empty());
                             guests.push_back(id);
                             rights.push_back(what);
                         },
                     .packet =
                         [this](auto id, auto packet) {
                             CHECK(std::count(guests.begin(), guests.end(), id) == 1);
                             if (takes) packets.emplace_back(packet.begin(), packet.end());
                             return takes;
                         },
                     .left = [this](auto id) { std::erase(guests, id); }});
    server->flush();
}

bool WebDesk::wait_for_packets(std::size_t count, std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    for (collect(); packets.size() < count; collect()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

bool WebDesk::wait_for_guests(std::size_t count, std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    for (collect(); guests.size() != count; collect()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

}  // namespace mixrig::tests
