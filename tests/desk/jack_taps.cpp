// JACK clients around a desk.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/desk/jack_taps.h"

#include "tests/desk/jack_recorder.h"

#include <algorithm>

namespace mixrig::tests {

namespace {

jack_client_t* open_client(const char* name) {
    const auto options = static_cast<jack_options_t>(JackNoStartServer | JackServerName);
    jack_client_t* client = jack_client_open(name, options, nullptr, kJackServer);
    REQUIRE(client != nullptr);
    return client;
}

void join(jack_client_t* client, const std::string& from, const std::string& to) {
    CAPTURE(from);
    CAPTURE(to);
    REQUIRE(poll_until([&] { return jack_connect(client, from.c_str(), to.c_str()) == 0; },
                       std::chrono::seconds(10)));
}

}  // namespace

JackTaps::JackTaps(const Words& ports, std::size_t frames)
    : names_(ports), samples_(ports.size(), Samples(frames)), client_(open_client("taps")) {
    for (const std::string& name : names_) {
        ports_.push_back(
            jack_port_register(client_, name.c_str(), JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0));
        REQUIRE(ports_.back() != nullptr);
    }
    jack_set_process_callback(client_, process, this);
    REQUIRE(jack_activate(client_) == 0);
}

JackTaps::~JackTaps() {
    jack_client_close(client_);
}

int JackTaps::process(jack_nframes_t frames, void* self) {
    JackTaps& me = *static_cast<JackTaps*>(self);
    const std::size_t at = me.count_.load(std::memory_order_relaxed);
    const std::size_t count = std::min<std::size_t>(frames, me.samples_[0].size() - at);
    for (std::size_t i = 0; i < me.ports_.size(); ++i)
        std::copy_n(static_cast<const float*>(jack_port_get_buffer(me.ports_[i], frames)), count,
                    me.samples_[i].begin() + static_cast<std::ptrdiff_t>(at));
    me.count_.store(at + count, std::memory_order_release);  // with the acquire in frames()
    return 0;
}

void JackTaps::connect(const std::string& client) {
    for (std::size_t i = 0; i < names_.size(); ++i)
        join(client_, client + ":" + names_[i], jack_port_name(ports_[i]));
}

std::vector<Samples> JackTaps::sound() const {
    const auto count = static_cast<std::ptrdiff_t>(frames());
    std::vector<Samples> out;
    for (const Samples& samples : samples_)
        out.emplace_back(samples.begin(), samples.begin() + count);
    return out;
}

JackNoise::JackNoise(std::size_t ports) : client_(open_client("noise")) {
    for (std::size_t i = 0; i < ports; ++i) {
        ports_.push_back(jack_port_register(client_, ("out-" + std::to_string(i + 1)).c_str(),
                                            JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput, 0));
        REQUIRE(ports_.back() != nullptr);
    }
    jack_set_process_callback(client_, process, this);
    REQUIRE(jack_activate(client_) == 0);
}

JackNoise::~JackNoise() {
    jack_client_close(client_);
}

// The generator is that of Numerical Recipes, 2nd edition, section 7.1: noise enough.
int JackNoise::process(jack_nframes_t frames, void* self) {
    JackNoise& me = *static_cast<JackNoise*>(self);
    for (std::size_t p = 0; p < me.ports_.size(); ++p) {
        auto* out = static_cast<float*>(jack_port_get_buffer(me.ports_[p], frames));
        const std::uint64_t length = 12000 + 3000 * p;
        for (std::size_t i = 0; i < frames; ++i) {
            me.state_ = me.state_ * 1664525u + 1013904223u;
            const bool silent = (me.position_ + i) % (2 * length) > length;
            out[i] =
                silent ? 0.0f : 0.2f * (static_cast<float>(me.state_ >> 8) / 8388608.0f - 1.0f);
        }
    }
    me.position_ += frames;
    return 0;
}

void JackNoise::connect(const std::string& client, const std::string& prefix) {
    for (std::size_t i = 0; i < ports_.size(); ++i)
        join(client_, jack_port_name(ports_[i]), client + ":" + prefix + std::to_string(i + 1));
}

}  // namespace mixrig::tests
