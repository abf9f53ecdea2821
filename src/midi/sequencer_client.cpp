// libasound's sequencer calls. The only place that knows them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/midi/sequencer_client.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <map>
#include <poll.h>
#include <utility>

// Its own `extern "C"` ends before its last declaration (1.2.8).
extern "C" {
#include <alsa/error.h>
}
#include <alsa/asoundlib.h>

namespace mixrig::midi {
namespace {

constexpr std::size_t kLongestSysex = 1024;
constexpr int kMostAtOnce = 1000;     // messages; more than any surface says in a second
using Address = std::pair<int, int>;  // client, port

// Its own messages say the same as what is returned, and go to stderr.
void keep_quiet(const char*, int, const char*, int, const char*, va_list) {}
class Quiet {
public:
    Quiet() : before_(::snd_lib_error_set_local(keep_quiet)) {}
    ~Quiet() { ::snd_lib_error_set_local(before_); }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;

private:
    snd_local_error_handler_t before_;
};

base::Error failed(const char* what, int error) {
    return {std::string(what) + ": " + ::snd_strerror(error), "ALSA sequencer"};
}

PortId next_id() {
    static std::atomic<PortId> last{0};
    return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

struct SequencerClient::Handle {
    struct Converter {
        explicit Converter(std::size_t size) {
            if (::snd_midi_event_new(size, &event) < 0) event = nullptr;
            if (event != nullptr) ::snd_midi_event_no_status(event, 1);
        }
        ~Converter() {
            if (event != nullptr) ::snd_midi_event_free(event);
        }
        Converter(const Converter&) = delete;
        Converter& operator=(const Converter&) = delete;
        snd_midi_event_t* event = nullptr;
    };
    struct Port {
        PortId id;
        Bytes sysex = {};  // what there is of one that comes in parts
    };

    explicit Handle(Config config) : config_(std::move(config)) {}
    ~Handle() {
        for (const auto& [address, port] : ports_)
            config_.tell({.what = Incoming::What::closed, .port = port.id});
        if (seq_ != nullptr) ::snd_seq_close(seq_);
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    base::Status open() {
        const Quiet quiet;
        int error = ::snd_seq_open(&seq_, "default", SND_SEQ_OPEN_DUPLEX, SND_SEQ_NONBLOCK);
        if (error < 0) {
            seq_ = nullptr;
            return failed("cannot be opened", error);
        }
        (void)::snd_seq_set_client_name(seq_, config_.name.c_str());
        own_ = ::snd_seq_create_simple_port(
            seq_, "surfaces",
            SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ | SND_SEQ_PORT_CAP_WRITE |
                SND_SEQ_PORT_CAP_SUBS_WRITE,
            SND_SEQ_PORT_TYPE_MIDI_GENERIC | SND_SEQ_PORT_TYPE_APPLICATION);
        if (own_ < 0) return failed("no port", own_);
        // First the announcements, then who is there: nobody is missed between.
        error =
            ::snd_seq_connect_from(seq_, own_, SND_SEQ_CLIENT_SYSTEM, SND_SEQ_PORT_SYSTEM_ANNOUNCE);
        if (error < 0) return failed("no announcements", error);
        look_around();
        return base::Done{};
    }

    void look_around() {
        snd_seq_client_info_t* client = nullptr;
        snd_seq_port_info_t* port = nullptr;
        if (::snd_seq_client_info_malloc(&client) < 0) return;
        if (::snd_seq_port_info_malloc(&port) == 0) {
            ::snd_seq_client_info_set_client(client, -1);
            while (::snd_seq_query_next_client(seq_, client) >= 0) {
                const int number = ::snd_seq_client_info_get_client(client);
                ::snd_seq_port_info_set_client(port, number);
                ::snd_seq_port_info_set_port(port, -1);
                while (::snd_seq_query_next_port(seq_, port) >= 0)
                    meet({number, ::snd_seq_port_info_get_port(port)});
            }
            ::snd_seq_port_info_free(port);
        }
        ::snd_seq_client_info_free(client);
    }

    // "Client:Port" and what it can; empty if it cannot be read, or is gone.
    std::pair<std::string, unsigned> describe(Address at) {
        std::pair<std::string, unsigned> out;
        snd_seq_client_info_t* client = nullptr;
        snd_seq_port_info_t* port = nullptr;
        if (::snd_seq_client_info_malloc(&client) < 0) return out;
        if (::snd_seq_port_info_malloc(&port) == 0) {
            if (::snd_seq_get_any_client_info(seq_, at.first, client) == 0 &&
                ::snd_seq_get_any_port_info(seq_, at.first, at.second, port) == 0)
                out = {std::string(::snd_seq_client_info_get_name(client)) + ":" +
                           ::snd_seq_port_info_get_name(port),
                       ::snd_seq_port_info_get_capability(port)};
            ::snd_seq_port_info_free(port);
        }
        ::snd_seq_client_info_free(client);
        return out;
    }

    void meet(Address at) {
        if (at.first == SND_SEQ_CLIENT_SYSTEM || at.first == ::snd_seq_client_id(seq_) ||
            ports_.contains(at))
            return;
        const auto [name, can] = describe(at);
        constexpr unsigned kReadable = SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ;
        if (name.empty() || (can & kReadable) != kReadable || !config_.wanted(name)) return;
        if (::snd_seq_connect_from(seq_, own_, at.first, at.second) < 0) return;
        // A device's output is open only while somebody subscribes to it.
        if ((can & SND_SEQ_PORT_CAP_SUBS_WRITE) != 0)
            (void)::snd_seq_connect_to(seq_, own_, at.first, at.second);
        const PortId id = next_id();
        ports_.emplace(at, Port{id});
        addresses_.emplace(id, at);
        config_.tell(
            {.what = Incoming::What::opened, .port = id, .client = at.first, .name = name});
    }

    // A port that went and came again in between is another one, to which nobody has subscribed.
    bool is_heard(Address at) {
        snd_seq_port_subscribe_t* wire = nullptr;
        if (::snd_seq_port_subscribe_malloc(&wire) < 0) return true;
        const snd_seq_addr_t from = {static_cast<unsigned char>(at.first),
                                     static_cast<unsigned char>(at.second)};
        const snd_seq_addr_t to = {static_cast<unsigned char>(::snd_seq_client_id(seq_)),
                                   static_cast<unsigned char>(own_)};
        ::snd_seq_port_subscribe_set_sender(wire, &from);
        ::snd_seq_port_subscribe_set_dest(wire, &to);
        const bool is = ::snd_seq_get_port_subscription(seq_, wire) == 0;
        ::snd_seq_port_subscribe_free(wire);
        return is;
    }

    // After announcements were lost: parts from those who went, meets those who came.
    void look_again() {
        std::vector<Address> gone;
        for (const auto& [address, port] : ports_)
            if (!is_heard(address)) gone.push_back(address);
        for (const Address& address : gone) part(address);
        look_around();
    }

    void part(Address at) {
        const auto port = ports_.find(at);
        if (port == ports_.end()) return;
        const PortId id = port->second.id;
        addresses_.erase(id);
        ports_.erase(port);
        config_.tell({.what = Incoming::What::closed, .port = id});
    }

    void hear(const snd_seq_event_t& event) {
        if (event.source.client == SND_SEQ_CLIENT_SYSTEM) {
            const Address at = {event.data.addr.client, event.data.addr.port};
            if (event.type == SND_SEQ_EVENT_PORT_START) meet(at);
            if (event.type == SND_SEQ_EVENT_PORT_EXIT) part(at);
            if (event.type == SND_SEQ_EVENT_CLIENT_EXIT)
                while (has_port_of(at.first)) part(ports_.lower_bound({at.first, 0})->first);
            return;
        }
        const auto port = ports_.find({event.source.client, event.source.port});
        if (port == ports_.end()) return;
        std::array<unsigned char, kLongestSysex> bytes{};
        const long count = ::snd_midi_event_decode(decoder_.event, bytes.data(),
                                                   static_cast<long>(bytes.size()), &event);
        if (count <= 0) return;
        const View heard(bytes.data(), static_cast<std::size_t>(count));
        if (event.type == SND_SEQ_EVENT_SYSEX) return hear_sysex(port->second, heard);
        for_each_message(heard, [&](View message) { tell(port->second.id, message); });
    }

    bool has_port_of(int client) const {
        const auto first = ports_.lower_bound({client, 0});
        return first != ports_.end() && first->first.first == client;
    }

    void hear_sysex(Port& port, View part) {
        if (part.front() == kSysex) port.sysex.clear();
        if (port.sysex.size() + part.size() > kLongestSysex) return port.sysex.clear();
        port.sysex.insert(port.sysex.end(), part.begin(), part.end());
        if (port.sysex.front() == kSysex && port.sysex.back() != kEndOfSysex) return;
        if (port.sysex.front() == kSysex) tell(port.id, port.sysex);
        port.sysex.clear();
    }

    void tell(PortId id, View message) {
        config_.tell({.what = Incoming::What::message,
                      .port = id,
                      .bytes = Bytes(message.begin(), message.end())});
    }

    // The bytes of one call are either passed on whole or not at all, but for an error.
    bool send(PortId id, View bytes) {
        const auto to = addresses_.find(id);
        if (to == addresses_.end()) return true;
        while (!bytes.empty()) {
            snd_seq_event_t event;
            snd_seq_ev_clear(&event);
            ::snd_midi_event_reset_encode(encoder_.event);
            const long used = ::snd_midi_event_encode(encoder_.event, bytes.data(),
                                                      static_cast<long>(bytes.size()), &event);
            if (used <= 0) return true;
            if (event.type != SND_SEQ_EVENT_NONE) {
                snd_seq_ev_set_source(&event, static_cast<unsigned char>(own_));
                snd_seq_ev_set_dest(&event, static_cast<unsigned char>(to->second.first),
                                    static_cast<unsigned char>(to->second.second));
                snd_seq_ev_set_direct(&event);
                if (::snd_seq_event_output_direct(seq_, &event) == -EAGAIN) return false;
            }
            bytes = bytes.subspan(static_cast<std::size_t>(used));
        }
        return true;
    }

    Config config_;
    snd_seq_t* seq_ = nullptr;
    int own_ = -1;
    std::map<Address, Port> ports_;
    std::map<PortId, Address> addresses_;
    Converter decoder_{kLongestSysex}, encoder_{kLongestSysex};
};

SequencerClient::SequencerClient(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
SequencerClient::~SequencerClient() = default;

base::Result<std::unique_ptr<SequencerClient>> SequencerClient::open(Config config) {
    auto handle = std::make_unique<Handle>(std::move(config));
    if (handle->decoder_.event == nullptr || handle->encoder_.event == nullptr)
        return failed("no memory", -ENOMEM);
    if (auto status = handle->open(); !status) return status.error();
    return std::unique_ptr<SequencerClient>(new SequencerClient(std::move(handle)));
}

std::vector<int> SequencerClient::descriptors() const {
    const int count = ::snd_seq_poll_descriptors_count(handle_->seq_, POLLIN);
    std::vector<pollfd> polled(static_cast<std::size_t>(std::max(count, 0)));
    (void)::snd_seq_poll_descriptors(handle_->seq_, polled.data(),
                                     static_cast<unsigned>(polled.size()), POLLIN);
    std::vector<int> out;
    for (const pollfd& one : polled) out.push_back(one.fd);
    return out;
}

bool SequencerClient::receive() {
    // Not for ever, whatever comes: what the library has read already is what nobody else would
    // wake for.
    for (int count = 0; count < kMostAtOnce || ::snd_seq_event_input_pending(handle_->seq_, 0) > 0;
         ++count) {
        snd_seq_event_t* event = nullptr;
        const int result = ::snd_seq_event_input(handle_->seq_, &event);
        if (result == -EAGAIN) return true;
        // Too much came at once and part of it is lost; those who came or went may be among it.
        if (result == -ENOSPC) {
            handle_->look_again();
            continue;
        }
        if (result < 0) return false;
        if (event != nullptr) handle_->hear(*event);
    }
    return true;
}

bool SequencerClient::send(PortId port, View bytes) {
    return handle_->send(port, bytes);
}

}  // namespace mixrig::midi
