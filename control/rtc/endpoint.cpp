// Datagrams to pages.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rtc/endpoint.h"

#include <algorithm>
#include <openssl/rand.h>
#include <string_view>
#include <utility>
#include <vector>

namespace mixrig::control::rtc {
namespace {

// RFC 8839 section 5.4: at least 4 and 22 of the 64 characters, which are 24 and 128 bits.
constexpr std::size_t kFragment = 8, kPassword = 24;
constexpr std::size_t kLongest = 256;  // RFC 8839: of either

bool is_ice_text(const std::string& text, std::size_t least) {
    constexpr std::string_view kOthers = "+/-=_";  // some browsers use more than they should
    return text.size() >= least && text.size() <= kLongest &&
           std::all_of(text.begin(), text.end(), [&](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      kOthers.find(c) != std::string_view::npos;
           });
}

// Empty if the system has no chance left.
std::string random_text(std::size_t size) {
    constexpr std::string_view kLetters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out(size, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(size)) != 1)
        return {};
    for (char& c : out) c = kLetters[static_cast<unsigned char>(c) % kLetters.size()];
    return out;
}

// RFC 7983: what is of STUN begins with 0 to 3, what is of DTLS with 20 to 63.
bool is_dtls(Bytes datagram) {
    return !datagram.empty() && datagram[0] >= 20 && datagram[0] <= 63;
}

}  // namespace

Endpoint::Endpoint(UdpSocket socket, Identity identity)
    : socket_(std::move(socket)), identity_(std::move(identity)) {}

base::Result<std::unique_ptr<Endpoint>> Endpoint::open(const NetAddress& address) {
    auto socket = UdpSocket::open(address, Families::both);
    if (!socket) return socket.error();
    auto identity = Identity::make();
    if (!identity) return identity.error();
    return std::unique_ptr<Endpoint>(
        new Endpoint(std::move(socket).value(), std::move(identity).value()));
}

base::Result<Credentials> Endpoint::accept(std::uint64_t id, Offer offer, std::int64_t now) {
    constexpr std::size_t kSha256 = 32 * 3 - 1;  // "1F:02:..."
    if (!is_ice_text(offer.ice.fragment, 4) || offer.fingerprint.size() != kSha256)
        return base::Error{"this is no offer", {}, "fragment, password and SHA-256 fingerprint"};
    if (const auto found = channels_.find(id);
        found != channels_.end() && now - found->second->since() < kBetweenOffers)
        return base::Error{"the last offer was a moment ago", {}, "3 s between two"};
    close(id);
    if (channels_.size() >= kMostChannels) return base::Error{"there are too many already"};
    const Credentials own{random_text(kFragment), random_text(kPassword)};
    if (own.password.empty()) return base::Error{"the system has no random numbers"};
    by_fragment_[own.fragment] = id;
    channels_[id] = std::make_unique<Channel>(
        identity_, own, std::move(offer),
        [this](const NetAddress& to, Bytes datagram) {
            (void)socket_.send(to, datagram, Urgency::state);
        },
        now);
    return own;
}

void Endpoint::close(std::uint64_t id) {
    const auto found = channels_.find(id);
    if (found == channels_.end()) return;
    by_fragment_.erase(found->second->own().fragment);
    if (const auto& path = found->second->path()) leave(*path, id);
    channels_.erase(found);
}

// Another page may come from there by now.
void Endpoint::leave(const NetAddress& path, std::uint64_t id) {
    const auto found = by_path_.find(path);
    if (found != by_path_.end() && found->second == id) by_path_.erase(found);
}

bool Endpoint::is_open(std::uint64_t id) const {
    const auto found = channels_.find(id);
    return found != channels_.end() && found->second->is_open();
}

Sent Endpoint::send(std::uint64_t id, Bytes message, std::int64_t now) {
    const auto found = channels_.find(id);
    return found == channels_.end() ? Sent::gone : found->second->send(message, now);
}

void Endpoint::turn(std::int64_t now) {
    socket_.receive(kDatagramsAtOnce,
                    [&](Bytes datagram, const NetAddress& from) { take(datagram, from, now); });
    std::vector<std::uint64_t> gone;
    for (const auto& [id, channel] : channels_) {
        channel->turn(now);
        if (channel->is_gone()) gone.push_back(id);
    }
    for (const std::uint64_t id : gone) close(id);
}

void Endpoint::take(Bytes datagram, const NetAddress& from, std::int64_t now) {
    if (!is_dtls(datagram)) return check(datagram, from, now);
    const auto found = by_path_.find(from);
    if (found != by_path_.end()) channels_.at(found->second)->take(datagram, now);
}

void Endpoint::check(Bytes datagram, const NetAddress& from, std::int64_t now) {
    const auto request = parse_request(datagram);
    const auto found = request ? by_fragment_.find(request->to) : by_fragment_.end();
    if (found == by_fragment_.end()) return;
    Channel& channel = *channels_.at(found->second);
    const std::optional<NetAddress> before = channel.path();
    if (!channel.check(datagram, *request, from, now)) return;
    if (before && !(*before == from)) leave(*before, found->second);
    by_path_[from] = found->second;
}

}  // namespace mixrig::control::rtc
