// The proof that stems add up to the mix: read back from the files, and written beside them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace mixrig::app {

inline constexpr double kNull_dBFS = -120.0;     // the largest difference that passes
inline constexpr double kNothing_dBFS = -300.0;  // said of no difference at all

struct NullTest {
    std::filesystem::path mix = {};
    std::vector<std::filesystem::path> stems = {};
    double rate = 0.0;  // Hz
    std::uint64_t frames = 0;
    // Of mix - sum of stems: largest sample and RMS, dBFS.
    double residual_dBFS = 0.0, residual_rms_dBFS = 0.0;
    double at_seconds = 0.0;  // where it is largest
    double peak_dBFS = 0.0;   // of the mix
    bool passes() const { return residual_dBFS < kNull_dBFS; }
};

// Sums in double precision. Files of other lengths, rates or widths than the mix are errors.
base::Result<NullTest> null_test(const std::filesystem::path& mix,
                                 const std::vector<std::filesystem::path>& stems);

// As JSON, with the SHA-256 of every file.
base::Status write_certificate(const NullTest& test, const std::filesystem::path& path);

}  // namespace mixrig::app
