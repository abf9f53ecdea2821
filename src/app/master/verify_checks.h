// The parts of a verification.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/master/verify.h"

#include <filesystem>

namespace mixrig::app {

struct Verification {
    const std::filesystem::path& folder;
    const Delivery& delivery;
    const DeliveryProfile& profile;
    Findings& findings;

    // `todo` is kept only when it did not pass.
    void add(Grade grade, Finding finding) const;
    void check(bool good, Finding finding) const { add(good ? Grade::pass : Grade::fail, finding); }
    void prefer(bool good, Finding finding) const {
        add(good ? Grade::pass : Grade::warn, finding);
    }
};

// Formats, lengths, peaks, loudness, ends, tags.
void verify_sounds(const Verification& verification);
// Cue sheets and TOC files against the lengths and places of the manifest.
void verify_sheets(const Verification& verification);

}  // namespace mixrig::app
