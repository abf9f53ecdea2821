// Says what is wrong with a desk, a song, an album, a scene, an automation, a cue list or a map of
// a MIDI controller.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <filesystem>
#include <string_view>

namespace mixrig::app {

enum class FileKind : std::uint8_t { desk, song, album, scene, automation, cues, midi };

// By the name's ending (.scene, .auto, .cues), else by what the text begins with or contains.
FileKind kind_of_file(const std::filesystem::path& file, std::string_view text);

// Reads the file and the files that it names. A scene, automation or map is held to the desk or
// song `desk`; when that is empty, to the one that lies beside it (mix.toml, song.toml or desk.toml
// for mix.scene), and without one to the desk of an empty file. The scenes of a cue list stand
// beside it.
base::Status validate_file(const std::filesystem::path& file, const std::filesystem::path& desk);

}  // namespace mixrig::app
