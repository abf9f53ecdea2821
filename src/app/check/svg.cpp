// Numbers into paths.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/check/svg.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

namespace mixrig::app::check {
namespace {

constexpr double kWidth = 360.0, kHeight = 190.0;
constexpr double kLeft = 32.0, kRight = 8.0, kTop = 8.0, kBottom = 20.0;

std::string number(double value) {
    std::array<char, 32> out{};
    std::snprintf(out.data(), out.size(), "%.1f", value);
    return out.data();
}

std::string attribute(std::string_view name, std::string_view value) {
    return std::string(" ").append(name).append("=\"").append(value).append("\"");
}
std::string attribute(std::string_view name, double value) {
    return attribute(name, number(value));
}

std::string label(double x, double y, std::string_view text, std::string_view style) {
    return "<text" + attribute("x", x) + attribute("y", y) + attribute("class", style) + ">" +
           escaped(text) + "</text>";
}

std::string rectangle(double x, double y, double width, double height) {
    return "<rect" + attribute("x", x) + attribute("y", y) + attribute("width", width) +
           attribute("height", height);
}

std::string open(double width, double height, std::string_view described) {
    std::string out = "<svg viewBox=\"0 0 " + number(width) + " " + number(height) + "\"";
    out += attribute("role", "img") + attribute("aria-label", escaped(described)) + ">";
    return out;
}

std::string clock(double seconds) {
    const auto whole = static_cast<long>(std::lround(seconds));
    std::array<char, 32> out{};
    std::snprintf(out.data(), out.size(), "%ld:%02ld", whole / 60, whole % 60);
    return out.data();
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else if (static_cast<unsigned char>(c) >= 0x20)
            out += c;
    }
    return out;
}

Axis time_axis(double seconds) {
    constexpr std::array kSteps = {1.0,  2.0,   5.0,   10.0,  15.0,   30.0,
                                   60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0};
    constexpr double kMostTicks = 7.0;
    const auto step = std::find_if(kSteps.begin(), kSteps.end() - 1,
                                   [&](double each) { return seconds / each <= kMostTicks; });
    Axis axis{.low = 0.0, .high = std::max(seconds, 0.1)};
    for (double at = 0.0; at <= axis.high + 1e-9 && axis.ticks.size() < 64; at += *step)
        axis.ticks.push_back({at, clock(at)});
    return axis;
}

Axis level_axis(double low, double high, double step) {
    Axis axis{.low = low, .high = high};
    for (double at = std::ceil(low / step) * step; at <= high + 1e-9; at += step) {
        std::string text = number(at + 0.0);
        if (text.ends_with(".0")) text.erase(text.size() - 2);
        axis.ticks.push_back({at, text == "-0" ? "0" : text});
    }
    return axis;
}

Plot::Plot(Axis x, Axis y, std::string_view described)
    : x_(std::move(x)), y_(std::move(y)), described_(described) {
    for (const Tick& tick : y_.ticks) {
        const double y_at = py(tick.at);
        body_ += "<path class=\"grid\" d=\"M" + number(kLeft) + " " + number(y_at) + "H" +
                 number(kWidth - kRight) + "\"/>";
        body_ += label(kLeft - 4.0, y_at + 3.0, tick.text, "tick end");
    }
    for (const Tick& tick : x_.ticks)
        body_ += label(px(tick.at), kHeight - 6.0, tick.text, "tick mid");
}

double Plot::px(double x) const {
    const double share = std::clamp((x - x_.low) / (x_.high - x_.low), 0.0, 1.0);
    return kLeft + share * (kWidth - kLeft - kRight);
}
double Plot::py(double y) const {
    const double share = std::clamp((y - y_.low) / (y_.high - y_.low), 0.0, 1.0);
    return kHeight - kBottom - share * (kHeight - kTop - kBottom);
}

void Plot::line(std::span<const Point> points, std::string_view style) {
    if (points.empty()) return;
    body_ += "<polyline" + attribute("class", std::string("line ").append(style)) + " points=\"";
    for (const Point& p : points) body_ += number(px(p.x)) + "," + number(py(p.y)) + " ";
    body_ += "\"/>";
}

void Plot::area(std::span<const Point> points, double base, std::string_view style) {
    if (points.empty()) return;
    body_ += "<polygon" + attribute("class", std::string("area ").append(style)) + " points=\"";
    body_ += number(px(points.front().x)) + "," + number(py(base)) + " ";
    for (const Point& p : points) body_ += number(px(p.x)) + "," + number(py(p.y)) + " ";
    body_ += number(px(points.back().x)) + "," + number(py(base)) + "\"/>";
}

void Plot::level(double y, std::string_view text, std::string_view style) {
    body_ += "<path" + attribute("class", std::string("line dash ").append(style)) + " d=\"M" +
             number(kLeft) + " " + number(py(y)) + "H" + number(kWidth - kRight) + "\"/>";
    body_ += label(kWidth - kRight - 2.0, py(y) - 4.0, text, "tick end strong");
}

void Plot::bar(double x, double width, double y, double base, std::string_view style) {
    const double from = py(std::max(y, base)), to = py(std::min(y, base));
    body_ += rectangle(px(x), from, std::max(0.5, px(x + width) - px(x) - 1.0),
                       std::max(0.5, to - from)) +
             attribute("class", std::string("area ").append(style)) + "/>";
}

std::string Plot::text() const {
    return open(kWidth, kHeight, described_) + body_ + "</svg>";
}

std::string heat_map(const HeatMap& map) {
    constexpr double kNames = 92.0, kHead = 16.0;
    constexpr std::size_t kMostLetters = 14;
    const std::size_t n = map.names.size();
    const double cell =
        std::min(26.0, (kWidth - kNames) / static_cast<double>(std::max<std::size_t>(1, n)));
    const double size = cell * static_cast<double>(n);
    std::string out = open(kWidth, kHead + size + 2.0, map.described);
    for (std::size_t row = 0; row < n; ++row) {
        const double at = static_cast<double>(row) * cell;
        std::string name = std::to_string(row + 1) + " " + map.names[row];
        if (name.size() > kMostLetters) name = name.substr(0, kMostLetters - 1) + ".";
        out += label(kNames - 4.0, kHead + at + cell / 2.0 + 3.5, name, "tick end");
        out += label(kNames + at + cell / 2.0, kHead - 4.0, std::to_string(row + 1), "tick mid");
        for (std::size_t column = 0; column < n; ++column) {
            const bool self = row == column;
            const double value = self ? 0.0 : std::clamp(map.value(row, column), 0.0, 1.0);
            out += rectangle(kNames + static_cast<double>(column) * cell, kHead + at, cell - 1.0,
                             cell - 1.0);
            out += attribute("class", self ? "self" : "cell");
            std::array<char, 48> heat{};
            std::snprintf(heat.data(), heat.size(), " style=\"--heat:%.2f\">", value);
            out += self ? ">" : heat.data();
            out += "<title>" + escaped(self ? map.names[row] : map.hint(row, column)) +
                   "</title></rect>";
            // Where there is room, and something to say.
            if (!self && cell >= 20.0 && value >= 0.05)
                out += label(kNames + static_cast<double>(column) * cell + cell / 2.0 - 0.5,
                             kHead + at + cell / 2.0 + 3.0,
                             std::to_string(std::lround(100.0 * value)), "heat");
        }
    }
    return out + "</svg>";
}

}  // namespace mixrig::app::check
