// A file that a bounce writes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/bounce/bounce_file.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mixrig::app {

BounceFile::BounceFile(Settings settings, disk::SoundFileWriter file, std::size_t block)
    : settings_(std::move(settings)),
      file_(std::move(file)),
      block_(settings_.writer.channels, std::vector<float>(block)),
      held_(block_.size()),
      pointers_(block_.size()) {}

base::Result<BounceFile> BounceFile::open(Settings settings, std::size_t block) {
    auto file = disk::SoundFileWriter::open(settings.path, settings.writer);
    if (!file) return file.error();
    if (settings.pre_roll != 0) {
        const std::vector<float> silence(settings.pre_roll * settings.writer.channels, 0.0f);
        if (auto status = file->write(silence); !status) return status.error();
    }
    return BounceFile(std::move(settings), std::move(*file), block);
}

void BounceFile::take(std::size_t offset) {
    for (std::size_t side = 0; side < block_.size(); ++side)
        settings_.source(side, block_[side].data() + offset);
}

// What the desk's look-ahead delayed belongs to the start.
base::Status BounceFile::write(std::uint64_t position, std::size_t frames, std::uint64_t length) {
    const std::uint64_t from = std::clamp(settings_.late, position, position + frames) - position;
    for (std::size_t side = 0; side < block_.size(); ++side) {
        const auto block = block_[side].begin();
        held_[side].insert(held_[side].end(), block + static_cast<std::ptrdiff_t>(from),
                           block + static_cast<std::ptrdiff_t>(frames));
        pointers_[side] = held_[side].data();
    }
    const std::uint64_t written = file_.frames() - settings_.pre_roll;
    const auto now = static_cast<std::size_t>(
        std::min<std::uint64_t>(held_.front().size(), std::max(length, written) - written));
    if (now == 0) return base::Done{};
    if (auto status = file_.write(pointers_.data(), now); !status) return status;
    for (auto& side : held_)
        side.erase(side.begin(), side.begin() + static_cast<std::ptrdiff_t>(now));
    return base::Done{};
}

void mark_loud(const std::vector<float>& side, float level, std::vector<bool>& loud) {
    for (std::size_t n = 0; n < std::min(loud.size(), side.size()); ++n)
        if (std::fabs(side[n]) >= level) loud[n] = true;
}

}  // namespace mixrig::app
