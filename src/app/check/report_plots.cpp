// The plots of the report.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/check/figures.h"
#include "src/app/check/report.h"
#include "src/app/check/svg.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace mixrig::app::check {
namespace {

constexpr std::size_t kMostPoints = 480;
constexpr double kQuietest = -60.0;
constexpr double kShortTerm = 3.0;  // seconds

std::string figure(std::string_view title, std::string_view text, std::string_view plot) {
    std::string out = "<figure><figcaption>";
    out.append(title).append("<small>").append(text).append("</small></figcaption>");
    return out.append(plot).append("</figure>\n");
}

using Pick = const float& (*)(const float&, const float&);
const float& higher(const float& a, const float& b) {
    return std::max(a, b);
}
const float& lower(const float& a, const float& b) {
    return std::min(a, b);
}

// Of a long course each point stands for several, of which it is the one that matters.
std::vector<Point> thinned(const Course& course, Pick pick) {
    const std::size_t size = course.values.size();
    const std::size_t each = std::max<std::size_t>(1, (size + kMostPoints - 1) / kMostPoints);
    std::vector<Point> out;
    for (std::size_t i = 0; i < size; i += each) {
        float value = course.values[i];
        for (std::size_t k = i; k < std::min(size, i + each); ++k)
            value = pick(value, course.values[k]);
        out.push_back({static_cast<double>(i + 1) * course.step_s, static_cast<double>(value)});
    }
    return out;
}

double seconds(const Course& course) {
    return static_cast<double>(course.values.size()) * course.step_s;
}

std::string legend(std::string_view style, std::string_view text) {
    std::string out = "<span class=\"";
    return out.append(style).append("\">").append(text).append("</span>");
}
std::string legends(const std::string& inner) {
    return "<div class=\"legend\">" + inner + "</div>";
}

std::string loudness_plot(const SoundFacts& sound) {
    auto short_term = thinned(sound.short_term, higher);
    const auto momentary = thinned(sound.momentary, higher);
    double top = -20.0;
    for (const Point& p : momentary) top = std::max(top, p.y);
    // Until its window is full, the short-term loudness says nothing.
    if (!short_term.empty() && short_term.back().x > 2.0 * kShortTerm)
        std::erase_if(short_term, [](const Point& p) { return p.x < kShortTerm; });
    Plot plot(time_axis(seconds(sound.momentary)),
              level_axis(kQuietest, std::ceil(top / 10.0) * 10.0, 10.0), "loudness over time");
    plot.area(short_term, kQuietest, "one");
    plot.line(momentary, "two thin");
    plot.line(short_term, "one");
    const double integrated = sound.measured.integrated_lufs;
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%.1f LUFS integrated", integrated);
    if (std::isfinite(integrated)) plot.level(integrated, text.data(), "three");
    return figure("Loudness", "LUFS over time",
                  legends(legend("one", "short-term, 3 s") + legend("two", "momentary, 0.4 s")) +
                      plot.text());
}

// Both in dB of the whole, laid over one another where most of the music is.
std::string spectrum_plot(const Facts& facts) {
    constexpr std::size_t kFrom = 4, kTo = 28;  // 50 Hz to 10 kHz
    const auto sound = shares_dB(facts.sound->bands);
    auto aim = shares_dB(facts.reference ? facts.reference->bands : slope_powers());
    double offset = 0.0, top = -100.0;
    for (std::size_t i = kFrom; i < kTo; ++i) offset += (sound[i] - aim[i]) / (kTo - kFrom);
    for (std::size_t i = 0; i < aim.size(); ++i) top = std::max({top, sound[i], aim[i] += offset});
    Axis x{.low = 0.0, .high = static_cast<double>(sound.size())};
    for (const auto& [band, text] :
         {std::pair{2, "31"}, std::pair{7, "100"}, std::pair{12, "315"}, std::pair{17, "1k"},
          std::pair{22, "3.1k"}, std::pair{27, "10k"}})
        x.ticks.push_back({band + 0.5, text});
    const double high = std::ceil(top / 5.0) * 5.0 + 5.0, low = high - 60.0;
    Plot plot(x, level_axis(low, high, 10.0), "spectrum in third octaves");
    std::vector<Point> line;
    for (std::size_t i = 0; i < sound.size(); ++i) {
        const auto at = static_cast<double>(i);
        plot.bar(at, 1.0, sound[i], low, "one solid");
        line.push_back({at + 0.5, aim[i]});
    }
    plot.line(line, "two");
    const std::string against =
        facts.reference ? "the reference, " + escaped(facts.reference->name)
                        : std::string("a slope of -4.5 dB an octave (no reference was given)");
    return figure("Spectrum", "third octaves, dB of the whole",
                  legends(legend("one", "this sound") + legend("two", against)) + plot.text());
}

std::string correlation_plot(const SoundFacts& sound) {
    const auto points = thinned(sound.correlation, lower);
    std::vector<Point> negative = points;
    for (Point& p : negative) p.y = std::min(0.0, p.y);
    Plot plot(time_axis(seconds(sound.correlation)), level_axis(-1.0, 1.0, 0.5),
              "correlation over time");
    plot.area(points, 0.0, "four");
    plot.area(negative, 0.0, "bad solid");
    plot.line(points, "four");
    return figure("Correlation", "of 0.4 s; 1 is mono, below 0 something is lost in mono",
                  plot.text());
}

std::string reduction_plot(const Facts& facts) {
    constexpr std::array<std::string_view, 6> kStyles = {"one",   "four", "two",
                                                         "three", "five", "bad"};
    constexpr std::array<std::string_view, 6> kNames = {
        "main, compressor 1",  "main, compressor 2",           "chain, compressor 1",
        "chain, compressor 2", "multiband, most of its bands", "limiter"};
    double most = 0.0;
    for (const Course& course : facts.reduction)
        for (const float value : course.values) most = std::max(most, static_cast<double>(value));
    constexpr double kNothing = 0.05;
    if (most < kNothing)
        return figure("Gain reduction",
                      "compressors and limiter of the main bus turned nothing down", "");
    const double low = most <= 3.0 ? -3.0 : most <= 6.0 ? -6.0 : -std::ceil(most / 6.0) * 6.0;
    Plot plot(time_axis(seconds(facts.reduction.front())),
              level_axis(low, 0.0, most <= 6.0 ? 1.0 : -low / 6.0), "gain reduction over time");
    std::string keys;
    for (std::size_t i = 0; i < facts.reduction.size(); ++i) {
        auto points = thinned(facts.reduction[i], higher);
        if (std::none_of(points.begin(), points.end(), [&](auto p) { return p.y > kNothing; }))
            continue;
        for (Point& p : points) p.y = -p.y;
        if (keys.empty()) plot.area(points, 0.0, kStyles[i]);  // several would hide one another
        plot.line(points, std::string(kStyles[i]) + " thin");
        keys += legend(kStyles[i], kNames[i]);
    }
    return figure("Gain reduction", "dB, of the main bus, the most of each tenth of a second",
                  legends(keys) + plot.text());
}

std::string masking_plot(const Facts& facts) {
    HeatMap map{.described = "which strip masks which"};
    for (const std::size_t strip : facts.masking.strips)
        map.names.push_back(facts.strips[strip].name);
    map.value = [&](std::size_t row, std::size_t column) {
        return static_cast<double>(facts.masking.at(row, column)) / 100.0;
    };
    map.hint = [&](std::size_t row, std::size_t column) {
        std::array<char, 32> share{};
        std::snprintf(share.data(), share.size(), "%.0f %% of ",
                      static_cast<double>(facts.masking.at(row, column)));
        return share.data() + map.names[row] + " lies under " + map.names[column];
    };
    return figure("Masking", "% of each row that lies under the strip of the column",
                  heat_map(map));
}

}  // namespace

std::string plots_html(const Facts& facts) {
    if (!facts.sound) return {};
    std::string out = loudness_plot(*facts.sound) + spectrum_plot(facts);
    if (!facts.sound->correlation.values.empty()) out += correlation_plot(*facts.sound);
    if (facts.chain) out += reduction_plot(facts);
    if (facts.masking.strips.size() > 1) out += masking_plot(facts);
    return out;
}

}  // namespace mixrig::app::check
