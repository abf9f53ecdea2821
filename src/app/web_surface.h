// The web server at the desk: WebSockets as peers of the OSC server.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "control/osc_server.h"
#include "src/monitor/log.h"
#include "src/web/server.h"

#include <cstdint>
#include <memory>
#include <unordered_map>

namespace mixrig::app {

// [control] But for what web::ServerHooks says.
class WebSurface {
public:
    // `rights_of` is asked on the web thread.
    struct Parts {
        control::OscServer& osc;
        monitor::Log& log;
        decltype(web::ServerHooks::rights_of) rights_of;
    };
    static base::Result<std::unique_ptr<WebSurface>> open(web::ServerConfig config, Parts parts);
    ~WebSurface();
    WebSurface(const WebSurface&) = delete;
    WebSurface& operator=(const WebSurface&) = delete;

    const web::Server& server() const { return *server_; }
    // Once a turn of the control thread.
    void turn();

private:
    explicit WebSurface(control::OscServer& osc) : osc_(osc) {}
    void came(web::ConnectionId id, const web::Visitor& visitor, web::Rights rights);

    control::OscServer& osc_;
    std::unique_ptr<web::Server> server_;
    web::Reception reception_;
    std::unordered_map<web::ConnectionId, control::Origin> guests_;
};

}  // namespace mixrig::app
