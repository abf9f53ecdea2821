// Reads a text file whole.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <filesystem>
#include <string>

namespace mixrig::session {

// Refuses what is no text of ours: folders, devices, more than 64 MiB.
base::Result<std::string> read_text(const std::filesystem::path& path);

// "desk.toml:12", for Error::where.
std::string at_line(const std::string& file, std::size_t line);

}  // namespace mixrig::session
