// Fingerprints of files and texts.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace mixrig::disk {

// SHA-256 (FIPS 180-4) of the bytes, 64 small hexadecimal digits.
base::Result<std::string> sha256(const std::filesystem::path& path);
// Of these bytes.
base::Result<std::string> sha256_of(std::string_view bytes);

}  // namespace mixrig::disk
