// A running desk: its page, WebSockets and OSCQuery.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/derived/table_page.h"
#include "src/app/live/live_desk.h"
#include "src/session/networks.h"

#include <memory>
#include <utility>

namespace mixrig::app {
namespace {

std::string shown(const std::string& address) {
    if (address == "0.0.0.0" || address == "::") return "localhost";
    return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

}  // namespace

web::ServerConfig LiveDesk::server_config() {
    const session::WebConfig& web = settings_.config.web;
    const session::OscConfig& osc = settings_.config.osc;
    const bool is_anywhere = osc.listen == "0.0.0.0" || osc.listen == "::";
    web::ServerConfig out{.port = static_cast<std::uint16_t>(web.port),
                          .listen = web.listen,
                          .hosts = web.hosts,
                          .certificate = web.certificate,
                          .key = web.key,
                          .name = settings_.config.name,
                          .osc_address = is_anywhere ? "" : osc.listen,
                          .osc_port = osc_->port()};
    out.files.push_back({"/table.json", "application/json", table_page(out.name, layout_).line()});
    out.rate_of = [&access = desk_.access()](web::Rights number) {
        const auto rights = access.shared(number);
        return rights ? rights->rate : 0.0;
    };
    for (const control::MeterLine& line : meter_lines())
        out.meters.push_back(
            {line.address, line.dB.size(), "Readings, in the order of docs/osc.md"});
    for (const check::Rule& rule : check::rules())
        if (rule.live)
            out.more_actions.push_back(
                {"/qa/" + std::string(rule.key), "?s", std::string(rule.title)});
    return out;
}

// A desk that cannot be seen still sounds: what is wrong is logged, and all else goes on.
void LiveDesk::open_web() {
    const session::WebConfig& config = settings_.config.web;
    if (!config.enabled) return;
    // By a token; else whoever may speak OSC to the desk may do so through its page.
    auto rights_of = [&doors = osc_->doors()](
                         std::string_view token,
                         const web::Visitor& visitor) -> std::optional<web::Rights> {
        if (!token.empty()) return doors.by_token(token);
        const auto address = control::NetAddress::parse(visitor.address, visitor.port);
        const auto rights = address ? doors.by_address(*address) : control::kNobody;
        if (rights != control::kNobody) return rights;
        return visitor.is_this_machine ? std::optional<web::Rights>(control::kEngineer)
                                       : std::nullopt;
    };
    auto surface = WebSurface::open(server_config(), {.desk = desk_,
                                                      .osc = *osc_,
                                                      .log = log_,
                                                      .meters = [this] { return meter_lines(); },
                                                      .rights_of = std::move(rights_of)});
    if (!surface) return log_.error("web", surface.error().text());
    web_ = std::move(*surface);
    const web::Server& server = web_->server();
    // Without them pages lose nothing: what changes comes by WebSocket alone.
    if (const auto done = config.datagrams ? web_->open_datagrams(config.listen) : base::Done{};
        !done)
        log_.error("web", "no datagrams to pages: " + done.error().text());
    log_.info("web", std::string("the page is at http") + (server.is_encrypted() ? "s" : "") +
                         "://" + shown(config.listen) + ":" + std::to_string(server.port()) +
                         (session::is_this_machine(config.listen)
                              ? ", for this machine only; [web] listen opens it to tablets"
                              : ""));
}

// What only this machine hears is nothing to others.
void LiveDesk::announce_services() {
    const session::DeskConfig& config = settings_.config;
    if (!config.web.announce) return;
    std::vector<web::Announcement> out;
    if (!session::is_this_machine(config.osc.listen)) {
        // OSC 1.1 (NIME 2009), 5.2: the types that are understood, and how packets are framed.
        const std::vector<std::string> texts = {"txtvers=1", "version=1.1", "types=ifsbhdSTFNI"};
        out.push_back({"_osc._udp", osc_->port(), texts});
        out.push_back({"_osc._tcp", osc_->port(), texts});
        out.back().texts.push_back("framing=slip");
    }
    if (web_ && !session::is_this_machine(config.web.listen)) {
        const web::Server& server = web_->server();
        out.push_back({"_oscjson._tcp", server.port(), {"txtvers=1"}});
        out.push_back({server.is_encrypted() ? "_https._tcp" : "_http._tcp",
                       server.port(),
                       {"txtvers=1", "path=/"}});
    }
    if (out.empty()) return;
    announcer_ = std::make_unique<web::Announcer>(
        config.name, std::move(out), [this](std::string_view text) { log_.info("mdns", text); });
}

}  // namespace mixrig::app
