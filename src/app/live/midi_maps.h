// Maps of plain MIDI controllers, from the words of their files.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/midi/mapping.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::app {

// Fails with the line of what is no control, no mode, or nothing that can be moved on this desk.
base::Result<std::vector<midi::Mapping>> parse_mappings(std::string_view text,
                                                        const std::string& file,
                                                        const param::Layout& layout);
base::Result<std::vector<midi::Mapping>> load_mappings(const std::filesystem::path& file,
                                                       const param::Layout& layout);

}  // namespace mixrig::app
