// Times of blocks, counted.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/load.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mixrig::monitor {

void LoadHistogram::add(double share) {
    const double bin = std::min(share / kBin, static_cast<double>(kBins));
    ++bins_[static_cast<std::size_t>(bin)];
    ++blocks_;
    if (share > 1.0) ++late_;
    sum_ += share;
    longest_ = std::max(longest_, share);
}

LoadHistogram& LoadHistogram::operator+=(const LoadHistogram& other) {
    for (std::size_t b = 0; b < bins_.size(); ++b) bins_[b] += other.bins_[b];
    blocks_ += other.blocks_;
    late_ += other.late_;
    sum_ += other.sum_;
    longest_ = std::max(longest_, other.longest_);
    return *this;
}

LoadFigures LoadHistogram::figures() const {
    if (blocks_ == 0) return {};
    LoadFigures out{.mean = sum_ / static_cast<double>(blocks_),
                    .p99 = longest_,
                    .longest = longest_,
                    .blocks = blocks_,
                    .late = late_};
    // Nearest rank: the smallest share that 99 % of the blocks do not exceed.
    const std::uint64_t rank = blocks_ - blocks_ / 100;
    std::uint64_t below = 0;
    for (std::size_t b = 0; b < kBins; ++b) {
        below += bins_[b];
        if (below < rank) continue;
        out.p99 = std::min(longest_, kBin * static_cast<double>(b + 1));
        break;
    }
    return out;
}

Load::Load(dsp::Hertz rate) : rate_(rate.value) {}

void Load::add(const link::BlockTime& block) {
    if (block.frames == 0) return;
    const double share = block.ns * 1e-9 * rate_ / block.frames;
    whole_.add(share);
    piece_frames_ += block.frames;
    if (piece_frames_ > rate_ / static_cast<double>(kPieces)) {
        piece_frames_ = block.frames;
        piece_ = (piece_ + 1) % kPieces;
        pieces_[piece_].clear();
    }
    pieces_[piece_].add(share);
    if (share <= kOverload) return;
    ++overloads_;
    if (worst_ && worst_->share >= share) return;
    worst_ = Overload{.frame = block.frame, .share = share};
    worst_end_ = block.frame + block.frames;
    worst_known_ = false;
}

void Load::add_ticks(std::uint64_t frame, std::span<const std::uint32_t> bank_ticks) {
    if (bank_ticks.empty()) return;
    const auto most = std::max_element(bank_ticks.begin(), bank_ticks.end());
    const Cost now{.until = frame,
                   .bank = static_cast<std::size_t>(most - bank_ticks.begin()),
                   .ticks = *most};
    if (worst_ && !worst_known_ && frame >= worst_end_) {
        // The meters may have been read in the middle of the block: then the reading before has
        // the first part of it.
        const bool before = last_.until > worst_->frame && last_.ticks > now.ticks;
        worst_->bank = before ? last_.bank : now.bank;
        worst_known_ = true;
    }
    last_ = now;
}

std::optional<Overload> Load::take_overload(Patience patience) {
    if (!worst_) return std::nullopt;
    if (!worst_known_) {
        if (patience == Patience::waits) return std::nullopt;
        worst_->bank = last_.bank;
    }
    return std::exchange(worst_, std::nullopt);
}

LoadFigures Load::last_second() const {
    LoadHistogram sum;
    for (const LoadHistogram& piece : pieces_) sum += piece;
    return sum.figures();
}

}  // namespace mixrig::monitor
