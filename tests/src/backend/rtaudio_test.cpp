// The RtAudio backend, without a card and with a Pulse server that has a sink which leads nowhere.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/backend/child.h"
#include "tests/src/backend/probe.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

namespace mixrig::backend::test {

namespace {

namespace fs = std::filesystem;

// A private Pulse server in a folder of its own.
class Pulse {
public:
    Pulse() : folder_(fs::temp_directory_path() / ("mixrig-pulse-" + std::to_string(getpid()))) {
        fs::create_directories(folder_);
        fs::permissions(folder_, fs::perms::owner_all);
        setenv("XDG_RUNTIME_DIR", folder_.c_str(), 1);
        setenv("PULSE_RUNTIME_PATH", folder_.c_str(), 1);
        setenv("PULSE_STATE_PATH", folder_.c_str(), 1);
        setenv("PULSE_COOKIE", (folder_ / "cookie").c_str(), 1);
        setenv("PULSE_SERVER", ("unix:" + (folder_ / "native").string()).c_str(), 1);
        start();
    }
    ~Pulse() {
        server_.reset();
        fs::remove_all(folder_);
    }
    void start() {
        server_ = std::make_unique<Child>(std::vector<std::string>{
            "pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1",
            "--disable-shm=yes", "-L",
            "module-null-sink sink_name=desk sink_properties=device.description=MixrigTest", "-L",
            "module-native-protocol-unix auth-anonymous=1 socket=" +
                (folder_ / "native").string()});
    }
    void kill() { server_.reset(); }

private:
    fs::path folder_;
    std::unique_ptr<Child> server_;
};

BackendConfig config_for(const std::string& device) {
    BackendConfig config = small_config(2, 2);
    config.device = device;
    config.block = 256;
    return config;
}

}  // namespace

TEST_CASE("rtaudio: a card that is not there is reported once, and looked for again") {
    BackendConfig config = config_for("no card has this name");
    config.api = "alsa";
    auto made = make_backend("rtaudio", config);
    REQUIRE(made);
    Probe probe(2, 2);
    Listener listener;
    const auto info = (*made)->start(probe, listener);
    REQUIRE_FALSE(info);
    MESSAGE(info.error().text());
    CHECK(info.error().text().find("card") != std::string::npos);
    (*made)->resume();
    CHECK_FALSE((*made)->running());
    CHECK_FALSE(poll_until(
        **made, [&] { return listener.starts > 0; }, 2500));  // two attempts
    CHECK(listener.messages.empty());                         // the same reason as start() gave
    CHECK(probe.blocks == 0);
}

TEST_CASE("rtaudio: a device is found by name, lost with its server, and taken again") {
    if (!program_exists("pulseaudio")) {
        MESSAGE("skipped: no pulseaudio");
        return;
    }
    Pulse pulse;
    BackendConfig config = config_for("mixrigtest");
    config.api = "pulse";
    auto made = make_backend("rtaudio", config);
    REQUIRE(made);
    Backend& backend = **made;
    Probe probe(2, 2);
    Listener listener;
    (void)backend.start(probe, listener);  // the server may need a moment; then poll() finds it
    backend.resume();
    REQUIRE(poll_until(
        backend, [&] { return backend.running() && probe.blocks > 10; }, 15'000));
    MESSAGE(backend.info().device << ", " << backend.info().realtime);
    CHECK(backend.info().device.find("MixrigTest") != std::string::npos);
    CHECK(backend.info().block == 256);
    CHECK(probe.last_frames == 256);
    CHECK(probe.flushed);
    const int starts = listener.starts;

    pulse.kill();
    CHECK(poll_until(
        backend, [&] { return listener.stops == 1; }, 5000));
    MESSAGE(listener.last_reason);
    CHECK_FALSE(backend.running());
    CHECK(poll_until(
        backend, [&] { return !listener.messages.empty(); }, 5000));
    if (!listener.messages.empty()) MESSAGE(listener.messages.back());

    const std::uint64_t lost = probe.blocks;
    pulse.start();
    CHECK(poll_until(
        backend, [&] { return listener.starts == starts + 1 && probe.blocks > lost + 10; },
        20'000));
    CHECK(backend.counters().reconnections == 1);
    backend.stop();
    CHECK_FALSE(probe.overlapped);
}

}  // namespace mixrig::backend::test
