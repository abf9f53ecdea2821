// Every parameter of the desk, declared once. Everything that shows or takes a value is derived
// from here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/param/row.h"

namespace mixrig::param {

inline constexpr Kinds kToBuses = only(Kind::ch, Kind::sub, Kind::fx);
inline constexpr Kinds kLimited = only(Kind::sub, Kind::aux, Kind::mtx, Kind::main);
inline constexpr Kinds kWithMaster = kStrips | only(Kind::master);
inline constexpr Kinds kToFx = only(Kind::ch, Kind::sub);
inline constexpr Kinds kToMtx = only(Kind::sub, Kind::aux, Kind::main);
inline constexpr Kinds kSoloed = only(Kind::ch, Kind::sub, Kind::aux, Kind::fx, Kind::mtx);
inline constexpr Kinds kInserts = only(Kind::ch, Kind::sub, Kind::aux, Kind::mtx, Kind::main);
inline constexpr Kinds kFx = only(Kind::fx);
inline constexpr Kinds kDesk = only(Kind::desk);

inline constexpr float kSilence = -90.0f;  // dB; a fader or send at or below this passes nothing

// In the order of the signal.
// clang-format off
inline constexpr Row kTable[] = {
    {"name", "Name", Type::text, Unit::none, 0, 0, 0, Taper::linear, Index::none, kStrips, Motion::steps, "", "What the strip is called; JACK ports and files carry it."},
    {"color", "Colour", Type::choice, Unit::none, 0, 7, 7, Taper::linear, Index::none, kStrips, Motion::steps, "off red green yellow blue magenta cyan white", "Colour of the strip on every surface."},
    {"trim", "Trim", Type::number, Unit::decibels, -30, 30, 0, Taper::linear, Index::none, kStrips, Motion::glides, "", "Gain before everything."},
    {"polarity", "Polarity", Type::toggle, Unit::none, 0, 1, 0, Taper::linear, Index::none, kStrips, Motion::glides, "", "Turns the signal upside down."},
    {"delay", "Delay", Type::number, Unit::milliseconds, 0, 500, 0, Taper::linear, Index::none, kStrips, Motion::steps, "", "Delay in whole frames; a change crossfades."},
    {"hpf/on", "HPF", Type::toggle, Unit::none, 0, 1, 0, Taper::linear, Index::none, kStrips, Motion::glides, "", "High-pass filter on."},
    {"hpf/freq", "HPF frequency", Type::number, Unit::hertz, 10, 20000, 80, Taper::logarithmic, Index::none, kStrips, Motion::glides, "", "The frequency that is 3 dB down."},
    {"hpf/slope", "HPF slope", Type::choice, Unit::none, 0, 2, 1, Taper::linear, Index::none, kStrips, Motion::glides, "12 18 24", "dB per octave, Butterworth."},
    {"lpf/on", "LPF", Type::toggle, Unit::none, 0, 1, 0, Taper::linear, Index::none, kStrips, Motion::glides, "", "Low-pass filter on."},
    {"lpf/freq", "LPF frequency", Type::number, Unit::hertz, 10, 20000, 16000, Taper::logarithmic, Index::none, kStrips, Motion::glides, "", "The frequency that is 3 dB down."},
    {"lpf/slope", "LPF slope", Type::choice, Unit::none, 0, 2, 0, Taper::linear, Index::none, kStrips, Motion::glides, "12 18 24", "dB per octave, Butterworth."},
    {"gate/on", "Gate", Type::toggle, Unit::none, 0, 1, 0, Taper::linear, Index::none, kStrips, Motion::glides, "", "Gate or expander on."},
    {"gate/mode", "Gate mode", Type::choice, Unit::none, 0, 1, 0, Taper::linear, Index::none, kStrips, Motion::steps, "gate expander", "Gate: open or closed. Expander: quiet gets quieter, by the ratio."},
    {"gate/threshold", "Gate threshold", Type::number, Unit::decibels, -90, 0, -40, Taper::linear, Index::none, kStrips, Motion::glides, "", "Opens here; closes 3 dB below."},
    {"gate/ratio", "Expander ratio", Type::number, Unit::none, 1, 20, 2, Taper::logarithmic, Index::none, kStrips, Motion::glides, "", "dB out per dB in, below the threshold; expander only."},
    {"gate/range", "Gate range", Type::number, Unit::decibels, 0, 90, 60, Taper::linear, Index::none, kStrips, Motion::glides, "", "The most it attenuates."},
    {"gate/attack", "Gate attack", Type::number, Unit::milliseconds, 0.05f, 200, 0.5f, Taper::logarithmic, Index::none, kStrips, Motion::glides, "", "Time to open by 63 % (in dB)."},
    {"gate/hold", "Gate hold", Type::number, Unit::milliseconds, 0, 2000, 50, Taper::linear, Index::none, kStrips, Motion::glides, "", "Stays open at least this long."},
    {"gate/release", "Gate release", Type::number, Unit::milliseconds, 2, 4000, 150, Taper::logarithmic, Index::none, kStrips, Motion::glides, "", "Time to close by 63 % (in dB)."},
    {"gate/key", "Gate key", Type::source, Unit::none, 0, 0, 0, Taper::linear, Index::none, kStrips, Motion::steps, "", "What opens it: `self`, or the input tap of a channel, `ch/3`."},
    {"gate/keyfilter/on", "Gate key filter", Type::toggle, Unit::none, 0, 1, 0, Taper::linear, Index::none, kStrips, Motion::glides, "", "Filters what the detector hears."},
    {"gate/keyfilter/type", "Gate key filter type", Type::choice, Unit::none, 0, 2, 2, Taper::linear, Index::none, kStrips, Motion::glides, "hpf lpf bandpass", "Shape of the key filter."},
    {"gate/keyfilter/freq", "Gate key filter frequency", Type::number, Unit::hertz, 20, 20000, 1000, Taper::logarithmic, Index::none, kStrips, Motion::glides, "", "Corner or centre of the key filter."},
    {"gate/keyfilter/q", "Gate key filter Q", Type::number, Unit::none, 0.1f, 20, 0.7071f, Taper::logarithmic, Index::none, kStrips, Motion::glides, "", "Q of the key filter."},
    {"eq/on", "EQ", Type::toggle, Unit::none, 0, 1, 0, Taper::linear, Index::none, kWithMaster, Motion::glides, "", "The whole equaliser on."},
    {"eq/#/on", "EQ band", Type::toggle, Unit::none, 0, 1, 1, Taper::linear, Index::band, kWithMaster, Motion::glides, "", "This band on."},
    {"eq/#/type", "EQ type", Type::choice, Unit::none, 0, 6, 0, Taper::linear, Index::band, kWithMaster, Motion::glides, "bell low_shelf high_shelf notch hpf lpf bandpass", "Shape of the band; its magnitude follows the analogue prototype."},
    {"eq/#/freq", "EQ frequency", Type::number, Unit::hertz, 20, 20000, 1000, Taper::logarithmic, Index::band, kWithMaster, Motion::glides, "", "Centre or corner.", {80, 200, 500, 1500, 4000, 10000}},
    {"eq/#/gain", "EQ gain", Type::number, Unit::decibels, -24, 24, 0, Taper::linear, Index::band, kWithMaster, Motion::glides, "", "Gain at the centre, or at the far end of a shelf."},
    {"eq/#/q", "EQ Q", Type::number, Unit::none, 0.1f, 20, 1, Taper::logarithmic, Index::band, kWithMaster, Motion::glides, "", "Q of the analogue prototype; a shelf of 0.7071 is the steepest without overshoot."},
    {"comp/#/on", "Compressor", Type::toggle, Unit::none, 0, 1, 0, Taper::linear, Index::comp, kWithMaster, Motion::glides, "", "This compressor on."},
    {"comp/#/threshold", "Compressor threshold", Type::number, Unit::decibels, -60, 0, -20, Taper::linear, Index::comp, kWithMaster, Motion::glides, "", "Level at which it begins to work."},
    {"comp/#/ratio", "Compressor ratio", Type::number, Unit::none, 1, 100, 3, Taper::logarithmic, Index::comp, kWithMaster, Motion::glides, "", "dB in per dB out above the threshold; 100 stands for infinity."},
    {"comp/#/knee", "Compressor knee", Type::number, Unit::decibels, 0, 24, 6, Taper::linear, Index::comp, kWithMaster, Motion::glides, "", "Width of the soft (quadratic) knee around the threshold."},
    {"comp/#/attack", "Compressor attack", Type::number, Unit::milliseconds, 0.1f, 500, 10, Taper::logarithmic, Index::comp, kWithMaster, Motion::glides, "", "Time to reach 63 % of a step of gain reduction (in dB)."},
    {"comp/#/release", "Compressor release", Type::number, Unit::milliseconds, 5, 4000, 150, Taper::logarithmic, Index::comp, kWithMaster, Motion::glides, "", "Time to give back 63 % of a step of gain reduction (in dB)."},
    {"comp/#/makeup", "Compressor make-up", Type::number, Unit::decibels, -12, 24, 0, Taper::linear, Index::comp, kWithMaster, Motion::glides, "", "Gain behind it."},
    {"comp/#/mix", "Compressor mix", Type::number, Unit::none, 0, 1, 1, Taper::linear, Index::comp, kWithMaster, Motion::glides, "", "1 is compressed, 0 is untouched; between them parallel compression."},
    {"comp/#/detector", "Compressor detector", Type::choice, Unit::none, 0, 1, 0, Taper::linear, Index::comp, kWithMaster, Motion::steps, "peak rms", "What it measures."},
    {"comp/#/max_reduction", "Compressor limit", Type::number, Unit::decibels, 0, 60, 60, Taper::linear, Index::comp, kWithMaster, Motion::glides, "", "It never reduces by more than this."},
    {"comp/#/key", "Compressor key", Type::source, Unit::none, 0, 0, 0, Taper::linear, Index::comp, kWithMaster, Motion::steps, "", "What it listens to: `self`, or the input tap of a channel, `ch/3`."},
    {"comp/#/keyfilter/on", "Compressor key filter", Type::toggle, Unit::none, 0, 1, 0, Taper::linear, Index::comp, kWithMaster, Motion::glides, "", "Filters what the detector hears."},
    {"comp/#/keyfilter/type", "Compressor key filter type", Type::choice, Unit::none, 0, 2, 0, Taper::linear, Index::comp, kWithMaster, Motion::glides, "hpf lpf bandpass", "Shape of the key filter."},
    {"comp/#/keyfilter/freq", "Compressor key filter frequency", Type::number, Unit::hertz, 20, 20000, 100, Taper::logarithmic, Index::comp, kWithMaster, Motion::glides, "", "Corner or centre of the key filter."},
    {"comp/#/keyfilter/q", "Compressor key filter Q", Type::number, Unit::none, 0.1f, 20, 0.7071f, Taper::logarithmic, Index::comp, kWithMaster, Motion::glides, "", "Q of the key filter."},
    {"insert", "Insert", Type::insert, Unit::none, 0, 0, 0, Taper::linear, Index::none, kInserts, Motion::steps, "", "The effect that stands here, behind the compressors: `none`, or `fx/2`, which then has no bus of its own."},
    {"fader", "Fader", Type::number, Unit::decibels, kSilence, 10, 0, Taper::fader, Index::none, kStrips, Motion::glides, "", "Level of the strip; -90 dB and below is silence."},
    {"mute", "Mute", Type::toggle, Unit::none, 0, 1, 0, Taper::linear, Index::none, kStrips, Motion::glides, "", "Silences the strip behind its fader."},
    {"dca", "DCA", Type::choice, Unit::none, 0, 8, 0, Taper::linear, Index::none, kStrips, Motion::glides, "none 1 2 3 4 5 6 7 8", "The DCA whose fader is added to the strip's and whose mute mutes it."},
    {"mutegroup", "Mute group", Type::choice, Unit::none, 0, 6, 0, Taper::linear, Index::none, kStrips, Motion::glides, "none 1 2 3 4 5 6", "The mute group that mutes it."},
    {"pan", "Pan", Type::number, Unit::none, -1, 1, 0, Taper::linear, Index::none, kStrips, Motion::glides, "", "Mono: constant power, -3 dB at the centre. Stereo: balance."},
    {"width", "Width", Type::number, Unit::none, 0, 2, 1, Taper::linear, Index::none, kStrips, Motion::glides, "", "Stereo strips: 0 is mono, 1 is untouched, 2 is twice the side signal."},
    {"limiter/on", "Limiter", Type::toggle, Unit::none, 0, 1, 0, Taper::linear, Index::none, kLimited, Motion::steps, "", "True-peak look-ahead limiter behind the strip (the main bus: behind its master chain). Adds latency, which is aligned."},
    {"limiter/ceiling", "Limiter ceiling", Type::number, Unit::decibels, -30, 0, -1, Taper::linear, Index::none, kLimited, Motion::glides, "", "No true peak gets above it (dBTP)."},
    {"limiter/release", "Limiter release", Type::number, Unit::milliseconds, 10, 2000, 100, Taper::logarithmic, Index::none, kLimited, Motion::steps, "", "Time to recover by 63 %."},
    {"solo", "Solo", Type::toggle, Unit::none, 0, 1, 0, Taper::linear, Index::none, kSoloed, Motion::glides, "", "Listen to this strip on the monitor bus, or in place."},
    {"to", "Destination", Type::route, Unit::none, 0, 0, 1, Taper::linear, Index::none, kToBuses, Motion::glides, "", "Where the strip goes: `main`, a subgroup as `sub/2`, or `none`."},
    {"send/aux/#/on", "Aux send", Type::toggle, Unit::none, 0, 1, 1, Taper::linear, Index::aux, kToBuses, Motion::glides, "", "This send on."},
    {"send/aux/#/level", "Aux send level", Type::number, Unit::decibels, kSilence, 10, kSilence, Taper::fader, Index::aux, kToBuses, Motion::glides, "", "Level into the monitor mix; -90 dB and below is silence."},
    {"send/aux/#/tap", "Aux send tap", Type::choice, Unit::none, 0, 2, 1, Taper::linear, Index::aux, kToBuses, Motion::glides, "input pre post", "Where the send is taken: behind trim and delay, before the fader, behind it."},
    {"send/aux/#/pan", "Aux send pan", Type::number, Unit::none, -1, 1, 0, Taper::linear, Index::aux, kToBuses, Motion::glides, "", "Place in a stereo monitor mix."},
    {"send/fx/#/on", "Effect send", Type::toggle, Unit::none, 0, 1, 1, Taper::linear, Index::fx, kToFx, Motion::glides, "", "This send on."},
    {"send/fx/#/level", "Effect send level", Type::number, Unit::decibels, kSilence, 10, kSilence, Taper::fader, Index::fx, kToFx, Motion::glides, "", "Level into the effect bus; -90 dB and below is silence."},
    {"send/fx/#/tap", "Effect send tap", Type::choice, Unit::none, 0, 2, 2, Taper::linear, Index::fx, kToFx, Motion::glides, "input pre post", "Where the send is taken."},
    {"send/fx/#/pan", "Effect send pan", Type::number, Unit::none, -1, 1, 0, Taper::linear, Index::fx, kToFx, Motion::glides, "", "Place in a stereo effect bus."},
    {"send/mtx/#/on", "Matrix send", Type::toggle, Unit::none, 0, 1, 1, Taper::linear, Index::mtx, kToMtx, Motion::glides, "", "This send on."},
    {"send/mtx/#/level", "Matrix send level", Type::number, Unit::decibels, kSilence, 10, kSilence, Taper::fader, Index::mtx, kToMtx, Motion::glides, "", "Level into the matrix; -90 dB and below is silence."},
    {"send/mtx/#/tap", "Matrix send tap", Type::choice, Unit::none, 0, 2, 2, Taper::linear, Index::mtx, kToMtx, Motion::glides, "input pre post", "Where the send is taken."},
    {"send/mtx/#/pan", "Matrix send pan", Type::number, Unit::none, -1, 1, 0, Taper::linear, Index::mtx, kToMtx, Motion::glides, "", "Place in a stereo matrix."},
    {"type", "Effect", Type::choice, Unit::none, 0, 11, 0, Taper::linear, Index::none, kFx, Motion::steps, "none room plate hall echo chorus flanger phaser saturation de_esser tremolo convolution", "The unit of this effect bus. A change crosses over; what rings in the old one rings out."},
    {"mix", "Effect mix", Type::number, Unit::none, 0, 1, 1, Taper::linear, Index::none, kFx, Motion::glides, "", "1: the unit's output alone. Below: with what went in, for units that are inserted."},
    {"mono_below", "Mono below", Type::number, Unit::hertz, 0, 500, 90, Taper::linear, Index::none, kFx, Motion::glides, "", "Below this frequency the unit's output is mono; 0 leaves it as it is."},
    {"reverb/predelay", "Reverb pre-delay", Type::number, Unit::milliseconds, 0, 250, 20, Taper::linear, Index::none, kFx, Motion::glides, "", "Time before the first sound. room, plate and hall share these rows."},
    {"reverb/decay", "Reverb decay", Type::number, Unit::milliseconds, 100, 20000, 1800, Taper::logarithmic, Index::none, kFx, Motion::glides, "", "RT60 where nothing is damped."},
    {"reverb/size", "Reverb size", Type::number, Unit::none, 0, 1, 0.5, Taper::linear, Index::none, kFx, Motion::glides, "", "Length of the delays: small and dense to large."},
    {"reverb/damping", "Reverb damping", Type::number, Unit::hertz, 1000, 20000, 6000, Taper::logarithmic, Index::none, kFx, Motion::glides, "", "Where the decay is half as long; 20000 Hz: nowhere."},
    {"reverb/diffusion", "Reverb diffusion", Type::number, Unit::none, 0, 1, 0.7f, Taper::linear, Index::none, kFx, Motion::glides, "", "How soon single reflections melt together."},
    {"reverb/locut", "Reverb low cut", Type::number, Unit::hertz, 20, 1000, 80, Taper::logarithmic, Index::none, kFx, Motion::glides, "", "3 dB down, 12 dB per octave, before the reverb."},
    {"reverb/hicut", "Reverb high cut", Type::number, Unit::hertz, 1000, 20000, 16000, Taper::logarithmic, Index::none, kFx, Motion::glides, "", "3 dB down, 12 dB per octave, before the reverb."},
    {"reverb/modulation", "Reverb modulation", Type::number, Unit::none, 0, 1, 0.3f, Taper::linear, Index::none, kFx, Motion::glides, "", "Slow movement against metallic ringing."},
    {"echo/time", "Echo time", Type::number, Unit::milliseconds, 1, 4000, 350, Taper::logarithmic, Index::none, kFx, Motion::glides, "", "Time of the first repeat, where note is off."},
    {"echo/feedback", "Echo feedback", Type::number, Unit::none, 0, 0.98f, 0.35f, Taper::linear, Index::none, kFx, Motion::glides, "", "Level of each repeat by the one before."},
    {"echo/pingpong", "Echo ping-pong", Type::toggle, Unit::none, 0, 1, 0, Taper::linear, Index::none, kFx, Motion::glides, "", "Repeats change sides."},
    {"echo/locut", "Echo low cut", Type::number, Unit::hertz, 20, 2000, 100, Taper::logarithmic, Index::none, kFx, Motion::glides, "", "In the loop, 6 dB per octave."},
    {"echo/hicut", "Echo high cut", Type::number, Unit::hertz, 500, 20000, 8000, Taper::logarithmic, Index::none, kFx, Motion::glides, "", "In the loop, 6 dB per octave."},
    {"echo/ratio", "Echo right time", Type::number, Unit::none, 0.25, 2, 1, Taper::logarithmic, Index::none, kFx, Motion::glides, "", "Time of the right side as a multiple of the left one's."},
    {"echo/note", "Echo note", Type::choice, Unit::none, 0, 14, 0, Taper::linear, Index::none, kFx, Motion::glides, "off 1/1 1/2d 1/2 1/2t 1/4d 1/4 1/4t 1/8d 1/8 1/8t 1/16d 1/16 1/16t 1/32", "Time as a note value of the tempo; d is dotted, t a triplet."},
    {"chorus/rate", "Chorus rate", Type::number, Unit::hertz, 0.05f, 10, 0.8f, Taper::logarithmic, Index::none, kFx, Motion::glides, "", "Speed of the sweep."},
    {"chorus/depth", "Chorus depth", Type::number, Unit::milliseconds, 0, 10, 2, Taper::linear, Index::none, kFx, Motion::glides, "", "Half of the way of the sweep."},
    {"chorus/delay", "Chorus delay", Type::number, Unit::milliseconds, 1, 30, 12, Taper::logarithmic, Index::none, kFx, Motion::glides, "", "The middle of the sweep."},
    {"chorus/voices", "Chorus voices", Type::number, Unit::none, 1, 4, 2, Taper::linear, Index::none, kFx, Motion::glides, "", "How many voices a side; whole numbers."},
    {"chorus/spread", "Chorus spread", Type::number, Unit::none, 0, 1, 1, Taper::linear, Index::none, kFx, Motion::glides, "", "How far the sides are apart."},
    {"chorus/mix", "Chorus mix", Type::number, Unit::none, 0, 1, 0.5, Taper::linear, Index::none, kFx, Motion::glides, "", "The voices by the sound itself."},
    {"flanger/rate", "Flanger rate", Type::number, Unit::hertz, 0.02f, 10, 0.3f, Taper::logarithmic, Index::none, kFx, Motion::glides, "", "Speed of the sweep."},
    {"flanger/depth", "Flanger depth", Type::number, Unit::milliseconds, 0, 8, 3, Taper::linear, Index::none, kFx, Motion::glides, "", "Way of the sweep, upwards from delay."},
    {"flanger/delay", "Flanger delay", Type::number, Unit::milliseconds, 0.1f, 10, 1, Taper::logarithmic, Index::none, kFx, Motion::glides, "", "The shortest delay."},
    {"flanger/feedback", "Flanger feedback", Type::number, Unit::none, -0.95f, 0.95f, 0.5, Taper::linear, Index::none, kFx, Motion::glides, "", "Of the delay onto itself; negative turns it upside down."},
    {"flanger/spread", "Flanger spread", Type::number, Unit::none, 0, 1, 0.5, Taper::linear, Index::none, kFx, Motion::glides, "", "0 to 180 degrees between the sides."},
    {"flanger/mix", "Flanger mix", Type::number, Unit::none, 0, 1, 0.5, Taper::linear, Index::none, kFx, Motion::glides, "", "The delayed by the sound itself; 0.5 has the deepest notches."},
    {"phaser/rate", "Phaser rate", Type::number, Unit::hertz, 0.02f, 10, 0.4f, Taper::logarithmic, Index::none, kFx, Motion::glides, "", "Speed of the sweep."},
    {"phaser/depth", "Phaser depth", Type::number, Unit::none, 0, 4, 2, Taper::linear, Index::none, kFx, Motion::glides, "", "Octaves from the lowest to the highest."},
    {"phaser/centre", "Phaser centre", Type::number, Unit::hertz, 100, 4000, 800, Taper::logarithmic, Index::none, kFx, Motion::glides, "", "The middle of the sweep."},
    {"phaser/stages", "Phaser stages", Type::choice, Unit::none, 0, 4, 1, Taper::linear, Index::none, kFx, Motion::glides, "4 6 8 10 12", "All-passes; two make a notch."},
    {"phaser/feedback", "Phaser feedback", Type::number, Unit::none, -0.9f, 0.9f, 0.3f, Taper::linear, Index::none, kFx, Motion::glides, "", "Positive makes peaks narrow, negative notches."},
    {"phaser/spread", "Phaser spread", Type::number, Unit::none, 0, 1, 0, Taper::linear, Index::none, kFx, Motion::glides, "", "0 to 180 degrees between the sides."},
    {"phaser/mix", "Phaser mix", Type::number, Unit::none, 0, 1, 0.5, Taper::linear, Index::none, kFx, Motion::glides, "", "The turned by the sound itself; 0.5 has the deepest notches."},
    {"saturation/drive", "Saturation drive", Type::number, Unit::decibels, 0, 36, 12, Taper::linear, Index::none, kFx, Motion::glides, "", "Gain into the curve."},
    {"saturation/curve", "Saturation curve", Type::choice, Unit::none, 0, 2, 0, Taper::linear, Index::none, kFx, Motion::glides, "soft tube hard", "Soft and odd; a working point off the middle, hence even harmonics; a clipper with a knee."},
    {"saturation/tone", "Saturation tone", Type::number, Unit::hertz, 1000, 20000, 20000, Taper::logarithmic, Index::none, kFx, Motion::glides, "", "Low-pass behind it, 6 dB per octave; 20000 Hz: none."},
    {"saturation/output", "Saturation output", Type::number, Unit::decibels, -24, 12, -6, Taper::linear, Index::none, kFx, Motion::glides, "", "Gain behind it."},
    {"saturation/mix", "Saturation mix", Type::number, Unit::none, 0, 1, 1, Taper::linear, Index::none, kFx, Motion::glides, "", "The saturated by the sound itself, which is aligned."},
    {"de_esser/freq", "De-esser frequency", Type::number, Unit::hertz, 2000, 12000, 6000, Taper::logarithmic, Index::none, kFx, Motion::glides, "", "Where the band of the sibilants begins."},
    {"de_esser/threshold", "De-esser threshold", Type::number, Unit::decibels, -60, 0, -30, Taper::linear, Index::none, kFx, Motion::glides, "", "Peak of that band at which it begins to work."},
    {"de_esser/range", "De-esser range", Type::number, Unit::decibels, 0, 24, 12, Taper::linear, Index::none, kFx, Motion::glides, "", "It never reduces by more than this."},
    {"de_esser/mode", "De-esser mode", Type::choice, Unit::none, 0, 1, 0, Taper::linear, Index::none, kFx, Motion::glides, "split wide", "What is reduced: the band, or the whole sound."},
    {"de_esser/release", "De-esser release", Type::number, Unit::milliseconds, 10, 500, 60, Taper::logarithmic, Index::none, kFx, Motion::glides, "", "Time to give back 63 %."},
    {"tremolo/rate", "Tremolo rate", Type::number, Unit::hertz, 0.05f, 20, 4, Taper::logarithmic, Index::none, kFx, Motion::glides, "", "Speed."},
    {"tremolo/depth", "Tremolo depth", Type::number, Unit::none, 0, 1, 0.5, Taper::linear, Index::none, kFx, Motion::glides, "", "1 goes down to silence."},
    {"tremolo/shape", "Tremolo shape", Type::choice, Unit::none, 0, 2, 0, Taper::linear, Index::none, kFx, Motion::glides, "sine triangle square", "Of the level over time."},
    {"tremolo/spread", "Tremolo spread", Type::number, Unit::none, 0, 1, 0, Taper::linear, Index::none, kFx, Motion::glides, "", "1: the sides are opposite, an auto-pan."},
    {"convolution/predelay", "Convolution pre-delay", Type::number, Unit::milliseconds, 0, 250, 0, Taper::linear, Index::none, kFx, Motion::glides, "", "Time before the response; 256 frames are added to it."},
    {"convolution/level", "Convolution level", Type::number, Unit::decibels, -24, 24, 0, Taper::linear, Index::none, kFx, Motion::glides, "", "At 0 dB noise comes back as loud as it went in."},
    {"convolution/ir", "Impulse response", Type::text, Unit::none, 0, 0, 0, Taper::linear, Index::none, kFx, Motion::steps, "", "A sound file of 1, 2 or 4 channels; found relative to the configuration. Resampled if need be."},
    {"/dca/#/fader", "DCA fader", Type::number, Unit::decibels, kSilence, 10, 0, Taper::fader, Index::dca, kDesk, Motion::glides, "", "Added to the fader of every strip of this DCA; -90 dB and below is silence."},
    {"/dca/#/mute", "DCA mute", Type::toggle, Unit::none, 0, 1, 0, Taper::linear, Index::dca, kDesk, Motion::glides, "", "Mutes every strip of this DCA."},
    {"/mutegroup/#/on", "Mute group", Type::toggle, Unit::none, 0, 1, 0, Taper::linear, Index::mutegroup, kDesk, Motion::glides, "", "Mutes every strip of this group."},
    {"/solo/mode", "Solo mode", Type::choice, Unit::none, 0, 2, 0, Taper::linear, Index::none, kDesk, Motion::glides, "pfl afl in_place", "Before the fader, after it, or in place: everything else is muted on the main bus."},
    {"/tempo", "Tempo", Type::number, Unit::none, 20, 300, 120, Taper::linear, Index::none, kDesk, Motion::steps, "", "Beats per minute, a beat is a quarter: for echoes in note values."},
    {"/monitor/level", "Monitor level", Type::number, Unit::decibels, kSilence, 10, 0, Taper::fader, Index::none, kDesk, Motion::glides, "", "Level of the monitor bus: what is soloed, else the main bus."},
};
// clang-format on

inline constexpr std::size_t kRows = sizeof(kTable) / sizeof(kTable[0]);

// The row with this address; does not compile if there is none.
consteval std::size_t row(std::string_view address) {
    for (std::size_t i = 0; i < kRows; ++i)
        if (kTable[i].address == address) return i;
    throw "no such row in the parameter table";
}

}  // namespace mixrig::param
