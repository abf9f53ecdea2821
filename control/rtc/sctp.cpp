// SCTP by usrsctp, which knows its associations by an address: ours are numbers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rtc/sctp.h"

#include "src/base/clock.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstdlib>
#include <unordered_map>
#include <usrsctp.h>
#include <utility>

namespace mixrig::control::rtc {
namespace {

constexpr std::uint16_t kPort = 5000;       // as browsers say it in SDP
constexpr std::uint32_t kBinary = 53;       // RFC 8831 section 8
constexpr std::size_t kLargest = 64 << 10;  // of a message to us
// What waits is old soon: little of it, and the desk keeps the rest and its newest value.
constexpr int kSendBuffer = 6 << 10;
// A message that was lost is not sent again, so waiting for it only keeps the next from leaving.
// The usual second would be all of the time that there is.
constexpr std::uint32_t kFirstWait = 200, kShortestWait = 50, kLongestWait = 200;  // ms
constexpr std::uint32_t kMostMisses = 1000;  // who is gone is known by ICE

// Those that usrsctp may call back, by the address it knows them by.
std::unordered_map<void*, Sctp*>& all() {
    static std::unordered_map<void*, Sctp*> out;
    return out;
}

void* new_name() {
    static std::uintptr_t last = 0;
    return reinterpret_cast<void*>(++last);
}

sockaddr_conn address_of(void* name) {
    sockaddr_conn out = {};
    out.sconn_family = AF_CONN;
    out.sconn_port = htons(kPort);
    out.sconn_addr = name;
    return out;
}

template <typename T>
bool set(struct socket* socket, int level, int option, const T& value) {
    return usrsctp_setsockopt(socket, level, option, &value, sizeof value) == 0;
}

bool prepare(struct socket* socket, std::size_t most) {
    constexpr std::uint32_t kOn = 1;
    const linger at_once = {1, 0};
    const sctp_event changes = {SCTP_FUTURE_ASSOC, SCTP_ASSOC_CHANGE, 1};
    const sctp_rtoinfo waits = {SCTP_FUTURE_ASSOC, kFirstWait, kLongestWait, kShortestWait};
    const sctp_assocparams misses = {.sasoc_assoc_id = SCTP_FUTURE_ASSOC,
                                     .sasoc_peer_rwnd = 0,
                                     .sasoc_local_rwnd = 0,
                                     .sasoc_cookie_life = 0,
                                     .sasoc_asocmaxrxt = kMostMisses,
                                     .sasoc_number_peer_destinations = 0};
    sctp_paddrparams path = {};
    path.spp_flags = SPP_PMTUD_DISABLE | SPP_HB_DISABLE;
    path.spp_pathmtu = static_cast<std::uint32_t>(most);
    path.spp_pathmaxrxt = kMostMisses;
    return usrsctp_set_non_blocking(socket, 1) == 0 &&
           set(socket, SOL_SOCKET, SO_LINGER, at_once) &&
           set(socket, SOL_SOCKET, SO_SNDBUF, kSendBuffer) &&
           set(socket, IPPROTO_SCTP, SCTP_NODELAY, kOn) &&
           set(socket, IPPROTO_SCTP, SCTP_EVENT, changes) &&
           set(socket, IPPROTO_SCTP, SCTP_RTOINFO, waits) &&
           set(socket, IPPROTO_SCTP, SCTP_ASSOCINFO, misses) &&
           set(socket, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, path);
}

}  // namespace

// What usrsctp calls back.
struct Sctp::Calls {
    static int output(void* name, void* data, std::size_t size, std::uint8_t, std::uint8_t) {
        const auto found = all().find(name);
        if (found == all().end()) return EHOSTUNREACH;
        found->second->hooks_.send({static_cast<const std::uint8_t*>(data), size});
        return 0;
    }
    static int input(struct socket*, sctp_sockstore, void* data, std::size_t size,
                     sctp_rcvinfo info, int flags, void* name) {
        if (data == nullptr) return 1;
        if (const auto found = all().find(name); found != all().end())
            found->second->read({static_cast<const std::uint8_t*>(data), size}, flags,
                                ntohl(info.rcv_ppid));
        std::free(data);  // NOLINT: usrsctp has it from malloc
        return 1;
    }
    static void begin() {
        static const bool done = [] {
            usrsctp_init_nothreads(0, output, nullptr);
            usrsctp_sysctl_set_sctp_ecn_enable(0);
            usrsctp_sysctl_set_sctp_asconf_enable(0);
            usrsctp_sysctl_set_sctp_auth_enable(0);
            usrsctp_sysctl_set_sctp_nr_incoming_streams_default(1);
            usrsctp_sysctl_set_sctp_nr_outgoing_streams_default(1);
            return true;
        }();
        (void)done;
    }
};

Sctp::Sctp(std::size_t most, Hooks hooks) : hooks_(std::move(hooks)), name_(new_name()) {
    Calls::begin();
    usrsctp_register_address(name_);
    all()[name_] = this;
    socket_ = usrsctp_socket(AF_CONN, SOCK_STREAM, IPPROTO_SCTP, Calls::input, nullptr, 0, name_);
    sockaddr_conn address = address_of(name_);
    is_gone_ = socket_ == nullptr || !prepare(socket_, most) ||
               usrsctp_bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0;
}

Sctp::~Sctp() {
    if (socket_ != nullptr) usrsctp_close(socket_);
    usrsctp_deregister_address(name_);
    all().erase(name_);
}

void Sctp::call() {
    if (is_gone_) return;
    sockaddr_conn address = address_of(name_);
    const int done =
        usrsctp_connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    is_gone_ = done != 0 && errno != EINPROGRESS;
}

void Sctp::take(Bytes packet) {
    usrsctp_conninput(name_, packet.data(), packet.size(), 0);
}

void Sctp::read(Bytes bytes, int flags, std::uint32_t kind) {
    if ((flags & MSG_NOTIFICATION) != 0)
        note(bytes);
    else if ((flags & MSG_EOR) != 0 && kind == kBinary && bytes.size() <= kLargest)
        hooks_.receive(bytes);
}

void Sctp::note(Bytes bytes) {
    const auto* said = reinterpret_cast<const sctp_notification*>(bytes.data());
    if (bytes.size() < sizeof said->sn_assoc_change || said->sn_header.sn_type != SCTP_ASSOC_CHANGE)
        return;
    const bool is_up = said->sn_assoc_change.sac_state == SCTP_COMM_UP ||
                       said->sn_assoc_change.sac_state == SCTP_RESTART;
    is_open_ = is_up;
    is_gone_ = !is_up;
}

Sent Sctp::send(Bytes message) {
    if (!is_open_) return is_gone_ ? Sent::gone : Sent::full;
    sctp_sendv_spa how = {};
    how.sendv_flags = SCTP_SEND_SNDINFO_VALID | SCTP_SEND_PRINFO_VALID;
    how.sendv_sndinfo.snd_flags = SCTP_UNORDERED | SCTP_SACK_IMMEDIATELY;
    how.sendv_sndinfo.snd_ppid = htonl(kBinary);
    how.sendv_prinfo = {SCTP_PR_SCTP_RTX, 0};
    const auto sent = usrsctp_sendv(socket_, message.data(), message.size(), nullptr, 0, &how,
                                    sizeof how, SCTP_SENDV_SPA, 0);
    if (sent >= 0) return Sent::done;
    return errno == EWOULDBLOCK || errno == ENOBUFS ? Sent::full : Sent::gone;
}

void Sctp::turn(std::int64_t now) {
    static std::int64_t last = now;
    const std::int64_t elapsed = (now - last) / 1'000'000;  // ms
    if (elapsed <= 0) return;
    last += elapsed * 1'000'000;
    if (!all().empty()) usrsctp_handle_timers(static_cast<std::uint32_t>(elapsed));
}

}  // namespace mixrig::control::rtc
