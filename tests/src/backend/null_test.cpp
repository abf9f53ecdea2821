// The null backend and the choice of a backend.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/backend/probe.h"

#include <doctest/doctest.h>

namespace mixrig::backend::test {

TEST_CASE("null: keeps time, with silence at the inputs") {
    auto made = make_backend("null", small_config(2, 3));
    REQUIRE(made);
    Backend& backend = **made;
    Probe probe(2, 3);
    Listener listener;
    const auto info = backend.start(probe, listener);
    REQUIRE(info);
    news_of_backend = 0;
    CHECK(info->rate == 48000);
    CHECK_FALSE(info->realtime.empty());
    CHECK(probe.blocks == 0);  // held
    backend.resume();

    REQUIRE(poll_until(
        backend, [&] { return probe.blocks > 0; }, 2000));
    const auto begin = std::chrono::steady_clock::now();
    const std::uint64_t first = backend.counters().frames;
    const std::uint64_t xruns = backend.counters().xruns;
    CHECK(poll_until(
        backend, [&] { return backend.counters().frames >= first + 48'000; }, 5000));
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    // Time that the clock gave up after 200 ms of starvation is counted as an xrun, not made up
    // for.
    if (backend.counters().xruns == xruns) CHECK(seconds == doctest::Approx(1.0).epsilon(0.05));
    CHECK(probe.input_peak == 0.0f);
    CHECK(probe.last_frames == 128);
    CHECK(probe.flushed);
    backend.stop();
    CHECK(news_of_backend == 0);
    const std::uint64_t blocks = probe.blocks;
    CHECK_FALSE(backend.running());
    CHECK(backend.counters().blocks >= blocks);
}

TEST_CASE("null: hold keeps the engine out, and it can be started again") {
    auto made = make_backend("null", small_config(1, 1));
    REQUIRE(made);
    Backend& backend = **made;
    Probe probe(1, 1);
    Listener listener;
    for (int round = 0; round < 3; ++round) {
        REQUIRE(backend.start(probe, listener));
        backend.resume();
        const std::uint64_t before = probe.blocks;
        CHECK(poll_until(
            backend, [&] { return probe.blocks > before + 3; }, 2000));
        backend.hold();
        const std::uint64_t held = probe.blocks;
        const std::uint64_t counted = backend.counters().blocks;
        CHECK(poll_until(
            backend, [&] { return backend.counters().blocks > counted + 5; }, 2000));
        CHECK(probe.blocks == held);
        backend.stop();
    }
}

TEST_CASE("make_backend: a wrong name or configuration is explained") {
    const auto unknown = make_backend("asio", {});
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().text().find("jack, rtaudio, null") != std::string::npos);
    CHECK_FALSE(make_backend("fake:x", {}));
    CHECK_FALSE(make_backend("null", {.rate = 0}));
    CHECK_FALSE(make_backend("null", {.block = 0}));
    BackendConfig twice = small_config(0, 2);
    twice.ports.outputs[1].device_channel = 1;
    const auto clash = make_backend("null", twice);
    REQUIRE_FALSE(clash);
    CHECK(clash.error().text().find("out-2") != std::string::npos);
}

}  // namespace mixrig::backend::test
