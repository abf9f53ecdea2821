// Saves a file so that a crash or a power cut leaves the old or the new one, never half of one.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <cstddef>
#include <filesystem>
#include <string_view>

namespace mixrig::session {

enum class Keep : std::uint8_t { nothing, previous };
enum class Readers : std::uint8_t { owner, everybody };

// [any thread, not audio] Returns when the bytes are on the disk: temporary file beside it, fsync,
// rename, fsync of the folder. Mode 0600 or, as the umask has it, 0644. Missing folders are made.
// `Keep::previous` leaves the file that was there as PATH.bak; at no moment is there neither.
base::Status save_atomically(const std::filesystem::path& path, std::string_view bytes, Keep keep,
                             Readers readers = Readers::owner);

std::filesystem::path backup_of(const std::filesystem::path& path);

// [at the start, before anything is saved] Removes what killed programs left in this folder;
// returns how many.
std::size_t remove_leftovers(const std::filesystem::path& folder);

}  // namespace mixrig::session
