// Levels, times and frequencies as types, so that dB and gain, seconds and frames cannot be
// confused.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace mixrig::dsp {

struct Decibels {
    double value = 0.0;
};

struct Hertz {
    double value = 0.0;
};

struct Seconds {
    double value = 0.0;
};

namespace literals {
constexpr Decibels operator""_dB(long double v) {
    return {static_cast<double>(v)};
}
constexpr Decibels operator""_dB(unsigned long long v) {
    return {static_cast<double>(v)};
}
constexpr Hertz operator""_Hz(long double v) {
    return {static_cast<double>(v)};
}
constexpr Hertz operator""_Hz(unsigned long long v) {
    return {static_cast<double>(v)};
}
constexpr Hertz operator""_kHz(long double v) {
    return {static_cast<double>(v) * 1e3};
}
constexpr Hertz operator""_kHz(unsigned long long v) {
    return {static_cast<double>(v) * 1e3};
}
constexpr Seconds operator""_s(long double v) {
    return {static_cast<double>(v)};
}
constexpr Seconds operator""_s(unsigned long long v) {
    return {static_cast<double>(v)};
}
constexpr Seconds operator""_ms(long double v) {
    return {static_cast<double>(v) * 1e-3};
}
constexpr Seconds operator""_ms(unsigned long long v) {
    return {static_cast<double>(v) * 1e-3};
}
}  // namespace literals

}  // namespace mixrig::dsp
