// Restoration of files: what is damaged is mended, what is not keeps its bits.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/disk/format.h"
#include "src/restore/restore.h"
#include "src/session/scene.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mixrig::app {

// The desk's layout with what only files can go through: /restore/...
param::Layout with_restoration(param::DeskShape shape);
// What the rows of /restore ask for; the others are left out.
base::Result<restore::Settings> restoration_of(const param::Layout& layout,
                                               const session::Scene& scene);

struct RestoreSettings {
    std::filesystem::path input = {}, output = {};
    restore::Settings blocks = {};
    std::optional<disk::Format> format = {};  // without it the input's, if we write it, else wav24
};

struct Restored {
    std::vector<restore::Found> channels = {};
    dsp::Hertz rate = {};
    std::uint64_t frames = 0;
    disk::Format format = {};
    double peak = 0.0;     // before the gain; full scale is 1
    double gain_dB = 0.0;  // so that what was mended fits into the format
};

// Channel by channel in a file beside the output, so that length is no matter of memory; nothing is
// left behind, and nothing written on an error. A format of whole numbers cannot hold what
// declipping puts above full scale: then all of it is turned down, and that is told.
base::Result<Restored> restore_file(const RestoreSettings& settings);

// What was found, for people.
std::string to_text(const Restored& restored);

}  // namespace mixrig::app
