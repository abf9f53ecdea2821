// The web server at the desk.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/web_surface.h"

#include <utility>

namespace mixrig::app {
namespace {

web::Urgency urgency(control::Urgency of) {
    switch (of) {
        case control::Urgency::meters:
            return web::Urgency::meters;
        case control::Urgency::state:
            return web::Urgency::state;
        case control::Urgency::reply:
            break;
    }
    return web::Urgency::reply;
}

control::Sent sent(web::Sent how) {
    switch (how) {
        case web::Sent::done:
            return control::Sent::done;
        case web::Sent::full:
            return control::Sent::full;
        case web::Sent::gone:
            break;
    }
    return control::Sent::gone;
}

}  // namespace

base::Result<std::unique_ptr<WebSurface>> WebSurface::open(web::ServerConfig config, Parts parts) {
    std::unique_ptr<WebSurface> out(new WebSurface(parts.osc));
    out->reception_ = {.came = [self = out.get()](auto id, const auto& visitor,
                                                  auto rights) { self->came(id, visitor, rights); },
                       .packet =
                           [self = out.get()](auto id, auto packet) {
                               return self->osc_.receive(self->guests_[id], packet);
                           },
                       .left =
                           [self = out.get()](auto id) {
                               self->osc_.leave(self->guests_[id]);
                               self->guests_.erase(id);
                           }};
    auto server = web::Server::open(
        std::move(config), {.rights_of = std::move(parts.rights_of),
                            .wake = [&osc = parts.osc] { osc.wake(); },
                            .log = [&log = parts.log](auto text) { log.info("web", text); }});
    if (!server) return server.error();
    out->server_ = std::move(*server);
    return out;
}

WebSurface::~WebSurface() {
    for (const auto& [id, origin] : guests_) osc_.leave(origin);
}

void WebSurface::came(web::ConnectionId id, const web::Visitor& visitor, web::Rights rights) {
    auto address = control::NetAddress::parse(visitor.address, visitor.port);
    guests_[id] = osc_.join({.address = address ? *address : control::NetAddress{},
                             .rights = rights,
                             .send =
                                 [this, id](control::Bytes packet, control::Urgency how) {
                                     return sent(server_->send(id, packet, urgency(how)));
                                 },
                             .backlog = [this, id] { return server_->backlog(id); }});
}

void WebSurface::turn() {
    server_->collect(reception_);
    server_->flush();
}

}  // namespace mixrig::app
