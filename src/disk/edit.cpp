// Sample by sample.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/edit.h"

#include <algorithm>
#include <cmath>

namespace mixrig::disk {
namespace {

float scaled(float sample, double gain) {
    return static_cast<float>(static_cast<double>(sample) * gain);
}

double step(std::uint64_t frame, std::uint64_t frames, base::FadeCurve curve) {
    return base::fade_gain(curve, static_cast<double>(frame) / static_cast<double>(frames));
}

}  // namespace

void cut(Sound& sound, std::uint64_t first, std::uint64_t last) {
    for (std::vector<float>& track : sound.tracks) {
        const auto end = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(last, track.size()));
        const auto begin = std::min(static_cast<std::ptrdiff_t>(first), end);
        track.erase(track.begin() + end, track.end());
        track.erase(track.begin(), track.begin() + begin);
    }
}

void make_stereo(Sound& sound) {
    if (sound.channels() == 1) sound.tracks.push_back(sound.tracks.front());
}

void fade_in(Sound& sound, std::uint64_t frames, base::FadeCurve curve) {
    const std::uint64_t most = std::min<std::uint64_t>(frames, sound.frames());
    for (std::uint64_t n = 0; n < most; ++n) {
        const double gain = step(n, frames, curve);
        for (std::vector<float>& track : sound.tracks) track[n] = scaled(track[n], gain);
    }
}

void fade_out(Sound& sound, std::uint64_t frames, base::FadeCurve curve) {
    const std::uint64_t length = sound.frames(), most = std::min(frames, length);
    for (std::uint64_t n = 0; n < most; ++n) {
        const double gain = step(n, frames, curve);
        for (std::vector<float>& track : sound.tracks)
            track[length - 1 - n] = scaled(track[length - 1 - n], gain);
    }
}

void change_level(Sound& sound, double dB) {
    if (dB == 0.0) return;
    const double gain = std::pow(10.0, dB / 20.0);
    for (std::vector<float>& track : sound.tracks)
        for (float& sample : track) sample = scaled(sample, gain);
}

}  // namespace mixrig::disk
