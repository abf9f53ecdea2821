// Medians, and the way to them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/master/cohesion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace mixrig::app {
namespace {

constexpr double kMost = 1.0, kLeast = 0.5;  // dB

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : 0.5 * (values[half - 1] + values[half]);
}

template <typename Get>
double median_of(const std::vector<SongFigures>& songs, Get get) {
    std::vector<double> values;
    for (const SongFigures& song : songs) values.push_back(get(song));
    return median(std::move(values));
}

// In tenths: nobody sets more, nobody hears more.
double nudge(double from, double to) {
    const double way = to - from;
    if (!std::isfinite(way) || std::fabs(way) < kLeast) return 0.0;
    return std::round(std::clamp(way, -kMost, kMost) * 10.0) / 10.0;
}

std::string row(std::string_view title, const SongFigures& song) {
    std::array<char, 160> out{};
    const std::string name(title.substr(0, 28));
    int used = std::snprintf(out.data(), out.size(), "%-28s %7.2f %6.2f %7.2f ", name.c_str(),
                             song.integrated_lufs, song.range_lu, song.true_peak_dBTP);
    std::string text(out.data(), static_cast<std::size_t>(used));
    for (const double band : song.balance) {
        used = std::snprintf(out.data(), out.size(), " %7.1f", band);
        text.append(out.data(), static_cast<std::size_t>(used));
    }
    return text;
}

std::string in_words(const Suggestion& suggestion) {
    std::array<char, 64> out{};
    std::string text;
    if (suggestion.gain_dB != 0.0) {
        std::snprintf(out.data(), out.size(), "level %+.1f dB", suggestion.gain_dB);
        text = out.data();
    }
    for (std::size_t i = 0; i < suggestion.eq_dB.size(); ++i) {
        if (suggestion.eq_dB[i] == 0.0) continue;
        std::snprintf(out.data(), out.size(), "%s%s %+.1f dB", text.empty() ? "" : ", ",
                      monitor::kBalanceBands[i].name.data(), suggestion.eq_dB[i]);
        text += out.data();
    }
    return text;
}

Json bands_json(const monitor::Balance& balance) {
    Json out = Json::object();
    for (std::size_t i = 0; i < balance.size(); ++i)
        out.set(monitor::kBalanceBands[i].name, balance[i]);
    return out;
}

Json figures_json(const SongFigures& song) {
    Json out = Json::object();
    out.set("title", song.title)
        .set("integrated_lufs", song.integrated_lufs)
        .set("range_lu", song.range_lu)
        .set("true_peak_dbtp", song.true_peak_dBTP)
        .set("balance_db", bands_json(song.balance));
    return out;
}

}  // namespace

Cohesion cohesion(std::vector<SongFigures> songs) {
    Cohesion out{.songs = std::move(songs)};
    if (out.songs.empty()) return out;
    out.median = {
        .title = "median",
        .integrated_lufs = median_of(out.songs, [](const auto& s) { return s.integrated_lufs; }),
        .range_lu = median_of(out.songs, [](const auto& s) { return s.range_lu; }),
        .true_peak_dBTP = median_of(out.songs, [](const auto& s) { return s.true_peak_dBTP; })};
    for (std::size_t i = 0; i < out.median.balance.size(); ++i)
        out.median.balance[i] = median_of(out.songs, [i](const auto& s) { return s.balance[i]; });
    for (const SongFigures& song : out.songs) {
        Suggestion suggestion{.gain_dB = nudge(song.integrated_lufs, out.median.integrated_lufs)};
        for (std::size_t i = 0; i < song.balance.size(); ++i)
            suggestion.eq_dB[i] = nudge(song.balance[i], out.median.balance[i]);
        out.suggestions.push_back(suggestion);
    }
    return out;
}

std::string to_text(const Cohesion& cohesion) {
    std::string out = "song                            LUFS    LRA    dBTP ";
    for (const monitor::BalanceBand& band : monitor::kBalanceBands) {
        std::array<char, 16> name{};
        // "low mid 250-630": what a column has room for is the range.
        const std::string_view range = band.name.substr(band.name.rfind(' ') + 1);
        std::snprintf(name.data(), name.size(), " %7.7s", range.data());
        out += name.data();
    }
    out += '\n';
    for (const SongFigures& song : cohesion.songs) out += row(song.title, song) + '\n';
    out += row("median", cohesion.median) + '\n';
    for (std::size_t i = 0; i < cohesion.songs.size(); ++i)
        if (const std::string words = in_words(cohesion.suggestions[i]); !words.empty())
            out.append("closer to the median: ")
                .append(cohesion.songs[i].title)
                .append(": ")
                .append(words)
                .append("\n");
    out.pop_back();
    return out;
}

Json to_json(const Cohesion& cohesion) {
    Json songs = Json::list();
    for (std::size_t i = 0; i < cohesion.songs.size(); ++i) {
        Json song = figures_json(cohesion.songs[i]);
        song.set("suggested_gain_db", cohesion.suggestions[i].gain_dB)
            .set("suggested_eq_db", bands_json(cohesion.suggestions[i].eq_dB));
        songs.add(std::move(song));
    }
    Json out = Json::object();
    out.set("songs", std::move(songs)).set("median", figures_json(cohesion.median));
    return out;
}

}  // namespace mixrig::app
