// The web server at the desk.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/web_surface.h"

#include "control/osc_codec.h"
#include "src/base/clock.h"

#include <map>
#include <utility>
#include <variant>

namespace mixrig::app {
namespace {

// Readings for whoever asks for VALUE now and then; and for those who listen to meters.
constexpr std::int64_t kMetersAnyway = 500'000'000, kMetersWanted = 50'000'000;  // ns

control::OscArg osc_arg(const web::Argument& arg) {
    if (const auto* number = std::get_if<float>(&arg)) return control::OscArg::number(*number);
    if (const auto* flag = std::get_if<bool>(&arg)) return control::OscArg::toggle(*flag);
    return control::OscArg::text(std::get<std::string>(arg));
}

// The number of the web port, if browsers like it: some take no candidate below 1024, where http
// and https have theirs.
std::uint16_t datagram_port(std::uint16_t web) {
    constexpr std::uint16_t kFirstOfUsers = 1024, kAbove = 8000;  // 80 and 8080, 443 and 8443
    return static_cast<std::uint16_t>(web < kFirstOfUsers ? web + kAbove : web);
}

web::Urgency urgency(control::Urgency of) {
    switch (of) {
        case control::Urgency::meters:
            return web::Urgency::meters;
        case control::Urgency::again:
        case control::Urgency::change:
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

web::View view_of(const control::Rights& rights, const param::Layout& layout,
                  const web::Tree& tree) {
    web::View out;
    for (param::Slot slot = 0; slot < layout.size(); ++slot) {
        out.reads.push_back(rights.reads(slot));
        out.sets.push_back(rights.sets(slot));
    }
    for (const web::Meter& meter : tree.meters())
        out.meters.push_back(rights.sees_meter(meter.address));
    for (const std::string& action : tree.action_addresses())
        out.actions.push_back(rights.runs(action));
    return out;
}

// [web] Made once for all who have the same role. Whoever has lost his rights sees nothing.
class SightsOf {
public:
    explicit SightsOf(const control::Access& access) : access_(access) {}

    web::Sight operator()(web::Rights number, const web::Tree& tree) {
        const auto rights = access_.shared(number);
        if (rights && rights->everything) return nullptr;
        web::Sight& sight = made_[rights];
        if (!sight)
            sight = std::make_shared<const web::View>(
                view_of(rights ? *rights : control::Rights{}, tree.layout(), tree));
        return sight;
    }

private:
    const control::Access& access_;
    std::map<std::shared_ptr<const control::Rights>, web::Sight> made_;
};

}  // namespace

WebSurface::WebSurface(Parts parts)
    : parts_(std::move(parts)), is_changed_(parts_.desk.layout().size()) {
    reception_ = {
        .came = [this](auto id, const auto& visitor, auto rights) { came(id, visitor, rights); },
        .packet = [this](auto id, auto packet) { return parts_.osc.receive(guests_[id], packet); },
        .left = [this](auto id) { left(id); }};
    observer_ = parts_.desk.observe([this](const control::Change& change) {
        if (!is_changed_[change.slot]) changed_.push_back(change.slot);
        is_changed_[change.slot] = true;
    });
}

base::Result<std::unique_ptr<WebSurface>> WebSurface::open(web::ServerConfig config, Parts parts) {
    std::unique_ptr<WebSurface> out(new WebSurface(std::move(parts)));
    const control::Desk& desk = out->parts_.desk;
    auto server = web::Server::open(std::move(config), desk.layout(), desk.values(), out->hooks());
    if (!server) return server.error();
    out->server_ = std::move(*server);
    return out;
}

web::ServerHooks WebSurface::hooks() {
    return {.rights_of = std::move(parts_.rights_of),
            .sight_of = SightsOf{parts_.desk.access()},
            .wake = [&osc = parts_.osc] { osc.wake(); },
            .encode =
                [](std::string_view address, std::span<const web::Argument> args) {
                    control::OscMessage message{std::string(address)};
                    for (const web::Argument& arg : args) message.args.push_back(osc_arg(arg));
                    return control::encode(message);
                },
            .log = [&log = parts_.log](std::string_view text) { log.info("web", text); }};
}

base::Status WebSurface::open_datagrams(const std::string& address) {
    const auto at = control::NetAddress::parse(address, datagram_port(server_->port()));
    if (!at) return at.error();
    auto endpoint = control::rtc::Endpoint::open(*at);
    if (!endpoint)
        return base::Error{
            endpoint.error().what, "UDP " + at->text(),
            "all comes by WebSocket; [web] port takes another, datagrams = false none"};
    datagrams_ = std::move(*endpoint);
    parts_.osc.watch(datagrams_->fd());
    return base::Done{};
}

WebSurface::~WebSurface() {
    if (datagrams_) parts_.osc.unwatch(datagrams_->fd());
    parts_.desk.unobserve(observer_);
    for (const auto& [id, origin] : guests_) parts_.osc.leave(origin);
}

void WebSurface::came(web::ConnectionId id, const web::Visitor& visitor, web::Rights rights) {
    guests_[id] = parts_.osc.join(guest(id, visitor, rights));
}

control::Guest WebSurface::guest(web::ConnectionId id, const web::Visitor& visitor,
                                 web::Rights rights) {
    auto address = control::NetAddress::parse(visitor.address, visitor.port);
    control::Guest out{.address = address ? *address : control::NetAddress{},
                       .rights = rights,
                       .send = [this, id](control::Bytes packet,
                                          control::Urgency how) { return send(id, packet, how); },
                       .backlog = [this, id] { return server_->backlog(id); },
                       .end = [this, id] { server_->drop(id); }};
    if (!datagrams_) return out;
    out.is_lossy = [this, id] { return datagrams_->is_open(id); };
    out.datagrams = [this, id, reached = visitor.reached](std::span<const control::OscArg> offer) {
        return accept(id, reached, offer);
    };
    return out;
}

void WebSurface::left(web::ConnectionId id) {
    parts_.osc.leave(guests_[id]);
    guests_.erase(id);
    if (datagrams_) datagrams_->close(id);
}

// A change that has gone by datagram may stay away from a WebSocket that is full: it is told again
// (control/repeats.h), and whoever compares finds what is still missing.
control::Sent WebSurface::send(web::ConnectionId id, control::Bytes packet, control::Urgency how) {
    if (how == control::Urgency::again)  // what ends a channel does not end its page
        return datagrams_ &&
                       datagrams_->send(id, packet, base::monotonic_ns()) == control::Sent::full
                   ? control::Sent::full
                   : control::Sent::done;
    const control::Sent by_socket = sent(server_->send(id, packet, urgency(how)));
    if (how != control::Urgency::change || !datagrams_ || by_socket == control::Sent::gone)
        return by_socket;
    const bool has_gone = datagrams_->send(id, packet, base::monotonic_ns()) == control::Sent::done;
    return has_gone ? control::Sent::done : by_socket;
}

base::Result<std::vector<control::OscArg>> WebSurface::accept(
    web::ConnectionId id, const std::string& reached, std::span<const control::OscArg> offer) {
    const auto own = datagrams_->accept(
        id, {.ice = {offer[0].as_text(), offer[1].as_text()}, .fingerprint = offer[2].as_text()},
        base::monotonic_ns());
    if (!own) return own.error();
    return std::vector{control::OscArg::text(own->fragment), control::OscArg::text(own->password),
                       control::OscArg::text(datagrams_->fingerprint()),
                       control::OscArg::text(reached),
                       control::OscArg::integer(datagrams_->port())};
}

void WebSurface::publish_changes() {
    web::Changes changes;
    for (const param::Slot slot : changed_) {
        changes.emplace_back(slot, parts_.desk.get(slot));
        is_changed_[slot] = false;
    }
    changed_.clear();
    server_->publish(std::move(changes));
}

void WebSurface::publish_meters(std::int64_t now) {
    if (now - measured_ < (server_->wants_meters() ? kMetersWanted : kMetersAnyway)) return;
    measured_ = now;
    readings_.clear();
    for (const control::MeterLine& line : parts_.meters())
        readings_.insert(readings_.end(), line.dB.begin(), line.dB.end());
    server_->publish_meters(readings_);
}

void WebSurface::turn() {
    if (datagrams_) datagrams_->turn(base::monotonic_ns());
    server_->collect(reception_);
    publish_changes();
    publish_meters(base::monotonic_ns());
    server_->flush();
}

}  // namespace mixrig::app
