// JACK clients around a desk: noise into its inputs, a recorder of as many ports as wanted, a room.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/desk/big_song.h"

#include <jack/jack.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace mixrig::tests {

// Records from its start on; connected or not.
class JackTaps {
public:
    JackTaps(const Words& ports, std::size_t frames);
    ~JackTaps();
    JackTaps(const JackTaps&) = delete;
    JackTaps& operator=(const JackTaps&) = delete;

    // To the ports of these names.
    void connect(const std::string& client);
    std::size_t frames() const { return count_.load(std::memory_order_acquire); }
    std::vector<Samples> sound() const;  // what there is so far

private:
    static int process(jack_nframes_t frames, void* self);

    Words names_;
    std::vector<Samples> samples_;
    std::vector<jack_port_t*> ports_;
    std::atomic<std::size_t> count_{0};
    jack_client_t* client_ = nullptr;
};

// Bursts of noise, different on every port, the same in every run.
class JackNoise {
public:
    explicit JackNoise(std::size_t ports);
    ~JackNoise();
    JackNoise(const JackNoise&) = delete;
    JackNoise& operator=(const JackNoise&) = delete;

    // To CLIENT:PREFIX1, CLIENT:PREFIX2...
    void connect(const std::string& client, const std::string& prefix);

private:
    static int process(jack_nframes_t frames, void* self);

    std::vector<jack_port_t*> ports_;
    std::uint32_t state_ = 1;
    std::uint64_t position_ = 0;
    jack_client_t* client_ = nullptr;
};

// A loudspeaker, a resonance and a microphone with faint noise before it; the loop is open at
// first. It records what the microphone hears, from its start on, and what it would hear without
// the loop.
class JackRoom {
public:
    struct Settings {
        double hertz = 1000.0, q = 10.0;  // of the resonance
        std::size_t delay = 0;            // frames, on top of what the desk and JACK take
        float gain = 1.0f;                // at the resonance
        float noise = 0.0f;               // peak
    };
    JackRoom(const Settings& settings, std::size_t frames);
    ~JackRoom();
    JackRoom(const JackRoom&) = delete;
    JackRoom& operator=(const JackRoom&) = delete;

    void connect(const std::string& from, const std::string& to);
    // From the next period on; closed() is its first frame then.
    void close() { wanted_.store(true, std::memory_order_relaxed); }
    std::size_t closed() const { return closed_.load(std::memory_order_acquire); }
    std::size_t frames() const { return count_.load(std::memory_order_acquire); }
    bool wait(std::size_t frames, Milliseconds limit) const;
    const Samples& heard() const { return heard_; }  // valid up to frames()
    const Samples& alone() const { return alone_; }

private:
    static int process(jack_nframes_t frames, void* self);
    float reflect(float played);

    Settings settings_;
    Samples heard_, alone_, past_;
    float in_ = 0.0f, back_ = 0.0f, far_ = 0.0f, x_[2] = {}, y_[2] = {};  // the resonance
    std::uint32_t state_ = 1;
    std::size_t at_ = 0;
    std::atomic<bool> wanted_{false};
    std::atomic<std::size_t> count_{0}, closed_{0};
    jack_client_t* client_ = nullptr;
    jack_port_t* ear_ = nullptr;
    jack_port_t* microphone_ = nullptr;
};

}  // namespace mixrig::tests
