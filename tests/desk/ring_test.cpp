// A room around the real desk: its loop rings, is named, notched, and ends.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/desk/jack_recorder.h"
#include "tests/desk/jack_taps.h"
#include "tests/desk/osc_peer.h"
#include "tests/src/monitor/feedback_room.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <csignal>
#include <numbers>

namespace mixrig::tests {

namespace ring_test {

constexpr int kBlock = 128;
// 20 ms in all: the desk is a period behind, and JACK another one, as it is in every loop.
constexpr JackRoom::Settings kRoom{
    .hertz = 2500.0, .q = 16.0, .delay = kRate / 50 - 2 * kBlock, .noise = 0.003f};

double level_dB(const Samples& samples, std::size_t from, std::size_t count) {
    double sum = 0.0;
    for (std::size_t i = from; i < from + count; ++i)
        sum += static_cast<double>(samples[i]) * static_cast<double>(samples[i]);
    return 10.0 * std::log10(sum / static_cast<double>(count) + 1e-30);
}

// The loudest line, to 5 Hz.
double frequency(const Samples& samples, std::size_t from, std::size_t count) {
    double best = 0.0, most = 0.0;
    for (double hertz = 100.0; hertz < 10000.0; hertz += 5.0) {
        const auto turn =
            std::polar(1.0, 2.0 * std::numbers::pi * hertz / static_cast<double>(kRate));
        std::complex<double> sum = 0.0;  // Horner's rule
        for (std::size_t i = from; i < from + count; ++i)
            sum = sum * turn + static_cast<double>(samples[i]);
        if (std::norm(sum) <= most) continue;
        most = std::norm(sum);
        best = hertz;
    }
    return best;
}

// The frame at which the ring stood out, by what the microphone heard until `end`.
std::size_t stood_out(const JackRoom& room, std::size_t end, double hertz) {
    const std::size_t first = room.closed() - kRate;  // a second before: as Loop has it
    const auto part = [&](const Samples& all) {
        return Samples(all.begin() + static_cast<std::ptrdiff_t>(first),
                       all.begin() + static_cast<std::ptrdiff_t>(end));
    };
    const Loop loop{.heard = part(room.heard()), .alone = part(room.alone())};
    return room.closed() +
           static_cast<std::size_t>(loop.stands_out(hertz) * static_cast<double>(kRate));
}

TEST_SUITE_BEGIN("ring");

TEST_CASE("run: a loop through the room is named in a second, notched, and falls") {
    const ScratchFolder home;
    write_text(home / "desk.toml",
               "[desk]\nchannels = 2\n[audio]\nbackend = \"jack\"\njack_server = \"mixrig-desk\"\n"
               "autoconnect = false\n");
    Jackd jackd(home.path(), kBlock);
    Daemon desk({"-c", (home / "desk.toml").string(), "--no-state"}, home.path());
    // 1.5 dB above the limit; a mono channel is 3 dB down in the middle of a stereo mix.
    JackRoom::Settings settings = kRoom;
    settings.gain = static_cast<float>(std::sqrt(2.0) * std::pow(10.0, 1.5 / 20.0));
    JackRoom room(settings, 12 * kRate);
    room.connect("mixrig:main-L", "mixrig:ch-1");
    OscPeer me(desk.port());
    me.send({"/ch/1/feedback_guard", {std::string("notch")}});
    CHECK(me.get("/ch/1/feedback_guard").text() == "notch");
    me.send({"/subscribe", {std::string("/feedback")}});
    (void)me.wait("/feedback/last");  // as it is: nothing yet
    REQUIRE(room.wait(room.frames() + kRate + kRate / 10, std::chrono::seconds(5)));
    room.close();

    const auto told = me.wait("/feedback/last", std::chrono::seconds(4));
    const std::size_t at = room.frames();
    REQUIRE_MESSAGE(told, desk.log());
    const std::string text = told->text();
    const double named = std::stod(text.substr(std::string("/ch/1 notch ").size()));
    const double rang = frequency(room.heard(), at - kRate / 10, kRate / 10);
    const std::size_t from = stood_out(room, at, named);
    const double then = level_dB(room.heard(), at - kRate / 20, kRate / 20);
    REQUIRE(room.wait(at + kRate, std::chrono::seconds(5)));
    const double later = level_dB(room.heard(), at + kRate - kRate / 4, kRate / 4);
    const double noise = level_dB(room.alone(), at, kRate / 4);
    const auto ms = [](std::size_t frames) { return 1000 * frames / kRate; };
    MESSAGE(text << ", it rings at " << rang << " Hz; told " << ms(at - from)
                 << " ms after it stood out, " << ms(at - room.closed())
                 << " ms after the loop was closed, at " << then << " dBFS; a second later "
                 << later << " dBFS, of which " << noise << " dBFS are noise");
    CHECK(text.starts_with("/ch/1 notch "));
    CHECK(text.ends_with(" Hz"));
    CHECK(std::abs(named - rang) < 0.03 * rang);
    CHECK(std::abs(named - settings.hertz) < 0.03 * settings.hertz);
    CHECK(at - from < kRate);
    // Told early, it hardly stands above the noise yet: then nothing but that may be left.
    CHECK(later < std::max(then - 6.0, noise + 1.0));
    CHECK(later < noise + 6.0);
    CHECK(desk.program().end(SIGTERM) == 0);
}

TEST_SUITE_END();

}  // namespace ring_test
}  // namespace mixrig::tests
