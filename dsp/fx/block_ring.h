// A delay memory that is written and read a slice at a time, and that forgets everything at once.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "dsp/realtime.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <vector>

namespace mixrig::dsp {

// Silence stands for what was never written, so clearing costs nothing on the audio thread.
class BlockRing {
public:
    // [control] Remembers `longest` frames and one quantum more.
    explicit BlockRing(std::size_t longest) : frames_(std::bit_ceil(longest + kQuantum)) {}

    void write(const float* x, std::size_t count) MIXRIG_REALTIME {
        const std::size_t head = std::min(count, frames_.size() - position_);
        std::copy_n(x, head, frames_.data() + position_);
        std::copy_n(x + head, count - head, frames_.data());
        position_ = (position_ + count) & (frames_.size() - 1);
        filled_ = std::min(filled_ + count, frames_.size());
    }

    // The `count` frames that begin `back` frames before the one written next; count <= back.
    void read(float* out, std::size_t count, std::size_t back) const MIXRIG_REALTIME {
        if (back > filled_) {
            const std::size_t silent = std::min(count, back - filled_);
            std::fill_n(out, silent, 0.0f);
            out += silent;
            count -= silent;
            back -= silent;
        }
        const std::size_t from = (position_ - back) & (frames_.size() - 1);
        const std::size_t head = std::min(count, frames_.size() - from);
        std::copy_n(frames_.data() + from, head, out);
        std::copy_n(frames_.data(), count - head, out + head);
    }

    void clear() MIXRIG_REALTIME { filled_ = 0; }

private:
    std::vector<float> frames_;
    std::size_t position_ = 0;  // where the next frame goes
    std::size_t filled_ = 0;    // frames written since all was forgotten
};

}  // namespace mixrig::dsp
