// The callback of a live desk with all that hangs on it, under the trap: player, soundcheck, flight
// tape, recorder, automix, effects.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/live_audio.h"
#include "src/app/song/transport.h"
#include "src/disk/recorder.h"
#include "src/disk/sound_file_writer.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/trap.h"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace mixrig;
using namespace std::chrono_literals;
using mixrig::tests::ScratchFolder;

namespace live_trap_test {

constexpr dsp::Hertz kRate{48000.0};
constexpr std::size_t kChannels = 16, kLongest = 1024;

std::vector<float> noise(std::uint32_t seed, std::size_t frames) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> any(-0.1f, 0.1f);
    std::vector<float> out(frames);
    for (float& x : out) x = any(random);
    return out;
}

void write(const std::filesystem::path& file, std::uint32_t seed) {
    REQUIRE(disk::write_whole(file, {.rate = kRate, .tracks = {noise(seed, 96000)}},
                              {disk::Container::wav, disk::Coding::float32}));
}

// A folder of tracks for the player, and a recording of the channels for the soundcheck.
struct Sounds {
    Sounds() {
        std::filesystem::create_directories(home / "takes" / "one");
        std::filesystem::create_directories(home / "tracks");
        for (std::size_t c = 1; c <= kChannels; ++c) {
            const std::string name = (c < 10 ? "0" : "") + std::to_string(c) + ".wav";
            write(home / "tracks" / name, static_cast<std::uint32_t>(c));
            write(home / "takes" / "one" / name, static_cast<std::uint32_t>(100 + c));
        }
    }
    ScratchFolder home;
};

// As the audio thread of a backend: nothing but the callback, and atomics.
struct Audio {
    std::atomic<std::uint64_t> allowed{0}, position{0};
    test::Offences found;
    bool watched = false;
    float loudest = 0.0f;

    void run(backend::AudioCallback& callback, std::size_t inputs, std::size_t outputs,
             std::uint64_t frames) {
        std::vector<std::vector<float>> in, out(outputs, std::vector<float>(kLongest));
        for (std::size_t i = 0; i < inputs; ++i)
            in.push_back(noise(static_cast<std::uint32_t>(50 + i), kLongest));
        std::vector<const float*> from;
        std::vector<float*> to;
        for (const auto& x : in) from.push_back(x.data());
        for (auto& x : out) to.push_back(x.data());
        watched = test::watch_system_calls();
        const test::Trap trap;
        constexpr std::array<std::size_t, 7> kBlocks = {64, 1, 37, 128, 441, 64, 1024};
        std::uint64_t now = 0;
        for (std::size_t b = 0; now < frames; ++b) {
            while (allowed.load(std::memory_order_acquire) <= now) {
            }
            const std::size_t count = kBlocks[b % kBlocks.size()];
            callback.process(from.data(), to.data(), count);
            for (std::size_t n = 0; n < count; ++n)
                loudest = std::max(loudest, std::fabs(out[0][n]));
            now += count;
            position.store(now, std::memory_order_release);
        }
        found = test::offences();
    }
};

// A desk and everything that its callback touches.
class Desk {
public:
    Desk() {
        for (std::size_t c = 0; c < kChannels; ++c)
            ports_.inputs.push_back({"ch", static_cast<unsigned>(c + 1)});
        auto player = app::Player::open(sounds_.home / "tracks", ports_, kRate, true);
        REQUIRE(player);
        player_ = std::make_unique<app::Player>(*std::move(player));
        set("/automix/1/on", "on");
        set("/automix/2/on", "on");
        for (std::size_t c = 1; c <= kChannels; ++c) {
            const std::string strip = "/ch/" + std::to_string(c);
            set(strip + "/automix/group", c % 2 == 0 ? "a" : "b");
            set(strip + "/gate/on", "on");
            set(strip + "/comp/1/on", "on");
            set(strip + "/eq/on", "on");
            set(strip + "/send/fx/1/level", "-10 dB");
            set(strip + "/send/fx/2/level", "-10 dB");
            set(strip + "/send/aux/1/level", "-10 dB");
        }
        set("/fx/1/type", "hall");
        set("/fx/2/type", "echo");
        set("/fx/3/type", "chorus");
        set("/ch/3/insert", "fx/3");
        set("/main/limiter/on", "on");
        set("/main/master/ms/on", "on");
        set("/main/master/multiband/on", "on");
        set("/main/master/clipper/on", "on");
        set("/transport/loop/start", "0.1");
        set("/transport/loop/end", "0.4");
        soundcheck_.use(kRate);
        REQUIRE(soundcheck_.act(std::array{control::OscArg::text("one")}));
        transport_.use(kRate);
        audio_.use(&console_, player_.get(), &soundcheck_);
        audio_.record(&tape_);
        tape_.start();
        make_tape();
    }

    app::LiveAudio& audio() { return audio_; }
    const engine::Geometry& geometry() const { return console_.geometry(); }

    // One turn of the control thread's loop, with something to do.
    void turn() {
        const std::string strip = "/ch/" + std::to_string(1 + random_() % kChannels);
        set(strip + "/fader", std::to_string(-static_cast<int>(random_() % 20)) + " dB");
        set(strip + "/mute", random_() % 8 == 0 ? "on" : "off");
        if (random_() % 16 == 0) set("/fx/2/type", random_() % 2 == 0 ? "echo" : "plate");
        if (random_() % 8 == 0) set("/soundcheck", random_() % 4 == 0 ? "off" : "on");
        if (random_() % 8 == 0) set("/main/master/saturator/on", random_() % 2 == 0 ? "on" : "off");
        soundcheck_.changed();
        soundcheck_.turn();
        turn_transport();
        CHECK(console_.flush());
        console_.collect();
        drain();
        if (soundcheck_.feed() != nullptr && !soundcheck_.feed()->is_dry()) ++fed;
    }
    void stop() {
        recorder_.end(recorded_->readable().end);
        recorded = recorder_.report().frames;
    }

    std::uint64_t flown = 0, fed = 0, recorded = 0, rolled = 0;

private:
    // Plays, stops, goes elsewhere, with a loop and without.
    void turn_transport() {
        if (random_() % 16 == 0) set("/transport/loop", random_() % 2 == 0 ? "on" : "off");
        if (random_() % 32 == 0) transport_.stop();
        if (random_() % 32 == 0) transport_.locate(random_() % 30000);
        if (random_() % 4 == 0) transport_.play();
        transport_.changed();
        transport_.turn(0);
        const auto& roll = transport_.roll();
        if (roll && roll->song_at(audio_.position())) ++rolled;
    }
    void set(const std::string& address, const std::string& text) {
        const auto slot = layout_.find(address);
        REQUIRE_MESSAGE(slot.has_value(), address);
        const auto value = layout_.parse(*slot, text);
        REQUIRE_MESSAGE(static_cast<bool>(value), address);
        (void)desk_.set(*slot, *value, control::kDeskItself);
    }
    void make_tape() {
        std::vector<link::TapeSource> sources;
        std::vector<disk::TakeTrack> tracks;
        for (std::uint32_t c = 0; c < kChannels; ++c) {
            sources.push_back({c, link::TapeTap::in, 1});
            tracks.push_back({.file = std::to_string(c + 1), .lane = c});
        }
        recorded_ = std::make_shared<link::Tape>(sources, 3000);
        console_.use_tape(recorded_);
        recorder_.begin({.tape = recorded_,
                         .from = 0,
                         .folder = sounds_.home.path(),
                         .name = "take",
                         .tracks = tracks,
                         .rate = kRate});
    }
    void drain() {
        app::FlightTape::Quantum quantum;
        for (; tape_.front(quantum); tape_.pop()) ++flown;
        link::BlockTime time;
        while (console_.link().block_times.try_pop(time)) {
        }
        link::StereoQuantum heard;
        while (console_.link().main_tap.try_pop(heard)) {
        }
    }

    Sounds sounds_;
    backend::Ports ports_;
    param::Layout layout_{param::DeskShape::of(kChannels, 2, 2, 3, 1)};
    monitor::Log log_{{.target = monitor::LogTarget::nowhere}};
    app::Console console_{layout_, param::Values(layout_), {.rate = kRate}};
    control::Desk desk_{layout_,
                        {.changed =
                             [this](param::Slot slot, const param::Value& value) {
                                 if (layout_.row(slot).type != param::Type::text)
                                     console_.set(slot, value.number);
                             },
                         .flush = [this](const control::Batch&) { CHECK(console_.flush()); }}};
    app::Soundcheck soundcheck_{sounds_.home / "takes", desk_, log_};
    app::Transport transport_{desk_,
                              soundcheck_,
                              {.position = [this] { return audio_.position(); },
                               .earliest = [this] { return audio_.position() + 640; }}};
    std::unique_ptr<app::Player> player_;
    app::FlightTape tape_{kChannels, kRate.value, 2.0};
    std::shared_ptr<link::Tape> recorded_;
    disk::Recorder recorder_;
    app::LiveAudio audio_;
    std::mt19937 random_{11};
};

void play(Desk& desk, Audio& audio, backend::AudioCallback& callback, std::uint64_t frames) {
    std::thread thread([&] {
        audio.run(callback, desk.geometry().inputs, desk.geometry().outputs.size(), frames);
    });
    while (audio.position.load(std::memory_order_acquire) < frames) {
        desk.turn();
        audio.allowed.store(audio.position.load() + 480, std::memory_order_release);
        std::this_thread::sleep_for(2ms);
    }
    thread.join();
    desk.stop();
}

// What must never be in a callback.
class Careless : public backend::AudioCallback {
public:
    explicit Careless(app::LiveAudio& audio) : audio_(audio) {}
    void process(const float* const* in, float* const* out, std::size_t frames) noexcept override {
        void* volatile memory = std::malloc(100 + frames);  // or compilers leave both out
        std::free(memory);
        (void)::syscall(SYS_getppid);
        audio_.process(in, out, frames);
    }
    void xrun() noexcept override {}

private:
    app::LiveAudio& audio_;
};

TEST_CASE("live audio: with everything on its callback makes no call that could wait") {
    Desk desk;
    Audio audio;
    play(desk, audio, desk.audio(), 5 * 48000);
    REQUIRE_MESSAGE(audio.watched, "the kernel offers no filter of system calls");
    CHECK(audio.found.calls == 0);
    const std::string first = audio.found.first_call != nullptr ? audio.found.first_call : "none";
    CHECK(first == "none");
    CHECK(audio.found.system_calls == 0);
    CHECK(audio.found.first_system_call == -1);
    MESSAGE("flight tape: " << desk.flown << " quanta, recorded: " << desk.recorded
                            << " frames, turns with soundcheck: " << desk.fed
                            << ", of these rolling: " << desk.rolled
                            << ", loudest: " << audio.loudest);
    CHECK(desk.flown > 7000);
    CHECK(desk.recorded > 48000);
    CHECK(desk.fed > 50);
    CHECK(desk.rolled > 50);
    CHECK(audio.loudest > 0.01f);
}

TEST_CASE("live audio: a callback that allocates and calls the system is caught") {
    Desk desk;
    Audio audio;
    Careless careless(desk.audio());
    play(desk, audio, careless, 4800);
    REQUIRE(audio.watched);
    CHECK(audio.found.calls > 0);
    REQUIRE(audio.found.first_call != nullptr);
    CHECK(std::string(audio.found.first_call) == "malloc");
    CHECK(audio.found.system_calls > 0);
    CHECK(audio.found.first_system_call == SYS_getppid);
}

}  // namespace live_trap_test
