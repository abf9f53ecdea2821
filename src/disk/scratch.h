// Room for samples that do not have to fit into memory.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <cstddef>
#include <filesystem>
#include <span>

namespace mixrig::disk {

// [one thread, not audio] A mapped file without a name: the system writes to it what memory is too
// small for, and it is gone with the object, or the program. All of its room is there at once, so
// that writing to it cannot fail.
class Scratch {
public:
    // `folder` has to exist.
    static base::Result<Scratch> create(const std::filesystem::path& folder, std::size_t samples);
    Scratch(Scratch&& other) noexcept;
    Scratch& operator=(Scratch&& other) noexcept;
    ~Scratch();

    std::span<float> samples() const { return samples_; }  // zeros at first

private:
    explicit Scratch(std::span<float> samples) : samples_(samples) {}

    std::span<float> samples_;
};

}  // namespace mixrig::disk
