// A sound file, listened to from its first frame to its last.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/check/facts.h"
#include "src/base/result.h"

#include <filesystem>

namespace mixrig::app::check {

base::Result<SoundFacts> sound_facts(const std::filesystem::path& file);

}  // namespace mixrig::app::check
