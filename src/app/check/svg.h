// Small plots as SVG text: axes, lines, areas, bars, a heat map. Colours come from the page's
// style.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::app::check {

// As it may stand in HTML and in SVG.
std::string escaped(std::string_view text);

struct Tick {
    double at = 0.0;
    std::string text = {};
};

// One direction of a plot, in the units of its data.
struct Axis {
    double low = 0.0, high = 1.0;
    std::vector<Tick> ticks = {};
};
Axis time_axis(double seconds);
// Ticks at whole steps between both ends.
Axis level_axis(double low, double high, double step);

struct Point {
    double x = 0.0, y = 0.0;
};

// As wide as a phone and scaled to whatever there is. `style` is a class of the page. What lies
// beyond an axis is drawn at its end.
class Plot {
public:
    Plot(Axis x, Axis y, std::string_view described);

    void line(std::span<const Point> points, std::string_view style);
    // Between the line and `base`.
    void area(std::span<const Point> points, double base, std::string_view style);
    void level(double y, std::string_view text, std::string_view style);  // across the whole width
    void bar(double x, double width, double y, double base, std::string_view style);
    std::string text() const;

private:
    double px(double x) const;
    double py(double y) const;

    Axis x_, y_;
    std::string described_, body_;
};

// Square cells, each as strong as its value between 0 and 1, by row and column.
struct HeatMap {
    std::vector<std::string> names = {};  // of rows; columns have their numbers
    std::function<double(std::size_t row, std::size_t column)> value = {};
    std::function<std::string(std::size_t row, std::size_t column)> hint = {};
    std::string described = {};
};
std::string heat_map(const HeatMap& map);

}  // namespace mixrig::app::check
