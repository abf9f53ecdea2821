// What the engine puts onto the tape: the armed strips, bit for bit, and where it begins.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/engine/rig.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>
#include <vector>

using namespace mixrig;
using link::Tape;
using link::TapeSource;
using link::TapeTap;
using param::Kind;
using test::Channels;
using test::Rig;

namespace tape_test {

constexpr std::size_t kQuantum = dsp::kQuantum;

void send(Rig& rig, Tape* tape) {
    const std::vector batch{link::Event::make(link::Block::tape, 0, 0, tape)};
    REQUIRE(rig.link().live.try_send(batch));
}

test::Samples lane(const Tape& tape, std::size_t at) {
    const Tape::Range range = tape.readable();
    test::Samples out((range.end - range.begin) * kQuantum);
    REQUIRE(tape.read(at, range.begin, range.end - range.begin, out.data()));
    return out;
}

test::Samples part(const test::Samples& of, std::size_t begin, std::size_t frames) {
    const auto from = of.begin() + static_cast<std::ptrdiff_t>(begin);
    return {from, from + static_cast<std::ptrdiff_t>(frames)};
}

param::DeskShape shape() {
    param::DeskShape shape = param::DeskShape::of(3, 1, 1, 1, 1);
    shape.stereo[0][1] = true;
    return shape;
}

TEST_CASE("tape: inputs and outputs are on it bit for bit, whatever the block size") {
    for (const std::size_t block : {32u, 37u, 64u, 441u}) {
        CAPTURE(block);
        Rig rig(shape());
        rig.set("/ch/1/trim", "-7 dB");  // not in what comes from the interface
        rig.set("/main/fader", "-3 dB");
        rig.set("/main/limiter/on", "on");
        const engine::Geometry& at = rig.geometry();
        Tape tape({{at.strip(Kind::ch, 0), TapeTap::in, 1},
                   {at.strip(Kind::ch, 1), TapeTap::in, 2},
                   {at.main(), TapeTap::post, 2}},
                  400);
        const Channels in = test::noises(4, 9600);
        Channels out(at.outputs.size(), test::Samples(9600));
        for (std::size_t begin = 0; begin < 9600; begin += block) {
            if (begin >= 1000 && begin < 1000 + block) send(rig, &tape);
            rig.process(in, out, begin, std::min<std::size_t>(block, 9600 - begin));
        }
        const Tape::Range range = tape.readable();
        CHECK(range.begin * kQuantum >= 1000);
        CHECK(range.begin * kQuantum < 1000 + block + kQuantum);
        CHECK(range.end == 300);
        const std::size_t from = range.begin * kQuantum, frames = 9600 - from;
        for (std::size_t i = 0; i < 3; ++i) CHECK(lane(tape, i) == part(in[i], from, frames));
        for (std::size_t i = 0; i < 2; ++i) CHECK(lane(tape, 3 + i) == part(out[i], from, frames));
    }
}

TEST_CASE("tape: before the fader means that neither fader nor mute is in it") {
    Rig rig(shape());
    rig.set("/ch/1/polarity", "on");
    rig.set("/ch/1/fader", "-40 dB");
    rig.set("/ch/1/mute", "on");
    rig.set("/sub/1/fader", "-6 dB");
    rig.set("/ch/2/to", "sub/1");
    const engine::Geometry& at = rig.geometry();
    Tape tape({{at.strip(Kind::ch, 0), TapeTap::pre, 1},
               {at.strip(Kind::ch, 0), TapeTap::post, 1},
               {at.strip(Kind::sub, 0), TapeTap::in, 2},
               {at.strip(Kind::sub, 0), TapeTap::post, 2},
               {at.strip(Kind::ch, 2), TapeTap::pre, 1}},
              400);
    send(rig, &tape);
    Channels in = test::noises(4, 9600);
    in[3].assign(9600, 0.0f);
    (void)rig.render(in, 64);
    test::Samples turned = in[0];
    for (float& x : turned) x = -x;
    CHECK(lane(tape, 0) == turned);
    CHECK(lane(tape, 1) == test::Samples(9600, 0.0f));
    CHECK(lane(tape, 2) == in[1]);  // a stereo channel at 0 dB into the subgroup
    const test::Samples left = lane(tape, 4);
    const auto gain = static_cast<float>(std::pow(10.0, -6.0 / 20.0));
    for (std::size_t n = 0; n < left.size(); ++n)
        REQUIRE(left[n] == doctest::Approx(in[1][n] * gain).epsilon(1e-5));
    CHECK(lane(tape, 6) == test::Samples(9600, 0.0f));
}

TEST_CASE("tape: the bus of an effect that stands in a strip is silent") {
    Rig rig(shape());
    rig.set("/fx/1/type", "tremolo");
    rig.set("/ch/1/insert", "fx/1");
    Tape tape({{rig.geometry().strip(Kind::fx, 0), TapeTap::in, 2}}, 400);
    send(rig, &tape);
    (void)rig.render(test::noises(4, 9600), 64);
    CHECK(lane(tape, 0) == test::Samples(9600, 0.0f));
}

TEST_CASE("tape: the ring forgets the oldest, and the old tape is let go when there is a new one") {
    Rig rig(shape());
    const engine::Strip first = rig.geometry().strip(Kind::ch, 0);
    Tape short_one({{first, TapeTap::in, 1}}, 8), next({{first, TapeTap::in, 1}}, 64);
    send(rig, &short_one);
    const Channels in = test::noises(4, 3200);
    Channels out(rig.geometry().outputs.size(), test::Samples(3200));
    rig.process(in, out, 0, 1600);
    CHECK(short_one.readable().begin == 50 - 7);
    CHECK(short_one.readable().end == 50);
    CHECK(lane(short_one, 0) == part(in[0], (50 - 7) * kQuantum, 7 * kQuantum));
    float room[kQuantum];
    CHECK_FALSE(short_one.read(0, 42, 1, room));  // is being written
    send(rig, &next);
    CHECK_FALSE(short_one.is_let_go());
    rig.process(in, out, 1600, 1600);
    CHECK(short_one.is_let_go());
    CHECK_FALSE(next.is_let_go());
    CHECK(short_one.readable().end == 50);
    CHECK(next.readable().begin == 50);
    CHECK(next.readable().end == 100);
    send(rig, nullptr);
}

TEST_CASE("tape: a reader that is overtaken is told, and else reads what was written") {
    constexpr std::uint64_t kQuanta = 60000;
    Tape tape({{0, TapeTap::in, 2}}, 32);
    std::atomic<bool> done{false};
    std::size_t good = 0, overtaken = 0, wrong = 0;
    std::thread reader([&] {
        std::vector<float> room(4 * kQuantum);
        while (!done.load()) {
            const Tape::Range range = tape.readable();
            if (range.end - range.begin < 4) continue;
            if (!tape.read(1, range.begin, 4, room.data())) {
                ++overtaken;
                continue;
            }
            ++good;
            for (std::size_t i = 0; i < room.size(); ++i)
                if (room[i] != static_cast<float>(range.begin + i / kQuantum)) ++wrong;
        }
    });
    float value[kQuantum];
    for (std::uint64_t q = 0; q < kQuanta; ++q) {
        std::fill_n(value, kQuantum, static_cast<float>(q));
        tape.begin_quantum(q);
        tape.write(0, nullptr, {0, kQuantum});
        tape.write(1, value, {0, 20});
        tape.write(1, value, {20, kQuantum - 20});
        tape.end_quantum();
        if (q % 1000 == 0) std::this_thread::yield();
    }
    done.store(true);
    reader.join();
    CHECK(wrong == 0);
    MESSAGE("read " << good << " times, overtaken " << overtaken << " times");
}

}  // namespace tape_test
