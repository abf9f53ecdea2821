// Zip archives of files.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <filesystem>
#include <span>

namespace mixrig::disk {

// The files stand in the archive by their names, without folders and with the date zip begins with,
// 1980: same files, same bytes. Whole or not at all.
base::Status write_zip(const std::filesystem::path& path,
                       std::span<const std::filesystem::path> files);

}  // namespace mixrig::disk
