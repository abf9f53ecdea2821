// Gains into buses, and the sums.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/mix_matrix.h"

#include <algorithm>

namespace mixrig::engine {

using dsp::LaneMask;

namespace {
// So many banks at a time stay in the first-level cache while a column is summed (dsp/mix.h). Part
// of the arithmetic, so it is the same whatever the block size and the number of threads.
constexpr std::size_t kTermsAtOnce = 8;
}  // namespace

MixMatrix::MixMatrix(const Geometry& geometry, dsp::Hertz rate)
    : sources_(geometry.banks.size() * kSendTaps * kAlignments),
      columns_(geometry.columns),
      entries_(sources_ * columns_, Entry{dsp::GainGlides(dsp::glide_quanta(rate), 0.0f)}),
      blocks_(sources_, nullptr),
      terms_(sources_ * columns_),
      term_banks_(sources_ * columns_, 0),
      counts_(columns_, 0),
      silent_(columns_, 1),
      asleep_(geometry.banks.size(), 0),
      dirty_(columns_, 0),
      is_moving_(entries_.size(), 0),
      sums_(columns_) {
    moving_.resize(entries_.size());
}

std::size_t MixMatrix::source_index(MixSource source) const {
    return (source.bank * kSendTaps + static_cast<std::size_t>(source.tap)) * kAlignments +
           source.alignment;
}

void MixMatrix::set_gain(Column column, MixSource source, std::size_t lane, float gain,
                         dsp::Change change) MIXRIG_REALTIME {
    const std::size_t e = index(column, source_index(source));
    Entry& entry = entries_[e];
    if (entry.gain.goal(lane) == gain && (change == dsp::Change::glide || entry.gain.idle()))
        return;
    entry.gain.set(lane, gain, change);
    const LaneMask bit = dsp::lane_bit(lane);
    entry.live = static_cast<LaneMask>(
        gain != 0.0f || change == dsp::Change::glide ? entry.live | bit : entry.live & ~bit);
    if (!is_moving_[e]) {  // also after a jump: begin_quantum brings the curve to the new value
        is_moving_[e] = 1;
        moving_[moving_count_++] = static_cast<std::uint32_t>(e);
    }
    dirty_[column] = 1;
    any_dirty_ = true;
}

void MixMatrix::set_block(MixSource source, const float* x) MIXRIG_REALTIME {
    const std::size_t s = source_index(source);
    if (blocks_[s] == x) return;
    blocks_[s] = x;
    std::fill(dirty_.begin(), dirty_.end(), std::uint8_t{1});
    any_dirty_ = true;
}

void MixMatrix::begin_quantum() MIXRIG_REALTIME {
    for (std::size_t m = 0; m < moving_count_;) {
        const std::size_t e = moving_[m];
        Entry& entry = entries_[e];
        entry.gain.begin_quantum();
        if (!entry.gain.idle()) {
            ++m;
            continue;
        }
        for (std::size_t lane = 0; lane < dsp::kLanes; ++lane)
            if (entry.gain.goal(lane) == 0.0f)
                entry.live = static_cast<LaneMask>(entry.live & ~dsp::lane_bit(lane));
        dirty_[e / sources_] = 1;
        any_dirty_ = true;
        is_moving_[e] = 0;
        moving_[m] = moving_[--moving_count_];
    }
    if (!any_dirty_) return;
    any_dirty_ = false;
    for (Column column = 0; column < columns_; ++column) {
        if (!dirty_[column]) continue;
        dirty_[column] = 0;
        rebuild(column);
    }
}

void MixMatrix::rebuild(Column column) MIXRIG_REALTIME {
    std::size_t count = 0;
    for (std::size_t s = 0; s < sources_; ++s) {
        const Entry& entry = entries_[index(column, s)];
        if (entry.live == 0 || blocks_[s] == nullptr) continue;
        terms_[index(column, count)] = {blocks_[s], &entry.gain.curve()};
        term_banks_[index(column, count++)] =
            static_cast<std::uint16_t>(s / (kSendTaps * kAlignments));
    }
    counts_[column] = count;
}

void MixMatrix::mix(Column column, dsp::Slice slice) MIXRIG_REALTIME {
    silent_[column] = 1;
    float* out = sums_[column].data();
    const std::size_t count = counts_[column];
    for (std::size_t begin = 0; begin < count; begin += kTermsAtOnce) {
        std::array<dsp::MixTerm, kTermsAtOnce> awake;
        std::size_t terms = 0;
        for (std::size_t t = begin; t < std::min(begin + kTermsAtOnce, count); ++t)
            if (!asleep_[term_banks_[index(column, t)]]) awake[terms++] = terms_[index(column, t)];
        if (terms == 0) continue;
        if (silent_[column]) std::fill_n(out + slice.first, slice.count, 0.0f);
        silent_[column] = 0;
        dsp::mix_column({awake.data(), terms}, out, slice);
    }
}

}  // namespace mixrig::engine
