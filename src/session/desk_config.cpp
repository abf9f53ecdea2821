// desk.toml as a whole, and what follows from it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/desk_config.h"

#include "src/session/desk_tables.h"
#include "src/session/text_file.h"

#include <array>
#include <cstdlib>

namespace mixrig::session {
namespace {

std::vector<bool> widths(const std::vector<StripConfig>& strips) {
    std::vector<bool> out;
    for (const StripConfig& strip : strips) out.push_back(strip.stereo);
    return out;
}

std::filesystem::path environment(const char* name) {
    const char* value = std::getenv(name);  // NOLINT: read at the start, before there are threads
    return value == nullptr ? "" : value;
}

}  // namespace

// Two doors at one place: only one of them would open.
static base::Status check_ports(const DeskConfig& desk) {
    struct Door {
        const char* key;
        bool is_open, is_tcp, is_udp;
        std::size_t port;
        const std::string& listen;
    };
    const std::array doors = {
        Door{"[osc] port", true, true, true, desk.osc.port, desk.osc.listen},
        Door{"[web] port", desk.web.enabled, true, false, desk.web.port, desk.web.listen},
        Door{"[x32] port", desk.x32.enabled, false, true, desk.x32.port, desk.x32.listen},
        Door{"[x32] air_port", desk.x32.air_enabled, false, true, desk.x32.air_port,
             desk.x32.listen}};
    const auto is_wide = [](const Door& door) {
        return door.listen == "0.0.0.0" || door.listen == "::";
    };
    for (std::size_t b = 1; b < doors.size(); ++b)
        for (std::size_t a = 0; a < b; ++a) {
            const Door &one = doors[a], &other = doors[b];
            const bool meet = (one.is_tcp && other.is_tcp) || (one.is_udp && other.is_udp);
            const bool same = one.listen == other.listen || is_wide(one) || is_wide(other);
            if (one.is_open && other.is_open && meet && same && one.port != 0 &&
                one.port == other.port)
                return base::Error{std::string(other.key) + " is that of " + one.key + ", " +
                                       std::to_string(one.port),
                                   desk.file.string(), "choose another"};
        }
    return base::Done{};
}

base::Result<DeskConfig> parse_desk(std::string_view text, const std::filesystem::path& file,
                                    NamedFiles files) {
    const auto tree = parse_toml(text, file.string());
    if (!tree) return tree.error();
    Problems problems(file.string());
    Section root(&*tree, "", problems);
    DeskConfig desk = read_desk(root, {}, problems, files);
    root.finish();
    if (problems.any()) return problems.first();
    if (auto apart = check_ports(desk); !apart) return apart.error();
    desk.text = text;
    return desk;
}

base::Result<DeskConfig> load_desk(const std::filesystem::path& file) {
    const auto text = read_text(file);
    if (!text) return text.error();
    return parse_desk(*text, file);
}

param::DeskShape shape_of(const DeskConfig& desk) {
    return {.stereo = {widths(desk.channels), widths(desk.subgroups), widths(desk.auxes),
                       widths(desk.effects), widths(desk.matrices)},
            .speakers = 1 + desk.more_speakers.size(),
            .talkback = desk.talkback};
}

void apply_names(const DeskConfig& desk, const param::Layout& layout, param::Values& values) {
    const std::array kinds = {&desk.channels, &desk.subgroups, &desk.auxes, &desk.effects,
                              &desk.matrices};
    for (std::size_t k = 0; k < kinds.size(); ++k)
        for (std::size_t i = 0; i < kinds[k]->size(); ++i) {
            const std::string& name = (*kinds[k])[i].name;
            if (name.empty()) continue;
            const auto slot = layout.slot(param::kCountedKinds[k], i, param::row("name"));
            values.set(slot, {.text = name});
        }
}

void apply_arms(const DeskConfig& desk, const param::Layout& layout, param::Values& values) {
    if (!desk.recording.arm_inputs) return;
    for (std::size_t c = 0; c < desk.channels.size(); ++c) {
        const auto slot = layout.slot(param::Kind::ch, c, param::row("record"));
        if (values.number(slot) == 0.0f) values.set(slot, {.number = 1.0f});
    }
}

base::Result<std::filesystem::path> state_folder(const DeskConfig& desk) {
    if (!desk.state_folder.empty()) return desk.state_folder;
    if (const auto systemd = environment("STATE_DIRECTORY"); !systemd.empty()) return systemd;
    if (const auto xdg = environment("XDG_STATE_HOME"); !xdg.empty()) return xdg / "mixrig";
    if (const auto home = environment("HOME"); !home.empty())
        return home / ".local" / "state" / "mixrig";
    return base::Error{.what = "nowhere to keep the state: no home folder",
                       .where = desk.file.string(),
                       .hint = "set [state] folder"};
}

}  // namespace mixrig::session
