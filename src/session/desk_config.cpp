// desk.toml as a whole, and what follows from it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/desk_config.h"

#include "src/session/desk_tables.h"
#include "src/session/text_file.h"

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

base::Result<DeskConfig> parse_desk(std::string_view text, const std::filesystem::path& file,
                                    NamedFiles files) {
    const auto tree = parse_toml(text, file.string());
    if (!tree) return tree.error();
    Problems problems(file.string());
    Section root(&*tree, "", problems);
    DeskConfig desk = read_desk(root, {}, problems, files);
    root.finish();
    if (problems.any()) return problems.first();
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
