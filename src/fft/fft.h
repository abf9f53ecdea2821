// Sound to frequencies, and back.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>

namespace mixrig::fft {

// A Hann window takes the noise of so many bins for that of one.
inline constexpr float kHannBandwidth = 1.5f;

// [one thread, not audio] Made and destroyed on any thread: the planner, which is not thread-safe,
// is held by a lock.
class PowerFft {
public:
    // `size` is a power of two.
    explicit PowerFft(std::size_t size);
    PowerFft(PowerFft&&) noexcept;
    PowerFft& operator=(PowerFft&&) noexcept;
    ~PowerFft();

    std::size_t size() const;
    // What to transform; of size(). It does not survive run().
    std::span<float> input();
    // |X|^2 of the bins 0 to size()/2, which are size()/2 + 1.
    std::span<const float> run();

private:
    struct State;
    std::unique_ptr<State> state_;
};

// Likewise, in double precision and both ways.
class RealFft {
public:
    explicit RealFft(std::size_t size);
    RealFft(RealFft&&) noexcept;
    RealFft& operator=(RealFft&&) noexcept;
    ~RealFft();

    std::size_t size() const;
    std::span<double> time();                       // of size()
    std::span<std::complex<double>> frequencies();  // bins 0 to size()/2
    // Each leaves what it read as it was, or not: it does not survive.
    void forward();  // time to frequencies
    void back();     // frequencies to time: forward and back give size() times what there was

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mixrig::fft
