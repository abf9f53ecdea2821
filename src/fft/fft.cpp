// FFTW behind a small door.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/fft/fft.h"

#include <fftw3.h>
#include <mutex>
#include <new>
#include <vector>

namespace mixrig::fft {
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

struct RealFft::State {
    explicit State(std::size_t length)
        : size(length), time(fftw_alloc_real(length)), bins(fftw_alloc_complex(length / 2 + 1)) {
        if (!time || !bins) throw std::bad_alloc();
        const auto n = static_cast<int>(length);
        const std::lock_guard lock(planner());
        forward = fftw_plan_dft_r2c_1d(n, time.get(), bins.get(), kPlan);
        back = fftw_plan_dft_c2r_1d(n, bins.get(), time.get(), kPlan);
        if (forward == nullptr || back == nullptr) throw std::bad_alloc();
    }
    ~State() {
        const std::lock_guard lock(planner());
        fftw_destroy_plan(forward);
        fftw_destroy_plan(back);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    static constexpr unsigned kPlan = FFTW_ESTIMATE | FFTW_DESTROY_INPUT;
    struct Freed {
        void operator()(void* memory) const { fftw_free(memory); }
    };
    std::size_t size;
    std::unique_ptr<double, Freed> time;
    std::unique_ptr<fftw_complex, Freed> bins;
    fftw_plan forward = nullptr, back = nullptr;
};

RealFft::RealFft(std::size_t size) : state_(std::make_unique<State>(size)) {}
RealFft::RealFft(RealFft&&) noexcept = default;
RealFft& RealFft::operator=(RealFft&&) noexcept = default;
RealFft::~RealFft() = default;

std::size_t RealFft::size() const {
    return state_->size;
}

std::span<double> RealFft::time() {
    return {state_->time.get(), state_->size};
}

// FFTW says that its complex numbers are laid out as those of C++.
std::span<std::complex<double>> RealFft::frequencies() {
    return {reinterpret_cast<std::complex<double>*>(state_->bins.get()), state_->size / 2 + 1};
}

void RealFft::forward() {
    fftw_execute(state_->forward);
}

void RealFft::back() {
    fftw_execute(state_->back);
}

}  // namespace mixrig::fft
