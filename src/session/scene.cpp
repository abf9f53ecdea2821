// Scenes, read and written.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/scene.h"

#include "src/session/text_file.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace mixrig::session {
namespace {

constexpr std::size_t kValueColumn = 32;
constexpr std::size_t kLongestName = 64;
constexpr std::string_view kSceneHead = "# mixrig scene 1\n";

void write_line(const param::Layout& layout, param::Slot slot, const param::Value& value,
                std::string& out) {
    const std::string address = layout.address(slot);
    const std::string text = layout.format(slot, value);
    const bool is_text = layout.row(slot).type == param::Type::text;
    const std::size_t blanks = address.size() < kValueColumn ? kValueColumn - address.size() : 1;
    out += address + std::string(blanks, ' ') + (is_text ? in_quotes(text) : text) + '\n';
}

bool is_allowed(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' ||
           c == '-' || c == '_' || c == '.';
}

bool is_said(param::Keep keep, Lines lines) {
    return keep == param::Keep::scenes || (keep == param::Keep::state && lines == Lines::state);
}

}  // namespace

base::Result<Scene> parse_scene(std::string_view text, const param::Layout& layout,
                                const std::string& file) {
    const auto lines = split_lines(text, "scene", file);
    if (!lines) return lines.error();
    Scene scene;
    std::unordered_map<param::Slot, std::size_t> seen;
    for (const Words& words : *lines) {
        auto setting = read_setting(words, 0, layout, file);
        if (!setting) return setting.error();
        if (!is_said(layout.row(setting->slot).keep, Lines::all))
            return base::Error{.what = words.words[0].text + " is not part of a scene",
                               .where = at_line(file, words.line),
                               .hint = "the desk keeps it, whatever is recalled"};
        const auto [first, fresh] = seen.emplace(setting->slot, words.line);
        if (!fresh)
            return base::Error{.what = words.words[0].text + " is set already, in line " +
                                       std::to_string(first->second),
                               .where = at_line(file, words.line),
                               .hint = "a scene says each thing once"};
        scene.push_back(*std::move(setting));
    }
    return scene;
}

base::Result<Scene> load_scene(const std::filesystem::path& path, const param::Layout& layout) {
    const auto text = read_text(path);
    if (!text) return text.error();
    return parse_scene(*text, layout, path.string());
}

base::Result<FittingScene> parse_what_fits(std::string_view text, const param::Layout& layout,
                                           const std::string& file) {
    const auto lines = split_lines(text, "scene", file);
    if (!lines) return lines.error();
    FittingScene out;
    for (const Words& words : *lines) {
        auto setting = read_setting(words, 0, layout, file);
        if (setting && is_said(layout.row(setting->slot).keep, Lines::state))
            out.scene.push_back(*std::move(setting));
        else if (!setting)
            out.left_out.push_back(setting.error().text());
    }
    return out;
}

void apply(const Scene& scene, param::Values& values) {
    for (const Setting& setting : scene) values.set(setting.slot, setting.value);
}

std::string write_scene(const param::Layout& layout, const param::Values& values, Lines lines) {
    std::string out(kSceneHead);
    for (param::Slot slot = 0; slot < layout.size(); ++slot) {
        if (!is_said(layout.row(slot).keep, lines)) continue;
        const param::Value value = values.get(slot);
        if (lines == Lines::changed && value == layout.initial(slot)) continue;
        write_line(layout, slot, value, out);
    }
    return out;
}

std::string write_scene(const param::Layout& layout, const Scene& scene) {
    std::string out(kSceneHead);
    for (const Setting& setting : scene) write_line(layout, setting.slot, setting.value, out);
    return out;
}

base::Status check_name(std::string_view name) {
    if (!name.empty() && name.size() <= kLongestName && name.front() != '.' &&
        std::all_of(name.begin(), name.end(), is_allowed))
        return base::Done{};
    return base::Error{"this is not a name for a scene", std::string(name.substr(0, kLongestName)),
                       "up to 64 letters, digits, blanks and - _ ."};
}

}  // namespace mixrig::session
