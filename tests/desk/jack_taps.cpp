// JACK clients around a desk.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/desk/jack_taps.h"

#include "tests/desk/jack_recorder.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace mixrig::tests {

namespace {

jack_client_t* connected_client(const char* name) {
    const auto options = static_cast<jack_options_t>(JackNoStartServer | JackServerName);
    jack_client_t* client = jack_client_open(name, options, nullptr, kJackServer);
    REQUIRE(client != nullptr);
    return client;
}

// The generator is that of Numerical Recipes, 2nd edition, section 7.1: noise enough.
float noise(std::uint32_t& state) {
    state = state * 1664525u + 1013904223u;
    return static_cast<float>(state >> 8) / 8388608.0f - 1.0f;
}

void join(jack_client_t* client, const std::string& from, const std::string& to) {
    CAPTURE(from);
    CAPTURE(to);
    REQUIRE(poll_until([&] { return jack_connect(client, from.c_str(), to.c_str()) == 0; },
                       std::chrono::seconds(10)));
}

}  // namespace

JackTaps::JackTaps(const Words& ports, std::size_t frames)
    : names_(ports), samples_(ports.size(), Samples(frames)), client_(connected_client("taps")) {
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

JackNoise::JackNoise(std::size_t ports) : client_(connected_client("noise")) {
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

int JackNoise::process(jack_nframes_t frames, void* self) {
    JackNoise& me = *static_cast<JackNoise*>(self);
    for (std::size_t p = 0; p < me.ports_.size(); ++p) {
        auto* out = static_cast<float*>(jack_port_get_buffer(me.ports_[p], frames));
        const std::uint64_t length = 12000 + 3000 * p;
        for (std::size_t i = 0; i < frames; ++i) {
            const float now = noise(me.state_);
            const bool silent = (me.position_ + i) % (2 * length) > length;
            out[i] = silent ? 0.0f : 0.2f * now;
        }
    }
    me.position_ += frames;
    return 0;
}

void JackNoise::connect(const std::string& client, const std::string& prefix) {
    for (std::size_t i = 0; i < ports_.size(); ++i)
        join(client_, jack_port_name(ports_[i]), client + ":" + prefix + std::to_string(i + 1));
}

JackRoom::JackRoom(const Settings& settings, std::size_t frames)
    : settings_(settings),
      heard_(frames),
      alone_(frames),
      past_(settings.delay + 1),
      client_(connected_client("room")) {
    // R. Bristow-Johnson's band-pass, 0 dB at its peak.
    const double turn = 2.0 * std::numbers::pi * settings.hertz / static_cast<double>(kRate);
    const double alpha = std::sin(turn) / (2.0 * settings.q);
    in_ = static_cast<float>(alpha / (1.0 + alpha));
    back_ = static_cast<float>(-2.0 * std::cos(turn) / (1.0 + alpha));
    far_ = static_cast<float>((1.0 - alpha) / (1.0 + alpha));
    ear_ = jack_port_register(client_, "ear", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
    microphone_ =
        jack_port_register(client_, "microphone", JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput, 0);
    REQUIRE(ear_ != nullptr);
    REQUIRE(microphone_ != nullptr);
    jack_set_process_callback(client_, process, this);
    REQUIRE(jack_activate(client_) == 0);
}

JackRoom::~JackRoom() {
    jack_client_close(client_);
}

void JackRoom::connect(const std::string& from, const std::string& to) {
    join(client_, from, jack_port_name(ear_));
    join(client_, jack_port_name(microphone_), to);
}

bool JackRoom::wait(std::size_t frames, Milliseconds limit) const {
    return poll_until([&] { return this->frames() >= frames; }, limit);
}

float JackRoom::reflect(float played) {
    past_[at_] = played;
    at_ = (at_ + 1) % past_.size();
    const float x = past_[at_];
    const float y = in_ * (x - x_[1]) - back_ * y_[0] - far_ * y_[1];
    x_[1] = std::exchange(x_[0], x);
    y_[1] = std::exchange(y_[0], y);
    return settings_.gain * y;
}

int JackRoom::process(jack_nframes_t frames, void* self) {
    JackRoom& me = *static_cast<JackRoom*>(self);
    const auto* ear = static_cast<const float*>(jack_port_get_buffer(me.ear_, frames));
    auto* microphone = static_cast<float*>(jack_port_get_buffer(me.microphone_, frames));
    std::size_t at = me.count_.load(std::memory_order_relaxed);
    const bool open = !me.wanted_.load(std::memory_order_relaxed);
    if (!open && me.closed_.load(std::memory_order_relaxed) == 0)
        me.closed_.store(at, std::memory_order_release);
    for (std::size_t i = 0; i < frames; ++i) {
        const float alone = me.settings_.noise * noise(me.state_);
        const float back = me.reflect(open ? 0.0f : ear[i]);
        microphone[i] = std::clamp(alone + back, -1.0f, 1.0f);
        if (at == me.heard_.size()) continue;
        me.alone_[at] = alone;
        me.heard_[at++] = microphone[i];
    }
    me.count_.store(at, std::memory_order_release);  // with the acquire in frames()
    return 0;
}

}  // namespace mixrig::tests
