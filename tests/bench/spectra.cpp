// Measures resampling and dither: tables in Markdown on stdout, plots as SVG in the folder named.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/quantize.h"
#include "tests/support/resampling.h"
#include "tests/support/tone.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

using namespace mixrig;

namespace {

struct Curve {
    std::string name;
    std::vector<std::pair<double, double>> points;  // Hz, dB
};

struct Axes {
    double from_Hz, to_Hz, low_dB, high_dB, step_dB;
    bool logarithmic;
};

constexpr double kWidth = 760.0, kHeight = 300.0, kLeft = 50.0, kTop = 24.0;
constexpr std::array kColours = {"#1f6fb4", "#d2691e", "#2a8a3e", "#8a2a86"};

class Plot {
public:
    Plot(std::string title, const Axes& axes) : axes_(axes) {
        text_ =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 840 370\" "
            "font-family=\"sans-serif\" font-size=\"11\" fill=\"#777\">\n"
            "<rect width=\"840\" height=\"370\" fill=\"#fff\"/>\n";
        label(kLeft, 16.0, "start", title);
        for (double dB = axes.low_dB; dB <= axes.high_dB; dB += axes.step_dB) {
            line(kLeft, y(dB), kLeft + kWidth, y(dB));
            label(kLeft - 5.0, y(dB) + 4.0, "end", whole(dB));
        }
        for (const double hertz : {20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10000.0,
                                   20000.0, 30000.0, 40000.0, 50000.0})
            if (hertz >= axes.from_Hz && hertz <= axes.to_Hz &&
                (axes.logarithmic || hertz >= 5000.0)) {
                line(x(hertz), kTop, x(hertz), kTop + kHeight);
                label(x(hertz), kTop + kHeight + 14.0, "middle",
                      hertz < 1000.0 ? whole(hertz) : whole(hertz / 1000.0) + "k");
            }
        label(kLeft + kWidth, kTop + kHeight + 28.0, "end", "Hz");
        label(8.0, 16.0, "start", "dB");
    }

    void add(const Curve& curve) {
        text_ += std::string("<polyline fill=\"none\" stroke=\"") + colour() + "\" points=\"";
        for (const auto& [hertz, dB] : curve.points)
            text_ +=
                tenth(x(hertz)) + "," + tenth(y(std::clamp(dB, axes_.low_dB, axes_.high_dB))) + " ";
        text_ += "\"/>\n<text x=\"" + tenth(kLeft + 190.0 * static_cast<double>(curves_)) +
                 "\" y=\"362\" fill=\"" + colour() + "\">" + curve.name + "</text>\n";
        ++curves_;
    }

    void save(const std::filesystem::path& path) const {
        std::ofstream(path) << text_ << "</svg>\n";
    }

private:
    static std::string print(const char* format, double number) {
        std::array<char, 32> out{};
        std::snprintf(out.data(), out.size(), format, number);
        return out.data();
    }
    static std::string whole(double number) { return print("%.0f", number); }
    static std::string tenth(double number) { return print("%.1f", number); }
    std::string colour() const { return kColours[curves_ % kColours.size()]; }
    double x(double hertz) const {
        const double share =
            axes_.logarithmic
                ? std::log(hertz / axes_.from_Hz) / std::log(axes_.to_Hz / axes_.from_Hz)
                : (hertz - axes_.from_Hz) / (axes_.to_Hz - axes_.from_Hz);
        return kLeft + kWidth * share;
    }
    double y(double dB) const {
        return kTop + kHeight * (axes_.high_dB - dB) / (axes_.high_dB - axes_.low_dB);
    }
    void line(double x1, double y1, double x2, double y2) {
        text_ += "<path stroke=\"#ddd\" d=\"M" + tenth(x1) + " " + tenth(y1) + "L" + tenth(x2) +
                 " " + tenth(y2) + "\"/>\n";
    }
    void label(double at_x, double at_y, const char* anchor, const std::string& words) {
        text_ += "<text x=\"" + tenth(at_x) + "\" y=\"" + tenth(at_y) + "\" text-anchor=\"" +
                 anchor + "\">" + words + "</text>\n";
    }

    Axes axes_;
    std::string text_;
    std::size_t curves_ = 0;
};

// Of a spectrum the highest bin of each of some hundred steps of the axis.
Curve thinned(std::string name, const std::vector<double>& levels, double rate, const Axes& axes) {
    constexpr std::size_t kSteps = 500;
    const double half = static_cast<double>(levels.size() - 1);
    const auto bin = [&](double share) {
        const double hertz = axes.logarithmic
                                 ? axes.from_Hz * std::pow(axes.to_Hz / axes.from_Hz, share)
                                 : axes.from_Hz + share * (axes.to_Hz - axes.from_Hz);
        return static_cast<std::size_t>(std::min(half, hertz / (rate / 2.0) * half));
    };
    Curve out{.name = std::move(name), .points = {}};
    for (std::size_t step = 0; step < kSteps; ++step) {
        const std::size_t first = bin(static_cast<double>(step) / kSteps);
        const std::size_t last = std::max(first + 1, bin(static_cast<double>(step + 1) / kSteps));
        if (!out.points.empty() && first == bin((static_cast<double>(step) - 1.0) / kSteps))
            continue;  // low down there are fewer bins than steps
        std::size_t highest = first;
        for (std::size_t k = first; k < std::min(last, levels.size()); ++k)
            if (levels[k] > levels[highest]) highest = k;
        const double hertz = static_cast<double>(highest) / half * rate / 2.0;
        out.points.emplace_back(std::max(hertz, axes.from_Hz), levels[highest]);
    }
    return out;
}

// Powers of many stretches, averaged: noise becomes a line.
std::vector<double> mean_spectrum(const std::function<std::vector<double>(std::size_t)>& stretch,
                                  std::size_t count) {
    const std::vector<double> window = test::window_of(stretch(0).size());
    std::vector<double> powers;
    for (std::size_t k = 0; k < count; ++k) {
        const std::vector<double> levels = test::spectrum_dB(stretch(k), window);
        powers.resize(levels.size());
        for (std::size_t n = 0; n < levels.size(); ++n)
            powers[n] += std::pow(10.0, levels[n] / 10.0) / static_cast<double>(count);
    }
    for (double& power : powers) power = 10.0 * std::log10(power);
    return powers;
}

void resampling_table() {
    std::printf(
        "| from | to | -0.1 dB at | -3 dB at | off | rejected | THD+N 1 kHz | THD+N high |\n"
        "|---|---|---|---|---|---|---|---|\n");
    for (const double from : test::kRates)
        for (const double to : test::kRates) {
            if (from == to) continue;
            const test::Conversion c = test::measure_conversion(from, to);
            std::printf("| %.1f | %.1f | %.0f | %.0f | %.6f | %.1f | %.1f | %.1f |\n", from / 1e3,
                        to / 1e3, c.edge_01dB, c.edge_3dB, c.ripple_dB, c.rejected_dB,
                        c.noise_1k_dB, c.noise_high_dB);
            std::fflush(stdout);
        }
}

void response_plot(const std::filesystem::path& folder) {
    const Axes axes{15000.0, 30000.0, -180.0, 0.0, 20.0, false};
    Plot plot("Level of a tone behind the conversion, dB against before", axes);
    for (const double to : {44100.0, 48000.0}) {
        Curve curve{.name = "96 kHz to " + std::string(to < 45000.0 ? "44.1" : "48") + " kHz",
                    .points = {}};
        for (double hertz = axes.from_Hz; hertz <= axes.to_Hz; hertz += 75.0)
            curve.points.emplace_back(hertz, hertz < to / 2.0
                                                 ? test::passed_dB(96000.0, to, hertz)
                                                 : test::folded_dB(96000.0, to, hertz));
        plot.add(curve);
    }
    plot.save(folder / "resample-response.svg");
}

void tone_plot(const std::filesystem::path& folder) {
    const Axes axes{20.0, 20000.0, -200.0, 0.0, 20.0, true};
    Plot plot("A full-scale tone of 997 Hz behind the conversion, dBFS a bin of 65536", axes);
    const std::pair<double, double> pairs[] = {{96000.0, 44100.0}, {44100.0, 48000.0}};
    for (const auto& [from, to] : pairs) {
        const auto done = disk::resample(
            {.rate = {from},
             .tracks = {test::sine(997.0 / from, static_cast<std::size_t>(3.0 * from), 0.999)}},
            {to});
        const auto& track = done->tracks[0];
        const std::vector<double> middle(track.begin() + 20000, track.begin() + 20000 + 65536);
        plot.add(thinned(from > 90000.0 ? "96 kHz to 44.1 kHz" : "44.1 kHz to 48 kHz",
                         test::spectrum_dB(middle, test::window_of(middle.size())), to, axes));
    }
    plot.save(folder / "resample-tone.svg");
}

// A tone of -60 dBFS as a file of so many bits has it.
std::vector<double> quantized(int bits, disk::Dither dither, double cycles, std::size_t frames,
                              std::uint64_t seed) {
    const std::vector<float> in = test::sine(cycles, frames, 0.001);
    std::vector<std::int32_t> out(frames);
    disk::Quantizer({.bits = bits, .seed = seed, .dither = dither}).convert(in, out.data());
    return {out.begin(), out.end()};
}

void dither_plot(const std::filesystem::path& folder, int bits, std::size_t size,
                 std::span<const disk::Dither> kinds, const std::string& title, const Axes& axes) {
    constexpr double kRate = 44100.0;
    constexpr std::array kNames = {"tpdf", "tpdf_hp", "shaped", "shaped_strong"};
    Plot plot(title, axes);
    for (const disk::Dither dither : kinds) {
        const double cycles =
            std::round(1000.0 / kRate * static_cast<double>(size)) / static_cast<double>(size);
        const auto levels = mean_spectrum(
            [&](std::size_t k) {
                auto out = quantized(bits, dither, cycles, size, k + 1);
                for (double& x : out) x *= 0x1p-31;
                return out;
            },
            bits == 16 ? 16 : 1);
        plot.add(thinned(bits == 16 ? kNames[static_cast<std::size_t>(dither)] : "24 bit", levels,
                         kRate, axes));
    }
    plot.save(folder / ("dither-" + std::to_string(bits) + ".svg"));
}

}  // namespace

int main(int count, char** words) {
    if (count != 2) {
        std::fputs("usage: spectra FOLDER\n", stderr);
        return 2;
    }
    const std::filesystem::path folder = words[1];
    response_plot(folder);
    tone_plot(folder);
    const disk::Dither kinds[] = {disk::Dither::triangular, disk::Dither::high_passed,
                                  disk::Dither::shaped, disk::Dither::strongly_shaped};
    dither_plot(folder, 16, 16384, kinds, "A tone of -60 dBFS in 16 bit, dBFS a bin of 16384",
                {50.0, 22050.0, -160.0, -40.0, 20.0, true});
    dither_plot(folder, 24, 1u << 20, std::span(kinds).first(1),
                "A tone of -60 dBFS in 24 bit, dBFS a bin of 1048576",
                {50.0, 22050.0, -220.0, -40.0, 20.0, true});
    resampling_table();
}
