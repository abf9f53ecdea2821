// What is played in the demo song: its form, its chords and its tune.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/demo/demo_band.h"
#include "src/app/demo/demo_voices.h"

#include <array>
#include <span>

namespace mixrig::app {

// 24 bars of 96 beats a minute are 60 s; the last one is for what rings.
inline constexpr double kSongBar = 2.5;
inline constexpr std::size_t kSongBars = 24;
inline constexpr std::size_t kIntro = 0, kVerse = 4, kChorus = 12, kEnd = 20, kLastBlow = 22;

Bar song_bar(std::size_t number);

struct SungNote {
    std::size_t bar;
    double step, length, key;  // in sixteenths
    const Vowel &from, &to;
    bool hissed = false;  // an `s` before it
};
std::span<const SungNote> song_melody();

}  // namespace mixrig::app
