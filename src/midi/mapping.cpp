// Maps of plain controllers as text, and as messages.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/midi/mapping.h"

#include "src/param/actions.h"

#include <array>
#include <charconv>

namespace mixrig::midi {
namespace {

struct ControlWord {
    std::string_view word;
    Control::Kind kind;
    bool wide;
    unsigned most;  // of its number; 0 if it has none
};
constexpr std::array kControlWords = {
    ControlWord{"cc", Control::Kind::cc, false, 127},
    ControlWord{"cc14", Control::Kind::cc, true, 31},
    ControlWord{"note", Control::Kind::note, false, 127},
    ControlWord{"bend", Control::Kind::bend, false, 0},
    ControlWord{"nrpn", Control::Kind::nrpn, false, kMost14},
    ControlWord{"nrpn14", Control::Kind::nrpn, true, kMost14},
};
constexpr std::array<std::string_view, 7> kModeWords = {
    "pickup", "absolute", "relative", "relative64", "relative_sign", "toggle", "momentary"};

std::string_view next_word(std::string_view& text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    const std::string_view word = text.substr(0, std::min(text.find(' '), text.size()));
    text.remove_prefix(word.size());
    return word;
}

std::optional<unsigned> whole(std::string_view word, unsigned low, unsigned high) {
    unsigned number = 0;
    const char* end = word.data() + word.size();
    const auto [stop, error] = std::from_chars(word.data(), end, number);
    if (error != std::errc{} || stop != end || number < low || number > high) return std::nullopt;
    return number;
}

base::Error not_a_control(std::string_view text) {
    return {"\"" + std::string(text) + "\" is no control",
            {},
            "as \"cc 7\", \"cc14 7\", \"note 60\", \"bend\", \"nrpn 300\", \"nrpn14 300\", and "
            "\"ch 2\" behind it"};
}

const ControlWord& word_of(const Control& control) {
    for (const ControlWord& word : kControlWords)
        if (word.kind == control.kind && word.wide == control.wide) return word;
    return kControlWords[0];
}

bool is_plain_action(std::string_view address) {
    const param::Action* action = param::find_action(address);
    return action != nullptr && (action->types.empty() || action->types.front() == '?');
}

}  // namespace

base::Result<Control> parse_control(std::string_view text) {
    std::string_view rest = text;
    const std::string_view first = next_word(rest);
    Control control;
    const ControlWord* found = nullptr;
    for (const ControlWord& word : kControlWords)
        if (word.word == first) found = &word;
    if (found == nullptr) return not_a_control(text);
    control.kind = found->kind;
    control.wide = found->wide;
    if (found->most != 0) {
        const auto number = whole(next_word(rest), 0, found->most);
        if (!number) return not_a_control(text);
        control.number = static_cast<std::uint16_t>(*number);
    }
    if (const std::string_view word = next_word(rest); word == "ch") {
        const auto channel = whole(next_word(rest), 1, 16);
        if (!channel) return not_a_control(text);
        control.channel = static_cast<std::uint8_t>(*channel - 1);
    } else if (!word.empty()) {
        return not_a_control(text);
    }
    if (!next_word(rest).empty()) return not_a_control(text);
    return control;
}

std::string control_text(const Control& control) {
    const ControlWord& word = word_of(control);
    std::string out(word.word);
    if (word.most != 0) out += " " + std::to_string(control.number);
    if (control.channel != 0) out += " ch " + std::to_string(control.channel + 1);
    return out;
}

base::Result<Mode> parse_mode(std::string_view word) {
    std::string known;
    for (std::size_t m = 0; m < kModeWords.size(); ++m) {
        if (kModeWords[m] == word) return static_cast<Mode>(m);
        known += (m == 0 ? "" : ", ") + std::string(kModeWords[m]);
    }
    return base::Error{"\"" + std::string(word) + "\" is no mode", {}, "one of " + known};
}

std::string_view mode_word(Mode mode) {
    return kModeWords[static_cast<std::size_t>(mode)];
}

Mode usual_mode(const param::Layout& layout, const Control& control, std::string_view address) {
    const auto slot = layout.find(address);
    const bool is_switch = !slot || layout.row(*slot).type == param::Type::toggle;
    return is_switch || control.kind == Control::Kind::note ? Mode::toggle : Mode::pickup;
}

base::Result<std::optional<param::Slot>> target_of(const param::Layout& layout,
                                                   const Mapping& mapping) {
    const std::string& address = mapping.address;
    if (is_plain_action(address)) return std::optional<param::Slot>{};
    const auto slot = layout.find(address);
    if (!slot)
        return base::Error{
            "there is no " + address, {}, "did you mean " + layout.nearest(address) + "?"};
    const param::Row& row = layout.row(*slot);
    if (row.type == param::Type::text || row.keep == param::Keep::told)
        return base::Error{address + " cannot be turned or pressed"};
    return std::optional(*slot);
}

std::string mappings_text(const std::vector<Mapping>& mappings) {
    const auto quoted = [](std::string_view text) {
        std::string out = "\"";
        for (const char c : text) {
            if (c == '"' || c == '\\') out += '\\';
            if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) out += c;
        }
        return out + "\"";
    };
    std::string out;
    for (const Mapping& mapping : mappings) {
        out += "[[map]]\ndevice = " + quoted(mapping.device) +
               "\ncontrol = " + quoted(control_text(mapping.control)) +
               "\naddress = " + quoted(mapping.address) +
               "\nmode = " + quoted(mode_word(mapping.mode)) + "\n";
        if (!mapping.feedback) out += "feedback = false\n";
        out += "\n";
    }
    return out;
}

Bytes messages_of(const Control& control, unsigned value) {
    const unsigned channel = control.channel;
    Bytes out;
    const auto add = [&](const Bytes& message) {
        out.insert(out.end(), message.begin(), message.end());
    };
    const auto add_controller = [&](unsigned number) {
        if (!control.wide) return add(cc(channel, number, value));
        add(cc(channel, number, value >> 7));
        add(cc(channel, number + kLowerHalf, value & kMost7));
    };
    switch (control.kind) {
        case Control::Kind::note:
            add(note(channel, control.number, value));
            break;
        case Control::Kind::bend:
            add(bend(channel, value));
            break;
        case Control::Kind::cc:
            add_controller(control.number);
            break;
        case Control::Kind::nrpn:
            add(cc(channel, kNrpnHigh, control.number >> 7));
            add(cc(channel, kNrpnLow, control.number & kMost7));
            add_controller(kEntry);
            break;
    }
    return out;
}

}  // namespace mixrig::midi
