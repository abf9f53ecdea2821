// The instruments of the demo band: each plays one note onto a tape.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/demo/demo_tape.h"

namespace mixrig::app {

// A vowel is where its first four formants lie.
struct Vowel {
    double formant[4];
};
inline constexpr Vowel kAh = {
    {730, 1090, 2440, 3400}};  // male formants after Peterson and Barney (1952)
inline constexpr Vowel kOh = {{570, 840, 2410, 3300}};
inline constexpr Vowel kOo = {{300, 870, 2240, 3200}};
inline constexpr Vowel kEh = {{530, 1840, 2480, 3500}};
inline constexpr Vowel kEe = {{270, 2290, 3010, 3600}};

void play_kick(Tape& tape, const Note& note);
void play_snare(Tape& tape, const Note& note);
void play_hat(Tape& tape, const Note& note);
void play_cymbal(Tape& tape, const Note& note);
void play_bass(Tape& tape, const Note& note);
void play_keys(Tape& tape, const Note& note);
void play_pad(Tape& tape, const Note& note);
// Sings from one vowel to another; `from_key` is the pitch it slides up or down from.
void sing(Tape& tape, const Note& note, double from_key, const Vowel& from, const Vowel& to);

}  // namespace mixrig::app
