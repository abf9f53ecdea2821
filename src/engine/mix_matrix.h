// The mix matrix: gains of every strip's taps into every bus, and the sums.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/glide.h"
#include "dsp/mix.h"
#include "dsp/realtime.h"
#include "src/engine/geometry.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mixrig::engine {

// Where a strip is tapped. `route` is `post` behind the strip's limiter; what goes to main or a
// subgroup.
enum class SendTap : std::uint8_t { input, pre, post, route };
inline constexpr std::size_t kSendTaps = 4;

// Slot 0 is the tap as it is; the others are copies, delayed so that paths that meet arrive
// together.
inline constexpr std::size_t kAlignments = 4;

struct MixSource {
    std::uint16_t bank = 0;
    SendTap tap = SendTap::post;
    std::uint8_t alignment = 0;
};

class MixMatrix {
public:
    MixMatrix(const Geometry& geometry, dsp::Hertz rate);  // [control] allocates

    // All of these: [audio, quantum boundary].
    void set_gain(Column column, MixSource source, std::size_t lane, float gain, dsp::Change change)
        MIXRIG_REALTIME;
    // Where the samples of a source are found.
    void set_block(MixSource source, const float* x) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME;

    // [audio or worker] Sums up everything that goes to this column. Different columns may be
    // computed by different threads.
    void mix(Column column, dsp::Slice slice) MIXRIG_REALTIME;
    // What mix() has found, from the slice's first frame on; null if nothing goes there.
    const float* sum(Column column, dsp::Slice slice) const MIXRIG_REALTIME {
        return silent_[column] ? nullptr : sums_[column].data() + slice.first;
    }
    // A bank that sleeps is silent at every tap; its terms are passed over, which changes no bit.
    void set_asleep(std::size_t bank, bool asleep) MIXRIG_REALTIME { asleep_[bank] = asleep; }

private:
    struct Entry {
        dsp::GainGlides gain;
        dsp::LaneMask live = 0;  // lanes whose gain is not zero, or moves
    };
    std::size_t source_index(MixSource source) const;
    std::size_t index(Column column, std::size_t source) const {
        return column * sources_ + source;
    }
    void rebuild(Column column) MIXRIG_REALTIME;

    std::size_t sources_;
    std::size_t columns_;
    std::vector<Entry> entries_;        // [column][source]
    std::vector<const float*> blocks_;  // [source]
    std::vector<dsp::MixTerm> terms_;   // [column][source], the first counts_[column] are valid
    std::vector<std::uint16_t> term_banks_;  // beside terms_
    std::vector<std::size_t> counts_;        // [column]
    std::vector<std::uint8_t> silent_;       // [column] after mix()
    std::vector<std::uint8_t> asleep_;       // [bank]
    std::vector<std::uint8_t> dirty_;        // [column]
    std::vector<std::uint32_t> moving_;      // the first moving_count_: entries that glide
    std::size_t moving_count_ = 0;
    std::vector<std::uint8_t> is_moving_;  // [entry]
    bool any_dirty_ = false;
    std::vector<std::array<float, dsp::kQuantum>> sums_;
};

}  // namespace mixrig::engine
