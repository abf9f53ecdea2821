// One zeroed buffer for each input and output of the engine, for backends without a sound card.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

namespace mixrig::backend {

class PlainBuffers {
public:
    PlainBuffers(std::size_t inputs, std::size_t outputs, std::size_t frames)
        : samples_((inputs + outputs) * frames, 0.0f) {
        for (std::size_t i = 0; i < inputs; ++i) in_.push_back(samples_.data() + i * frames);
        for (std::size_t o = 0; o < outputs; ++o)
            out_.push_back(samples_.data() + (inputs + o) * frames);
        const_in_.assign(in_.begin(), in_.end());
    }
    PlainBuffers(const PlainBuffers&) = delete;
    PlainBuffers& operator=(const PlainBuffers&) = delete;

    float* const* in_to_fill() const noexcept { return in_.data(); }
    const float* const* in() const noexcept { return const_in_.data(); }
    float* const* out() const noexcept { return out_.data(); }
    std::size_t inputs() const noexcept { return in_.size(); }
    std::size_t outputs() const noexcept { return out_.size(); }

private:
    std::vector<float> samples_;
    std::vector<float*> in_;
    std::vector<const float*> const_in_;
    std::vector<float*> out_;
};

}  // namespace mixrig::backend
