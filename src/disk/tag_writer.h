// Tags into a file that libsndfile writes; seen by this folder only.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/disk/format.h"
#include "src/disk/tags.h"

#include <sndfile.h>
#include <string>

namespace mixrig::disk {

// libsndfile keeps pointers into it until the file is closed.
struct TagData {
    std::string axml = {};
};

// Before the first sample. False when libsndfile refuses one.
bool write_tags(SNDFILE* file, Container container, const Tags& tags, TagData& data);

}  // namespace mixrig::disk
