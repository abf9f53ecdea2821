// Values to events: DCAs, mute groups, and who is soloed.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/levels.h"
#include "src/engine/resolver.h"

namespace mixrig::engine {

using param::Kind;
using param::row;

namespace {

bool holds(unsigned groups, std::size_t group) {
    return (groups >> group & 1u) != 0;
}

}  // namespace

// These DCAs and all that they sit in. Ends for a loop as well, which check() refuses.
unsigned Resolver::dcas_above(const param::Values& values, unsigned dcas) const {
    unsigned all = dcas;
    for (unsigned before = 0; before != all;) {
        before = all;
        for (std::size_t d = 0; d < param::kDcas; ++d)
            if (holds(before, d))
                all |= static_cast<unsigned>(
                    values.number(layout_.slot(Kind::desk, 0, row("/dca/#/dca"), d)));
    }
    return all;
}

unsigned Resolver::dcas_of(Strip strip) const {
    return has(strip, row("dca"))
               ? dcas_above(values_, static_cast<unsigned>(number(strip, row("dca"))))
               : 0;
}

base::Status Resolver::check_dcas(const param::Values& values) const {
    for (std::size_t d = 0; d < param::kDcas; ++d) {
        const param::Slot slot = layout_.slot(Kind::desk, 0, row("/dca/#/dca"), d);
        if (holds(dcas_above(values, static_cast<unsigned>(values.number(slot))), d))
            return base::Error{"this would make a loop: a DCA would sit in itself",
                               layout_.address(slot), "take it out of the other one first"};
    }
    return base::Done{};
}

void Resolver::touch_members(Part part, std::size_t group) {
    for (Strip s = 0; s < geometry_.strips.size(); ++s) {
        if (!has(s, row("dca"))) continue;
        const unsigned groups =
            part == Part::dcas ? dcas_of(s) : static_cast<unsigned>(number(s, row("mutegroup")));
        if (holds(groups, group)) touch_part(s, part);
    }
}

// Fader, DCAs and mutes are one gain with one glide: were they several in a row, a strip that is
// unmuted while its fader falls would be heard at -12 dB on the way from silence to silence.
float Resolver::fader_gain(Strip strip) const {
    if (is_muted(strip)) return 0.0f;
    float product = gain_of(number(strip, row("fader")));
    const unsigned dcas = dcas_of(strip);
    for (std::size_t d = 0; d < param::kDcas; ++d)
        if (holds(dcas, d)) product *= gain_of(desk_number(row("/dca/#/fader"), d));
    return product;
}

// A bus that talkback may enter behind its fader is never silent.
bool Resolver::update_silent(Strip strip) {
    const bool silent =
        has(strip, row("fader")) && !has(strip, row("talkback")) && fader_gain(strip) == 0.0f;
    const bool changed = silent_[strip] != silent;
    silent_[strip] = silent;
    return changed;
}

bool Resolver::is_muted(Strip strip) const {
    if (number(strip, row("mute")) != 0.0f) return true;
    const unsigned dcas = dcas_of(strip);
    for (std::size_t d = 0; d < param::kDcas; ++d)
        if (holds(dcas, d) && desk_number(row("/dca/#/mute"), d) != 0.0f) return true;
    const auto groups = static_cast<unsigned>(number(strip, row("mutegroup")));
    for (std::size_t g = 0; g < param::kMuteGroups; ++g)
        if (holds(groups, g) && desk_number(row("/mutegroup/#/on"), g) != 0.0f) return true;
    return false;
}

bool Resolver::is_soloed(Strip strip) const {
    if (!has(strip, row("solo"))) return false;
    if (number(strip, row("solo")) != 0.0f) return true;
    const unsigned dcas = dcas_of(strip);
    for (std::size_t d = 0; d < param::kDcas; ++d)
        if (holds(dcas, d) && desk_number(row("/dca/#/solo"), d) != 0.0f) return true;
    return false;
}

}  // namespace mixrig::engine
