// Which control of a plain controller moves what, and how.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/midi/message.h"
#include "src/param/layout.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::midi {

struct Control {
    enum class Kind : std::uint8_t { cc, note, bend, nrpn };
    Kind kind = Kind::cc;
    std::uint8_t channel = 0;  // from 0
    std::uint16_t number = 0;
    bool wide = false;  // 14 bit: a pair of controllers; a bend always has them
    bool operator==(const Control&) const = default;

    std::uint16_t most() const { return wide || kind == Kind::bend ? kMost14 : kMost7; }
};

enum class Mode : std::uint8_t {
    pickup,         // takes over where it meets the value, so that nothing jumps
    absolute,       // the value is where the control is
    relative,       // 1 to 63 up, 127 to 65 down: two's complement
    relative64,     // 65 and more up, 63 and less down
    relative_sign,  // 1 to 63 up, 65 to 127 down
    toggle,
    momentary,  // on while it is pressed
};

struct Mapping {
    std::string device = {};  // part of the port's name
    Control control = {};
    Mode mode = Mode::pickup;
    std::string address = {};  // of a parameter, or of an action without arguments
    bool feedback = true;      // the controller is told of the value
};

// "cc 7", "cc14 7", "note 60", "bend", "nrpn 300", "nrpn14 300"; behind it "ch 2", else channel 1.
base::Result<Control> parse_control(std::string_view text);
std::string control_text(const Control& control);
base::Result<Mode> parse_mode(std::string_view word);
std::string_view mode_word(Mode mode);

// How such a control moves this unless somebody says so.
Mode usual_mode(const param::Layout& layout, const Control& control, std::string_view address);
// The parameter of a mapping; nothing for an action. An error says why it can be neither.
base::Result<std::optional<param::Slot>> target_of(const param::Layout& layout,
                                                   const Mapping& mapping);
// As [[map]] tables.
std::string mappings_text(const std::vector<Mapping>& mappings);

// The messages that say `value` of the control's range.
Bytes messages_of(const Control& control, unsigned value);

}  // namespace mixrig::midi
