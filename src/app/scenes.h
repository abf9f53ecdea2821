// The scenes of a desk: files of a folder, by name.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/session/scene.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace mixrig::app {

class Scenes {
public:
    explicit Scenes(std::filesystem::path folder) : folder_(std::move(folder)) {}

    // A name is up to 64 letters, digits, blanks and - _ . and does not begin with a dot: nothing
    // that could lead out of the folder.
    base::Status save(std::string_view name, const std::string& text) const;
    base::Result<session::Scene> load(std::string_view name, const param::Layout& layout) const;

private:
    base::Result<std::filesystem::path> path_of(std::string_view name) const;

    std::filesystem::path folder_;
};

}  // namespace mixrig::app
