// Engines that follow another one: the parts of a mix add up to the mix.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/engine/rig.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace mixrig;
using namespace mixrig::test;

namespace following_test {

constexpr std::size_t kChannels = 8, kParts = 4;
constexpr std::size_t kFrames = 48000 / 32 * 32;

enum class Parts { follow, go_alone };

struct Sum {
    double residual_dB, mix_dB;
};

// Everything that listens and turns down, shared by channels of all parts. Floats between the
// blocks carry the null: what is driven harder than this into the curves of the master chain leaves
// more of their rounding behind.
void share_everything(Rig& rig, std::uint32_t seed) {
    set_everything(rig, seed);
    for (std::size_t c = 1; c <= kChannels; ++c) {
        const std::string channel = "/ch/" + std::to_string(c);
        rig.set(channel + "/to", c % 2 == 0 ? "sub/1" : "main");
        rig.set(channel + "/insert", c == 3 ? "fx/1" : "none");
    }
    for (const char* main : {"/main", "/main/master"})
        for (const char* comp : {"/comp/1", "/comp/2"})
            rig.set(std::string(main) + comp + "/makeup", "3 dB");
    rig.set("/main/master/saturator/drive", "6 dB");
    rig.set("/main/master/clipper/drive", "3 dB");
    for (std::size_t band = 1; band <= 8; ++band) {
        const std::string k = std::to_string(band);
        rig.set("/main/master/ms/" + k + "/gain", band % 2 == 0 ? "3 dB" : "-3 dB");
        if (band <= 5) rig.set("/main/master/multiband/" + k + "/makeup", "2 dB");
    }
    rig.set("/main/limiter/on", "on");
    rig.set("/main/limiter/ceiling", "-9 dB");
    rig.set("/sub/1/limiter/on", "on");
    rig.set("/sub/1/limiter/ceiling", "-12 dB");
}

using Prepare = std::function<void(Rig& rig)>;

// A mix of eight channels and, beside it, four desks that hear two of them each.
Sum sum_of_parts(const Prepare& prepare, Parts parts, bool moves = false) {
    Rig mix(stereo_channels(kChannels), {.tells = true});
    std::vector<std::unique_ptr<Rig>> stems;
    for (std::size_t p = 0; p < kParts; ++p) {
        engine::EngineConfig config;
        if (parts == Parts::follow) {
            config.leader = &mix.engine();
            config.part.resize(kChannels);
            config.part[p] = config.part[p + kParts] = true;
        }
        stems.push_back(std::make_unique<Rig>(stereo_channels(kChannels), config));
    }
    std::vector<Rig*> all = {&mix};
    for (const auto& stem : stems) all.push_back(stem.get());
    for (Rig* rig : all) prepare(*rig);

    // It ends in silence, so that banks and effects fall asleep and wake up again.
    Channels in = noises(2 * kChannels, kFrames, -46.0);
    for (Samples& channel : in)
        std::fill(channel.begin() + kFrames / 4, channel.begin() + 3 * kFrames / 4, 0.0f);
    // And begins with one channel after the other.
    for (std::size_t c = 0; c < 2 * kChannels; ++c)
        std::fill_n(in[c].begin(), kFrames / 64 * c, 0.0f);
    std::vector<Channels> heard;
    const Samples silence(kFrames);
    for (std::size_t p = 0; p < kParts; ++p) {
        Channels own = in;
        for (std::size_t c = 0; c < kChannels; ++c)
            if (c % kParts != p) own[2 * c] = own[2 * c + 1] = silence;
        heard.push_back(std::move(own));
    }
    std::vector<Channels> out(all.size(), Channels(mix.geometry().outputs.size(), silence));
    for (std::size_t at = 0; at < kFrames; at += 32) {
        if (moves && at % 4800 == 0)
            for (Rig* rig : all) {
                share_everything(*rig, static_cast<std::uint32_t>(5 + at / 4800));
                rig->send();
            }
        for (std::size_t r = 0; r < all.size(); ++r)
            all[r]->process(r == 0 ? in : heard[r - 1], out[r], at, 32);
    }
    double residual = 0.0, loudest = 0.0;
    for (std::size_t side = 0; side < 2; ++side)
        for (std::size_t n = 0; n < kFrames; ++n) {
            const auto whole = static_cast<double>(out[0][side][n]);
            double rest = whole;
            for (std::size_t p = 0; p < kParts; ++p)
                rest -= static_cast<double>(out[1 + p][side][n]);
            residual = std::max(residual, std::fabs(rest));
            loudest = std::max(loudest, std::fabs(whole));
        }
    return {dB(residual), dB(loudest)};
}

constexpr double kNull = -120.0;  // dBFS, peak

TEST_CASE("following: parts of a mix with everything on add up to the mix") {
    const Sum sum = sum_of_parts([](Rig& rig) { share_everything(rig, 3); }, Parts::follow);
    CHECK(sum.mix_dB > -20.0);
    CHECK(sum.residual_dB < kNull);
    MESSAGE("residual " << sum.residual_dB << " dBFS of a mix of " << sum.mix_dB << " dBFS");
}

TEST_CASE("following: and while everything moves") {
    const Sum sum = sum_of_parts([](Rig& rig) { share_everything(rig, 3); }, Parts::follow, true);
    CHECK(sum.residual_dB < kNull);
    MESSAGE("residual " << sum.residual_dB << " dBFS of a mix of " << sum.mix_dB << " dBFS");
}

TEST_CASE("following: parts with a desk of their own do not add up") {
    CHECK(sum_of_parts([](Rig& rig) { share_everything(rig, 3); }, Parts::go_alone).residual_dB >
          -40.0);
}

TEST_CASE("following: an effect that all parts share adds up") {
    for (const std::string type : {"room", "plate", "hall", "echo", "chorus", "flanger", "phaser",
                                   "tremolo", "soft", "tube", "hard", "de_esser"}) {
        CAPTURE(type);
        const bool saturates = type == "soft" || type == "tube" || type == "hard";
        const auto prepare = [&](Rig& rig) {
            rig.set("/fx/1/type", saturates ? "saturation" : type);
            if (saturates) rig.set("/fx/1/saturation/curve", type);
            rig.set("/fx/1/saturation/drive", "12 dB");
            rig.set("/fx/1/de_esser/threshold", "-50 dB");
            for (std::size_t c = 1; c <= kChannels; ++c)
                rig.set("/ch/" + std::to_string(c) + "/send/fx/1/level", "0 dB");
        };
        const Sum sum = sum_of_parts(prepare, Parts::follow);
        CHECK(sum.residual_dB < kNull);
        MESSAGE(type << ": residual " << sum.residual_dB << " dBFS");
    }
}

}  // namespace following_test
