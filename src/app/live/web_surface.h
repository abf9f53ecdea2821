// The web server at the desk: WebSockets as peers of the OSC server.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "control/osc_server.h"
#include "control/rtc/endpoint.h"
#include "src/monitor/log.h"
#include "src/web/server.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace mixrig::app {

// [control] But for what web::ServerHooks says.
class WebSurface {
public:
    // `rights_of` is asked on the web thread.
    struct Parts {
        control::Desk& desk;
        control::OscServer& osc;
        monitor::Log& log;
        std::function<std::span<const control::MeterLine>()> meters;
        decltype(web::ServerHooks::rights_of) rights_of;
    };
    static base::Result<std::unique_ptr<WebSurface>> open(web::ServerConfig config, Parts parts);
    ~WebSurface();
    WebSurface(const WebSurface&) = delete;
    WebSurface& operator=(const WebSurface&) = delete;

    const web::Server& server() const { return *server_; }
    // Pages may have what changes by datagrams as well, at the UDP port of the server's number.
    base::Status open_datagrams(const std::string& address);
    // Once a turn of the control thread.
    void turn();

private:
    explicit WebSurface(Parts parts);
    web::ServerHooks hooks();
    control::Guest guest(web::ConnectionId id, const web::Visitor& visitor, web::Rights rights);
    control::Sent send(web::ConnectionId id, control::Bytes packet, control::Urgency urgency);
    base::Result<std::vector<control::OscArg>> accept(web::ConnectionId id,
                                                      const std::string& reached,
                                                      std::span<const control::OscArg> offer);
    void left(web::ConnectionId id);
    void came(web::ConnectionId id, const web::Visitor& visitor, web::Rights rights);
    void publish_changes();
    void publish_meters(std::int64_t now);

    Parts parts_;
    std::size_t observer_ = 0;
    std::vector<param::Slot> changed_;  // since the last turn, each once
    std::vector<bool> is_changed_;
    std::vector<float> readings_;
    std::int64_t measured_ = 0;  // when meters were published, ns
    std::unique_ptr<web::Server> server_;
    std::unique_ptr<control::rtc::Endpoint> datagrams_;
    web::Reception reception_;
    std::unordered_map<web::ConnectionId, control::Origin> guests_;
};

}  // namespace mixrig::app
