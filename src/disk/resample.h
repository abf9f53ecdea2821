// Whole sounds to another sample rate.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/disk/sound.h"

namespace mixrig::disk {

// soxr's "very high quality": linear phase, passband to 91 % of the lower Nyquist, 28 bits. What
// was at second t stays at second t; the length is the nearest whole number of frames. The same
// rate returns the sound as it is.
base::Result<Sound> resample(Sound sound, dsp::Hertz to);

}  // namespace mixrig::disk
