// Opens the sockets of the OSC server.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/osc_server.h"

#include "control/osc_sockets.h"

#include <cerrno>
#include <sys/eventfd.h>
#include <utility>

namespace mixrig::control {
namespace {

// With port 0 the system chooses for UDP; that the same number is free for TCP is likely, not sure.
constexpr int kPortAttempts = 16;

}  // namespace

OscServer::Sockets::Sockets(Doors doors, Desk& desk, std::function<void(std::string_view)> log)
    : doors_(std::move(doors)),
      log_(std::move(log)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      peers_({.admit = [&desk](RightsNumber rights) { return desk.admit(rights); },
              .is_kept = [this](Origin id) { return router_->serves(id); },
              .forget = [this](Origin id) { router_->forget(id); }}) {}

base::Status OscServer::Sockets::bind_all(const OscConfig& config, std::uint16_t port) {
    udp_.clear();
    listeners_.clear();
    for (const std::string& text : config.listen) {
        const auto address = NetAddress::parse(text, port);
        if (!address) return address.error();
        auto udp = UdpSocket::open(*address);
        if (!udp) return udp.error();
        // One number for all: what was chosen for the first holds for the others.
        if (port == 0) port = udp->port();
        auto listener = TcpListener::open(*NetAddress::parse(text, port));
        if (!listener) return listener.error();
        udp_.push_back(std::move(udp).value());
        listeners_.push_back(std::move(listener).value());
    }
    port_ = port;
    return base::Done{};
}

base::Status OscServer::Sockets::bind(const OscConfig& config) {
    base::Status status = bind_all(config, config.port);
    for (int i = 1; i < kPortAttempts && !status && config.port == 0; ++i)
        status = bind_all(config, 0);
    return status;
}

base::Result<std::unique_ptr<OscServer::Sockets>> OscServer::Sockets::open(const OscConfig& config,
                                                                           Desk& desk,
                                                                           OscHooks hooks) {
    auto doors = Doors::make(config.allow, config.others, config.tokens);
    if (!doors) return doors.error();
    if (config.listen.empty()) return base::Error{"[osc] listen names no address"};
    std::unique_ptr<Sockets> out(new Sockets(std::move(doors).value(), desk, hooks.log));
    if (!out->wake_) return base::Error{"no eventfd: " + system_text(errno), "osc"};
    if (const auto status = out->bind(config); !status) return status.error();
    hooks.port = out->port_;
    out->router_ = std::make_unique<OscRouter>(desk, std::move(hooks), out->outlet());
    return out;
}

base::Result<std::unique_ptr<OscServer>> OscServer::open(const OscConfig& config, Desk& desk,
                                                         OscHooks hooks) {
    auto sockets = Sockets::open(config, desk, std::move(hooks));
    if (!sockets) return sockets.error();
    return std::unique_ptr<OscServer>(new OscServer(std::move(sockets).value()));
}

OscServer::OscServer(std::unique_ptr<Sockets> sockets) : sockets_(std::move(sockets)) {}
OscServer::~OscServer() = default;

std::uint16_t OscServer::port() const {
    return sockets_->port();
}

void OscServer::run_once(std::chrono::milliseconds timeout) {
    sockets_->run_once(std::chrono::nanoseconds(timeout).count());
}

Origin OscServer::join(Guest guest) {
    return sockets_->join(std::move(guest));
}

bool OscServer::receive(Origin guest, Bytes packet) {
    return sockets_->receive(guest, packet);
}

void OscServer::leave(Origin guest) {
    sockets_->leave(guest);
}

void OscServer::watch(int descriptor) {
    sockets_->watch(descriptor);
}

void OscServer::unwatch(int descriptor) {
    sockets_->unwatch(descriptor);
}

void OscServer::revoke(RightsNumber rights) {
    sockets_->revoke(rights);
}

const Doors& OscServer::doors() const {
    return sockets_->doors();
}

void OscServer::answer(Origin to, std::string_view address, const base::Result<Answer>& answer) {
    sockets_->answer(to, address, answer);
}

void OscServer::wake() const {
    sockets_->wake();
}
const OscCounters& OscServer::counters() const {
    return sockets_->counters();
}

}  // namespace mixrig::control
