// Verdicts first, then the plots.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/check/report.h"

#include "src/app/check/report_style.h"
#include "src/app/check/svg.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <utility>

namespace mixrig::app::check {
namespace {

using Verdicts = std::vector<const Verdict*>;

std::string element(std::string_view name, std::string_view style, std::string_view inner) {
    std::string out = "<";
    out.append(name);
    if (!style.empty()) out.append(" class=\"").append(style).append("\"");
    return out.append(">").append(inner).append("</").append(name).append(">");
}

// The table's words as a sentence begins, what stands between backticks as code.
std::string sentence(std::string_view text) {
    std::string out;
    bool code = false;
    for (const char c : escaped(text)) {
        if (c == '`')
            out += std::exchange(code, !code) ? "</code>" : "<code>";
        else
            out += out.empty() ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    }
    return out;
}

std::array<std::size_t, 3> counts(const Checked& one) {
    std::array<std::size_t, 3> out{};
    for (const Verdict& verdict : one.verdicts) ++out[static_cast<std::size_t>(verdict.grade)];
    return out;
}

// The verdicts of one grade, those of one rule together.
std::vector<Verdicts> grouped(const Checked& one, Grade grade) {
    std::vector<Verdicts> out;
    for (const Verdict& verdict : one.verdicts) {
        if (verdict.grade != grade) continue;
        if (out.empty() || out.back().front()->rule != verdict.rule) out.emplace_back();
        out.back().push_back(&verdict);
    }
    return out;
}

std::string card(const Verdicts& verdicts) {
    const Verdict& first = *verdicts.front();
    const Rule& rule = *first.rule;
    const std::string_view grade = grade_name(first.grade);
    std::string inner = "<h3>" + element("span", "key", escaped(rule.key)) + " " +
                        sentence(rule.title) + "</h3><ul>";
    for (const Verdict* verdict : verdicts) {
        std::string line = element("b", "", escaped(figure_text(*verdict)));
        if (!verdict->where.empty())
            line = element("span", "where", escaped(verdict->where)) + line;
        inner += element("li", "", line);
    }
    inner += "</ul><p>Asked: " + escaped(window_text(first.pass, rule.unit)) + ".</p>";
    if (first.grade != Grade::pass) inner += element("p", "todo", sentence(rule.advice) + ".");
    return element("article", std::string("card ").append(grade), inner);
}

std::string pass_line(const Verdicts& verdicts) {
    const Rule& rule = *verdicts.front()->rule;
    std::string figures;
    for (const Verdict* verdict : verdicts) {
        if (!figures.empty()) figures += " · ";
        if (!verdict->where.empty()) figures += escaped(verdict->where) + " ";
        figures += escaped(figure_text(*verdict));
    }
    return element("li", "",
                   element("span", "key", escaped(rule.key)) + " " + sentence(rule.title) + ": " +
                       element("b", "", figures));
}

std::string figure_row(const Facts& facts) {
    if (!facts.sound) return {};
    const monitor::Measurement& m = facts.sound->measured;
    const auto tile = [](std::string_view name, double value, std::string_view unit) {
        std::array<char, 32> text{};
        if (std::isfinite(value)) std::snprintf(text.data(), text.size(), "%.1f", value);
        return element("div", "tile",
                       element("b", "", text[0] == 0 ? "-" : text.data()) +
                           element("span", "", std::string(unit)) + element("small", "", name));
    };
    return element("div", "tiles",
                   tile("integrated", m.integrated_lufs, "LUFS") +
                       tile("true peak", m.true_peak_dBTP, "dBTP") +
                       tile("range", m.range_lu, "LU") + tile("peak to loudness", m.plr_lu, "LU"));
}

std::string section(const Checked& one) {
    const auto count = counts(one);
    std::string out = "<section><header>" + element("h2", "", escaped(one.facts.name));
    out += element("p", "",
                   std::string("profile ").append(profile_name(one.profile)).append(": ") +
                       escaped(profile_text(one.profile)));
    constexpr std::array<std::string_view, 3> kWords = {"passed", "to look at", "failed"};
    std::string badges;
    for (const Grade grade : {Grade::fail, Grade::warn, Grade::pass}) {
        const auto at = static_cast<std::size_t>(grade);
        badges += element("span", std::string("badge ").append(grade_name(grade)),
                          std::to_string(count[at]).append(" ").append(kWords[at]));
    }
    out += element("p", "badges", badges) + figure_row(one.facts) + "</header>";
    std::string cards;
    for (const Grade grade : {Grade::fail, Grade::warn})
        for (const Verdicts& verdicts : grouped(one, grade)) cards += card(verdicts);
    if (!cards.empty()) out += element("div", "cards", cards);
    std::string passed;
    for (const Verdicts& verdicts : grouped(one, Grade::pass)) passed += pass_line(verdicts);
    if (!passed.empty())
        out += "<details><summary>" + std::to_string(count[0]) + " checks passed</summary>" +
               element("ul", "passed", passed) + "</details>";
    return out + element("div", "plots", plots_html(one.facts)) + "</section>";
}

}  // namespace

std::string report_html(std::span<const Checked> all) {
    std::string title = "mix doctor";
    if (all.size() == 1) title = all.front().facts.name + ": " + title;
    std::string out =
        "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>"
        "<meta charset=\"utf-8\"/>"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
        "<meta name=\"color-scheme\" content=\"light dark\"/>";
    out += element("title", "", escaped(title)) + element("style", "", kReportStyle) +
           "</head>\n<body><main>";
    for (const Checked& one : all) out += section(one);
    return out + element("footer", "", "mixrig check " MIXRIG_VERSION) + "</main></body></html>\n";
}

}  // namespace mixrig::app::check
