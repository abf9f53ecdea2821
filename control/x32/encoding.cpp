// Steps to wire and text, and back. The arithmetic of the text is the desk's, digit by digit.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/encoding.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace mixrig::control::x32 {
namespace {

constexpr double kSilence = -90.0;  // dB; where the lowest segment of the taper ends

// The fader's taper: dB = slope * position - offset from this position on.
struct Segment {
    double from, slope, offset;
};
constexpr std::array kTaper = {Segment{0.5, 40.0, 30.0}, Segment{0.25, 80.0, 50.0},
                               Segment{0.0625, 160.0, 70.0}, Segment{0.0, 480.0, 90.0}};

double level_of(double position) {
    for (const Segment& s : kTaper)
        if (position >= s.from) return s.slope * position - s.offset;
    return kSilence;
}

double position_of(double dB) {
    for (const Segment& s : kTaper)
        if (dB >= s.slope * s.from - s.offset) return (dB + s.offset) / s.slope;
    return 0.0;
}

// Ties go away from zero, unlike printf's. The product is exact in the long mantissa for as few
// decimals as there are.
std::string fixed(double x, int decimals) {
    long double scale = 1.0L;
    for (int i = 0; i < decimals; ++i) scale *= 10.0L;
    const long double whole = std::floor(std::fabs(static_cast<long double>(x)) * scale + 0.5L);
    std::array<char, 64> out{};
    const int size = std::snprintf(out.data(), out.size(), "%s%.*Lf",
                                   x < 0.0 && whole > 0 ? "-" : "", decimals, whole / scale);
    return {out.data(), static_cast<std::size_t>(size)};
}

// Without the noise of the formulas.
double clean(double x) {
    return std::floor(x * 1e7 + 0.5) / 1e7 + 0.0;
}

std::string shortened(std::string text, double x, const Encoding& e) {
    if (e.digits == 0) return text;
    int whole = 1;
    for (double rest = std::floor(std::fabs(x)); rest >= 10.0; rest /= 10.0) ++whole;
    int cut = whole + e.decimals - e.digits;
    if (cut <= 0) return text;
    if (cut >= e.decimals) cut = e.decimals + 1;  // the point as well
    text.resize(text.size() - static_cast<std::size_t>(cut));
    return text;
}

std::string kilo_text(double x, const Encoding& e) {
    const int kilo = static_cast<int>(x / 1000.0);
    if (e.decimals <= 0) x = std::round(x);
    x = std::round(x * 10.0) / 10.0;
    const int rest = static_cast<int>(std::fmod(x, 1000.0));
    std::array<char, 32> out{};
    std::snprintf(out.data(), out.size(), "%dk%03d", kilo, rest);
    std::string text(out.data());
    if (e.decimals >= 0) text.resize(text.find('k') + 2 + static_cast<std::size_t>(e.decimals));
    return text;
}

std::string level_text(double dB) {
    if (std::fabs(dB) < 0.1) return "0.0";
    return (dB > 0.0 ? "+" : "") + fixed(dB, 1);
}

std::optional<double> plain_number(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    double number = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number))
        return std::nullopt;
    return number;
}

// "-oo", "+3.5", "1k97".
std::optional<double> value_of(std::string_view text) {
    if (text == "-oo") return -1e9;
    const std::size_t k = text.find('k');
    if (k == std::string_view::npos) return plain_number(text);
    std::string rest(text.substr(k + 1));
    if (rest.size() > 3) return std::nullopt;
    rest.resize(3, '0');
    const auto kilo = plain_number(text.substr(0, k)), below = plain_number(rest);
    if (!kilo || !below) return std::nullopt;
    return *kilo * 1000.0 + *below;
}

std::optional<Step> bits_of(std::string_view text) {
    Step bits = 0;
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), bits, 2);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return bits;
}

}  // namespace

Step Encoding::most() const {
    switch (form) {
        case Form::word:
            return static_cast<Step>(words.size()) - 1;
        case Form::whole:
            return static_cast<Step>(high);
        case Form::text:
            return 0;
        default:
            return steps;
    }
}

Step Encoding::clamp(double step) const {
    if (!(step > least())) return least();
    return step >= most() ? most() : static_cast<Step>(step);
}

Step Encoding::from_wire(double value) const {
    return clamp(std::floor(value * steps + 0.5));
}

double Encoding::value(Step step) const {
    const double part = static_cast<double>(step) / steps;
    if (form == Form::level) return level_of(part);
    if (form == Form::linear) return clean(low + (high - low) * part);
    return clean(low * std::exp(std::log(high / low) * part));
}

Step Encoding::nearest(double value) const {
    if (form == Form::level) return from_wire(position_of(value));
    if (form == Form::linear) return from_wire((value - low) / (high - low));
    return value > 0.0 ? from_wire(std::log(value / low) / std::log(high / low))
                       : clamp(low < high ? 0.0 : steps);
}

std::string Encoding::format(Step step) const {
    if (form == Form::word) return std::string(words[static_cast<std::size_t>(clamp(step))]);
    if (form == Form::whole) return std::to_string(step);
    if (form == Form::bits) {
        std::string out = "%";
        for (int bit = static_cast<int>(high) - 1; bit >= 0; --bit)
            out += (step >> bit & 1) != 0 ? '1' : '0';
        return out;
    }
    const double x = value(step);
    if (form == Form::level) return step == 0 ? "-oo" : level_text(x);
    if (form == Form::log && kilo && x >= 1000.0) return kilo_text(x, *this);
    const std::string text = fixed(x, std::max(decimals, 0));
    return shortened(plus && x >= 0.0 ? "+" + text : text, x, *this);
}

std::optional<Step> Encoding::parse(std::string_view text) const {
    if (form == Form::word)
        for (std::size_t i = 0; i < words.size(); ++i)
            if (words[i] == text) return static_cast<Step>(i);
    if (form == Form::bits && text.starts_with('%')) {
        const auto bits = bits_of(text);
        return bits ? std::optional(clamp(*bits)) : std::nullopt;
    }
    const auto number = is_float() ? value_of(text) : plain_number(text);
    if (!number) return std::nullopt;
    return is_float() ? nearest(*number) : clamp(*number);
}

}  // namespace mixrig::control::x32
