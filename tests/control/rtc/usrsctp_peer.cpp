// The browser's side by usrsctp, which knows its associations by an address: ours are numbers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/control/rtc/usrsctp_peer.h"

#include "src/base/clock.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstdlib>
#include <unordered_map>
#include <usrsctp.h>
#include <utility>

namespace rtc_page {
namespace {

constexpr std::uint16_t kPort = 5000;  // as browsers say it in SDP
constexpr std::uint32_t kBinary = 53;  // RFC 8831 section 8

// Those that usrsctp may call back, by the address it knows them by.
std::unordered_map<void*, UsrsctpPeer*>& all() {
    static std::unordered_map<void*, UsrsctpPeer*> out;
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

bool prepare(struct socket* socket) {
    const linger at_once = {1, 0};
    const sctp_event changes = {SCTP_FUTURE_ASSOC, SCTP_ASSOC_CHANGE, 1};
    return usrsctp_set_non_blocking(socket, 1) == 0 &&
           set(socket, SOL_SOCKET, SO_LINGER, at_once) &&
           set(socket, IPPROTO_SCTP, SCTP_EVENT, changes);
}

}  // namespace

// What usrsctp calls back.
struct UsrsctpPeer::Calls {
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
            return true;
        }();
        (void)done;
    }
};

UsrsctpPeer::UsrsctpPeer(Hooks hooks) : hooks_(std::move(hooks)), name_(new_name()) {
    Calls::begin();
    usrsctp_register_address(name_);
    all()[name_] = this;
    socket_ = usrsctp_socket(AF_CONN, SOCK_STREAM, IPPROTO_SCTP, Calls::input, nullptr, 0, name_);
    sockaddr_conn address = address_of(name_);
    is_gone_ = socket_ == nullptr || !prepare(socket_) ||
               usrsctp_bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0;
}

UsrsctpPeer::~UsrsctpPeer() {
    if (socket_ != nullptr) usrsctp_close(socket_);
    usrsctp_deregister_address(name_);
    all().erase(name_);
}

void UsrsctpPeer::call() {
    if (is_gone_) return;
    sockaddr_conn address = address_of(name_);
    const int done =
        usrsctp_connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    is_gone_ = done != 0 && errno != EINPROGRESS;
}

void UsrsctpPeer::take(Bytes packet) {
    usrsctp_conninput(name_, packet.data(), packet.size(), 0);
}

void UsrsctpPeer::read(Bytes bytes, int flags, std::uint32_t kind) {
    if ((flags & MSG_NOTIFICATION) != 0)
        note(bytes);
    else if ((flags & MSG_EOR) != 0 && kind == kBinary)
        hooks_.receive(bytes);
}

void UsrsctpPeer::note(Bytes bytes) {
    const auto* said = reinterpret_cast<const sctp_notification*>(bytes.data());
    if (bytes.size() < sizeof said->sn_assoc_change || said->sn_header.sn_type != SCTP_ASSOC_CHANGE)
        return;
    const bool is_up = said->sn_assoc_change.sac_state == SCTP_COMM_UP ||
                       said->sn_assoc_change.sac_state == SCTP_RESTART;
    is_open_ = is_up;
    is_gone_ = !is_up;
}

void UsrsctpPeer::send(Bytes message) {
    sctp_sndinfo how = {};
    how.snd_ppid = htonl(kBinary);
    (void)usrsctp_sendv(socket_, message.data(), message.size(), nullptr, 0, &how, sizeof how,
                        SCTP_SENDV_SNDINFO, 0);
}

void UsrsctpPeer::turn(std::int64_t now) {
    static std::int64_t last = now;
    const std::int64_t elapsed = (now - last) / 1'000'000;  // ms
    if (elapsed <= 0) return;
    last += elapsed * 1'000'000;
    if (!all().empty()) usrsctp_handle_timers(static_cast<std::uint32_t>(elapsed));
}

}  // namespace rtc_page
