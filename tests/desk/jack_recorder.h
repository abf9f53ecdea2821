// A JACK server of a test's own, and a client that records two ports.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/desk/big_song.h"

#include <jack/jack.h>

#include <atomic>
#include <memory>

namespace mixrig::tests {

// `jackd -d dummy`; run the tests by private_jack.sh, so that no other server is met.
class Jackd {
public:
    Jackd(const std::filesystem::path& home, int block);
    void start();
    void kill() { program_->end(9); }

private:
    std::filesystem::path home_;
    int block_;
    std::unique_ptr<Program> program_;
};

inline constexpr const char* kJackServer = "mixrig-desk";

// Records from its start on, whether connected or not, until it is full.
class JackRecorder {
public:
    explicit JackRecorder(std::size_t frames);
    ~JackRecorder();
    JackRecorder(const JackRecorder&) = delete;
    JackRecorder& operator=(const JackRecorder&) = delete;

    // Waits for the ports, connects, and waits until sound can flow.
    bool connect(const std::string& left, const std::string& right);
    // Who is connected to our left port.
    std::string source() const;
    void freewheel(bool on);
    std::size_t frames() const { return count_.load(std::memory_order_acquire); }
    Stereo sound() const;  // what there is so far

private:
    static int process(jack_nframes_t frames, void* self);

    Samples left_, right_;
    std::atomic<std::size_t> count_{0};
    jack_client_t* client_ = nullptr;
    jack_port_t* in_left_ = nullptr;
    jack_port_t* in_right_ = nullptr;
};

}  // namespace mixrig::tests
