// JACK clients around a desk: noise into its inputs, and a recorder of as many ports as wanted.
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

}  // namespace mixrig::tests
