// The scenes of a desk.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/scenes.h"

#include "src/session/atomic_file.h"

#include <algorithm>

namespace mixrig::app {

namespace {

constexpr std::size_t kLongestName = 64;

bool is_allowed(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' ||
           c == '-' || c == '_' || c == '.';
}

}  // namespace

base::Result<std::filesystem::path> Scenes::path_of(std::string_view name) const {
    if (name.empty() || name.size() > kLongestName || name.front() == '.' ||
        !std::all_of(name.begin(), name.end(), is_allowed))
        return base::Error{"this is not a name for a scene",
                           std::string(name.substr(0, kLongestName)),
                           "up to 64 letters, digits, blanks and - _ ."};
    return folder_ / (std::string(name) + ".scene");
}

base::Status Scenes::save(std::string_view name, const std::string& text) const {
    const auto path = path_of(name);
    if (!path) return path.error();
    return session::save_atomically(*path, text, session::Keep::previous);
}

base::Result<session::Scene> Scenes::load(std::string_view name,
                                          const param::Layout& layout) const {
    const auto path = path_of(name);
    if (!path) return path.error();
    if (!std::filesystem::exists(*path))
        return base::Error{"there is no scene of this name", std::string(name),
                           "/scene/save makes one"};
    return session::load_scene(*path, layout);
}

}  // namespace mixrig::app
