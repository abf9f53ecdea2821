// The units of the effect rack.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/effect_units.h"

#include "dsp/fx/chorus.h"
#include "dsp/fx/de_esser.h"
#include "dsp/fx/echo.h"
#include "dsp/fx/flanger.h"
#include "dsp/fx/phaser.h"
#include "dsp/fx/reverb.h"
#include "dsp/fx/saturation.h"
#include "dsp/fx/tremolo.h"
#include "src/param/table.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace mixrig::engine {

using param::row;

namespace {

class Silence final : public dsp::FxUnit {
public:
    void set(const dsp::FxSettings&, dsp::Change) MIXRIG_REALTIME override {}
    void begin_quantum() MIXRIG_REALTIME override {}
    void process(float* left, float* right, dsp::Slice slice) MIXRIG_REALTIME override {
        std::fill_n(left + slice.first, slice.count, 0.0f);
        std::fill_n(right + slice.first, slice.count, 0.0f);
    }
    void reset() MIXRIG_REALTIME override {}
    bool is_at_rest() const MIXRIG_REALTIME override { return true; }
};

// What a unit's rows begin with.
constexpr std::string_view prefix(EffectType type) {
    switch (type) {
        case EffectType::none:
            return {};
        case EffectType::room:
        case EffectType::plate:
        case EffectType::hall:
            return "reverb/";
        case EffectType::echo:
            return "echo/";
        case EffectType::chorus:
            return "chorus/";
        case EffectType::flanger:
            return "flanger/";
        case EffectType::phaser:
            return "phaser/";
        case EffectType::saturation:
            return "saturation/";
        case EffectType::de_esser:
            return "de_esser/";
        case EffectType::tremolo:
            return "tremolo/";
        case EffectType::convolution:
            return "convolution/";
    }
    return {};
}

// Quarters, in the order of the words of echo/note; the first is no note.
constexpr std::array kNotes = {0.0f,        4.0f,   3.0f,        2.0f,        4.0f / 3.0f,
                               1.5f,        1.0f,   2.0f / 3.0f, 0.75f,       0.5f,
                               1.0f / 3.0f, 0.375f, 0.25f,       1.0f / 6.0f, 0.125f};
constexpr float kLongestEcho = param::kTable[row("echo/time")].high;

float echo_time(const std::function<float(std::size_t)>& value, float tempo) {
    const auto note = static_cast<std::size_t>(value(row("echo/note")));
    if (note == 0) return value(row("echo/time"));
    return std::min(kNotes[note] * 60'000.0f / tempo, kLongestEcho);
}

}  // namespace

std::unique_ptr<dsp::FxUnit> make_unit(EffectType type, dsp::Hertz rate) {
    switch (type) {
        case EffectType::none:
            return nullptr;
        case EffectType::room:
            return std::make_unique<dsp::Reverb>(dsp::Space::room, rate);
        case EffectType::plate:
            return std::make_unique<dsp::Reverb>(dsp::Space::plate, rate);
        case EffectType::hall:
            return std::make_unique<dsp::Reverb>(dsp::Space::hall, rate);
        case EffectType::echo:
            return std::make_unique<dsp::Echo>(rate);
        case EffectType::chorus:
            return std::make_unique<dsp::Chorus>(rate);
        case EffectType::flanger:
            return std::make_unique<dsp::Flanger>(rate);
        case EffectType::phaser:
            return std::make_unique<dsp::Phaser>(rate);
        case EffectType::saturation:
            return std::make_unique<dsp::Saturation>(rate);
        case EffectType::de_esser:
            return std::make_unique<dsp::DeEsser>(rate);
        case EffectType::tremolo:
            return std::make_unique<dsp::Tremolo>(rate);
        case EffectType::convolution:
            return std::make_unique<Silence>();
    }
    return nullptr;
}

std::size_t unit_latency(EffectType type, dsp::Hertz rate) {
    return type == EffectType::saturation ? dsp::Saturation(rate).latency() : 0;
}

dsp::FxSettings unit_settings(EffectType type, const std::function<float(std::size_t row)>& value,
                              float tempo) {
    dsp::FxSettings settings{};
    const std::string_view begins = prefix(type);
    if (begins.empty()) return settings;
    std::size_t count = 0;
    for (std::size_t r = 0; r < param::kRows && count < settings.size(); ++r) {
        if (!param::kTable[r].address.starts_with(begins)) continue;
        settings[count] = value(r);
        if (r == row("echo/time")) settings[count] = echo_time(value, tempo);
        // A choice travels as an index; this one means a number.
        if (r == row("phaser/stages")) settings[count] = 4.0f + 2.0f * value(r);
        ++count;
    }
    return settings;
}

}  // namespace mixrig::engine
