// The master chain: its blocks in their order, their lateness, bypass.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/master/clipper.h"
#include "dsp/master/mid_side_eq.h"
#include "dsp/master/multiband.h"
#include "dsp/master/saturator.h"
#include "dsp/master/stereo_field.h"
#include "tests/src/engine/rig.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace mixrig;
using namespace mixrig::test;

namespace master_chain_test {

constexpr dsp::Hertz kRate{48000.0};
constexpr std::size_t kFrames = 24000;

// One stereo channel to main, which has nothing else on.
struct Chain {
    Rig rig{stereo_channels(1), {.rate = kRate, .outputs = {.ceiling = {}, .ramp = {0.0}}}};

    void set(const std::string& row, const std::string& value) {
        rig.set("/main/master/" + row, value);
    }
    Channels main(const Channels& in, std::size_t block = 64) {
        const Channels out = rig.render(in, block);
        const std::size_t at = rig.output(param::Kind::main, 0);
        return {out[at], out[at + 1]};
    }
};

// Quiet enough for the safety ceiling of the outputs.
Channels stereo_noise(double level_dB = -36.0) {
    return {noise(1, level_dB, kFrames), noise(2, level_dB, kFrames)};
}

// What a block of the dsp library makes of it by itself, set from the start.
template <typename Processor, typename Settings>
Channels alone(const Settings& settings, Channels x) {
    Processor processor(kRate);
    processor.set(settings, dsp::Change::jump);
    for (std::size_t at = 0; at < kFrames; at += dsp::kQuantum) {
        processor.begin_quantum();
        processor.process(x[0].data() + at, x[1].data() + at, {0, dsp::kQuantum});
    }
    return x;
}

void set_multiband(Chain& chain) {
    chain.set("multiband/on", "on");
    chain.set("multiband/2/threshold", "-50");
    chain.set("multiband/2/ratio", "4");
}
dsp::MultibandSettings multiband() {
    dsp::MultibandSettings settings{.on = true};
    for (dsp::MultibandBand& band : settings.band) {
        band.ratio = 2.0;  // as the table has them, times in single precision
        band.attack = {static_cast<double>(0.001f * 10.0f)};
        band.release = {static_cast<double>(0.001f * 100.0f)};
    }
    settings.band[1].threshold = {-50.0};
    settings.band[1].ratio = 4.0;
    return settings;
}
void set_clipper(Chain& chain) {
    chain.set("clipper/on", "on");
    chain.set("clipper/drive", "24");
}
constexpr dsp::ClipperSettings kClipper{.drive = {24.0}, .on = true};

// Behind the first half second, in which loudness and compressors find their level.
float difference(const Channels& a, const Channels& b, std::size_t from = 0) {
    float most = 0.0f;
    for (std::size_t side = 0; side < 2; ++side)
        most = std::max(most, largest_difference(std::span(a[side]).subspan(from),
                                                 std::span(b[side]).subspan(from)));
    return most;
}

// The engine alone for these frames; what its meters said meanwhile.
std::vector<link::BandReductions> band_meters(Rig& rig, const Channels& in, std::size_t begin,
                                              std::size_t end) {
    constexpr std::size_t kBlock = 960;
    Channels out(rig.geometry().outputs.size(), Samples(kBlock));
    std::vector<float*> outs;
    for (Samples& x : out) outs.push_back(x.data());
    std::vector<link::BandReductions> said;
    for (; begin < end; begin += kBlock) {
        const float* ins[] = {in[0].data() + begin, in[1].data() + begin};
        rig.engine().process(ins, outs.data(), kBlock);
        link::MeterFrame* frame = nullptr;
        while (rig.link().meters.try_pop(frame)) {
            said.push_back(frame->bands_dB);
            (void)rig.link().free_meters.try_push(frame);
        }
        rig.drain();
    }
    return said;
}

TEST_CASE("master chain: with nothing on it is not there") {
    Chain plain, set;
    set.set("multiband/1/threshold", "-50");
    set.set("ms/1/gain", "12");
    set.set("saturator/drive", "20");
    set.set("order", "clipper strip");
    const Channels in = stereo_noise();
    CHECK(plain.main(in) == set.main(in));
}

TEST_CASE("master chain: each block does what it does alone, to the last bit") {
    const Channels in = stereo_noise();
    Chain plain;
    const Channels main = plain.main(in);
    SUBCASE("multiband") {
        Chain chain;
        set_multiband(chain);
        CHECK(chain.main(in) == alone<dsp::Multiband>(multiband(), main));
    }
    SUBCASE("stereo field") {
        Chain chain;
        chain.set("field/on", "on");
        chain.set("field/3/width", "1.7");
        chain.set("field/mono_below", "120");
        const dsp::StereoFieldSettings settings{
            .width = {1.0, 1.0, static_cast<double>(1.7f)}, .mono_below = {120.0}, .on = true};
        CHECK(chain.main(in) == alone<dsp::StereoField>(settings, main));
    }
    SUBCASE("saturator") {
        Chain chain;
        chain.set("saturator/on", "on");
        chain.set("saturator/drive", "12");
        chain.set("saturator/curve", "tube");
        const dsp::SaturatorSettings settings{
            .drive = {12.0}, .curve = dsp::SaturatorCurve::tube, .on = true};
        CHECK(chain.main(in) == alone<dsp::Saturator>(settings, main));
    }
    SUBCASE("clipper") {
        Chain chain;
        set_clipper(chain);
        CHECK(chain.main(in) == alone<dsp::Clipper>(kClipper, main));
    }
    SUBCASE("mid-side equaliser") {
        Chain chain;
        chain.set("ms/on", "on");
        chain.set("ms/2/type", "hpf");
        chain.set("ms/2/freq", "90");
        chain.set("ms/2/q", "0.7071");
        chain.set("ms/2/place", "side");
        chain.set("ms/8/gain", "-20");
        chain.set("ms/8/q", "60");
        dsp::MidSideEqSettings settings{.on = true};
        for (dsp::MidSideBand& band : settings.band)
            band = {.curve = {dsp::FilterType::bell, {1000.0}, 1.0, {0.0}}, .on = true};
        settings.band[1] = {
            .curve = {dsp::FilterType::hpf, {90.0}, static_cast<double>(0.7071f), {}},
            .place = dsp::Place::side,
            .on = true};
        settings.band[7].curve = {dsp::FilterType::bell, {1000.0}, 60.0, {-20.0}};
        // The strip's stage between them passes it through a bank; that is exact.
        CHECK(chain.main(in) ==
              alone<dsp::MidSideEq>(dsp::design_mid_side_eq(settings, kRate), main));
    }
}

TEST_CASE("master chain: blocks stand in the order that is asked for") {
    const Channels in = stereo_noise();
    Chain plain, chain, turned;
    for (Chain* one : {&chain, &turned}) {
        set_multiband(*one);
        set_clipper(*one);
    }
    turned.set("order", "clipper strip multiband");
    const Channels main = plain.main(in);
    const Channels a = alone<dsp::Clipper>(kClipper, alone<dsp::Multiband>(multiband(), main));
    const Channels b = alone<dsp::Multiband>(multiband(), alone<dsp::Clipper>(kClipper, main));
    CHECK(difference(a, b) > 1e-3f);
    // Between neighbours there are doubles, where `a` has floats.
    CHECK(difference(chain.main(in), a) < 1e-6f);
    CHECK(turned.main(in) == b);
}

TEST_CASE("master chain: the desk says how late it is, and is as late") {
    const Channels in{sine(997.0, -40.0, kFrames), sine(1499.0, -40.0, kFrames)};
    for (const char* const block : {"saturator", "clipper"}) {
        CAPTURE(block);
        Chain plain, chain;
        chain.set(std::string(block) + "/on", "on");
        const Channels main = plain.main(in), late = chain.main(in);
        const std::size_t frames = std::string(block) == "clipper"
                                       ? dsp::Clipper(kRate).latency()
                                       : dsp::Saturator(kRate).latency();
        REQUIRE(frames > 0);
        // At rest both curves are straight.
        double error = 0.0;
        for (std::size_t n = frames + 2000; n < kFrames; ++n)
            error =
                std::max(error, static_cast<double>(std::fabs(late[0][n] - main[0][n - frames])));
        CHECK(error < 1e-5);  // 0.01 dB of the filters, of a level of 0.01
    }
}

TEST_CASE("master chain: however time is cut, the samples are the same") {
    const Channels in = stereo_noise();
    const auto render = [&](std::size_t block) {
        Chain chain;
        set_multiband(chain);
        set_clipper(chain);
        for (const char* on : {"ms/on", "field/on", "saturator/on", "eq/on", "comp/1/on"})
            chain.set(on, "on");
        chain.set("ms/1/gain", "4");
        chain.set("field/2/width", "0.4");
        chain.set("bypass/multiband", "on");
        return chain.main(in, block);
    };
    const Channels whole = render(kFrames);
    for (const std::size_t block : {1u, 37u, 64u, 1000u}) {
        CAPTURE(block);
        CHECK(render(block) == whole);
    }
}

TEST_CASE("master chain: bypass is the untouched sound, as late and as loud") {
    const Channels in = stereo_noise(-50.0);
    Chain plain;
    const Channels main = plain.main(in);
    Chain chain;
    set_clipper(chain);
    chain.set("field/on", "on");
    chain.set("field/1/width", "0");
    chain.set("bypass/match", "off");
    chain.set("bypass", "on");
    const std::size_t late = dsp::Clipper(kRate).latency();
    const Channels out = chain.main(in);
    std::size_t wrong = 0;
    for (std::size_t side = 0; side < 2; ++side)
        for (std::size_t n = 4000; n < kFrames; ++n)
            wrong += out[side][n] != main[side][n - late] ? 1 : 0;
    CHECK(wrong == 0);

    // 24 dB of drive, hardly clipped: matched, the untouched sound comes up towards that, slowly.
    Chain matched;
    set_clipper(matched);
    matched.set("bypass", "on");
    Channels loop = in;
    for (Samples& side : loop)
        for (int i = 0; i < 5; ++i) side.insert(side.end(), side.begin(), side.begin() + kFrames);
    const Channels loud = matched.main(loop);
    const double gain = dB(rms(loud[0], loud[0].size() - kFrames) / rms(main[0], 0));
    CHECK(gain > 20.0);  // after 3 s, the time of its average
    CHECK(gain < 24.0);
}

TEST_CASE("master chain: what was switched on and off again leaves no trace") {
    const Channels in = stereo_noise();
    Chain plain;
    const Channels main = plain.main(in);
    Chain chain;
    Channels out(chain.rig.geometry().outputs.size(), Samples(kFrames, 0.0f));
    const auto say = [&](const char* value) {
        for (const char* on : {"ms/on", "multiband/on", "field/on", "saturator/on", "clipper/on"})
            chain.set(on, value);
        chain.rig.send();
    };
    chain.rig.process(in, out, 0, 6400);
    say("on");
    chain.rig.process(in, out, 6400, 6400);
    say("off");
    chain.rig.process(in, out, 12800, kFrames - 12800);
    const std::size_t at = chain.rig.output(param::Kind::main, 0);
    const Channels heard{out[at], out[at + 1]};
    CHECK(difference(heard, main) > 1e-3f);
    CHECK(difference(heard, main, 12800 + 4800) == 0.0f);
}

TEST_CASE("master chain: the meters tell how far each band of the multiband turns down") {
    const Channels in = stereo_noise();
    Chain plain, chain;
    // Of the last block the meters speak with the next one.
    const Channels main = plain.main(in);
    dsp::Multiband reference(kRate);
    reference.set(multiband(), dsp::Change::jump);
    Channels x = main;
    for (std::size_t at = 0; at < kFrames - 960; at += dsp::kQuantum) {
        reference.begin_quantum();
        reference.process(x[0].data() + at, x[1].data() + at, {0, dsp::kQuantum});
    }
    set_multiband(chain);
    Channels none(chain.rig.geometry().outputs.size(), Samples(1));
    chain.rig.process(in, none, 0, 0);
    link::BandReductions most{};
    for (const link::BandReductions& now : band_meters(chain.rig, in, 0, kFrames))
        for (std::size_t k = 0; k < most.size(); ++k) most[k] = std::max(most[k], now[k]);
    CHECK(most[1] > 3.0f);
    for (std::size_t k = 0; k < most.size(); ++k)
        CHECK(most[k] == static_cast<float>(reference.reduction(k).value));
    chain.set("multiband/on", "off");
    chain.rig.send();
    CHECK(band_meters(chain.rig, in, 0, 4800).back() == link::BandReductions{});
}

}  // namespace master_chain_test
