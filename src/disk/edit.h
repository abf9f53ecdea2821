// Cuts, fades and levels of whole sounds.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/fade_curve.h"
#include "src/disk/sound.h"

#include <cstdint>

namespace mixrig::disk {

// Keeps the frames from `first` up to, not including, `last`; what is not there is not missed.
void cut(Sound& sound, std::uint64_t first, std::uint64_t last);

// One channel becomes two equal ones.
void make_stereo(Sound& sound);

// The first frame is silent, frame `frames` the first at full level; longer than the sound it ends
// with it.
void fade_in(Sound& sound, std::uint64_t frames, base::FadeCurve curve);
// Its mirror image: the last frame is silent.
void fade_out(Sound& sound, std::uint64_t frames, base::FadeCurve curve);

// 0 dB changes no bit.
void change_level(Sound& sound, double dB);

}  // namespace mixrig::disk
