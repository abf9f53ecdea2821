// FFTW behind a small door.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/fft.h"

#include <fftw3.h>
#include <mutex>
#include <new>
#include <vector>

namespace mixrig::monitor {
namespace {

std::mutex& planner() {
    static std::mutex mutex;
    return mutex;
}

struct Freed {
    void operator()(void* memory) const { fftwf_free(memory); }
};

}  // namespace

struct PowerFft::State {
    explicit State(std::size_t length)
        : size(length),
          in(fftwf_alloc_real(length)),
          out(fftwf_alloc_complex(length / 2 + 1)),
          power(length / 2 + 1) {
        if (!in || !out) throw std::bad_alloc();
        const std::lock_guard lock(planner());
        // Measured plans are faster by half, but take 0.1 s and more to make; a few dozen
        // transforms a second do not earn it.
        plan = fftwf_plan_dft_r2c_1d(static_cast<int>(length), in.get(), out.get(),
                                     FFTW_ESTIMATE | FFTW_DESTROY_INPUT);
        if (plan == nullptr) throw std::bad_alloc();
    }
    ~State() {
        const std::lock_guard lock(planner());
        fftwf_destroy_plan(plan);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    std::size_t size;
    std::unique_ptr<float, Freed> in;
    std::unique_ptr<fftwf_complex, Freed> out;
    std::vector<float> power;
    fftwf_plan plan = nullptr;
};

PowerFft::PowerFft(std::size_t size) : state_(std::make_unique<State>(size)) {}
PowerFft::PowerFft(PowerFft&&) noexcept = default;
PowerFft& PowerFft::operator=(PowerFft&&) noexcept = default;
PowerFft::~PowerFft() = default;

std::size_t PowerFft::size() const {
    return state_->size;
}

std::span<float> PowerFft::input() {
    return {state_->in.get(), state_->size};
}

std::span<const float> PowerFft::run() {
    fftwf_execute(state_->plan);
    const fftwf_complex* out = state_->out.get();
    for (std::size_t k = 0; k < state_->power.size(); ++k)
        state_->power[k] = out[k][0] * out[k][0] + out[k][1] * out[k][1];
    return state_->power;
}

}  // namespace mixrig::monitor
