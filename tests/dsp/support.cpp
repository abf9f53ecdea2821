// Counts allocations by replacing the operators.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/dsp/support.h"

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <numbers>

namespace {

thread_local std::size_t count = 0;

void* counted(std::size_t size, std::size_t alignment) {
    ++count;
    const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
    if (void* memory = std::aligned_alloc(alignment, rounded == 0 ? alignment : rounded))
        return memory;
    throw std::bad_alloc();
}

}  // namespace

namespace mixrig::dsp::test {

std::size_t allocations() {
    return count;
}

Decibels energy_above(const std::vector<float>& x, Hertz low, Hertz rate) {
    const std::size_t size = x.size();
    const auto first = static_cast<std::size_t>(low.value / rate.value * static_cast<double>(size));
    // All angles are whole parts of a turn.
    std::vector<double> cosine(size), sine(size), windowed(size);
    for (std::size_t n = 0; n < size; ++n) {
        const double turn =
            2.0 * std::numbers::pi * static_cast<double>(n) / static_cast<double>(size);
        cosine[n] = std::cos(turn);
        sine[n] = std::sin(turn);
        windowed[n] = (0.5 - 0.5 * cosine[n]) * static_cast<double>(x[n]);
    }
    double energy = 0.0;
    for (std::size_t bin = first; bin <= size / 2; ++bin) {
        double re = 0.0, im = 0.0;
        for (std::size_t n = 0, at = 0; n < size; ++n, at = (at + bin) % size) {
            re += windowed[n] * cosine[at];
            im += windowed[n] * sine[at];
        }
        energy += (re * re + im * im) * 2.0;
    }
    // A full-scale sine has this energy in the same sum: mean square 1/2, Hann window 3/8, size
    // squared.
    const double full = 0.5 * 0.375 * static_cast<double>(size) * static_cast<double>(size);
    return {10.0 * std::log10(energy / full)};
}

}  // namespace mixrig::dsp::test

void* operator new(std::size_t size) {
    return counted(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    return counted(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}
