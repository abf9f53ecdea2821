// The whole engine at work, under the trap.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/retired.h"
#include "tests/src/engine/rig.h"
#include "tests/support/trap.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <sys/mman.h>
#include <sys/resource.h>
#include <thread>
#include <vector>

using namespace mixrig;
using namespace std::chrono_literals;
using param::DeskShape;
using param::Kind;
using test::Channels;
using test::Rig;

namespace realtime_test {

constexpr std::size_t kRate = 48000;
// The control thread sends five batches while the audio thread plays no more than this, in frames.
constexpr std::size_t kBatches = 5;
constexpr std::size_t kStretch = 9600;
// A batch with a wait in it is through after so long.
constexpr std::size_t kLongestWait = 640;
constexpr std::size_t kLongestBlock = 1024;

struct Load {
    std::size_t seconds;
    std::size_t threads;
    std::size_t changes_a_batch;
};

struct Found {
    test::Offences offences;
    bool watched = false;
    long major_faults = 0, minor_faults = 0, voluntary_switches = 0;
    double cpu_seconds = 0.0;
    float loudest = 0.0f;
    bool finite = true;
};

struct Sent {
    std::size_t changes = 0, live = 0, timeline = 0, tapes = 0, listening = 0;
};

struct Read {
    std::size_t plans = 0, taped = 0, meters = 0, taps = 0, faults = 0, recoveries = 0,
                ceilings = 0;
};

// What an audio callback without a card is: it does nothing but call the engine and look at
// atomics, so that from the moment it is armed any system call at all is an offence.
class Audio {
public:
    Audio(Rig& rig, std::size_t frames) : rig_(rig), frames_(frames) {
        const std::size_t inputs = rig.geometry().inputs;
        for (std::size_t i = 0; i < inputs; ++i)
            good_.push_back(
                test::noise(static_cast<std::uint32_t>(50 + i), -24.0, kRate + kLongestBlock));
        bad_.assign(kLongestBlock, 0.1f);
        bad_[0] = bad_[500] = std::numeric_limits<float>::quiet_NaN();
        in_.resize(inputs);
        buffers_.assign(rig.geometry().outputs.size(), test::Samples(kLongestBlock));
        for (test::Samples& buffer : buffers_) out_.push_back(buffer.data());
    }

    void run() {
        found_.watched = test::watch_system_calls();
        play(kRate);  // everything has been touched once
        const rusage before = usage();
        {
            const test::Trap trap;
            play(frames_);
        }
        const rusage after = usage();
        found_.offences = test::offences();
        found_.major_faults = after.ru_majflt - before.ru_majflt;
        found_.minor_faults = after.ru_minflt - before.ru_minflt;
        found_.voluntary_switches = after.ru_nvcsw - before.ru_nvcsw;
        found_.cpu_seconds =
            static_cast<double>(after.ru_utime.tv_sec - before.ru_utime.tv_sec) +
            1e-6 * static_cast<double>(after.ru_utime.tv_usec - before.ru_utime.tv_usec);
    }

    const Found& found() const { return found_; }

    std::atomic<std::uint64_t> position{0};  // frames played
    std::atomic<std::uint64_t> allowed{0};   // as far as the control thread has come

private:
    static rusage usage() {
        rusage now{};
        getrusage(RUSAGE_THREAD, &now);
        return now;
    }

    std::uint32_t draw() {
        random_ = random_ * 1664525u + 1013904223u;
        return random_ >> 16;
    }

    void play(std::size_t until) {
        constexpr std::array<std::size_t, 8> kBlocks = {1, 16, 37, 64, 128, 441, 480, 1024};
        std::size_t now = position.load(std::memory_order_relaxed);
        while (now < until) {
            // With the release of the control thread; it only paces, so nothing hangs on it.
            while (allowed.load(std::memory_order_acquire) <= now) {
            }
            const std::size_t frames = kBlocks[draw() % kBlocks.size()];
            const std::size_t begin = now % kRate;
            for (std::size_t i = 0; i < in_.size(); ++i) in_[i] = good_[i].data() + begin;
            // About once a second of audio one input has a sample that is no number.
            if (draw() % 256 == 0) in_[draw() % in_.size()] = bad_.data();
            rig_.engine().process(in_.data(), out_.data(), frames);
            for (const test::Samples& buffer : buffers_)
                for (std::size_t n = 0; n < frames; ++n) {
                    found_.finite = found_.finite && std::isfinite(buffer[n]);
                    found_.loudest = std::max(found_.loudest, std::fabs(buffer[n]));
                }
            now += frames;
            position.store(now, std::memory_order_release);
        }
    }

    Rig& rig_;
    std::size_t frames_;
    Channels good_, buffers_;
    test::Samples bad_;
    std::vector<const float*> in_;
    std::vector<float*> out_;
    std::uint32_t random_ = 1;
    Found found_;
};

using Tapes = std::array<std::unique_ptr<link::Tape>, 2>;

// Two tapes of a second each, which take turns: every strip, at each tap.
std::vector<link::TapeSource> everything(const engine::Geometry& geometry) {
    std::vector<link::TapeSource> sources;
    for (engine::Strip s = 0; s < geometry.master(); ++s)
        for (const auto tap : {link::TapeTap::in, link::TapeTap::pre, link::TapeTap::post})
            sources.push_back({s, tap, static_cast<std::uint8_t>(geometry.strips[s].lanes())});
    return sources;
}

// The thread of the meters: takes whatever the engine gives, sometimes late.
Read read_all(Rig& rig, const Tapes& tapes, const std::atomic<bool>& stop) {
    Read read;
    link::Link& link = rig.link();
    std::vector<float> room(dsp::kQuantum);
    for (bool last = false;; last = stop.load()) {
        for (const auto& tape : tapes)
            if (const auto range = tape->readable(); range.begin != range.end)
                read.taped += tape->read(tape->lanes() - 1, range.end - 1, 1, room.data());
        link::Retired retired;
        while (link.retired.try_pop(retired)) {
            read.plans += retired.kind == link::Retired::Kind::plan;
            engine::free_one(retired);
        }
        link::MeterFrame* frame = nullptr;
        for (; link.meters.try_pop(frame); ++read.meters) (void)link.free_meters.try_push(frame);
        link::StereoQuantum quantum;
        while (link.main_tap.try_pop(quantum)) ++read.taps;
        while (link.analysis.try_pop(quantum)) ++read.taps;
        link::GuardQuantum guarded;
        while (link.guarded.try_pop(guarded)) ++read.taps;
        link::Notice notice;
        while (link.notices.try_pop(notice)) {
            read.faults += notice.fault == link::Fault::not_finite;
            read.recoveries += notice.fault == link::Fault::recovered;
            read.ceilings += notice.fault == link::Fault::ceiling;
        }
        if (last) return read;
        std::this_thread::sleep_for(1ms);
    }
}

// Moves everything that can be moved, at random.
class Control {
public:
    Control(Rig& rig, Audio& audio, const Tapes& tapes) : rig_(rig), audio_(audio), tapes_(tapes) {}

    Sent run(std::size_t frames, std::size_t changes_a_batch) {
        for (std::size_t now = 0; now < frames; now = audio_.position.load()) {
            audio_.allowed.store(now + kStretch, std::memory_order_release);
            const bool live = random_() % 3 != 0;
            std::size_t frame = now;
            for (std::size_t b = 0; b < kBatches; ++b) {
                for (std::size_t c = 0; c < changes_a_batch; ++c) change();
                if (b % 2 == 0) reroute();
                listen();
                frame += random_() % (kStretch / 2 / kBatches);
                live ? rig_.send() : rig_.send_at(frame);
            }
            (live ? sent_.live : sent_.timeline) += kBatches;
            change_tape();
            change_taps();
            // Values may overtake each other between the two queues; plans must not, so nothing is
            // sent until what was sent has been applied, waits included.
            const std::size_t applied =
                std::max(frame, audio_.position.load()) + kBatches * kLongestWait;
            wait_for(std::min({applied, now + kStretch, frames}));
        }
        audio_.allowed.store(~std::uint64_t{0}, std::memory_order_release);
        return sent_;
    }

private:
    // Recording goes on all the time, now and then on the other tape.
    void change_tape() {
        const std::vector batch{
            link::Event::make(link::Block::tape, 0, 0, tapes_[++sent_.tapes % 2].get())};
        REQUIRE(rig_.link().live.try_send(batch));
    }

    // The analyser anywhere, the feedback guard at sixteen strips.
    void change_taps() {
        link::Taps& taps = rig_.link().taps;
        const auto strips = static_cast<std::uint32_t>(rig_.geometry().strips.size());
        const auto any = [&] { return static_cast<std::uint32_t>(random_()) % strips; };
        taps.analyse(any(), static_cast<link::Tap>(random_() % link::kMeteredTaps));
        for (auto& guarded : taps.guarded) guarded.store(1 + any(), std::memory_order_relaxed);
    }

    void wait_for(std::size_t frame) {
        while (audio_.position.load(std::memory_order_acquire) < frame)
            std::this_thread::sleep_for(100us);
    }

    float share() { return std::uniform_real_distribution<float>(0.0f, 1.0f)(random_); }

    void change() {
        const param::Layout& layout = rig_.layout();
        const auto slot = static_cast<param::Slot>(random_() % layout.size());
        const param::Row& row = layout.row(slot);
        const float knob = share();
        if (row.type == param::Type::text) return change();
        float value = row.low + knob * (layout.high(slot) - row.low);
        if (row.type == param::Type::number) value = param::from_knob(row, knob);
        // Most of everything stays on, and loud enough to be at work.
        if (row.address.ends_with("/on")) value = knob < 0.8f ? 1.0f : 0.0f;
        if (row.address == "mute") value = knob < 0.9f ? 0.0f : 1.0f;
        if (row.unit == param::Unit::decibels && row.high > 0.0f && row.low < 0.0f) value *= 0.3f;
        set_if_possible(slot, value);
    }

    // Among thousands of rows of strips those of groups, monitor bus, talkback and oscillator would
    // hardly ever be drawn.
    void listen() {
        if (listening_.empty())
            for (param::Slot slot = 0; slot < rig_.layout().size(); ++slot) {
                const param::Row& row = rig_.layout().row(slot);
                if (row.type != param::Type::text &&
                    (row.address.starts_with("/monitor/") ||
                     row.address.starts_with("/talkback/") ||
                     row.address.starts_with("/oscillator/") || row.address.starts_with("/dca/") ||
                     row.address == "talkback" || row.address == "oscillator"))
                    listening_.push_back(slot);
            }
        const param::Slot slot = listening_[random_() % listening_.size()];
        const param::Row& row = rig_.layout().row(slot);
        const float high = rig_.layout().high(slot);
        const float value = row.low + share() * (high - row.low);
        if (set_if_possible(slot, row.address.ends_with("/on") ? std::ceil(value - 0.2f) : value))
            ++sent_.listening;
    }

    // A limiter on or off, or a group into another one: each needs a new plan.
    void reroute() {
        const param::Layout& layout = rig_.layout();
        const std::size_t group = random_() % layout.shape().count(Kind::sub);
        const param::Slot limiter = layout.slot(Kind::sub, group, param::row("limiter/on"));
        if (random_() % 2 == 0 &&
            set_if_possible(limiter, 1.0f - rig_.resolver().values().number(limiter)))
            return;
        const param::Slot to = layout.slot(Kind::sub, group, param::row("to"));
        set_if_possible(to, std::floor(share() * (layout.high(to) + 1.0f)));
    }

    bool set_if_possible(param::Slot slot, float value) {
        const float wanted = rig_.layout().clamp(slot, value);
        if (!rig_.resolver().check(slot, wanted)) return false;  // would be a loop
        if (rig_.resolver().values().number(slot) != wanted) ++sent_.changes;
        rig_.set(slot, wanted);
        return true;
    }

    Rig& rig_;
    Audio& audio_;
    const Tapes& tapes_;
    std::mt19937 random_{2026};
    std::vector<param::Slot> listening_;
    Sent sent_;
};

DeskShape studio() {
    DeskShape shape = DeskShape::of(32, 4, 4, 2, 2);
    for (const std::size_t channel : {4u, 5u, 17u, 31u}) shape.stereo[0][channel] = true;
    shape.stereo[2][1] = shape.stereo[2][3] = false;
    shape.speakers = 2;
    shape.talkback = true;
    return shape;
}

void prove(const Load& load) {
    // As the desk does, where it may: no page of the process is ever away.
    const bool locked = mlockall(MCL_CURRENT | MCL_FUTURE) == 0;
    engine::EngineConfig config;
    config.threads = load.threads;
    Rig rig(studio(), config);
    set_everything(rig, 5);
    rig.send_at(0);  // starts the desk

    const std::size_t frames = load.seconds * kRate;
    Tapes tapes;
    for (auto& tape : tapes)
        tape = std::make_unique<link::Tape>(everything(rig.geometry()), kRate / dsp::kQuantum);
    Audio audio(rig, frames);
    std::atomic<bool> stop{false};
    Read read;
    std::thread reading([&] { read = read_all(rig, tapes, stop); });
    std::thread playing([&] { audio.run(); });
    const Sent sent = Control(rig, audio, tapes).run(frames, load.changes_a_batch);
    playing.join();
    stop.store(true);
    reading.join();
    munlockall();

    const Found& found = audio.found();
    MESSAGE(load.seconds << " s of audio on " << load.threads << " thread(s) in "
                         << found.cpu_seconds << " s: " << sent.changes << " changes in "
                         << sent.live << " live and " << sent.timeline << " dated batches, "
                         << read.plans << " plans, " << read.meters << " meter frames, "
                         << read.taps << " quanta of main, analysed and guarded strips, "
                         << sent.tapes << " tapes, looked at " << read.taped << " times, "
                         << read.faults << " faults, " << read.recoveries
                         << " recoveries; minor faults " << found.minor_faults << ", major "
                         << found.major_faults << ", voluntary switches "
                         << found.voluntary_switches
                         << std::string(locked ? "" : " (memory not locked)"));
    REQUIRE_MESSAGE(found.watched, "the kernel offers no filter of system calls");
    CHECK(found.offences.calls == 0);
    const std::string first = found.offences.first_call ? found.offences.first_call : "none";
    CHECK(first == "none");
    CHECK(found.offences.system_calls == 0);
    CHECK(found.offences.first_system_call == -1);
    CHECK(found.major_faults == 0);
    CHECK(found.voluntary_switches == 0);
    if (locked) CHECK(found.minor_faults == 0);

    // That it was the desk at work which was watched.
    CHECK(sent.changes >= load.seconds * 1700);
    CHECK(sent.listening >= load.seconds * 20);
    CHECK(read.plans >= load.seconds * 9);
    CHECK(read.meters >= load.seconds * 20);
    CHECK(sent.tapes >= load.seconds);
    CHECK(read.taped >= load.seconds * 20);
    CHECK(read.taps >= load.seconds * 1400);
    CHECK(read.faults > 0);
    CHECK(read.recoveries > 0);
    CHECK(found.finite);
    CHECK(found.loudest > 0.01f);
    CHECK(found.loudest <= 1.0f);
}

TEST_CASE("realtime: a minute of the whole desk, everything moving, with no call that could wait") {
    prove({.seconds = 64, .threads = 1, .changes_a_batch = 96});
}

TEST_CASE("realtime: nor does the audio thread wait for its helpers by a call") {
    prove({.seconds = 8, .threads = 2, .changes_a_batch = 96});
}

}  // namespace realtime_test
