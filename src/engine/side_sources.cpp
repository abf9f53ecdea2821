// Talkback and oscillator, and how much of them each bus gets.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/side_sources.h"

#include "dsp/fx/lfo.h"
#include "src/engine/strip_bank.h"

#include <cmath>

namespace mixrig::engine {

SideSources::SideSources(const Geometry& geometry, dsp::Hertz rate)
    : place_(geometry.strips.size(), 0),
      fed_(geometry.strips.size(), 0),
      is_fed_(geometry.strips.size(), 0),
      oscillator_(rate) {
    const param::Kinds kinds = param::kTable[param::row("talkback")].kinds;
    for (Strip s = 0; s < geometry.strips.size(); ++s) {
        if ((kinds & param::only(geometry.strips[s].kind)) == 0) continue;
        place_[s] = static_cast<std::uint16_t>(gains_.size());
        gains_.emplace_back(dsp::glide_quanta(rate), 0.0f);
        fed_[gains_.size() - 1] = s;
    }
    fed_.resize(gains_.size());
}

void SideSources::set(Strip bus, const link::SideGains& gains, dsp::Change change) MIXRIG_REALTIME {
    dsp::GainGlides& now = gains_[place_[bus]];
    now.set(talk, gains.talkback, change);
    now.set(tone, gains.oscillator, change);
    if (is_fed_[bus] == 0) {
        is_fed_[bus] = 1;
        fed_[fed_count_++] = bus;
    }
    changed_ = true;
}

// While nobody hears it there is nothing to cross over.
void SideSources::set_oscillator(const dsp::OscillatorGoal& goal, dsp::Change change)
    MIXRIG_REALTIME {
    oscillator_.set(goal, sounds_ ? change : dsp::Change::jump);
}

bool SideSources::uses(Strip bus, Source source) const MIXRIG_REALTIME {
    const dsp::GainGlides& gains = gains_[place_[bus]];
    return gains.goal(source) != 0.0f || (gains.moving() & dsp::lane_bit(source)) != 0;
}

void SideSources::begin_quantum() MIXRIG_REALTIME {
    if (changed_) {
        changed_ = false;
        talks_ = false;
        bool sounds = false;
        for (std::size_t i = 0; i < fed_count_;) {
            const Strip bus = fed_[i];
            dsp::GainGlides& gains = gains_[place_[bus]];
            if (!gains.idle()) gains.begin_quantum();
            changed_ = changed_ || !gains.idle();
            talks_ = talks_ || uses(bus, talk);
            sounds = sounds || uses(bus, tone);
            if (uses(bus, talk) || uses(bus, tone)) {
                ++i;
                continue;
            }
            is_fed_[bus] = 0;
            fed_[i] = fed_[--fed_count_];
        }
        if (sounds && !sounds_) oscillator_.reset();
        sounds_ = sounds;
    }
    if (sounds_) oscillator_.begin_quantum();
}

void SideSources::prepare(const float* talkback, dsp::Slice slice) MIXRIG_REALTIME {
    if (talks_)
        for (std::size_t i = 0; i < slice.count; ++i) {
            const float x = talkback != nullptr ? talkback[i] : 0.0f;
            // As at the input of a strip: what is no sound does not go on.
            talk_[slice.first + i] = std::fabs(x) <= kRunawayInput ? x : 0.0f;
        }
    if (sounds_) oscillator_.process(tone_.data() + slice.first, slice);
}

void SideSources::add(Strip bus, float* out, dsp::Slice slice) const MIXRIG_REALTIME {
    const dsp::GainGlides& gains = gains_[place_[bus]];
    for (const Source source : {talk, tone}) {
        if (!uses(bus, source)) continue;
        const dsp::Cubic gain = dsp::lane_curve(gains, source);
        const Planar& from = source == talk ? talk_ : tone_;
        for (std::size_t i = 0; i < slice.count; ++i)
            out[i] += gain.at(slice.first + i) * from[slice.first + i];
    }
}

}  // namespace mixrig::engine
