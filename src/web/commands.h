// What an OSCQuery client says by text on its WebSocket.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mixrig::web {

struct Command {
    enum class Kind : std::uint8_t { listen, ignore };
    Kind kind = Kind::listen;
    std::string path = {};
};

// {"COMMAND": "LISTEN", "DATA": "/ch/1/fader"}; nothing for all else.
std::optional<Command> parse_command(std::string_view text);
// {"COMMAND": "PATH_CHANGED", "DATA": "/ch/1"}
std::string path_changed(std::string_view path);
// "/ch/1" and "/ch/2" -> "/ch": below this all of both stands.
std::string common_path(std::string_view a, std::string_view b);

}  // namespace mixrig::web
