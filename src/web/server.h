// The web server of the desk: the page, WebSockets that carry OSC, and OSCQuery, on one port and
// one thread of its own.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/web/exchange.h"
#include "src/web/mail.h"
#include "src/web/oscquery.h"
#include "src/web/tree.h"
#include "src/web/view.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::web {

// Served as it is, at this path ("/table.json").
struct ServedFile {
    std::string path = {};
    std::string type = {};
    std::string bytes = {};
};

struct ServerConfig {
    std::uint16_t port = 8080;         // 0: any free one
    std::string listen = "127.0.0.1";  // an address of this machine, IPv4 or IPv6
    // By which names browsers may call this desk, besides numbers, localhost and *.local.
    std::vector<std::string> hosts = {};
    std::filesystem::path certificate = {}, key = {};  // PEM; with both it is https
    std::vector<ServedFile> files = {};  // besides the page; for those who have rights
    unsigned patience = 5;               // s, for a request to come whole
    // What OSCQuery tells of besides the layout.
    std::string name = {};
    std::string osc_address = {};  // empty: that by which we are asked
    std::uint16_t osc_port = 0;
    std::vector<Meter> meters = {};
    std::vector<NamedAction> more_actions = {};
    // [web] How many commands a second somebody with these rights may say in text; 0, and without
    // it: as many as come.
    std::function<double(Rights)> rate_of = {};
};

struct ServerHooks {
    // [web] What somebody may do who comes from there with this token, which is empty if none was
    // given. Nothing: not even look.
    std::function<std::optional<Rights>(std::string_view token, const Visitor&)> rights_of = {};
    // [web] What somebody with these rights sees by OSCQuery. Without it, everything.
    std::function<Sight(Rights, const Tree&)> sight_of = {};
    // [web] Something came in: the control thread is to collect() soon.
    std::function<void()> wake = {};
    // [web] One OSC message as a packet, for those who listen by OSCQuery.
    std::function<std::vector<std::uint8_t>(std::string_view address, std::span<const Argument>)>
        encode = {};
    // [web] One line for the log.
    std::function<void(std::string_view)> log = {};
};

class Server {
public:
    // Listens and serves from now on, or says why not.
    // `layout` outlives the server.
    static base::Result<std::unique_ptr<Server>> open(ServerConfig config,
                                                      const param::Layout& layout,
                                                      param::Values values, ServerHooks hooks);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // [any]
    std::uint16_t port() const;
    bool is_encrypted() const;

    // [control] What came in by WebSocket since.
    void collect(const Reception& reception);
    // [control] Never waits.
    Sent send(ConnectionId to, Bytes packet, Urgency urgency);
    std::size_t backlog(ConnectionId id);
    // [control] Closes a connection whose rights have ended.
    void drop(ConnectionId id);
    // [control] What has changed, and the newest readings of all meters, one behind the other.
    void publish(Changes changes);
    void publish_meters(std::span<const float> readings);
    // [any] Whether somebody looks at meters by OSCQuery: then they are wanted 20 times a second.
    bool wants_meters() const;
    // [control] Once a turn: wakes the web thread if something was said to it.
    void flush();

private:
    class Service;
    explicit Server(std::unique_ptr<Service> service);
    std::unique_ptr<Service> service_;
};

}  // namespace mixrig::web
