// Turns strip names into port names that every JACK server takes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/backend/port_names.h"

#include <set>
#include <string>
#include <vector>

namespace mixrig::backend {

namespace {

bool continues_character(char c) {
    return (static_cast<unsigned char>(c) & 0xc0u) == 0x80u;
}

std::string cut(std::string text, std::size_t longest) {
    if (text.size() <= longest) return text;
    while (longest > 0 && continues_character(text[longest])) --longest;
    text.resize(longest);
    return text;
}

std::string clean(std::string text) {
    for (char& c : text)
        if (c == ':' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '-';
    return text.empty() ? "port" : text;
}

}  // namespace

Ports with_valid_names(Ports ports, std::size_t longest) {
    std::set<std::string> taken;
    for (std::vector<Port>* side : {&ports.inputs, &ports.outputs})
        for (Port& port : *side) {
            const std::string wanted = clean(port.name);
            port.name = cut(wanted, longest);
            for (int number = 2; !taken.insert(port.name).second; ++number) {
                const std::string suffix = " (" + std::to_string(number) + ")";
                port.name = cut(wanted, longest - suffix.size()) + suffix;
            }
        }
    return ports;
}

}  // namespace mixrig::backend
