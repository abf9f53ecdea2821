// A JACK server of a test's own, and a recorder.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/desk/jack_recorder.h"

#include <algorithm>
#include <unistd.h>

namespace mixrig::tests {

namespace {

void be_silent(const char*) {}

jack_client_t* open_client(const char* name) {
    const auto options = static_cast<jack_options_t>(JackNoStartServer | JackServerName);
    return jack_client_open(name, options, nullptr, kJackServer);
}

}  // namespace

Jackd::Jackd(const std::filesystem::path& home, int block) : home_(home), block_(block) {
    jack_set_error_function(be_silent);
    jack_set_info_function(be_silent);
    start();
}

void Jackd::start() {
    program_.reset();
    // So that a busy machine starves neither the server nor the recorder; -S: the server waits for
    // them.
    const char* const realtime = geteuid() == 0 ? "-R" : "-r";
    program_ = std::make_unique<Program>(
        Words{"jackd", realtime, "-S", "-p", "256", "-n", kJackServer, "-d", "dummy", "-r",
              std::to_string(kRate), "-p", std::to_string(block_)},
        home_, home_ / "jackd.log");
    REQUIRE(poll_until(
        [] {
            jack_client_t* probe = open_client("probe");
            if (probe == nullptr) return false;
            jack_client_close(probe);
            return true;
        },
        std::chrono::seconds(20)));
}

JackRecorder::JackRecorder(std::size_t frames) : left_(frames), right_(frames) {
    client_ = open_client("recorder");
    REQUIRE(client_ != nullptr);
    in_left_ = jack_port_register(client_, "left", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
    in_right_ = jack_port_register(client_, "right", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
    REQUIRE(in_left_ != nullptr);
    REQUIRE(in_right_ != nullptr);
    jack_set_process_callback(client_, process, this);
    REQUIRE(jack_activate(client_) == 0);
}

JackRecorder::~JackRecorder() {
    jack_client_close(client_);
}

int JackRecorder::process(jack_nframes_t frames, void* self) {
    JackRecorder& me = *static_cast<JackRecorder*>(self);
    const std::size_t at = me.count_.load(std::memory_order_relaxed);
    const std::size_t count = std::min<std::size_t>(frames, me.left_.size() - at);
    const auto take = [&](jack_port_t* port, Samples& samples) {
        std::copy_n(static_cast<const float*>(jack_port_get_buffer(port, frames)), count,
                    samples.begin() + static_cast<std::ptrdiff_t>(at));
    };
    take(me.in_left_, me.left_);
    take(me.in_right_, me.right_);
    me.count_.store(at + count, std::memory_order_release);  // with the acquire in frames()
    return 0;
}

bool JackRecorder::connect(const std::string& left, const std::string& right) {
    const auto to = [&](const std::string& from, jack_port_t* port) {
        return jack_port_by_name(client_, from.c_str()) != nullptr &&
               jack_connect(client_, from.c_str(), jack_port_name(port)) == 0;
    };
    if (!poll_until([&] { return to(left, in_left_) && to(right, in_right_); },
                    std::chrono::seconds(10)))
        return false;
    const std::size_t now = frames();
    return poll_until([&] { return frames() > now + 1024; }, std::chrono::seconds(10));
}

std::string JackRecorder::source() const {
    const char** names = jack_port_get_all_connections(client_, in_left_);
    if (names == nullptr) return {};
    const std::string first = names[0] != nullptr ? names[0] : "";
    jack_free(static_cast<void*>(names));
    return first;
}

void JackRecorder::freewheel(bool on) {
    REQUIRE(jack_set_freewheel(client_, on ? 1 : 0) == 0);
}

Stereo JackRecorder::sound() const {
    const auto count = static_cast<std::ptrdiff_t>(frames());
    return {Samples(left_.begin(), left_.begin() + count),
            Samples(right_.begin(), right_.begin() + count)};
}

}  // namespace mixrig::tests
