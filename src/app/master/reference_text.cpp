// A comparison for people, for programs, and as lines of a chain file.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/master/reference.h"

#include <cstdio>
#include <limits>
#include <string_view>

namespace mixrig::app {
namespace {

template <typename... Values>
std::string print(const char* format, Values... values) {
    std::array<char, 160> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

std::string row(const char* what, double mix, double reference, const char* unit) {
    return print("%-12s %9.2f %10.2f %+8.2f %s\n", what, mix, reference, reference - mix, unit);
}

std::string row(const char* what, std::optional<double> mix, std::optional<double> reference,
                const char* unit) {
    if (mix && reference) return row(what, *mix, *reference, unit);
    const auto said = [](std::optional<double> value) {
        return value ? print("%.2f", *value) : std::string("-");
    };
    return print("%-12s %9s %10s %8s %s\n", what, said(mix).c_str(), said(reference).c_str(), "-",
                 unit);
}

const char* type_name(dsp::FilterType type) {
    if (type == dsp::FilterType::low_shelf) return "low_shelf";
    return type == dsp::FilterType::high_shelf ? "high_shelf" : "bell";
}

Json optional_json(std::optional<double> value) {
    return value ? Json(*value) : Json(std::numeric_limits<double>::quiet_NaN());
}

Json portrait_json(const Portrait& portrait) {
    const monitor::Measurement& sound = portrait.sound;
    Json bands = Json::list();
    for (const double level : portrait.balance) bands.add(level);
    Json out = Json::object();
    out.set("file", portrait.file.string())
        .set("integrated_lufs", sound.integrated_lufs)
        .set("range_lu", sound.range_lu)
        .set("true_peak_dbtp", sound.true_peak_dBTP)
        .set("crest_db", sound.crest_dB)
        .set("width_db", optional_json(portrait.width_dB))
        .set("correlation", optional_json(sound.correlation))
        .set("third_octaves_db", std::move(bands));
    return out;
}

}  // namespace

std::string chain_lines(const BroadEq& eq, std::size_t first) {
    std::string out = "/main/master/ms/on on\n";
    for (std::size_t b = 0; b < eq.size(); ++b) {
        const std::string at = print("/main/master/ms/%zu/", first + b);
        out += at + "on on\n";
        out += at + "place stereo\n";
        out += at + "type " + type_name(eq[b].type) + "\n";
        out += at + print("freq %.0f Hz\n", eq[b].frequency.value);
        out += at + print("q %.2g\n", eq[b].q);
        out += at + print("gain %+.1f dB\n", eq[b].gain.value);
    }
    return out;
}

std::string to_text(const Comparison& comparison) {
    const Portrait &mix = comparison.mix, &reference = comparison.reference;
    const monitor::Measurement &a = mix.sound, &b = reference.sound;
    std::string out = print("%-12s %9s %10s %8s\n", "", "mix", "reference", "between");
    out += row("loudness", a.integrated_lufs, b.integrated_lufs, "LUFS");
    out += row("range", a.range_lu, b.range_lu, "LU");
    out += row("true peak", a.true_peak_dBTP, b.true_peak_dBTP, "dBTP");
    out += row("crest", a.crest_dB, b.crest_dB, "dB");
    out += row("side/mid", mix.width_dB, reference.width_dB, "dB");
    out += row("correlation", a.correlation, b.correlation, "");
    out += "third octaves, dB over the loudness of each:\n";
    for (std::size_t at = 0; at < monitor::kThirdOctaves; ++at)
        out +=
            row(print("%.0f Hz", monitor::ThirdOctaves::centre(at).value).c_str(), mix.balance[at],
                reference.balance[at], comparison.counts[at] ? "dB" : "dB, not counted");
    out += print("between them %.2f dB RMS; a broad equaliser towards the reference:\n",
                 distance_dB(comparison));
    for (const dsp::EqBand& band : comparison.suggested)
        out += print("  %-10s %5.0f Hz  q %.1f  %+.1f dB\n", type_name(band.type),
                     band.frequency.value, band.q, band.gain.value);
    out.pop_back();
    return out;
}

std::string distance_text(double dB) {
    return print("between the master and the reference %.2f dB RMS", dB);
}

Json to_json(const Comparison& comparison) {
    Json eq = Json::list(), difference = Json::list(), bands = Json::list();
    for (const dsp::EqBand& band : comparison.suggested) {
        Json one = Json::object();
        one.set("type", type_name(band.type))
            .set("freq_hz", band.frequency.value)
            .set("q", band.q)
            .set("gain_db", band.gain.value);
        eq.add(std::move(one));
    }
    for (std::size_t at = 0; at < monitor::kThirdOctaves; ++at) {
        bands.add(monitor::ThirdOctaves::centre(at).value);
        difference.add(comparison.difference[at]);
    }
    Json out = Json::object();
    out.set("mix", portrait_json(comparison.mix))
        .set("reference", portrait_json(comparison.reference))
        .set("third_octaves_hz", std::move(bands))
        .set("difference_db", std::move(difference))
        .set("distance_db", distance_dB(comparison))
        .set("suggested_eq", std::move(eq));
    return out;
}

}  // namespace mixrig::app
