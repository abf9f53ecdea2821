// The parts of the backends that need neither thread nor device.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/backend/audio_side.h"
#include "src/backend/card_choice.h"
#include "src/backend/lifeline.h"
#include "src/backend/link_keeper.h"
#include "src/backend/pacer.h"
#include "src/backend/port_names.h"
#include "src/backend/realtime.h"
#include "src/backend/storm_guard.h"
#include "tests/src/backend/probe.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mixrig::backend {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

const LinkKeeper::Exists kAllExist = [](const std::string&) { return true; };
const LinkKeeper::Exists kNoneExists = [](const std::string&) { return false; };
const JackLink kMic{.input = true, .port = 0, .other = "system:capture_1"};
const JackLink kSpeaker{.input = false, .port = 1, .other = "system:playback_2"};

using Links = std::vector<JackLink>;

}  // namespace

TEST_CASE("link keeper: what was connected when the server died is connected again") {
    LinkKeeper keeper;
    CHECK(keeper.update({kMic, kSpeaker}, kAllExist, 0).empty());
    keeper.server_died();
    CHECK(keeper.update({}, kNoneExists, 0).empty());
    CHECK(keeper.update({}, kAllExist, 0) == Links{kMic, kSpeaker});
    CHECK(keeper.update({kMic}, kAllExist, 0) == Links{kSpeaker});
    CHECK(keeper.update({kMic, kSpeaker}, kAllExist, 0).empty());
}

TEST_CASE("link keeper: a server that disconnects everything just before it goes loses nothing") {
    LinkKeeper keeper;
    CHECK(keeper.update({kMic}, kAllExist, 0).empty());
    CHECK(keeper.update({}, kAllExist, kSecond / 10).empty());
    keeper.server_died();
    CHECK(keeper.update({}, kAllExist, 10 * kSecond) == Links{kMic});
}

TEST_CASE("link keeper: a connection that the user takes away stays away") {
    LinkKeeper keeper;
    CHECK(keeper.update({kMic}, kAllExist, 0).empty());
    CHECK(keeper.update({}, kAllExist, kSecond).empty());
    CHECK(keeper.update({}, kAllExist, 2 * kSecond).empty());
    CHECK(keeper.size() == 0);
    keeper.server_died();
    CHECK(keeper.update({}, kAllExist, 3 * kSecond).empty());
}

TEST_CASE("link keeper: the connections of a program that restarts come back") {
    LinkKeeper keeper;
    CHECK(keeper.update({kMic}, kAllExist, 0).empty());
    CHECK(keeper.update({}, kNoneExists, kSecond).empty());
    CHECK(keeper.update({}, kNoneExists, 100 * kSecond).empty());
    CHECK(keeper.update({}, kAllExist, 101 * kSecond) == Links{kMic});
}

TEST_CASE("link keeper: a connection between our own ports follows their new names") {
    LinkKeeper keeper;
    const JackLink loop{.input = true, .port = 0, .other = "mixrig:main-L"};
    CHECK(keeper.update({loop}, kAllExist, 0).empty());
    keeper.rename({"mixrig:main-L"}, {"mixrig:left"});
    keeper.rename_client("mixrig", "mixrig-01");
    keeper.server_died();
    const Links wanted = keeper.update({}, kAllExist, 0);
    REQUIRE(wanted.size() == 1);
    CHECK(wanted[0].other == "mixrig-01:left");
}

TEST_CASE("port names: valid, unique over inputs and outputs, and cut between characters") {
    Ports ports;
    ports.inputs = {{.name = "Kick: in\n"}, {.name = "Vox"}, {.name = "Vox"}, {.name = ""}};
    ports.outputs = {{.name = "Vox"}, {.name = "ääääääää"}, {.name = "ääääääää"}};
    const Ports valid = with_valid_names(ports, 11);
    CHECK(valid.inputs[0].name == "Kick- in-");
    CHECK(valid.inputs[1].name == "Vox");
    CHECK(valid.inputs[2].name == "Vox (2)");
    CHECK_FALSE(valid.inputs[3].name.empty());
    CHECK(valid.outputs[0].name == "Vox (3)");
    CHECK(valid.outputs[1].name == "äääää");    // 10 bytes; an eleventh would be half a letter
    CHECK(valid.outputs[2].name == "äää (2)");  // 6 + 4 bytes
}

TEST_CASE("card choice: a name finds its card in any case, wherever it stands in the list") {
    const std::vector<CardInfo> cards{
        {.id = 0, .name = "hw:HDMI,0", .inputs = 0, .outputs = 8},
        {.id = 1, .name = "hw:Scarlett 18i8,0", .inputs = 18, .outputs = 8},
        {.id = 2, .name = "default", .inputs = 64, .outputs = 64}};
    const auto choice = choose_card(cards, {.name = "scarlett", .inputs = 4, .outputs = 2});
    REQUIRE(choice);
    CHECK(choice->output->id == 1);
    CHECK(choice->input->id == 1);
    CHECK_FALSE(choose_card(cards, {.name = "babyface", .inputs = 4, .outputs = 2}));
}

TEST_CASE("card choice: without a name, the first card that has all channels in both directions") {
    const std::vector<CardInfo> cards{{.id = 0, .name = "hw:HDMI,0", .inputs = 0, .outputs = 8},
                                      {.id = 1, .name = "hw:PCH,0", .inputs = 2, .outputs = 2},
                                      {.id = 2, .name = "hw:USB,0", .inputs = 8, .outputs = 8},
                                      {.id = 3, .name = "default", .inputs = 32, .outputs = 32}};
    const auto choice = choose_card(cards, {.inputs = 8, .outputs = 2});
    REQUIRE(choice);
    CHECK(choice->output->id == 2);
    CHECK(choice->input->id == 2);
}

TEST_CASE("card choice: two ALSA cards are never mixed, a Pulse monitor is never the first input") {
    const std::vector<CardInfo> cards{
        {.id = 0, .name = "Monitor of Built-in", .inputs = 2, .outputs = 0},
        {.id = 1, .name = "Built-in", .inputs = 0, .outputs = 2},
        {.id = 2, .name = "USB Mic", .inputs = 2, .outputs = 0}};
    const auto alsa = choose_card(cards, {.name = "built-in", .inputs = 2, .outputs = 2});
    REQUIRE(alsa);
    CHECK(alsa->output->id == 1);
    CHECK_FALSE(alsa->input);
    const auto pulse = choose_card(cards, {.inputs = 2, .outputs = 2, .separate_input = true});
    REQUIRE(pulse);
    CHECK(pulse->output->id == 1);
    CHECK(pulse->input->id == 2);
}

TEST_CASE("card choice: takes the wished rate if the card has it, else the nearest") {
    const CardInfo card{.rates = {44100, 48000, 96000}};
    CHECK(choose_rate(card, 48000) == 48000);
    CHECK(choose_rate(card, 88200) == 96000);
    CHECK(choose_rate(CardInfo{}, 48000) == 48000);
}

TEST_CASE("storm guard: 2.5 times the rate is cut within 100 ms, an unplugged card within 1 ms") {
    // 25,000 and 192,000 calls a second are what RtAudio 6 and 5 did in an emulated machine.
    for (const double calls : {48000.0 * 2.6 / 128, 25'000.0, 192'000.0}) {
        CAPTURE(calls);
        StormGuard guard;
        std::int64_t now = 0;
        guard.begin(48000, now);
        now = 6 * kSecond;  // after the time in which servers settle
        CHECK_FALSE(guard.is_storm(128, now));
        const std::int64_t begin = now;
        while (!guard.is_storm(128, now) && now - begin < kSecond)
            now += static_cast<std::int64_t>(1e9 / calls);
        const double seconds = static_cast<double>(now - begin) * 1e-9;
        CHECK(seconds < 0.102);  // 100 ms and a block
        if (calls > 100'000) CHECK(seconds < 0.001);
    }
}

TEST_CASE("storm guard: a card at its rate with 40 ms of jitter is never cut") {
    StormGuard guard;
    guard.begin(48000, 0);
    std::int64_t ideal = 6 * kSecond;
    for (int block = 0; block < 100'000; ++block) {
        ideal += 128 * kSecond / 48000;
        const std::int64_t late = (block / 15) % 2 == 0 ? 40'000'000 : 0;  // fixed pattern
        REQUIRE_FALSE(guard.is_storm(128, ideal + late));
    }
}

TEST_CASE("pacer: ten days at 44.1 kHz end on the nanosecond") {
    Pacer pacer(kSecond);
    pacer.begin(44100, 1000);
    std::int64_t due = 0;
    const std::uint64_t total = 10ull * 86'400 * 44'100;
    std::uint64_t frames = 0;
    for (; frames + 44'100 * 7 <= total; frames += 44'100 * 7) due = pacer.advance(44'100 * 7);
    for (; frames < total; frames += 147) due = pacer.advance(147);
    CHECK(frames == total);
    CHECK(due == 1000 + 10ll * 86'400 * kSecond);
}

TEST_CASE("pacer: a small delay is caught up with, a long one is not") {
    Pacer pacer(kSecond / 10);
    pacer.begin(48000, 0);
    const std::int64_t due = pacer.advance(480);
    CHECK(due == kSecond / 100);
    CHECK_FALSE(pacer.late(due, due + kSecond / 20));
    CHECK(pacer.advance(480) == kSecond / 50);
    CHECK(pacer.late(due, due + kSecond));
    CHECK(pacer.advance(480) == due + kSecond + kSecond / 100);
}

TEST_CASE(
    "audio side: the engine runs only at the rate it was built for; held outputs are silent") {
    test::Probe probe(1, 2);
    probe.constant = 0.25f;
    AudioSide side;
    side.attach(probe);
    side.report_rate(48000);
    side.set_device_rate(48000);
    std::vector<float> in(64, 0.5f);
    std::vector<float> left(64);
    std::vector<float> right(64);
    const float* ins[] = {in.data()};
    float* outs[] = {left.data(), right.data()};
    const auto right_after_block = [&] {
        right.assign(64, 9.0f);
        side.process(ins, outs, 2, 64);
        return right[63];
    };
    CHECK(right_after_block() == 0.0f);  // held at first
    side.resume();
    CHECK(right_after_block() == 0.25f);
    side.set_device_rate(44100);  // the device's own thread does this
    CHECK(right_after_block() == 0.0f);
    side.resume();  // too early: the change was not reported yet
    CHECK(right_after_block() == 0.0f);
    side.report_rate(44100);
    side.resume();
    CHECK(right_after_block() == 0.25f);
    side.hold();
    CHECK(right_after_block() == 0.0f);
    CHECK(side.counters().frames == 6 * 64);
    CHECK(probe.blocks == 2);
}

TEST_CASE("realtime: what the system gave is said in words") {
    const Realtime before = read_realtime(pthread_self());
    CHECK_FALSE(before.text.empty());
    std::thread thread([] { std::this_thread::sleep_for(std::chrono::milliseconds(100)); });
    const Realtime got = ask_realtime(thread.native_handle(), 60);
    MESSAGE(got.text);
    if (got.granted)
        CHECK(got.text.find("SCHED_FIFO") == 0);
    else
        CHECK(got.text.find("no realtime: ") == 0);
    CHECK(read_realtime(thread.native_handle()).granted == got.granted);
    thread.join();
}

namespace {

// In a process of its own: rights given up and memory locked are not given back.
std::string text_of_child(const std::function<std::string()>& work) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    if (child == 0) {
        const std::string text = work();
        _exit(write(ends[1], text.data(), text.size()) > 0 ? 0 : 1);
    }
    close(ends[1]);
    std::string text(1024, '\0');
    const ssize_t count = read(ends[0], text.data(), text.size());
    close(ends[0]);
    waitpid(child, nullptr, 0);
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return text;
}

bool give_up_rights() {
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    constexpr rlim_t kFourMiB = 4 << 20;
    const rlimit little{.rlim_cur = kFourMiB, .rlim_max = kFourMiB};
    return setrlimit(RLIMIT_RTPRIO, &none) == 0 && setrlimit(RLIMIT_MEMLOCK, &little) == 0 &&
           (geteuid() != 0 || setuid(65534) == 0);
}

}  // namespace

TEST_CASE("realtime: without the right to it, the remedy is named") {
    const std::string text = text_of_child([] {
        if (!give_up_rights()) return std::string("cannot give up rights");
        return ask_realtime(pthread_self(), 70).text;
    });
    CHECK(text.find("no realtime: RLIMIT_RTPRIO is 0") == 0);
    CHECK(text.find("LimitRTPRIO=95") != std::string::npos);
}

TEST_CASE("realtime: memory is locked, or the remedy is named") {
    const std::string text = text_of_child([] { return lock_memory().text; });
    CHECK((text == "memory locked" || text.find("LimitMEMLOCK=infinity") != std::string::npos));
    if (geteuid() != 0) return;
    const std::string refused = text_of_child([] {
        if (!give_up_rights()) return std::string("cannot give up rights");
        return lock_memory().text;
    });
    CHECK(refused.find("memory ") == 0);
    CHECK(refused.find("LimitMEMLOCK=infinity") != std::string::npos);
}

TEST_CASE("realtime: flushing makes a subnormal product zero") {
    volatile float tiny = 1e-30f;
    std::thread([&] {
        flush_subnormals();
        CHECK(subnormals_flushed());
        CHECK(tiny * tiny == 0.0f);
        volatile float half_tiny = tiny * 1e-10f;
        CHECK(half_tiny == 0.0f);
    }).join();
}

namespace {

struct Hanging {
    static inline std::atomic<bool> release{false};
    ~Hanging() {
        while (!release) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    void abandon() {}
};

}  // namespace

TEST_CASE("lifeline: a device that does not close is left behind, and the next one is opened") {
    using Line = Lifeline<Hanging>;
    int made = 0;
    Line line(
        [&] {
            ++made;
            return [] { return Line::Opening(std::make_unique<Hanging>()); };
        },
        std::chrono::milliseconds(10), std::chrono::milliseconds(10));
    REQUIRE(line.start("test"));
    CHECK(line.session() != nullptr);
    line.lose();
    bool left_behind = false;
    const auto begin = std::chrono::steady_clock::now();
    while (line.session() == nullptr) {
        const Line::Change change = line.poll();
        left_behind = left_behind || change == Line::Change::left_behind;
        REQUIRE(std::chrono::steady_clock::now() - begin < std::chrono::seconds(8));
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    CHECK(left_behind);
    CHECK(made == 2);
    CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::seconds(3));
    Hanging::release = true;
    CHECK(line.stop());
}

}  // namespace mixrig::backend
