// Conversions between leaves and parameters.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/conversion.h"

#include "control/x32/effect_tables.h"
#include "control/x32/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string_view>

namespace mixrig::control::x32 {
namespace {

using Ours = std::optional<float>;
using Theirs = std::optional<Step>;

bool is_on(const Sight& sight) {
    return sight.number() != 0.0f;
}

std::string_view word(const Encoding& is, Step step) {
    return is.words[static_cast<std::size_t>(std::clamp<Step>(step, 0, is.most()))];
}
std::string_view word(const Sight& sight, Step step) {
    return word(sight.encoding(), step);
}

// The word of ours that it says.
std::string_view our_word(const Sight& sight) {
    return param::choices(
        sight.desk.layout().row(sight.at.slot))[static_cast<std::size_t>(sight.number())];
}

Ours choice_of(const Sight& sight, std::string_view ours) {
    const auto words = param::choices(sight.desk.layout().row(sight.at.slot));
    const auto found = std::find(words.begin(), words.end(), ours);
    return found == words.end() ? Ours{} : static_cast<float>(found - words.begin());
}

// A word of theirs and the word of ours that it means; of several the first one is said.
struct Pair {
    std::string_view theirs, ours;
};

Ours ours_of(const Sight& sight, std::span<const Pair> pairs) {
    for (const Pair& pair : pairs)
        if (pair.theirs == word(sight, sight.step())) return choice_of(sight, pair.ours);
    return std::nullopt;
}

// What it says stays if that means the same.
Theirs theirs_of(const Sight& sight, std::span<const Pair> pairs) {
    if (ours_of(sight, pairs) == sight.number()) return sight.step();
    for (const Pair& pair : pairs)
        if (our_word(sight) == pair.ours)
            if (const Theirs step = sight.encoding().parse(pair.theirs)) return step;
    return std::nullopt;
}

// A low cut is a high-pass; their corner of 6 dB an octave is one of ours of 12. Numbers are the Q
// of a band-pass.
constexpr std::array kFilterWords = {
    Pair{"LC12", "hpf"},     Pair{"LC6", "hpf"},      Pair{"HC12", "lpf"},
    Pair{"HC6", "lpf"},      Pair{"1.0", "bandpass"}, Pair{"2.0", "bandpass"},
    Pair{"3.0", "bandpass"}, Pair{"5.0", "bandpass"}, Pair{"10.0", "bandpass"}};
// A vintage bell is a bell. The crossovers of main and matrices (BU6 and so on) have none of ours.
constexpr std::array kBandWords = {Pair{"PEQ", "bell"},       Pair{"VEQ", "bell"},
                                   Pair{"LShv", "low_shelf"}, Pair{"HShv", "high_shelf"},
                                   Pair{"LCut", "hpf"},       Pair{"HCut", "lpf"}};
// Ours has no tap between low cut and equaliser: what they take there is taken before or behind.
constexpr std::array kTapWords = {
    Pair{"IN/LC", "input"}, Pair{"IN", "input"}, Pair{"<-EQ", "input"}, Pair{"PREEQ", "input"},
    Pair{"PRE", "pre"},     Pair{"EQ->", "pre"}, Pair{"POSTEQ", "pre"}, Pair{"POST", "post"}};
constexpr std::array kGateWords = {Pair{"GATE", "gate"}, Pair{"EXP2", "expander"},
                                   Pair{"EXP3", "expander"}, Pair{"EXP4", "expander"}};

// The ratio of "EXP3"; 0 of what is no expander.
float ratio_of(std::string_view mode) {
    return mode.starts_with("EXP") ? static_cast<float>(mode.back() - '0') : 0.0f;
}

// "3", "3/2"; 0 of a word that is no number.
double fraction(std::string_view word) {
    const auto above = leading<double>(take_until(word, '/'));
    return word.empty() ? above : above / leading<double>(word);
}

// The word whose number is nearest, as ratios go.
Theirs nearest_word(const Sight& sight, double number) {
    Theirs best;
    double least = 1e9;
    const auto& words = sight.encoding().words;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const double is = fraction(words[i]);
        if (is <= 0.0) continue;
        const double apart = std::fabs(std::log(number / is));
        if (apart < least) least = apart, best = static_cast<Step>(i);
    }
    return best;
}

Theirs same_from(const Sight& sight, double number) {
    const Encoding& encoding = sight.encoding();
    return encoding.is_float() ? encoding.nearest(number) : encoding.clamp(std::round(number));
}

// "FX3L" or, on an X-Air, 5 of "OFF Fx1A Fx1B...": effect 3. 0: none that is an effect.
float effect_of(const Sight& sight, LeafId leaf) {
    const Encoding& is = sight.store.encoding(leaf);
    const Step step = sight.store.step(leaf);
    if (is.form == Form::word && !is.words[static_cast<std::size_t>(step)].starts_with("FX"))
        return 0.0f;
    return static_cast<float>((step + 1) / 2);
}

Theirs slot_of(float effect) {
    return static_cast<Step>(effect) * 2 - 1;
}

// What the word of a leaf comes to.
double fraction(const Sight& sight, LeafId leaf) {
    return fraction(word(sight.store.encoding(leaf), sight.store.step(leaf)));
}

// The unit of ours that this effect of theirs is; empty if it is none.
std::string_view unit_of(const Sight& sight) {
    const std::size_t effect = sight.store.effect_of(sight.at.leaf);
    for (const UnitRow& unit : kUnits)
        if (effect < kEffects.size() && unit.theirs == kEffects[effect].name) return unit.ours;
    return {};
}

bool is_group(const Sight& sight, LeafId tap) {
    return sight.store.format(tap) == "GRP";
}

float sub_route(const Sight& sight) {
    return param::kRouteFirstSub + sight.at.argument;
}

bool goes_to_sub(const Sight& sight) {
    return sight.number() == sub_route(sight);
}

// What goes elsewhere stays there.
Ours route_to_sub(const Sight& sight, bool wanted) {
    if (wanted) return sub_route(sight);
    return goes_to_sub(sight) ? Ours(param::kRouteNone) : std::nullopt;
}

}  // namespace

const Conversion kText = {[](const Sight&) -> Ours { return std::nullopt; },
                          [](const Sight&) -> Theirs { return std::nullopt; }};

const Conversion kSame = {
    [](const Sight& s) -> Ours {
        return s.encoding().is_float() ? static_cast<float>(s.encoding().value(s.step()))
                                       : static_cast<float>(s.step());
    },
    [](const Sight& s) { return same_from(s, static_cast<double>(s.number())); }};

// 60 % is 0.6, not what is left of it by a factor of 0.01f.
const Conversion kScaled = {
    [](const Sight& s) -> Ours {
        const double scaled = s.encoding().value(s.step()) * static_cast<double>(s.at.argument);
        return static_cast<float>(std::round(scaled * 1e6) / 1e6);
    },
    [](const Sight& s) { return same_from(s, static_cast<double>(s.number() / s.at.argument)); }};

const Conversion kInverted = {[](const Sight& s) -> Ours { return s.step() != 0 ? 0.0f : 1.0f; },
                              [](const Sight& s) -> Theirs { return is_on(s) ? 0 : 1; }};

const Conversion kColor = {[](const Sight& s) -> Ours { return static_cast<float>(s.step() & 7); },
                           [](const Sight& s) -> Theirs { return static_cast<Step>(s.number()); },
                           true};

const Conversion kNumber = {
    [](const Sight& s) -> Ours { return static_cast<float>(leading<double>(word(s, s.step()))); },
    [](const Sight& s) { return nearest_word(s, static_cast<double>(s.number())); }};

const Conversion kGateMode = {[](const Sight& s) { return ours_of(s, kGateWords); },
                              [](const Sight& s) { return theirs_of(s, kGateWords); }, true};

const Conversion kGateRatio = {[](const Sight& s) -> Ours {
                                   const float ratio = ratio_of(word(s, s.step()));
                                   return ratio != 0.0f ? Ours(ratio) : std::nullopt;
                               },
                               // Of an expander only; a gate has none.
                               [](const Sight& s) -> Theirs {
                                   if (ratio_of(word(s, s.step())) == 0.0f) return std::nullopt;
                                   const float nearest =
                                       std::clamp(std::round(s.number()), 2.0f, 4.0f);
                                   return static_cast<Step>(nearest) - 2;
                               }};

const Conversion kFilterType = {[](const Sight& s) { return ours_of(s, kFilterWords); },
                                [](const Sight& s) { return theirs_of(s, kFilterWords); }, true};

const Conversion kFilterQ = {[](const Sight& s) -> Ours {
                                 const double q = leading<double>(word(s, s.step()));
                                 return q != 0.0 ? Ours(static_cast<float>(q)) : std::nullopt;
                             },
                             [](const Sight& s) -> Theirs {
                                 return leading<double>(word(s, s.step())) != 0.0
                                            ? nearest_word(s, static_cast<double>(s.number()))
                                            : std::nullopt;
                             }};

const Conversion kBandType = {[](const Sight& s) { return ours_of(s, kBandWords); },
                              [](const Sight& s) { return theirs_of(s, kBandWords); }, true};

const Conversion kTap = {[](const Sight& s) { return ours_of(s, kTapWords); },
                         [](const Sight& s) { return theirs_of(s, kTapWords); }, true};

const Conversion kKey = {
    [](const Sight& s) -> Ours {
        const auto channel = static_cast<float>(s.step());
        return channel <= s.at.argument && channel <= s.desk.layout().high(s.at.slot)
                   ? Ours(channel)
                   : std::nullopt;
    },
    [](const Sight& s) -> Theirs {
        return s.number() <= s.at.argument ? Theirs(static_cast<Step>(s.number())) : std::nullopt;
    },
    true};

// Ours has no switch of its own: 0 ms is off.
const Conversion kDelayOn = {
    [](const Sight& s) -> Ours {
        return s.step() != 0 ? static_cast<float>(s.store.encoding(s.at.peer).value(s.peer()))
                             : 0.0f;
    },
    [](const Sight& s) -> Theirs { return is_on(s) ? 1 : 0; }};

const Conversion kDelayTime = {
    [](const Sight& s) -> Ours {
        return s.peer() != 0 ? Ours(static_cast<float>(s.encoding().value(s.step())))
                             : std::nullopt;
    },
    [](const Sight& s) -> Theirs {
        return is_on(s) ? same_from(s, static_cast<double>(s.number())) : std::nullopt;
    },
    true};

const Conversion kInsertOn = {
    [](const Sight& s) -> Ours { return s.step() != 0 ? effect_of(s, s.at.peer) : 0.0f; },
    [](const Sight& s) -> Theirs { return is_on(s) ? 1 : 0; }};

const Conversion kInsertSlot = {
    [](const Sight& s) -> Ours {
        return s.peer() != 0 ? Ours(effect_of(s, s.at.leaf)) : std::nullopt;
    },
    [](const Sight& s) -> Theirs { return is_on(s) ? slot_of(s.number()) : std::nullopt; }, true};

// A strip of ours goes to one place.
const Conversion kToMain = {
    [](const Sight& s) -> Ours {
        if (s.step() != 0) return param::kRouteMain;
        return s.number() == param::kRouteMain ? Ours(param::kRouteNone) : std::nullopt;
    },
    [](const Sight& s) -> Theirs { return s.number() == param::kRouteMain ? 1 : 0; }};

// Switched on, with its tap on GRP, a send to a subgroup is the route; either may come first.
const Conversion kToSub = {
    [](const Sight& s) { return is_group(s, s.at.peer) ? route_to_sub(s, s.step() != 0) : Ours{}; },
    [](const Sight& s) -> Theirs { return goes_to_sub(s) ? 1 : 0; }};

const Conversion kSubTap = {
    [](const Sight& s) { return route_to_sub(s, s.peer() != 0 && is_group(s, s.at.leaf)); },
    [](const Sight& s) { return goes_to_sub(s) ? s.encoding().parse("GRP") : Theirs{}; }};

const Conversion kBit = {
    [](const Sight& s) -> Ours {
        return static_cast<float>(s.step() >> static_cast<int>(s.at.argument) & 1);
    },
    [](const Sight& s) -> Theirs {
        const Step bit = Step{1} << static_cast<int>(s.at.argument);
        return is_on(s) ? s.step() | bit : s.step() & ~bit;
    }};

const Conversion kChosen = {[](const Sight& s) -> Ours {
                                return static_cast<float>(s.step()) == s.at.argument ? 1.0f : 0.0f;
                            },
                            // Which of several that are on was switched on last is what it says.
                            [](const Sight& s) -> Theirs {
                                return is_on(s) ? Theirs(static_cast<Step>(s.at.argument))
                                                : std::nullopt;
                            }};

// 4 is recording, 0 stopped; the server makes actions of what is asked for.
const Conversion kRecorder = {[](const Sight&) -> Ours { return std::nullopt; },
                              [](const Sight& s) -> Theirs { return s.number() == 1.0f ? 4 : 0; }};

// What is no unit of ours leaves ours as it is, and ours that is none of theirs theirs.
const Conversion kEffectType = {
    [](const Sight& s) { return choice_of(s, unit_of(s)); },
    [](const Sight& s) -> Theirs {
        const std::string_view ours = our_word(s);
        if (unit_of(s) == ours) return s.step();
        for (const UnitRow& unit : kUnits)
            if (unit.ours == ours)
                if (const auto step = s.store.tree().step_of(s.at.leaf, unit.theirs)) return step;
        return std::nullopt;
    },
    true};

const Conversion kStages = {
    [](const Sight& s) -> Ours {
        const double index = (s.encoding().value(s.step()) - 4.0) / 2.0;
        return std::max(0.0f, static_cast<float>(std::floor(index)));
    },
    [](const Sight& s) { return same_from(s, 4.0 + 2.0 * static_cast<double>(s.number())); }};

const Conversion kEchoCross = {
    [](const Sight& s) -> Ours { return word(s, s.step()) == "X" ? 1.0f : 0.0f; },
    [](const Sight& s) -> Theirs {
        if (is_on(s)) return s.encoding().parse("X");
        return word(s, s.step()) == "X" ? s.encoding().parse("ST") : s.step();
    },
    true};

const Conversion kEchoTime = {
    [](const Sight& s) -> Ours {
        return static_cast<float>(s.encoding().value(s.step()) * fraction(s, s.at.peer));
    },
    [](const Sight& s) {
        return same_from(s, static_cast<double>(s.number()) / fraction(s, s.at.peer));
    }};

const Conversion kEchoFactor = {
    [](const Sight& s) -> Ours {
        return static_cast<float>(s.store.encoding(s.at.peer).value(s.peer()) *
                                  fraction(s, s.at.leaf));
    },
    [](const Sight&) -> Theirs { return std::nullopt; }, true};

const Conversion kEchoLeft = {
    [](const Sight& s) -> Ours {
        return static_cast<float>(fraction(s, s.at.peer) / fraction(s, s.at.leaf));
    },
    [](const Sight&) -> Theirs { return std::nullopt; }, true};

const Conversion kEchoRight = {
    [](const Sight& s) -> Ours {
        return static_cast<float>(fraction(s, s.at.leaf) / fraction(s, s.at.peer));
    },
    [](const Sight& s) {
        return nearest_word(s, static_cast<double>(s.number()) * fraction(s, s.at.peer));
    }};

}  // namespace mixrig::control::x32
