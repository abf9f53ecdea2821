// A line that remembers samples, read at whole frames or between them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/realtime.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace mixrig::dsp {

// -200 dB: smaller samples are remembered as zero, so that what runs in a loop ends.
inline constexpr float kNothing = 1e-10f;

// In every frame a line is read first and written then: a delay of 1 frame is what was written
// last. What was never written is silence; so forgetting costs nothing, however long the line.
class DelayLine {
public:
    // [control] The longest delay that is read, in frames.
    explicit DelayLine(std::size_t longest)
        : longest_(longest),
          mask_(std::bit_ceil(longest + kBehind) - 1),
          ring_(std::make_unique<float[]>(mask_ + 1)) {}

    static constexpr double kShortestBetween = 2.0;
    std::size_t longest() const MIXRIG_REALTIME { return longest_; }

    // From 1 to longest().
    float read(std::size_t frames) const MIXRIG_REALTIME {
        return frames <= filled_ ? ring_[(position_ - frames) & mask_] : 0.0f;
    }

    // From kShortestBetween to longest(): Lagrange's cubic through the four samples around. In its
    // middle interval, where it is used, it amplifies no frequency (Laakso et al., "Splitting the
    // unit delay", 1996), so it may stand in a loop. Halfway between two frames it loses most: at
    // 48 kHz 0.5 dB at 10 kHz, 2.5 dB at 15 kHz.
    float read_between(double frames) const MIXRIG_REALTIME {
        // Signed and narrow: the conversions that processors have.
        const auto whole = static_cast<std::int32_t>(frames);
        const auto f = static_cast<float>(frames - static_cast<double>(whole));
        const auto first = static_cast<std::size_t>(whole) - 1;
        const float before = f + 1.0f, after = f - 1.0f, beyond = f - 2.0f;
        const float outer = f * after * (1.0f / 6.0f), inner = before * beyond * 0.5f;
        return inner * (after * read(first + 1) - f * read(first + 2)) +
               outer * (before * read(first + 3) - beyond * read(first));
    }

    void write(float x) MIXRIG_REALTIME {
        const float kept = std::abs(x) < kNothing ? 0.0f : x;
        ring_[position_] = kept;
        position_ = (position_ + 1) & mask_;
        filled_ += filled_ < mask_ ? 1 : 0;
        silent_ = kept == 0.0f ? silent_ + 1 : 0;
    }

    // So many frames are silent, up to the one written last.
    bool is_silent(std::size_t frames) const MIXRIG_REALTIME {
        return silent_ >= frames || silent_ >= filled_;
    }

    void forget() MIXRIG_REALTIME {
        filled_ = 0;
        silent_ = 0;
    }

private:
    static constexpr std::size_t kBehind = 3;  // samples beyond the longest that a read touches

    std::size_t longest_, mask_;
    std::unique_ptr<float[]> ring_;
    std::size_t position_ = 0;  // written next
    std::size_t filled_ = 0;    // frames it remembers
    std::size_t silent_ = 0;    // written since the last that was not zero
};

}  // namespace mixrig::dsp
