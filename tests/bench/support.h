// What the benches of the kernels share: music-like blocks, and figures a lane and frame.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/cpu.h"
#include "dsp/denormals.h"
#include "dsp/lanes.h"

#include <benchmark/benchmark.h>
#include <cmath>
#include <cstring>
#include <random>
#include <vector>

namespace mixrig::bench {

inline constexpr dsp::Hertz kRate{48000.0};
inline constexpr dsp::Slice kWhole{0, dsp::kQuantum};

// 0.7 s of noise on 16 lanes that is hit again and again and dies away, so that detectors move.
class Music {
public:
    Music() : blocks_(1024) {
        dsp::init();
        std::mt19937 random(7);
        std::uniform_real_distribution<float> uniform(-0.5f, 0.5f);
        for (std::size_t b = 0; b < blocks_.size(); ++b)
            for (std::size_t i = 0; i < dsp::kQuantum * dsp::kLanes; ++i) {
                const std::size_t lane = i % dsp::kLanes;
                const auto since = static_cast<float>((b + 61 * lane) % 400);  // quanta
                blocks_[b].x[i] = uniform(random) * std::exp2(-since / 30.0f);
            }
    }

    // The next block, to be worked on in place. The copy is part of what is timed (see BM_copy).
    dsp::BankBlock& next() {
        std::memcpy(work_.x, blocks_[at_].x, sizeof work_.x);
        at_ = (at_ + 1) % blocks_.size();
        frame_ += dsp::kQuantum;
        return work_;
    }
    std::uint64_t frame() const { return frame_; }

private:
    std::vector<dsp::BankBlock> blocks_;
    dsp::BankBlock work_;
    std::size_t at_ = 0;
    std::uint64_t frame_ = 0;
};

// items_per_second counts samples: one lane, one frame.
inline void count_samples(benchmark::State& state, std::size_t samples_a_turn) {
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(samples_a_turn));
    state.SetLabel(dsp::target_name());
}

}  // namespace mixrig::bench
