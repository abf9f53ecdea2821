// The web server of the desk, as the control thread sees it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/web/server.h"

#include "src/base/clock.h"
#include "src/web/service.h"

#include <utility>

namespace mixrig::web {

base::Result<std::unique_ptr<Server>> Server::open(ServerConfig config, const param::Layout& layout,
                                                   param::Values values, ServerHooks hooks) {
    auto service = Service::open(std::move(config), layout, std::move(values), std::move(hooks));
    if (!service) return service.error();
    return std::unique_ptr<Server>(new Server(std::move(*service)));
}

Server::Server(std::unique_ptr<Service> service) : service_(std::move(service)) {}
Server::~Server() = default;

std::uint16_t Server::port() const {
    return service_->port();
}

bool Server::is_encrypted() const {
    return service_->is_encrypted();
}

void Server::collect(const Reception& reception) {
    service_->exchange().collect(reception);
}

Sent Server::send(ConnectionId to, Bytes packet, Urgency urgency) {
    return service_->exchange().send(to, packet, urgency, base::monotonic_ns());
}

std::size_t Server::backlog(ConnectionId id) {
    return service_->exchange().backlog(id);
}

void Server::drop(ConnectionId id) {
    service_->exchange().drop(id);
}

void Server::publish(Changes changes) {
    if (!changes.empty()) service_->exchange().publish(std::move(changes));
}

void Server::publish_meters(std::span<const float> readings) {
    service_->exchange().publish_meters(readings);
}

bool Server::wants_meters() const {
    return service_->wants_meters();
}

void Server::flush() {
    if (service_->exchange().must_wake()) service_->wake();
}

}  // namespace mixrig::web
