// How one parameter of the dialect is written: as a number on the wire and as text in a node.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::control::x32 {

enum class Form : std::uint8_t {
    word,    // one of some words
    whole,   // a whole number
    bits,    // a set of bits, "%0101"
    text,    // in quotes
    linear,  // 0..1 on the wire, equal steps
    log,     // 0..1 on the wire, equal ratios
    level,   // 0..1 on the wire, the fader's taper of four straight segments
};

// A value is a step: the position in the list of words, the number itself, the bits, or k of
// k/steps.
using Step = std::int32_t;

struct Encoding {
    Form form = Form::whole;
    double low = 0.0, high = 1.0;
    Step steps = 1;           // intervals: the largest step of linear, log and level
    int decimals = -1;        // -1: as many as it takes
    int digits = 0;           // at most so many in all, the rest is cut off; 0: no limit
    bool plus = false;        // a sign even where it is positive
    bool kilo = false;        // 1970 Hz is "1k97"
    std::size_t longest = 0;  // text, in bytes
    std::vector<std::string_view> words = {};

    bool is_float() const { return form >= Form::linear; }
    char tag() const { return form == Form::text ? 's' : is_float() ? 'f' : 'i'; }

    Step least() const { return form == Form::whole ? static_cast<Step>(low) : 0; }
    Step most() const;
    Step clamp(double step) const;  // rounds towards zero; NaN is the least

    // On the wire: 0..1. Precondition of all below: is_float().
    float wire(Step step) const { return static_cast<float>(step) / static_cast<float>(steps); }
    Step from_wire(double value) const;
    // In dB, Hz, ms, %. Silence of a level is -90.
    double value(Step step) const;
    Step nearest(double value) const;

    // Not for text.
    std::string format(Step step) const;
    // What is not understood is nothing; what is out of range is clamped.
    std::optional<Step> parse(std::string_view text) const;
};

// "E:OFF|ON", "I(0,64)", "B(8)", "S(12)", "lin(min,max,step,d1,m3,+)", "log(min,max,steps,d1,k)",
// "L1024", "L161", or a name of kNames. The text must outlive the encoding. An unknown one is a
// mistake in the tables, which the tests read whole.
Encoding parse_encoding(std::string_view text);

}  // namespace mixrig::control::x32
