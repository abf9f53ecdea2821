// A sequencer without a kernel's: answers libasound's calls, preloaded before it, by what a test
// says over a socket.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/desk/midi_stage.h"

#include <alsa/asoundlib.h>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <vector>

namespace {

using mixrig::tests::Packet;

constexpr int kOwnClient = 128, kOwnPort = 0;
constexpr unsigned kAll = SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ |
                          SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_SUBS_WRITE;

struct Double {
    int socket = -1;
    std::map<int, std::string> clients;  // each has port 0
    std::deque<Packet> waiting;
    snd_seq_event_t event{};
    std::vector<unsigned char> data;
    snd_midi_event_t* encoder = nullptr;
    snd_midi_event_t* decoder = nullptr;

    void tell(const Packet& packet) const {
        (void)::send(socket, packet.data(), packet.size(), MSG_NOSIGNAL);
    }
    bool take(Packet& packet, int flags) const {
        packet.resize(4096);
        const ssize_t size = ::recv(socket, packet.data(), packet.size(), flags);
        packet.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
        return size > 0;
    }
    void meet(const Packet& packet) {
        clients[packet[1]] = std::string(packet.begin() + 2, packet.end());
    }
    void announce(int type, int client) {
        snd_seq_ev_clear(&event);
        event.type = static_cast<unsigned char>(type);
        event.source = {SND_SEQ_CLIENT_SYSTEM, SND_SEQ_PORT_SYSTEM_ANNOUNCE};
        event.data.addr = {static_cast<unsigned char>(client), 0};
    }
    // What a kernel would deliver for this.
    void deliver(const Packet& packet) {
        if (packet[0] == 'P') {
            meet(packet);
            announce(SND_SEQ_EVENT_PORT_START, packet[1]);
        } else if (packet[0] == 'U') {
            clients.erase(packet[1]);
            announce(SND_SEQ_EVENT_CLIENT_EXIT, packet[1]);
        } else {
            data.assign(packet.begin() + 2, packet.end());
            snd_seq_ev_clear(&event);
            ::snd_midi_event_reset_encode(encoder);
            (void)::snd_midi_event_encode(encoder, data.data(), static_cast<long>(data.size()),
                                          &event);
            event.source = {packet[1], 0};
        }
    }
};

Double* of(snd_seq_t* seq) {
    return reinterpret_cast<Double*>(seq);
}

}  // namespace

extern "C" {

int snd_seq_open(snd_seq_t** seq, const char*, int, int) {
    const char* path = std::getenv(mixrig::tests::kStageVariable);  // NOLINT: nobody changes it
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path == nullptr) return -ENOENT;
    std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    auto* made = new Double;
    made->socket = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (::connect(made->socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        ::close(made->socket);
        delete made;
        return -ENOENT;
    }
    ::snd_midi_event_new(1024, &made->encoder);
    ::snd_midi_event_new(1024, &made->decoder);
    ::snd_midi_event_no_status(made->decoder, 1);
    // Who is there already, until the test says that this is all.
    for (Packet packet; made->take(packet, 0) && packet[0] != 'G';) made->meet(packet);
    *seq = reinterpret_cast<snd_seq_t*>(made);
    return 0;
}

int snd_seq_close(snd_seq_t* seq) {
    ::close(of(seq)->socket);
    ::snd_midi_event_free(of(seq)->encoder);
    ::snd_midi_event_free(of(seq)->decoder);
    delete of(seq);
    return 0;
}

int snd_seq_set_client_name(snd_seq_t*, const char*) {
    return 0;
}

int snd_seq_client_id(snd_seq_t*) {
    return kOwnClient;
}

int snd_seq_create_simple_port(snd_seq_t*, const char*, unsigned, unsigned) {
    return kOwnPort;
}

int snd_seq_connect_from(snd_seq_t* seq, int, int client, int) {
    if (client != SND_SEQ_CLIENT_SYSTEM && !of(seq)->clients.contains(client)) return -EINVAL;
    of(seq)->tell({'S', static_cast<unsigned char>(client)});
    return 0;
}

int snd_seq_connect_to(snd_seq_t*, int, int, int) {
    return 0;
}

int snd_seq_get_port_subscription(snd_seq_t* seq, snd_seq_port_subscribe_t* wire) {
    return of(seq)->clients.contains(::snd_seq_port_subscribe_get_sender(wire)->client) ? 0
                                                                                        : -ENOENT;
}

int snd_seq_query_next_client(snd_seq_t* seq, snd_seq_client_info_t* info) {
    const auto next = of(seq)->clients.upper_bound(::snd_seq_client_info_get_client(info));
    if (next == of(seq)->clients.end()) return -ENOENT;
    ::snd_seq_client_info_set_client(info, next->first);
    return 0;
}

int snd_seq_query_next_port(snd_seq_t*, snd_seq_port_info_t* info) {
    // Before the first one it is -1, in a byte.
    if (::snd_seq_port_info_get_port(info) != 255) return -ENOENT;
    ::snd_seq_port_info_set_port(info, 0);
    return 0;
}

int snd_seq_get_any_client_info(snd_seq_t* seq, int client, snd_seq_client_info_t* info) {
    const auto found = of(seq)->clients.find(client);
    if (found == of(seq)->clients.end()) return -ENOENT;
    ::snd_seq_client_info_set_name(info, found->second.c_str());
    return 0;
}

int snd_seq_get_any_port_info(snd_seq_t* seq, int client, int port, snd_seq_port_info_t* info) {
    if (!of(seq)->clients.contains(client) || port != 0) return -ENOENT;
    ::snd_seq_port_info_set_name(info, "MIDI 1");
    ::snd_seq_port_info_set_capability(info, kAll);
    return 0;
}

int snd_seq_poll_descriptors_count(snd_seq_t*, short) {
    return 1;
}

int snd_seq_poll_descriptors(snd_seq_t* seq, pollfd* polled, unsigned, short) {
    polled[0] = {of(seq)->socket, POLLIN, 0};
    return 1;
}

int snd_seq_event_input(snd_seq_t* seq, snd_seq_event_t** event) {
    Packet packet;
    if (!of(seq)->take(packet, MSG_DONTWAIT))
        return errno == EAGAIN || errno == EWOULDBLOCK ? -EAGAIN : -ENODEV;
    of(seq)->deliver(packet);
    *event = &of(seq)->event;
    return 1;
}

int snd_seq_event_input_pending(snd_seq_t*, int) {
    return 0;
}

int snd_seq_event_output_direct(snd_seq_t* seq, snd_seq_event_t* event) {
    std::array<unsigned char, 1024> bytes{};
    const long count = ::snd_midi_event_decode(of(seq)->decoder, bytes.data(), bytes.size(), event);
    if (count <= 0) return -EINVAL;
    Packet packet = {'M', event->dest.client};
    packet.insert(packet.end(), bytes.begin(), bytes.begin() + count);
    of(seq)->tell(packet);
    return static_cast<int>(count);
}

}  // extern "C"
