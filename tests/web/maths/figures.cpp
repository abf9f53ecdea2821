// Prints as JSON what the desk computes, for the tests of what the page draws.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/compressor.h"
#include "dsp/design.h"
#include "dsp/gate.h"
#include "dsp/limiter.h"
#include "dsp/master/clipper.h"
#include "dsp/master/saturator.h"
#include "src/param/layout.h"
#include "src/param/table.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <iterator>
#include <numbers>
#include <string_view>
#include <utility>
#include <vector>

using namespace mixrig::dsp;
using mixrig::param::kTable;
using mixrig::param::Row;
using nlohmann::json;

namespace {

constexpr Hertz kRate{48000.0};
constexpr double kFrequencies[] = {20.0, 63.0, 200.0, 900.0, 1000.0, 3150.0, 8000.0, 16000.0};

double gain(double dB) {
    return std::pow(10.0, dB / 20.0);
}
double in_dB(double gain) {
    return 20.0 * std::log10(std::max(gain, 1e-10));
}

const Row& row(std::string_view address) {
    return *std::find_if(std::begin(kTable), std::end(kTable),
                         [&](const Row& at) { return at.address == address; });
}

// Positions of knobs and values there, one set for each number row.
json tapers() {
    static constexpr const char* kNames[] = {"linear", "logarithmic", "fader"};
    json out = json::array();
    for (const Row& at : kTable) {
        if (at.type != mixrig::param::Type::number) continue;
        json points = json::array();
        for (float knob = 0.0f; knob <= 1.0f; knob += 0.0625f) {
            const float value = from_knob(at, knob);
            points.push_back({knob, value, to_knob(at, value)});
        }
        out.push_back({{"low", at.low},
                       {"high", at.high},
                       {"taper", kNames[static_cast<std::size_t>(at.taper)]},
                       {"points", points}});
    }
    return out;
}

// Bands in every shape the table has a word for: by the prototype, and by what the desk computes.
json bands() {
    json out = json::array();
    const auto words = choices(row("eq/#/type"));
    for (std::size_t type = 0; type < words.size(); ++type)
        for (const auto& [freq, q, dB] : {std::tuple{80.0, 0.7071, 9.0},
                                          {900.0, 1.0, -12.0},
                                          {900.0, 4.0, 24.0},
                                          {6500.0, 0.4, -6.0},
                                          {12000.0, 8.0, 3.0}})
            for (const double at : kFrequencies) {
                const auto shape = static_cast<FilterType>(type);
                const SvfLane lane = design_eq(shape, {freq}, q, {dB}, kRate);
                out.push_back(
                    {{"type", words[type]},
                     {"freq", freq},
                     {"q", q},
                     {"gain", dB},
                     {"at", at},
                     {"prototype", in_dB(std::abs(prototype(shape, {freq}, q, {dB}, {at})))},
                     {"desk", in_dB(std::abs(response(lane, {at}, kRate)))}});
            }
    return out;
}

json slopes() {
    json out = json::array();
    const auto words = choices(row("hpf/slope"));
    for (std::size_t slope = 0; slope < words.size(); ++slope)
        for (const double corner : {80.0, 1000.0, 9000.0})
            for (const double at : kFrequencies) {
                const auto dB = [&](const std::array<SvfLane, 2>& lanes) {
                    return in_dB(std::abs(response(lanes[0], {at}, kRate) *
                                          response(lanes[1], {at}, kRate)));
                };
                const auto steep = static_cast<Slope>(slope);
                out.push_back({{"slope", words[slope]},
                               {"corner", corner},
                               {"at", at},
                               {"hpf", dB(design_hpf({corner}, steep, kRate))},
                               {"lpf", dB(design_lpf({corner}, steep, kRate))}});
            }
    return out;
}

// What a bank makes of a level that stands first at `before`, then at `level`.
template <typename Bank, typename Lane>
double reduction(const Lane& lane, double before, double level) {
    Bank bank(kRate);
    bank.set(0, lane, Change::jump);
    BankBlock block{};
    const auto play = [&](double dB, std::uint64_t from, std::size_t quanta) {
        for (std::size_t k = 0; k < quanta; ++k) {
            for (std::size_t n = 0; n < kQuantum; ++n)
                block.at(n)[0] = static_cast<float>(gain(dB));
            bank.begin_quantum();
            bank.process(block.x, {0, kQuantum}, lane_bit(0),
                         {.key = block.x, .frame = (from + k) * kQuantum});
        }
    };
    play(before, 0, 300);
    play(level, 300, 300);
    bank.clear_meters();
    play(level, 600, 2);
    return static_cast<double>(bank.reduction_dB()[0]);
}

json gates() {
    json out = json::array();
    for (const GateMode mode : {GateMode::gate, GateMode::expander})
        for (const double ratio : {1.0, 2.0, 10.0})
            for (double level = -90.0; level <= 0.0; level += 4.5)
                for (const double before : {-100.0, 0.0}) {
                    const GateSettings settings{.mode = mode,
                                                .threshold = {-40.0},
                                                .ratio = ratio,
                                                .range = {30.0},
                                                .attack = {0.001},
                                                .hold = {0.0},
                                                .release = {0.002},
                                                .on = true};
                    out.push_back(
                        {{"mode", choices(row("gate/mode"))[static_cast<std::size_t>(mode)]},
                         {"threshold", -40.0},
                         {"ratio", ratio},
                         {"range", 30.0},
                         {"open", before == 0.0},
                         {"level", level},
                         {"reduction",
                          reduction<GateBank>(design_gate(settings, kRate), before, level)}});
                }
    return out;
}

json compressors() {
    json out = json::array();
    for (const double ratio : {1.0, 2.5, 100.0})
        for (const double knee : {0.0, 6.0, 24.0})
            for (const double most : {4.0, 60.0})
                for (double level = -60.0; level <= 12.0; level += 3.0) {
                    const CompressorSettings settings{.threshold = {-20.0},
                                                      .ratio = ratio,
                                                      .knee = {knee},
                                                      .attack = {0.001},
                                                      .release = {0.005},
                                                      .max_reduction = {most},
                                                      .on = true};
                    out.push_back(
                        {{"threshold", -20.0},
                         {"ratio", ratio},
                         {"knee", knee},
                         {"max_reduction", most},
                         {"level", level},
                         {"reduction", reduction<CompressorBank>(design_compressor(settings, kRate),
                                                                 level, level)}});
                }
    return out;
}

// A slow sine through a processor of one pair; half of the distance between its highest and lowest
// sample.
template <typename Process>
double amplitude_after(double amplitude, const Process& process) {
    float low = 0.0f, high = 0.0f;
    std::size_t frame = 0;
    for (std::size_t k = 0; k < 300; ++k) {
        std::array<float, kQuantum> left{}, right{};
        for (std::size_t n = 0; n < kQuantum; ++n, ++frame) {
            const double phase =
                2.0 * std::numbers::pi * 150.0 * static_cast<double>(frame) / kRate.value;
            left[n] = right[n] = static_cast<float>(amplitude * std::sin(phase));
        }
        process(left.data(), right.data());
        if (k < 150) continue;
        low = std::min(low, *std::min_element(left.begin(), left.end()));
        high = std::max(high, *std::max_element(left.begin(), left.end()));
    }
    return 0.5 * static_cast<double>(high - low);
}

json limiters() {
    json out = json::array();
    for (double level = -12.0; level <= 6.0; level += 1.5) {
        Limiter limiter(kRate);
        limiter.set({.ceiling = {-6.0}, .release = {0.1}, .on = true});
        const double is = amplitude_after(gain(level), [&](float* left, float* right) {
            limiter.process(left, right, kQuantum);
        });
        out.push_back({{"ceiling", -6.0}, {"level", level}, {"out", in_dB(is)}});
    }
    return out;
}

// Of saturator and clipper; input and output are amplitudes.
json shapes() {
    json out = json::array();
    const auto words = choices(row("saturator/curve"));
    for (double x = 0.125; x <= 8.0; x *= 2.0) {
        for (std::size_t curve = 0; curve < words.size(); ++curve) {
            Saturator saturator(kRate);
            saturator.set({.curve = static_cast<SaturatorCurve>(curve), .on = true}, Change::jump);
            const double is = amplitude_after(x, [&](float* left, float* right) {
                saturator.begin_quantum();
                saturator.process(left, right, {0, kQuantum});
            });
            out.push_back({{"curve", words[curve]}, {"in", x}, {"out", is}});
        }
        for (const double knee : {0.0, 0.25, 1.0}) {
            Clipper clipper(kRate);
            clipper.set({.ceiling = {0.0}, .knee = knee, .on = true}, Change::jump);
            const double is = amplitude_after(x, [&](float* left, float* right) {
                clipper.begin_quantum();
                clipper.process(left, right, {0, kQuantum});
            });
            out.push_back({{"knee", knee}, {"in", x}, {"out", is}});
        }
    }
    return out;
}

}  // namespace

int main() {
    std::cout << json{{"tapers", tapers()},
                      {"bands", bands()},
                      {"slopes", slopes()},
                      {"gates", gates()},
                      {"compressors", compressors()},
                      {"limiters", limiters()},
                      {"shapes", shapes()}}
                     .dump()
              << '\n';
}
