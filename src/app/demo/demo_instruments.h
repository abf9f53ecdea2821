// The instruments that join the demo band for a whole song: each plays one note onto a tape.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/demo/demo_tape.h"

namespace mixrig::app {

void play_tom(Tape& tape, const Note& note);  // `key` is where its skin comes to rest
void play_shaker(Tape& tape, const Note& note);
void play_tambourine(Tape& tape, const Note& note);
void play_guitar(Tape& tape, const Note& note);
void play_arpeggio(Tape& tape, const Note& note);
void play_sweep(Tape& tape, const Note& note);   // noise that climbs for `length`
void play_impact(Tape& tape, const Note& note);  // a blow far away
// An `s`: what a de-esser is for. `length` is about 0.1 s.
void hiss(Tape& tape, const Note& note);

}  // namespace mixrig::app
