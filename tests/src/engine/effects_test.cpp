// Effects in their buses and in strips.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/engine/click_measure.h"
#include "tests/src/engine/rig.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

using namespace mixrig;
using param::DeskShape;
using param::Kind;
using test::Channels;
using test::Rig;
using test::Samples;

namespace effects_test {

// Two mono channels, a subgroup, an aux, two effects, a matrix.
DeskShape desk() {
    return DeskShape::of(2, 1, 1, 2, 1);
}

// Channel 1 is heard through effect 1 only.
void send_to_effect(Rig& rig, const std::string& type) {
    rig.set("/ch/1/to", "none");
    rig.set("/ch/1/send/fx/1/level", "0 dB");
    rig.set("/fx/1/type", type);
}

Channels inputs(const Samples& one, const Samples& two) {
    return {one, two};
}

std::vector<std::string> types() {
    std::vector<std::string> all;
    for (const auto word : param::choices(param::kTable[param::row("type")]))
        // A convolution without a response is silent; tests/src/convolution looks at it with one.
        if (word != "none" && word != "convolution") all.emplace_back(word);
    return all;
}

// Random values in every row of an effect, its type included.
void shuffle(Rig& rig, std::mt19937& random, Kind kind) {
    const param::Layout& layout = rig.layout();
    std::uniform_real_distribution<float> any(0.0f, 1.0f);
    for (std::size_t e = 0; e < layout.shape().count(kind); ++e)
        for (std::size_t r = param::row("type"); r <= param::row("tremolo/spread"); ++r) {
            if (any(random) < 0.7f) continue;
            const param::Slot slot = layout.slot(kind, e, r);
            const param::Row& row = layout.row(slot);
            rig.set(slot, row.type == param::Type::number
                              ? param::from_knob(row, any(random))
                              : std::floor(any(random) * (row.high + 0.99f)));
        }
}

Channels moving_desk(std::size_t block, std::size_t threads) {
    Rig rig(desk(), {.threads = threads});
    send_to_effect(rig, "hall");
    rig.set("/ch/2/insert", "fx/2");
    rig.set("/fx/2/type", "saturation");
    Samples burst = test::noise(3, -12.0, 48000);
    for (std::size_t n = 0; n < burst.size(); ++n)
        if (n % 12000 > 4001)
            burst[n] = 0.0f;  // so that effects fall asleep and wake within quanta
    const Channels in = inputs(burst, test::noise(4, -12.0, 48000));
    rig.process(in, *std::make_unique<Channels>(in.size() + 16, Samples(48000)), 0, 0);
    std::mt19937 random(5);
    for (std::uint64_t frame = 3200; frame < 48000; frame += 1600) {
        shuffle(rig, random, Kind::fx);
        rig.set("/ch/2/insert", frame % 9600 == 0 ? "none" : "fx/2");
        rig.send_at(frame);
    }
    return rig.render(in, block);
}

// Its output depends on how many frames it has heard since it forgot, as that of whatever computes
// in blocks does. It rests whenever it is asked.
class FrameCounter final : public dsp::FxUnit {
public:
    void set(const dsp::FxSettings&, dsp::Change) MIXRIG_REALTIME override {}
    void begin_quantum() MIXRIG_REALTIME override {}
    void process(float* left, float* right, dsp::Slice slice) MIXRIG_REALTIME override {
        for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
            const float gain = ++heard_ % 5 == 0 ? 0.5f : 1.0f;
            left[n] *= gain;
            right[n] *= gain;
        }
    }
    void reset() MIXRIG_REALTIME override { heard_ = 0; }
    bool is_at_rest() const MIXRIG_REALTIME override { return true; }

private:
    std::size_t heard_ = 0;
};

TEST_CASE("effects: a unit that slept hears the start of the quantum in which it wakes") {
    Samples x(9600, 0.0f);
    for (const std::size_t at : {1000u, 3333u, 7001u})  // within quanta, long silences between
        for (std::size_t n = 0; n < 100; ++n) x[at + n] = 0.25f;
    const auto render = [&](std::size_t block) {
        Rig rig(desk());
        rig.resolver().set_convolutions(
            [](std::size_t) { return std::make_unique<FrameCounter>(); });
        send_to_effect(rig, "convolution");
        return rig.render(inputs(x, Samples(x.size())), block)[rig.output(Kind::main, 0)];
    };
    const Samples should = render(1024);
    CHECK(test::rms(should, 0) > 0.0);
    for (const std::size_t block : {1u, 16u, 37u, 441u}) {
        CAPTURE(block);
        CHECK(test::largest_difference(render(block), should) == 0.0f);
    }
}

TEST_CASE("effects: without a unit a bus returns what was sent, bit for bit") {
    Rig rig(desk());
    send_to_effect(rig, "none");
    const Channels in = inputs(test::noise(1, -20.0, 4800), Samples(4800));
    Rig plain(desk());
    const Channels out = rig.render(in, 64), should = plain.render(in, 64);
    const std::size_t main = rig.output(Kind::main, 0);
    // A mono channel is placed at -3 dB by either way.
    CHECK(test::largest_difference(out[main], should[main]) == 0.0f);
}

TEST_CASE("effects: every unit is heard on its bus and in a strip") {
    for (const std::string& type : types()) {
        CAPTURE(type);
        for (const bool inserted : {false, true}) {
            CAPTURE(inserted);
            Rig rig(desk());
            if (inserted) {
                rig.set("/fx/1/type", type);
                rig.set("/ch/1/insert", "fx/1");
            } else {
                send_to_effect(rig, type);
            }
            const Channels in = inputs(test::noise(2, -12.0, 24000), Samples(24000));
            const Samples out = rig.render(in, 64)[rig.output(Kind::main, 0)];
            Rig plain(desk());
            const Samples dry = plain.render(in, 64)[plain.output(Kind::main, 0)];
            CHECK(test::dB(test::rms(out, 12000)) > -45.0);
            CHECK(test::largest_difference(out, dry) > 1e-3f);
        }
    }
}

TEST_CASE("effects: the samples do not depend on blocks and threads") {
    const Channels should = moving_desk(64, 1);
    for (const auto& way :
         {std::pair<std::size_t, std::size_t>{16, 1}, {37, 1}, {441, 1}, {64, 2}, {1024, 4}}) {
        const std::size_t block = way.first, threads = way.second;  // clang 14 captures no bindings
        CAPTURE(block);
        CAPTURE(threads);
        const Channels is = moving_desk(block, threads);
        for (std::size_t o = 0; o < should.size(); ++o)
            CHECK(test::largest_difference(is[o], should[o]) == 0.0f);
    }
}

TEST_CASE("effects: what an insert adds in latency is aligned with the other strips") {
    // The second channel is the first one upside down; the saturation passes its dry sound only.
    const Samples x = test::noise(6, -12.0, 24000);
    for (const std::string strip : {"/ch/1", "/sub/1"}) {
        CAPTURE(strip);
        Rig rig(desk());
        rig.set("/ch/2/polarity", "on");
        if (strip == "/sub/1") rig.set("/ch/1/to", "sub/1");
        rig.set("/fx/1/type", "saturation");
        rig.set("/fx/1/mix", "0");
        rig.set("/fx/1/mono_below", "0");
        rig.set(strip + "/insert", "fx/1");
        const Samples out = rig.render(inputs(x, x), 64)[rig.output(Kind::main, 0)];
        // A subgroup hears its channel at -3 dB a side, as main does: the sums are alike.
        CHECK(test::dB(test::rms(out, 4800) / test::rms(x, 0)) < -120.0);
    }
}

TEST_CASE("effects: a saturated send is aligned with the sound beside it") {
    const Samples x = test::noise(7, -12.0, 24000);
    Rig rig(desk());
    send_to_effect(rig, "saturation");
    rig.set("/fx/1/mix", "0");
    rig.set("/ch/2/polarity", "on");
    const Samples out = rig.render(inputs(x, x), 64)[rig.output(Kind::main, 0)];
    CHECK(test::dB(test::rms(out, 4800) / test::rms(x, 0)) < -120.0);
}

TEST_CASE("effects: a convolution without a response is silent, and comes with its response") {
    Rig rig(desk());
    send_to_effect(rig, "convolution");
    const Channels in = inputs(test::noise(10, -12.0, 9600), Samples(9600));
    const Samples out = rig.render(in, 64)[rig.output(Kind::main, 0)];
    CHECK(test::rms(out, 0) == 0.0);
}

TEST_CASE("effects: one effect stands in one place") {
    Rig rig(desk());
    rig.set("/ch/1/insert", "fx/1");
    CHECK(rig.check("/ch/2/insert", "fx/2"));
    const auto refused = rig.check("/ch/2/insert", "fx/1");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().text().find("/ch/1/insert") != std::string::npos);
}

TEST_CASE("effects: another type crosses over, and what rings in the old one rings out") {
    Rig rig(desk());
    send_to_effect(rig, "hall");
    rig.set("/fx/1/reverb/decay", "3000 ms");
    Samples burst = test::noise(8, -6.0, 96000);
    std::fill(burst.begin() + 9600, burst.end(), 0.0f);
    const Channels in = inputs(burst, Samples(96000));
    Channels out(rig.render(inputs(Samples(32), Samples(32)), 32).size(), Samples(96000));
    rig.set("/fx/1/type", "tremolo");
    rig.send_at(9632);
    rig.process(in, out, 0, 96000);
    const Samples& main = out[rig.output(Kind::main, 0)];
    // A second after the change the hall is still there, 20 dB down and more, but not gone.
    const double then = test::dB(test::rms(Samples(main.begin() + 9600, main.begin() + 14400), 0));
    const double later =
        test::dB(test::rms(Samples(main.begin() + 57600, main.begin() + 62400), 0));
    CHECK(later > then - 35.0);
    CHECK(later < then - 15.0);
}

TEST_CASE("effects: one that comes to a strip or back to its bus begins without a click") {
    // Both hear a tone all the time. What an echo of 50 ms hears from one frame to the next it
    // would give back as sudden.
    Rig rig(desk());
    send_to_effect(rig, "echo");
    rig.set("/fx/1/echo/time", "50 ms");
    rig.set("/fx/1/echo/feedback", "0");
    constexpr std::size_t kStay = 9600;
    const Samples tone = test::sine(997.0, -12.0, 5 * kStay);
    const Channels in = inputs(tone, tone);
    Channels out(rig.geometry().outputs.size(), Samples(tone.size()));
    const std::array<const char*, 5> places = {"none", "fx/1", "none", "fx/1", "none"};
    for (std::size_t p = 0; p < places.size(); ++p) {
        rig.set("/ch/2/insert", places[p]);
        rig.send();
        rig.process(in, out, p * kStay, kStay);
        if (p == 0) continue;
        const Samples& main = out[rig.output(Kind::main, 0)];
        const double treble = test::peak_above_4_kHz(main, p * kStay - 400, (p + 1) * kStay);
        CAPTURE(p);
        CHECK(test::dB(treble / test::peak(tone, 0, kStay)) < -80.0);
    }
}

TEST_CASE("effects: a latency that comes or goes does not click in the strips that wait for it") {
    for (const char* type : {"saturation", "convolution"}) {
        Rig rig(desk());
        rig.set("/fx/1/type", type);
        constexpr std::size_t kStay = 4800;
        const Samples tone = test::sine(997.0, -12.0, 4 * kStay);
        const Channels in = inputs(Samples(tone.size()), tone);
        Channels out(rig.geometry().outputs.size(), Samples(tone.size()));
        for (std::size_t p = 0; p < 4; ++p) {
            rig.set("/ch/1/insert", p % 2 == 0 ? "none" : "fx/1");
            rig.send();
            rig.process(in, out, p * kStay, kStay);
            if (p == 0) continue;
            const Samples& main = out[rig.output(Kind::main, 0)];
            const double treble = test::peak_above_4_kHz(main, p * kStay - 400, (p + 1) * kStay);
            CAPTURE(p);
            CHECK(test::dB(treble / test::peak(tone, 0, kStay)) < -80.0);
        }
    }
}

TEST_CASE("effects: low frequencies of a unit are mono") {
    // A ping-pong echo has the tone on one side at a time: as much side as middle.
    const auto side_of = [](double frequency, const std::string& below) {
        Rig rig(desk());
        send_to_effect(rig, "echo");
        rig.set("/fx/1/echo/pingpong", "on");
        rig.set("/fx/1/echo/feedback", "0");
        rig.set("/fx/1/mono_below", below);
        const Channels out =
            rig.render(inputs(test::sine(frequency, -12.0, 48000), Samples(48000)), 64);
        Samples side = out[rig.output(Kind::main, 0)];
        const Samples& right = out[rig.output(Kind::main, 0) + 1];
        for (std::size_t n = 0; n < side.size(); ++n) side[n] = 0.5f * (side[n] - right[n]);
        return test::dB(test::rms(side, 36000));
    };
    // Second-order Butterworth: 12 dB per octave below, 3 dB down at the corner.
    CHECK(side_of(22.5, "90 Hz") - side_of(22.5, "0 Hz") == doctest::Approx(-24.1).epsilon(0.02));
    CHECK(side_of(90.0, "90 Hz") - side_of(90.0, "0 Hz") == doctest::Approx(-3.01).epsilon(0.02));
    CHECK(std::fabs(side_of(1000.0, "90 Hz") - side_of(1000.0, "0 Hz")) < 0.01);
}

TEST_CASE("effects: an echo follows the tempo") {
    Rig rig(desk());
    send_to_effect(rig, "echo");
    rig.set("/fx/1/echo/note", "1/8d");
    rig.set("/tempo", "100");
    Samples click(48000, 0.0f);
    click[0] = 0.5f;
    const Samples out = rig.render(inputs(click, Samples(48000)), 64)[rig.output(Kind::main, 0)];
    // Three quarters of a beat of 0.6 s.
    const auto first =
        std::find_if(out.begin() + 100, out.end(), [](float x) { return std::fabs(x) > 0.1f; });
    CHECK(first - out.begin() == 21600);
}

TEST_CASE("effects: a sample that is no number silences the effect, which comes back clean") {
    Rig rig(desk());
    send_to_effect(rig, "hall");
    Samples x = test::noise(9, -12.0, 96000);
    for (std::size_t n = 24000; n < x.size(); ++n) x[n] = 0.0f;
    x[9600] = std::numeric_limits<float>::quiet_NaN();
    const Samples out = rig.render(inputs(x, Samples(96000)), 64)[rig.output(Kind::main, 0)];
    CHECK(std::all_of(out.begin(), out.end(), [](float y) { return std::isfinite(y); }));
}

}  // namespace effects_test
