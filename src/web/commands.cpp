// What an OSCQuery client says by text on its WebSocket.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/web/commands.h"

#include "src/web/json_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace mixrig::web {

std::optional<Command> parse_command(std::string_view text) {
    using nlohmann::json;
    const json said = json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
    if (!said.is_object()) return std::nullopt;
    const auto command = said.find("COMMAND"), data = said.find("DATA");
    if (command == said.end() || data == said.end() || !command->is_string() || !data->is_string())
        return std::nullopt;
    const auto& name = command->get_ref<const std::string&>();
    if (name != "LISTEN" && name != "IGNORE") return std::nullopt;
    return Command{name == "LISTEN" ? Command::Kind::listen : Command::Kind::ignore,
                   data->get<std::string>()};
}

std::string path_changed(std::string_view path) {
    JsonText out;
    out.begin_object().key("COMMAND").text("PATH_CHANGED").key("DATA").text(path).end_object();
    return out.take();
}

std::string common_path(std::string_view a, std::string_view b) {
    if (a == b) return std::string(a);
    std::size_t end = 0;  // of the parts that are the same
    for (std::size_t i = 0; i <= std::min(a.size(), b.size()); ++i) {
        const bool ends_a = i == a.size() || a[i] == '/', ends_b = i == b.size() || b[i] == '/';
        if (ends_a && ends_b) end = i;
        if (i == a.size() || i == b.size() || a[i] != b[i]) break;
    }
    return end == 0 ? "/" : std::string(a.substr(0, end));
}

}  // namespace mixrig::web
