// What every source of audio callbacks looks like: JACK, a sound card, a clock, a fake device.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/realtime.h"
#include "src/base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mixrig::backend {

// One input or output of the engine. JACK registers a port of this name; a card takes the channel.
struct Port {
    std::string name;             // after the strip: "ch-1 Kick", "main-L"
    unsigned device_channel = 0;  // counted from 1; 0: not connected to the card
};

// In the order in which the engine numbers them.
struct Ports {
    std::vector<Port> inputs = {};
    std::vector<Port> outputs = {};
};

struct BackendConfig {
    Ports ports = {};
    unsigned rate = 48000;    // wished; JACK and some cards decide themselves
    std::size_t block = 128;  // frames, wished
    int priority = 70;        // SCHED_FIFO, where the backend sets it
    std::string client_name = "mixrig";
    std::string jack_server = {};  // empty: JACK_DEFAULT_SERVER or "default"
    std::string device = {};       // part of a card's name; empty: the first that fits
    std::string api = {};          // "alsa", "pulse"; empty: both in this order
    bool connect_physical = true;  // JACK: at the first start, connect to the card's ports
};

struct StreamInfo {
    unsigned rate = 0;
    std::size_t block = 0;  // nominal; what counts is the number given to process()
    std::string backend = {};
    std::string device = {};
    std::string realtime = {};       // what was got: "SCHED_FIFO 70", "no realtime: ..."
    std::size_t input_latency = 0;   // frames from the converter to process()
    std::size_t output_latency = 0;  // frames from process() to the converter
};

// [any] Only ever grow, reconnections included.
struct Counters {
    std::uint64_t blocks = 0;         // callbacks, the silenced ones included
    std::uint64_t frames = 0;         // frames in these
    std::uint64_t xruns = 0;          // gaps that the device reported
    std::uint64_t reconnections = 0;  // returns of a lost server or device
    std::uint64_t storms = 0;         // times a card called back far too fast and was cut off
};

// The engine's side of a callback; src/app implements it.
class AudioCallback {
public:
    virtual ~AudioCallback() = default;

    // in[i] is never null; every out[i] must be written whole. `frames` may differ from call to
    // call. Flush-to-zero is on. No in[] shares memory with an out[].
    virtual void process(const float* const* in, float* const* out, std::size_t frames)
        MIXRIG_REALTIME = 0;

    // Some frames are missing before the next process(). May come from another thread of the
    // backend, at the same time as process(), in hold too.
    virtual void xrun() MIXRIG_REALTIME = 0;
};

// What the control side hears; always called from within start() or poll(), on their thread.
class BackendEvents {
public:
    virtual ~BackendEvents() = default;
    virtual void started(const StreamInfo& info) = 0;     // by poll() only: audio is (back) there
    virtual void stopped(const std::string& reason) = 0;  // lost; poll() tries to get it back
    virtual void block_changed(std::size_t block) = 0;    // informs; process() goes on
    virtual void rate_changed(unsigned rate) = 0;         // process() is held; see resume()
    virtual void message(const std::string& text) = 0;    // for the log
};

// One thread, the control thread, calls everything here; counters() is open to all.
//
//   start() -> build the engine for info.rate -> resume() -> poll() about every 50 ms -> stop()
//
// process() is held (outputs are silent, inputs dropped) from start() until resume(), and again
// from a change of rate, at once, until the next resume(). In hold the engine may be rebuilt
// freely.
class Backend {
public:
    virtual ~Backend() = default;  // stops

    // An error means that the device is not there now; poll() goes on trying, and reports
    // started() when it succeeds. `callback` and `events` must outlive stop().
    [[nodiscard]] virtual base::Result<StreamInfo> start(AudioCallback& callback,
                                                         BackendEvents& events) = 0;
    virtual void stop() = 0;  // no callback runs after it
    virtual void poll() = 0;  // reconnects, retries, reports; never blocks longer than opening does

    virtual void hold() = 0;  // when it returns, process() is not running and will not be called
    virtual void resume() = 0;

    virtual bool running() const = 0;  // a device is open
    // No clock holds it back: it calls as soon as everybody is ready.
    virtual bool is_freewheeling() const { return false; }
    virtual StreamInfo info() const = 0;  // of the stream now, or the last one
    virtual Counters counters() const noexcept = 0;

    // What the engine adds between its inputs and this output; JACK tells the other clients.
    virtual void set_latency(std::size_t output, std::size_t frames) = 0;
    // New names for the same ports, in the same order; connections stay.
    virtual void rename(const Ports& ports) = 0;
};

// `name`: "auto", "jack", "rtaudio", "null", and "fake:PORT" in test builds.
// "auto" takes a running JACK server, else a sound card, else null.
[[nodiscard]] base::Result<std::unique_ptr<Backend>> make_backend(const std::string& name,
                                                                  BackendConfig config);

}  // namespace mixrig::backend
