// Facts through the rules, and what came of it as text and JSON.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/check/rules.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace mixrig::app::check {
namespace {

// As many digits as the unit deserves.
int digits_of(std::string_view unit) {
    if (unit.empty()) return 2;
    return unit == "samples" || unit == "bit" || unit == "%" || unit == "Hz" ? 0 : 1;
}

std::string number(double value, std::string_view unit) {
    const bool whole = unit.empty() && std::fabs(value - std::round(value)) < 1e-9;
    std::array<char, 64> out{};
    std::snprintf(out.data(), out.size(), "%.*f", whole ? 0 : digits_of(unit), value + 0.0);
    return out.data();
}

// What is shown is what is judged: -18.04 dB passes where -18.0 is asked.
double rounded(double value, std::string_view unit) {
    return std::strtod(number(value, unit).c_str(), nullptr);
}

std::string with_unit(double value, std::string_view unit) {
    std::string out = number(value, unit);
    if (!unit.empty()) out.append(" ").append(unit);
    return out;
}

std::string strip_title(const StripFacts& strip) {
    return strip.name.empty() ? strip.address : strip.address + " " + strip.name;
}

Verdict verdict(const Rule& rule, const Bounds& bounds, double figure) {
    return {.rule = &rule,
            .grade = grade_of(rounded(figure, rule.unit), bounds),
            .figure = figure,
            .pass = bounds.pass};
}

}  // namespace

Grade grade_of(double figure, const Bounds& bounds) {
    if (bounds.pass.holds(figure)) return Grade::pass;
    return bounds.warn.holds(figure) ? Grade::warn : Grade::fail;
}

std::vector<Verdict> judge(const Facts& facts, Profile profile, const Rule& rule) {
    std::vector<Verdict> out;
    const Bounds* const bounds = bounds_of(rule, profile);
    if (bounds == nullptr) return out;
    if (rule.subject == Subject::whole) {
        if (const auto figure = rule.figure(facts, 0))
            out.push_back(verdict(rule, *bounds, *figure));
        return out;
    }
    for (std::size_t s = 0; s < facts.strips.size(); ++s) {
        const auto figure = rule.figure(facts, s);
        if (!figure) continue;
        Verdict one = verdict(rule, *bounds, *figure);
        one.where = strip_title(facts.strips[s]);
        if (rule.key == "B09" && !facts.strips[s].masker.empty())
            one.note = "by " + facts.strips[s].masker;
        out.push_back(std::move(one));
    }
    return out;
}

std::vector<Verdict> judge(const Facts& facts, Profile profile) {
    std::vector<Verdict> out;
    for (const Rule& rule : rules())
        for (Verdict& verdict : judge(facts, profile, rule)) out.push_back(std::move(verdict));
    return out;
}

std::string_view grade_name(Grade grade) {
    constexpr std::array<std::string_view, 3> kNames = {"pass", "warn", "fail"};
    return kNames[static_cast<std::size_t>(grade)];
}

std::string figure_text(const Verdict& verdict) {
    std::string out = with_unit(verdict.figure, verdict.rule->unit);
    if (!verdict.note.empty()) out.append(" ").append(verdict.note);
    return out;
}

std::string window_text(const Window& window, std::string_view unit) {
    const bool low = std::isfinite(window.low), high = std::isfinite(window.high);
    if (low && high && window.low == window.high) return with_unit(window.low, unit);
    if (low && high) return number(window.low, unit) + " to " + with_unit(window.high, unit);
    if (low) return "at least " + with_unit(window.low, unit);
    if (high) return window.high == 0.0 ? "none" : "at most " + with_unit(window.high, unit);
    return "any";
}

std::string described(const Verdict& verdict) {
    const Rule& rule = *verdict.rule;
    std::string out = verdict.where.empty() ? "" : verdict.where + ": ";
    out.append(rule.title).append(": ").append(figure_text(verdict));
    if (verdict.grade == Grade::pass) return out;
    out.append(", asked ").append(window_text(verdict.pass, rule.unit));
    return out.append(" (").append(rule.advice).append(")");
}

std::string to_text(const Verdict& verdict) {
    std::string out(verdict.grade == Grade::fail ? "FAIL" : grade_name(verdict.grade));
    return out.append("  ").append(verdict.rule->key).append("  ").append(described(verdict));
}

Grade worst(const std::vector<Verdict>& verdicts) {
    Grade grade = Grade::pass;
    for (const Verdict& verdict : verdicts) grade = std::max(grade, verdict.grade);
    return grade;
}

Json to_json(const Facts& facts, Profile profile, const std::vector<Verdict>& verdicts) {
    Json list = Json::list();
    std::array<std::size_t, 3> counts{};
    for (const Verdict& verdict : verdicts) {
        ++counts[static_cast<std::size_t>(verdict.grade)];
        const bool passed = verdict.grade == Grade::pass;
        list.add(std::move(Json::object()
                               .set("result", grade_name(verdict.grade))
                               .set("rule", verdict.rule->key)
                               .set("rows", verdict.rule->rows)
                               .set("title", verdict.rule->title)
                               .set("where", verdict.where)
                               .set("figure", verdict.figure)
                               .set("unit", verdict.rule->unit)
                               .set("low", verdict.pass.low)
                               .set("high", verdict.pass.high)
                               .set("note", verdict.note)
                               .set("todo", passed ? std::string_view() : verdict.rule->advice)));
    }
    Json out = Json::object();
    out.set("name", facts.name)
        .set("profile", profile_name(profile))
        .set("result", grade_name(worst(verdicts)))
        .set("passed", counts[0])
        .set("warned", counts[1])
        .set("failed", counts[2])
        .set("findings", std::move(list));
    return out;
}

}  // namespace mixrig::app::check
