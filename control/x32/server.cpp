// The socket, the turns, and what is told to whom.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/server.h"

#include "control/socket.h"
#include "control/x32/kept.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <utility>

namespace mixrig::control::x32 {
namespace {

// Of a socket in a turn: what comes behind it waits in the socket, and other surfaces have theirs.
constexpr std::size_t kAtOnce = 512;

}  // namespace

base::Result<std::unique_ptr<Server>> Server::open(const Dialect& dialect, Config config,
                                                   Desk& desk, Hooks hooks) {
    auto allow = AllowList::parse(config.allow);
    if (!allow) return allow.error();
    const auto address = NetAddress::parse(config.listen, config.port);
    if (!address) return address.error();
    auto socket = UdpSocket::open(*address);
    if (!socket) return socket.error();
    return std::unique_ptr<Server>(new Server(dialect, std::move(config), std::move(*allow),
                                              std::move(*socket), desk, std::move(hooks)));
}

Server::Server(const Dialect& dialect, Config config, AllowList allow, UdpSocket socket, Desk& desk,
               Hooks hooks)
    : config_(std::move(config)),
      allow_(std::move(allow)),
      socket_(std::move(socket)),
      desk_(desk),
      hooks_(std::move(hooks)),
      surface_(dialect, desk),
      meters_(surface_.mapping(), dialect, desk_, config_.rights),
      selected_(surface_.tree().find_leaf("-stat/selidx")),
      clients_([this] { return desk_.admit(config_.rights); },
               desk.access().of(config_.rights).rate) {
    introduce();
    read_scenes();
    surface_.take_changes([](LeafId, Origin) {});  // nobody is there yet
}

void Server::turn(std::int64_t now) {
    now_ = now;
    if (scenes_have_changed()) read_scenes();
    socket_.flush();
    socket_.receive(kAtOnce,
                    [this](Bytes packet, const NetAddress& from) { receive(packet, from); });
    tell_changes();
    clients_.tidy(now_);
    send_streams();
}

void Server::receive(Bytes packet, const NetAddress& from) {
    ++counters_.packets;
    if (!allow_.allows(from)) {
        ++counters_.refused;
        return;
    }
    client_ = clients_.find(from, now_);
    if (client_ == nullptr || !client_->limit.take(now_)) {
        ++counters_.dropped;
        return;
    }
    if (scenes_have_changed()) read_scenes();
    read_messages(packet, [this](const Message& message, Bytes one) { handle(message, one); });
}

// A leaf to each who did not set it himself, once a turn.
void Server::tell_changes() {
    const bool anybody = std::any_of(clients_.all().begin(), clients_.all().end(),
                                     [&](const Client& client) { return client.is_told(now_); });
    surface_.take_changes([&](LeafId leaf, Origin by) {
        if (!anybody || !surface_.may_read(leaf, config_.rights)) return;
        const auto packet = leaf_packet(leaf);
        for (const Client& client : clients_.all())
            if (client.is_told(now_) && (client.origin != by || client.hears_itself))
                send(client.address, packet, Urgency::reply);
    });
}

std::vector<std::uint8_t> Server::leaf_packet(LeafId leaf) const {
    const char tag = seen(leaf).encoding(leaf).tag();
    Writer out(surface_.tree().address(leaf), {&tag, 1});
    add_value(out, leaf);
    return {out.packet().begin(), out.packet().end()};
}

void Server::add_value(Writer& out, LeafId leaf) const {
    const Store& store = seen(leaf);
    const Encoding& is = store.encoding(leaf);
    if (is.form == Form::text)
        out.add(store.text(leaf));
    else if (is.is_float())
        out.add(is.wire(store.step(leaf)));
    else
        out.add(store.step(leaf));
}

std::string Server::node_text(NodeId node) const {
    const Node& in = surface_.tree().nodes()[node];
    std::string out = "/" + in.path;
    for (LeafId leaf = in.first; leaf < in.first + in.count; ++leaf)
        out += ' ' + seen(leaf).format(leaf);
    return out + '\n';
}

std::optional<std::string> Server::take_kept() {
    bool has_changed = surface_.take_kept();
    has_changed |= library_.take_changed();
    return has_changed ? std::optional(kept_text(surface_, library_)) : std::nullopt;
}

// Scenes and the name are told by others, whatever they were then.
void Server::restore(std::string_view kept) {
    restore_kept(kept, surface_, library_);
    for (std::int32_t number = 0; number < SceneBook::kMost; ++number) show_scene(number);
    introduce();
    surface_.take_changes([](LeafId, Origin) {});
    (void)take_kept();
}

void Server::introduce() {
    if (const auto name = surface_.tree().find_leaf("-prefs/name"))
        surface_.tell_all(*name, config_.name);
}

void Server::reply_text(std::string_view address, std::span<const std::string> texts) {
    Writer out(address, std::string(texts.size(), 's'));
    for (const std::string& text : texts) out.add(text);
    reply(out.packet());
}

void Server::send(const NetAddress& to, Bytes packet, Urgency urgency) {
    (void)socket_.send(to, packet, urgency);  // UDP: what has no room is lost
}

// The one that the client reaches us by: the system knows which of ours it would use to answer.
std::string Server::local_address() const {
    const Socket probe(::socket(client_->address.family(), SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_storage own{};
    socklen_t size = sizeof own;
    if (!probe || ::connect(probe.fd(), client_->address.data(), client_->address.size()) != 0 ||
        ::getsockname(probe.fd(), reinterpret_cast<sockaddr*>(&own), &size) != 0)
        return config_.listen;
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* address =
        own.ss_family == AF_INET6
            ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(own).sin6_addr)
            : static_cast<const void*>(&reinterpret_cast<const sockaddr_in&>(own).sin_addr);
    return ::inet_ntop(own.ss_family, address, text.data(), text.size()) != nullptr
               ? std::string(text.data())
               : config_.listen;
}

}  // namespace mixrig::control::x32
