// One life of our client in one life of a JACK server. The only place that knows JACK.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/backend/audio_side.h"
#include "src/backend/backend.h"

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

using jack_client_t = struct _jack_client;
using jack_port_t = struct _jack_port;

namespace mixrig::backend {

// A port of ours, and the full name of the port it is connected to.
struct JackLink {
    bool input = false;
    std::size_t port = 0;  // index among our inputs, or outputs
    std::string other = {};

    bool operator==(const JackLink&) const = default;
};

// True if a server accepts clients. Never starts one.
bool jack_server_runs(const std::string& server);

class JackSession {
public:
    // [any] Connects to a running server, registers the ports, and starts calling back.
    static base::Result<std::unique_ptr<JackSession>> open(const BackendConfig& config,
                                                           std::shared_ptr<AudioSide> side);
    ~JackSession();  // closes; may hang when the server is gone, so let Background do it
    JackSession(const JackSession&) = delete;
    JackSession& operator=(const JackSession&) = delete;

    void abandon();  // [control] after it, the audio thread of this session leaves the engine alone

    bool dead() const { return dead_.load(std::memory_order_acquire); }
    std::string death_reason() const;
    bool freewheeling() const { return freewheel_.load(std::memory_order_relaxed); }
    unsigned rate() const;
    std::size_t block() const { return block_.load(std::memory_order_relaxed); }
    const std::string& realtime() const { return realtime_; }
    std::string name() const;  // the server may have appended a number
    std::size_t input_latency() const;
    std::size_t output_latency() const;

    // True once after anything in the graph changed.
    bool graph_changed() { return graph_changed_.exchange(false, std::memory_order_acq_rel); }
    std::vector<JackLink> links() const;
    bool port_exists(const std::string& full_name) const;
    bool connect(const JackLink& link);
    // Ports of the sound card, in order; `capture` ones are sources.
    std::vector<std::string> capture_ports() const;
    std::vector<std::string> playback_ports() const;

    void set_latency(std::size_t output, std::size_t frames);
    void rename(const Ports& ports);
    std::string full_name(bool input, std::size_t port) const;

private:
    struct Callbacks;  // what JACK calls
    explicit JackSession(std::shared_ptr<AudioSide> side) : side_(std::move(side)) {}

    base::Status prepare(const BackendConfig& config);
    base::Status register_ports(const std::vector<Port>& ports, bool input);
    std::size_t longest_port_name() const;
    std::vector<std::string> physical_ports(unsigned long flags) const;
    void process(std::size_t frames) MIXRIG_REALTIME;
    void report_latency(bool capture);

    std::shared_ptr<AudioSide> side_;
    jack_client_t* client_ = nullptr;
    std::string realtime_ = "scheduling unknown: the server has not called yet";
    std::vector<jack_port_t*> inputs_;
    std::vector<jack_port_t*> outputs_;
    std::vector<const float*> in_;
    std::vector<float*> out_;
    std::unique_ptr<std::atomic<unsigned>[]> own_latency_;  // one for each output
    std::atomic<std::size_t> block_{0};
    std::atomic<bool> inside_{false};
    std::atomic<bool> abandoned_{false};
    std::atomic<bool> freewheel_{false};
    std::atomic<bool> graph_changed_{true};
    std::atomic<bool> dead_{false};
    char reason_[128] = {};  // written once, before dead_
};

}  // namespace mixrig::backend
