// A track that carries what no track should: its own strip is silenced, no other one notices.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/desk/big_song.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace mixrig::tests {

namespace faults_test {

constexpr std::size_t kFrames = 2 * kRate;
constexpr std::size_t kTracks = 20;  // two banks; the bad one shares the first with 15 others

struct Fault {
    const char* name;
    float value;
};
constexpr Fault kFaults[] = {{"NaN", std::numeric_limits<float>::quiet_NaN()},
                             {"infinity", std::numeric_limits<float>::infinity()},
                             {"+200 dBFS", 1e10f},
                             {"the largest float", std::numeric_limits<float>::max()},
                             {"DC", 1.0f},
                             {"a subnormal", 1e-40f}};

// A tenth of a second of the fault within a good track.
Samples bad_track(float fault) {
    Samples samples = burst_track(3, 0, kFrames);
    std::fill_n(samples.begin() + kFrames / 3, kRate / 10, fault);
    return samples;
}

// Channel 3 is the one with the fault and goes where `scene` says.
void write_song(const std::filesystem::path& folder, const std::string& scene) {
    std::string song = "[song]\ntitle = \"Faults\"\nscene = \"mix.scene\"\n";
    std::string text = scene;
    for (std::size_t c = 1; c <= kTracks; ++c) {
        const std::string number = std::to_string(c);
        if (c != 3)
            write_wav(folder / (number + ".wav"),
                      burst_track(static_cast<std::uint32_t>(c), 0, kFrames));
        song += "[[track]]\nfile = \"" + number + ".wav\"\nchannel = " + number + "\n";
        // Everything on, so that there is state in which a fault could hide.
        const std::string strip = "/ch/" + number;
        for (const char* on :
             {"/hpf/on", "/lpf/on", "/gate/on", "/eq/on", "/comp/1/on", "/comp/2/on"})
            text += strip + on + " on\n";
        text += strip + "/eq/2/gain 6 dB\n" + strip + "/fader -9 dB\n" + strip +
                "/send/aux/1/level -6 dB\n";
    }
    write_text(folder / "song.toml", song + "[desk]\nchannels = 20\n");
    write_text(folder / "mix.scene", text);
}

bool same_bits(const Samples& a, const Samples& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

TEST_SUITE_BEGIN("faults");

TEST_CASE("bounce: whatever one track carries, the other channels keep their bits") {
    const ScratchFolder folder;
    const char* const nowhere[] = {
        "/ch/3/to none\n",                  // alone
        "/ch/3/to sub/1\n/sub/1/to none\n"  // through a group that leads nowhere
    };
    for (const char* routing : nowhere) {
        CAPTURE(routing);
        write_song(folder.path(), routing);
        write_wav(folder / "3.wav", burst_track(3, 0, kFrames));
        const Stereo clean = bounce(folder / "song.toml", {});
        CHECK(*std::max_element(clean.left.begin(), clean.left.end()) > 0.01f);
        for (const Fault& fault : kFaults) {
            CAPTURE(fault.name);
            write_wav(folder / "3.wav", bad_track(fault.value));
            const Stereo other = bounce(folder / "song.toml", {"--block", "100"});
            CHECK(same_bits(clean.left, other.left));
            CHECK(same_bits(clean.right, other.right));
        }
    }
}

TEST_CASE("bounce: a fault that is heard stays finite, below the ceiling, and passes") {
    const ScratchFolder folder;
    write_song(folder.path(), "");
    write_wav(folder / "3.wav", burst_track(3, 0, kFrames));
    const Stereo clean = bounce(folder / "song.toml", {});
    for (const Fault& fault : kFaults) {
        CAPTURE(fault.name);
        write_wav(folder / "3.wav", bad_track(fault.value));
        const Stereo other = bounce(folder / "song.toml", {});
        float loudest = 0.0f;
        bool finite = true;
        for (const float x : other.left) {
            finite = finite && std::isfinite(x);
            loudest = std::max(loudest, std::fabs(x));
        }
        CHECK(finite);
        CHECK(loudest <= 1.0f);
        // Before it, nothing has happened yet.
        CHECK(std::memcmp(clean.left.data(), other.left.data(), kFrames / 4 * sizeof(float)) == 0);
        // At the end the strip sounds again as if nothing had been: filters and detectors have
        // forgotten all but -60 dB of it.
        float apart = 0.0f;
        for (std::size_t i = kFrames * 3 / 4; i < kFrames; ++i)
            apart = std::max(apart, std::fabs(clean.left[i] - other.left[i]));
        CAPTURE(apart);
        CHECK(apart < 1e-3f);
    }
}

TEST_SUITE_END();

}  // namespace faults_test
}  // namespace mixrig::tests
