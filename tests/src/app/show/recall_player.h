// A desk that plays something like music while it is told what to do.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/show/crossfade.h"
#include "src/app/start_values.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

namespace mixrig::test {

inline constexpr dsp::Hertz kMusicRate{48000.0};
inline constexpr std::size_t kMusicBlock = 96;
inline constexpr std::size_t kPeriod = 1200;    // frames after which the music repeats: 25 ms
inline constexpr double kHighestTone = 1040.0;  // Hz
using Track = std::vector<float>;

// A chord that swells and falls 40 times a second, nothing above 1.1 kHz.
inline Track music(std::size_t frames) {
    constexpr std::array<double, 6> kTones = {120, 240, 360, 520, 760, kHighestTone};
    Track out(frames);
    for (std::size_t n = 0; n < frames; ++n) {
        const double t = static_cast<double>(n) / kMusicRate.value;
        double x = 0.0;
        for (const double f : kTones) x += std::sin(2.0 * std::numbers::pi * f * t + f) / 12.0;
        out[n] = static_cast<float>(x * (0.6 + 0.4 * std::cos(2.0 * std::numbers::pi * 40.0 * t)));
    }
    return out;
}

// The same at all inputs.
class MusicDesk {
public:
    explicit MusicDesk(param::DeskShape shape)
        : layout(std::move(shape)),
          console(layout, param::Values(layout),
                  {.rate = kMusicRate, .outputs = {.ceiling = {40.0}}}),
          fade(layout),
          track(music(kPeriod + kMusicBlock)) {}

    void recall(const session::Scene& scene) {
        fade.release(scene);
        for (const session::Setting& setting : scene)
            console.set(setting.slot, setting.value.number);
        REQUIRE(console.flush());
    }
    void recall(const session::Scene& scene, double seconds, std::uint64_t at) {
        fade.begin(console, scene, at, seconds);
    }
    // Appends to `outputs`.
    void play(std::size_t frames) {
        if (outputs.empty()) outputs.resize(console.geometry().outputs.size());
        for (std::size_t done = 0; done < frames; done += kMusicBlock) {
            const std::size_t count = std::min(kMusicBlock, frames - done);
            const std::vector<const float*> in(console.geometry().inputs,
                                               track.data() + position % kPeriod);
            std::vector<float*> out;
            for (Track& samples : outputs) {
                samples.resize(samples.size() + count);
                out.push_back(samples.data() + samples.size() - count);
            }
            REQUIRE(fade.send_until(console, position + count + 64));
            console.engine().process(in.data(), out.data(), count);
            position += count;
            fade.tell_until(position, [](param::Slot, float) {});
            console.collect();
        }
    }

    param::Layout layout;
    app::Console console;
    app::Crossfade fade;
    Track track;
    std::vector<Track> outputs;
    std::uint64_t position = 0;
};

}  // namespace mixrig::test
