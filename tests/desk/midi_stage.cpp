// The stand-in's other end, and clients of a real sequencer.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/desk/midi_stage.h"

#include <doctest/doctest.h>

#include <alsa/asoundlib.h>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace mixrig::tests {

namespace {

using Heard = std::optional<std::pair<int, std::vector<std::uint8_t>>>;

class StandIn {
public:
    StandIn(std::string path, std::string module)
        : path_(std::move(path)), module_(std::move(module)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path_.c_str(), sizeof address.sun_path - 1);
        listener_ = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        REQUIRE(::listen(listener_, 1) == 0);
    }
    ~StandIn() {
        ::close(desk_);
        ::close(listener_);
    }
    StandIn(const StandIn&) = delete;
    StandIn& operator=(const StandIn&) = delete;

    void prepare() const {
        ::setenv("LD_PRELOAD", module_.c_str(), 1);
        ::setenv(kStageVariable, path_.c_str(), 1);
    }
    void up() {
        ::unsetenv("LD_PRELOAD");
        pollfd waits{listener_, POLLIN, 0};
        REQUIRE(::poll(&waits, 1, 10000) == 1);
        ::close(desk_);
        desk_ = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        for (const auto& [client, name] : there_) tell_plugged(client, name);
        send({'G', 0});
    }
    int plug(const std::string& name) {
        there_[++last_] = name;
        if (desk_ >= 0) tell_plugged(last_, name);
        return last_;
    }
    void unplug(int client) {
        there_.erase(client);
        send({'U', static_cast<unsigned char>(client)});
    }
    void say(int client, const std::vector<std::uint8_t>& bytes) const {
        Packet packet = {'M', static_cast<unsigned char>(client)};
        packet.insert(packet.end(), bytes.begin(), bytes.end());
        send(packet);
    }
    Heard hear(int ms) const {
        pollfd waits{desk_, POLLIN, 0};
        while (::poll(&waits, 1, ms) == 1) {
            Packet packet(4096);
            const ssize_t size = ::recv(desk_, packet.data(), packet.size(), 0);
            if (size <= 0) return std::nullopt;
            packet.resize(static_cast<std::size_t>(size));
            if (packet[0] == 'M') return Heard({packet[1], {packet.begin() + 2, packet.end()}});
        }
        return std::nullopt;
    }

private:
    void tell_plugged(int client, const std::string& name) const {
        Packet packet = {'P', static_cast<unsigned char>(client)};
        packet.insert(packet.end(), name.begin(), name.end());
        send(packet);
    }
    void send(const Packet& packet) const {
        REQUIRE(::send(desk_, packet.data(), packet.size(), MSG_NOSIGNAL) > 0);
    }

    std::string path_, module_;
    int listener_ = -1, desk_ = -1;
    int last_ = 19;
    std::map<int, std::string> there_;
};

// One client a surface, as hardware has it.
class RealSequencer {
public:
    ~RealSequencer() {
        for (const auto& [number, seq] : surfaces_) ::snd_seq_close(seq);
        if (converter_ != nullptr) ::snd_midi_event_free(converter_);
    }
    RealSequencer() {
        REQUIRE(::snd_midi_event_new(1024, &converter_) == 0);
        ::snd_midi_event_no_status(converter_, 1);
    }
    RealSequencer(const RealSequencer&) = delete;
    RealSequencer& operator=(const RealSequencer&) = delete;

    int plug(const std::string& name) {
        snd_seq_t* seq = nullptr;
        REQUIRE(::snd_seq_open(&seq, "default", SND_SEQ_OPEN_DUPLEX, SND_SEQ_NONBLOCK) == 0);
        ::snd_seq_set_client_name(seq, name.c_str());
        REQUIRE(::snd_seq_create_simple_port(seq, "MIDI 1",
                                             SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ |
                                                 SND_SEQ_PORT_CAP_WRITE |
                                                 SND_SEQ_PORT_CAP_SUBS_WRITE,
                                             SND_SEQ_PORT_TYPE_MIDI_GENERIC) == 0);
        surfaces_[++last_] = seq;
        return last_;
    }
    void unplug(int surface) {
        ::snd_seq_close(surfaces_.at(surface));
        surfaces_.erase(surface);
    }
    void say(int surface, const std::vector<std::uint8_t>& bytes) {
        snd_seq_event_t event;
        snd_seq_ev_clear(&event);
        ::snd_midi_event_reset_encode(converter_);
        (void)::snd_midi_event_encode(converter_, bytes.data(), static_cast<long>(bytes.size()),
                                      &event);
        snd_seq_ev_set_source(&event, 0);
        snd_seq_ev_set_subs(&event);
        snd_seq_ev_set_direct(&event);
        (void)::snd_seq_event_output_direct(surfaces_.at(surface), &event);
    }
    Heard hear(int ms) {
        for (int waited = 0; waited <= ms; ++waited) {
            for (const auto& [number, seq] : surfaces_) {
                snd_seq_event_t* event = nullptr;
                if (::snd_seq_event_input(seq, &event) < 0 || event == nullptr) continue;
                std::vector<std::uint8_t> bytes(1024);
                const long size = ::snd_midi_event_decode(converter_, bytes.data(), 1024, event);
                if (size <= 0) continue;
                bytes.resize(static_cast<std::size_t>(size));
                return Heard({number, bytes});
            }
            if (waited != ms) ::usleep(1000);
        }
        return std::nullopt;
    }

private:
    std::map<int, snd_seq_t*> surfaces_;
    snd_midi_event_t* converter_ = nullptr;
    int last_ = 0;
};

}  // namespace

Stage stand_in(const std::string& socket_path, const std::string& module) {
    const auto stage = std::make_shared<StandIn>(socket_path, module);
    return {.prepare = [stage] { stage->prepare(); },
            .up = [stage] { stage->up(); },
            .plug = [stage](const std::string& name) { return stage->plug(name); },
            .unplug = [stage](int surface) { stage->unplug(surface); },
            .say = [stage](int surface, const auto& bytes) { stage->say(surface, bytes); },
            .hear = [stage](int ms) { return stage->hear(ms); }};
}

Stage real_sequencer() {
    if (!std::filesystem::exists("/dev/snd/seq")) return {};
    const auto stage = std::make_shared<RealSequencer>();
    return {.prepare = [] {},
            .up = [] {},
            .plug = [stage](const std::string& name) { return stage->plug(name); },
            .unplug = [stage](int surface) { stage->unplug(surface); },
            .say = [stage](int surface, const auto& bytes) { stage->say(surface, bytes); },
            .hear = [stage](int ms) { return stage->hear(ms); }};
}

}  // namespace mixrig::tests
