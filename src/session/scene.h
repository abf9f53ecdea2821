// Scenes: values of a desk as lines of text.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/param/values.h"
#include "src/session/line_grammar.h"

#include <filesystem>
#include <span>

namespace mixrig::session {

// In the order of the file. What a scene does not say, it leaves as it is.
using Scene = std::vector<Setting>;

// All or nothing: one line that is wrong refuses the scene.
base::Result<Scene> parse_scene(std::string_view text, const param::Layout& layout,
                                const std::string& file);
base::Result<Scene> load_scene(const std::filesystem::path& path, const param::Layout& layout);

// Line by line, leaving out what this desk has no place for, with the reasons: the state of a desk
// whose configuration has changed since.
struct FittingScene {
    Scene scene = {};
    std::vector<std::string> left_out = {};
};
base::Result<FittingScene> parse_what_fits(std::string_view text, const param::Layout& layout,
                                           const std::string& file);

void apply(const Scene& scene, param::Values& values);

enum class Lines : std::uint8_t {
    all,      // every value: recalling it leaves nothing to what was before
    changed,  // only what differs from its initial value: short, for people
    state,    // every value, those that no scene says as well: for the next start
};

// In the order of the table, strip by strip; parse_scene reads the same values back.
std::string write_scene(const param::Layout& layout, const param::Values& values, Lines lines);
// In the order of the scene.
std::string write_scene(const param::Layout& layout, const Scene& scene);

// An error for what is no name of a scene or a cue list.
base::Status check_name(std::string_view name);

}  // namespace mixrig::session
