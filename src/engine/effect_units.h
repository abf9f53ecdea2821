// The units that an effect bus may have, and what the table's rows mean to each.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/fx/unit.h"
#include "dsp/units.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace mixrig::engine {

// In the order of the row `type`.
enum class EffectType : std::uint8_t {
    none,
    room,
    plate,
    hall,
    echo,
    chorus,
    flanger,
    phaser,
    saturation,
    de_esser,
    tremolo,
    convolution,
};

// [control] Allocates; null for none. A convolution is made elsewhere, as it needs a response;
// without one it is silent.
std::unique_ptr<dsp::FxUnit> make_unit(EffectType type, dsp::Hertz rate);

// Frames by which a unit of this type is late.
std::size_t unit_latency(EffectType type, dsp::Hertz rate);

// [control] The settings of a unit out of the rows of its strip; `value` gives a row's value. Beats
// per minute turn the note of an echo into its time.
dsp::FxSettings unit_settings(EffectType type, const std::function<float(std::size_t row)>& value,
                              float tempo);

}  // namespace mixrig::engine
