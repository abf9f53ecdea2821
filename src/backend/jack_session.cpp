// One life of our client in one life of a JACK server. The only place that knows JACK.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/backend/jack_session.h"

#include "src/backend/port_names.h"
#include "src/backend/realtime.h"

#include <jack/jack.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <thread>
#include <utility>

namespace mixrig::backend {

namespace {

constexpr int kFirstJackCallbackMs = 500;

// libjack prints to stderr whatever it meets; what matters reaches the log through our own words.
void be_silent(const char*) {}

jack_client_t* open_client(const std::string& name, const std::string& server,
                           jack_status_t& status) {
    jack_set_error_function(be_silent);
    jack_set_info_function(be_silent);
    if (server.empty()) return jack_client_open(name.c_str(), JackNoStartServer, &status);
    return jack_client_open(name.c_str(),
                            static_cast<jack_options_t>(JackNoStartServer | JackServerName),
                            &status, server.c_str());
}

std::string server_text(const std::string& server) {
    return server.empty() ? "JACK" : "JACK server '" + server + "'";
}

base::Error open_error(const std::string& server, jack_status_t status) {
    if ((status & JackServerFailed) != 0)
        return {.what = "no server is running",
                .where = server_text(server),
                .hint = "start jackd as the same user, or choose another backend"};
    if ((status & JackShmFailure) != 0)
        return {.what = "shared memory is not usable",
                .where = server_text(server),
                .hint = "is /dev/shm large enough? jackd -p 256 needs 47 MB"};
    char digits[16];
    std::snprintf(digits, sizeof digits, "0x%x", static_cast<unsigned>(status));
    return {.what = std::string("refused us, status ") + digits, .where = server_text(server)};
}

std::vector<std::string> take_names(const char** names) {
    std::vector<std::string> result;
    if (names == nullptr) return result;
    for (const char** name = names; *name != nullptr; ++name) result.emplace_back(*name);
    jack_free(static_cast<void*>(names));
    return result;
}

std::size_t longest_latency(const std::vector<jack_port_t*>& ports,
                            jack_latency_callback_mode_t mode) {
    std::size_t longest = 0;
    for (jack_port_t* port : ports) {
        jack_latency_range_t range{};
        jack_port_get_latency_range(port, mode, &range);
        longest = std::max(longest, static_cast<std::size_t>(range.max));
    }
    return longest;
}

}  // namespace

struct JackSession::Callbacks {
    static JackSession& self(void* session) noexcept { return *static_cast<JackSession*>(session); }

    static int process(jack_nframes_t frames, void* session) MIXRIG_REALTIME {
        self(session).process(frames);
        return 0;
    }
    static int xrun(void* session) MIXRIG_REALTIME {
        JackSession& s = self(session);
        if (!s.abandoned_.load(std::memory_order_seq_cst)) s.side_->xrun();
        return 0;
    }
    static int buffer_size(jack_nframes_t frames, void* session) noexcept {
        self(session).block_.store(frames, std::memory_order_relaxed);
        return 0;
    }
    static int sample_rate(jack_nframes_t rate, void* session) noexcept {
        self(session).side_->set_device_rate(rate);
        return 0;
    }
    static void latency(jack_latency_callback_mode_t mode, void* session) {
        self(session).report_latency(mode == JackCaptureLatency);
    }
    static void port_registered(jack_port_id_t, int, void* session) { graph(session); }
    static void port_connected(jack_port_id_t, jack_port_id_t, int, void* session) {
        graph(session);
    }
    static void port_renamed(jack_port_id_t, const char*, const char*, void* session) {
        graph(session);
    }
    static void graph(void* session) noexcept {
        self(session).graph_changed_.store(true, std::memory_order_release);
    }
    static void freewheel(int on, void* session) noexcept {
        self(session).freewheel_.store(on != 0, std::memory_order_relaxed);
    }
    // From a thread of libjack, which must not call JACK here.
    static void shutdown(jack_status_t, const char* reason, void* session) noexcept {
        JackSession& s = self(session);
        if (s.dead_.load(std::memory_order_relaxed)) return;
        std::snprintf(s.reason_, sizeof s.reason_, "%s", reason != nullptr ? reason : "");
        s.dead_.store(true, std::memory_order_release);  // partner: dead()
    }
};

bool jack_server_runs(const std::string& server) {
    jack_status_t status{};
    jack_client_t* client = open_client("mixrig-probe", server, status);
    if (client == nullptr) return false;
    jack_client_close(client);
    return true;
}

base::Result<std::unique_ptr<JackSession>> JackSession::open(const BackendConfig& config,
                                                             std::shared_ptr<AudioSide> side) {
    jack_status_t status{};
    jack_client_t* client = open_client(config.client_name, config.jack_server, status);
    if (client == nullptr) return open_error(config.jack_server, status);
    std::unique_ptr<JackSession> session(new JackSession(std::move(side)));
    session->client_ = client;
    if (const base::Status prepared = session->prepare(config); !prepared) return prepared.error();
    AudioSide& audio = *session->side_;
    if (audio.wait_for_callback(
            kFirstJackCallbackMs))  // before it, the thread may not have its priority
        session->realtime_ = ask_realtime(*audio.thread(), config.priority).text;
    return session;
}

base::Status JackSession::prepare(const BackendConfig& config) {
    const unsigned rate = jack_get_sample_rate(client_);
    side_->set_device_rate(rate);
    block_ = jack_get_buffer_size(client_);
    in_.resize(config.ports.inputs.size());
    out_.resize(config.ports.outputs.size());
    own_latency_ = std::make_unique<std::atomic<unsigned>[]>(config.ports.outputs.size());

    jack_set_process_callback(client_, Callbacks::process, this);
    jack_set_xrun_callback(client_, Callbacks::xrun, this);
    jack_set_buffer_size_callback(client_, Callbacks::buffer_size, this);
    jack_set_sample_rate_callback(client_, Callbacks::sample_rate, this);
    jack_set_latency_callback(client_, Callbacks::latency, this);
    jack_set_port_registration_callback(client_, Callbacks::port_registered, this);
    jack_set_port_connect_callback(client_, Callbacks::port_connected, this);
    jack_set_port_rename_callback(client_, Callbacks::port_renamed, this);
    jack_set_freewheel_callback(client_, Callbacks::freewheel, this);
    jack_on_info_shutdown(client_, Callbacks::shutdown, this);

    const Ports ports = with_valid_names(config.ports, longest_port_name());
    if (base::Status done = register_ports(ports.inputs, true); !done) return done;
    if (base::Status done = register_ports(ports.outputs, false); !done) return done;
    if (jack_activate(client_) != 0)
        return base::Error{.what = "the server does not activate us",
                           .where = server_text(config.jack_server)};
    return base::Done{};
}

base::Status JackSession::register_ports(const std::vector<Port>& ports, bool input) {
    std::vector<jack_port_t*>& registered = input ? inputs_ : outputs_;
    for (const Port& wanted : ports) {
        jack_port_t* port =
            jack_port_register(client_, wanted.name.c_str(), JACK_DEFAULT_AUDIO_TYPE,
                               input ? JackPortIsInput : JackPortIsOutput, 0);
        if (port == nullptr)
            return base::Error{.what = "cannot register port '" + wanted.name + "'",
                               .where = "JACK",
                               .hint = "the server may be out of ports: raise jackd -p"};
        registered.push_back(port);
    }
    return base::Done{};
}

JackSession::~JackSession() {
    if (client_ != nullptr) jack_client_close(client_);
}

void JackSession::abandon() {
    abandoned_.store(true, std::memory_order_seq_cst);
    // A block takes milliseconds; if it never ends, the engine has hung, not we.
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    while (inside_.load(std::memory_order_seq_cst) && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void JackSession::process(std::size_t frames) MIXRIG_REALTIME {
    const auto count = static_cast<jack_nframes_t>(frames);
    for (std::size_t i = 0; i < in_.size(); ++i)
        in_[i] = static_cast<const float*>(jack_port_get_buffer(inputs_[i], count));
    for (std::size_t o = 0; o < out_.size(); ++o)
        out_[o] = static_cast<float*>(jack_port_get_buffer(outputs_[o], count));
    inside_.store(true, std::memory_order_seq_cst);  // before the question: partner is abandon()
    if (!abandoned_.load(std::memory_order_seq_cst))
        side_->process(in_.data(), out_.data(), out_.size(), frames);
    else
        for (float* out : out_) std::fill_n(out, frames, 0.0f);
    inside_.store(false, std::memory_order_seq_cst);
}

// A signal at an output left the converter as long ago as at the inputs, plus our own delay; and
// the other way round. Ports that lead nowhere say nothing.
void JackSession::report_latency(bool capture) {
    const jack_latency_callback_mode_t mode = capture ? JackCaptureLatency : JackPlaybackLatency;
    jack_latency_range_t all{.min = UINT32_MAX, .max = 0};
    const std::vector<jack_port_t*>& from = capture ? inputs_ : outputs_;
    for (std::size_t i = 0; i < from.size(); ++i) {
        if (jack_port_connected(from[i]) == 0) continue;
        const unsigned own = capture ? 0 : own_latency_[i].load(std::memory_order_relaxed);
        jack_latency_range_t range{};
        jack_port_get_latency_range(from[i], mode, &range);
        all.min = std::min(all.min, range.min + own);
        all.max = std::max(all.max, range.max + own);
    }
    if (all.min > all.max) all = {.min = 0, .max = 0};

    const std::vector<jack_port_t*>& to = capture ? outputs_ : inputs_;
    for (std::size_t i = 0; i < to.size(); ++i) {
        const unsigned own = capture ? own_latency_[i].load(std::memory_order_relaxed) : 0;
        jack_latency_range_t range{.min = all.min + own, .max = all.max + own};
        jack_port_set_latency_range(to[i], mode, &range);
    }
}

void JackSession::set_latency(std::size_t output, std::size_t frames) {
    if (output >= outputs_.size()) return;
    own_latency_[output].store(static_cast<unsigned>(frames), std::memory_order_relaxed);
    jack_recompute_total_latencies(client_);
}

std::string JackSession::death_reason() const {
    return reason_[0] != '\0' ? reason_ : "the server is gone";
}

unsigned JackSession::rate() const {
    return side_->device_rate();
}

std::string JackSession::name() const {
    return jack_get_client_name(client_);
}

std::size_t JackSession::input_latency() const {
    return longest_latency(inputs_, JackCaptureLatency);
}

std::size_t JackSession::output_latency() const {
    return longest_latency(outputs_, JackPlaybackLatency);
}

std::vector<JackLink> JackSession::links() const {
    std::vector<JackLink> result;
    for (const bool input : {true, false}) {
        const std::vector<jack_port_t*>& ports = input ? inputs_ : outputs_;
        for (std::size_t i = 0; i < ports.size(); ++i)
            for (const std::string& other :
                 take_names(jack_port_get_all_connections(client_, ports[i])))
                result.push_back({.input = input, .port = i, .other = other});
    }
    return result;
}

bool JackSession::port_exists(const std::string& full) const {
    return jack_port_by_name(client_, full.c_str()) != nullptr;
}

bool JackSession::connect(const JackLink& link) {
    const std::string ours = full_name(link.input, link.port);
    const int result = link.input ? jack_connect(client_, link.other.c_str(), ours.c_str())
                                  : jack_connect(client_, ours.c_str(), link.other.c_str());
    return result == 0 || result == EEXIST;
}

std::vector<std::string> JackSession::physical_ports(unsigned long flags) const {
    return take_names(
        jack_get_ports(client_, nullptr, JACK_DEFAULT_AUDIO_TYPE, flags | JackPortIsPhysical));
}

std::vector<std::string> JackSession::capture_ports() const {
    return physical_ports(JackPortIsOutput);
}

std::vector<std::string> JackSession::playback_ports() const {
    return physical_ports(JackPortIsInput);
}

// "client:port" and the final zero fit into jack_port_name_size().
std::size_t JackSession::longest_port_name() const {
    return static_cast<std::size_t>(jack_port_name_size()) - name().size() - 2;
}

void JackSession::rename(const Ports& ports) {
    const Ports valid = with_valid_names(ports, longest_port_name());
    std::vector<std::pair<jack_port_t*, std::string>> changes;
    const auto collect = [&](const std::vector<jack_port_t*>& ours,
                             const std::vector<Port>& named) {
        for (std::size_t i = 0; i < std::min(ours.size(), named.size()); ++i)
            if (named[i].name != jack_port_short_name(ours[i]))
                changes.emplace_back(ours[i], named[i].name);
    };
    collect(inputs_, valid.inputs);
    collect(outputs_, valid.outputs);
    // Two strips may swap their names: everything that changes steps aside first.
    for (std::size_t i = 0; changes.size() > 1 && i < changes.size(); ++i)
        jack_port_rename(client_, changes[i].first, ("renaming-" + std::to_string(i)).c_str());
    for (const auto& [port, name] : changes) jack_port_rename(client_, port, name.c_str());
}

std::string JackSession::full_name(bool input, std::size_t port) const {
    return jack_port_name((input ? inputs_ : outputs_)[port]);
}

}  // namespace mixrig::backend
