// Whether a block of the master chain is on: a weight between its input and its output.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/master/on_off.h"

#include <cmath>

namespace mixrig::dsp {

OnOff::OnOff(Hertz rate, Seconds settle)
    : weight_(glide_quanta(rate), 0.0f),
      settle_(static_cast<std::size_t>(
          std::ceil(settle.value * rate.value / static_cast<double>(kQuantum)))) {}

bool OnOff::set(bool on, Change change) MIXRIG_REALTIME {
    const bool begins = on && is_off();
    wanted_ = on;
    if (change == Change::jump) {
        unheard_ = 0;
        weight_.set(0, on ? 1.0f : 0.0f, Change::jump);
        return begins;
    }
    if (begins) unheard_ = settle_;
    if (!on) unheard_ = 0;
    if (unheard_ == 0) weight_.set(0, on ? 1.0f : 0.0f, Change::glide);
    return begins;
}

void OnOff::begin_quantum() MIXRIG_REALTIME {
    if (unheard_ > 0 && --unheard_ == 0) weight_.set(0, 1.0f, Change::glide);
    weight_.begin_quantum();
}

double OnOff::weight(std::size_t frame) const MIXRIG_REALTIME {
    const GainCurve& curve = weight_.curve();
    const auto n = static_cast<double>(frame);
    const auto c0 = static_cast<double>(curve.c0[0]), c1 = static_cast<double>(curve.c1[0]);
    const auto c2 = static_cast<double>(curve.c2[0]), c3 = static_cast<double>(curve.c3[0]);
    return c0 + n * (c1 + n * (c2 + n * c3));
}

}  // namespace mixrig::dsp
