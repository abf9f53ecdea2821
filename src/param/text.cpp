// Values as people write and read them, and knob positions.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/param/layout.h"
#include "src/param/order.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

namespace mixrig::param {
namespace {

using base::Error;
using base::Result;

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

struct Scaled {
    std::string_view unit;
    float factor;
};

// What may stand behind a number, by the row's unit; the row's own unit is the first.
std::vector<Scaled> units(Unit unit) {
    switch (unit) {
        case Unit::decibels:
            return {{"db", 1.0f}};
        case Unit::milliseconds:
            return {{"ms", 1.0f}, {"s", 1000.0f}};
        case Unit::hertz:
            return {{"hz", 1.0f}, {"khz", 1000.0f}, {"k", 1000.0f}};
        case Unit::none:
            return {};
    }
    return {};
}

// A number in front; the rest of the text is left in `rest`.
std::optional<float> leading_number(std::string_view text, std::string_view& rest) {
    if (text.starts_with('+')) text.remove_prefix(1);
    float number = 0.0f;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    rest = trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
    return number;
}

Result<Value> parse_number(const Row& row, std::string_view text) {
    const std::string word = lower(text);
    std::string_view rest;
    const auto number = leading_number(word, rest);
    if (!number) return Error{"`" + std::string(text) + "` is not a number"};
    if (std::isnan(*number)) return Error{"a value must be a number, not nan"};
    if (std::isinf(*number)) {
        // Silence may be written as it is; any other infinity is a mistake.
        if (*number < 0.0f && row.unit == Unit::decibels && row.low <= kSilence &&
            (rest.empty() || rest == "db"))
            return Value{row.low};
        return Error{"a value must be finite"};
    }
    if (rest.empty()) return Value{*number};
    for (const Scaled& scaled : units(row.unit))
        if (rest == scaled.unit) return Value{*number * scaled.factor};
    const std::string_view expected = unit_name(row.unit);
    return Error{"`" + std::string(rest) + "` is not a unit of this value",
                 {},
                 expected.empty() ? "it has none" : "it is in " + std::string(expected)};
}

Result<Value> parse_toggle(std::string_view text) {
    const std::string word = lower(text);
    if (word == "on" || word == "1" || word == "true") return Value{1.0f};
    if (word == "off" || word == "0" || word == "false") return Value{0.0f};
    return Error{"`" + std::string(text) + "` is neither on nor off"};
}

Result<Value> parse_choice(const Row& row, std::string_view text) {
    const std::string word = lower(text);
    const auto words = choices(row);
    for (std::size_t i = 0; i < words.size(); ++i)
        if (words[i] == word) return Value{static_cast<float>(i)};
    std::string_view rest;
    const auto number = leading_number(word, rest);
    if (number && rest.empty() && *number >= 0.0f && *number < static_cast<float>(words.size()) &&
        *number == std::floor(*number))
        return Value{*number};
    return Error{
        "`" + std::string(text) + "` is not a choice", {}, "one of: " + std::string(row.choices)};
}

// "none", "3", "1,3", "1 3".
std::optional<Value> parse_groups(const Row& row, std::string_view text) {
    const std::string word = lower(text);
    if (word == "none" || word == "0") return Value{0.0f};
    unsigned bits = 0;
    for (const char *at = word.data(), *end = at + word.size(); at != end;) {
        if (*at == ',' || *at == ' ') {
            ++at;
            continue;
        }
        std::size_t group = 0;
        const auto [stop, error] = std::from_chars(at, end, group);
        if (error != std::errc{} || group == 0 || group > groups(row)) return std::nullopt;
        bits |= 1u << (group - 1);
        at = stop;
    }
    return bits == 0 ? std::nullopt : std::optional(Value{static_cast<float>(bits)});
}

std::string groups_text(float value) {
    const auto bits = static_cast<unsigned>(std::max(0.0f, value));
    std::string out;
    for (unsigned group = 1; bits >> (group - 1) != 0; ++group)
        if (bits >> (group - 1) & 1u) out += (out.empty() ? "" : ",") + std::to_string(group);
    return out.empty() ? "none" : out;
}

// "sub/3" or "/sub/3" -> 3 (from 1); nothing if it is not that.
std::optional<std::size_t> numbered(std::string_view word, std::string_view kind) {
    if (word.starts_with('/')) word.remove_prefix(1);
    if (!word.starts_with(kind) || word.size() <= kind.size() + 1 || word[kind.size()] != '/')
        return std::nullopt;
    std::size_t number = 0;
    const char* end = word.data() + word.size();
    const auto [stop, error] = std::from_chars(word.data() + kind.size() + 1, end, number);
    if (error != std::errc{} || stop != end || number == 0) return std::nullopt;
    return number;
}

std::string shortest(float value) {
    std::array<char, 32> out{};
    const auto [end, error] = std::to_chars(out.data(), out.data() + out.size(), value);
    return {out.data(), error == std::errc{} ? end : out.data()};
}

}  // namespace

std::size_t groups(const Row& row) {
    std::size_t count = 0;
    while (static_cast<unsigned>(row.high) >> count != 0) ++count;
    return count;
}

std::vector<std::string_view> choices(const Row& row) {
    std::vector<std::string_view> out;
    std::string_view rest = row.choices;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        out.push_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return out;
}

std::string_view unit_name(Unit unit) {
    switch (unit) {
        case Unit::decibels:
            return "dB";
        case Unit::milliseconds:
            return "ms";
        case Unit::hertz:
            return "Hz";
        case Unit::none:
            return "";
    }
    return "";
}

// What may be said where strips are named.
std::string Layout::known(const Row& row) const {
    if (row.type == Type::route)
        return "none, main, or sub/1 to sub/" + std::to_string(shape_.count(Kind::sub));
    if (row.type == Type::groups)
        return "none, or some of 1 to " + std::to_string(groups(row)) + ", as 1,3";
    if (row.type == Type::pair) return "1 to " + std::to_string(shape_.speakers);
    if (row.type == Type::listen) return "main, sub/N, aux/N or mtx/N";
    if (row.type == Type::strip) return "main, ch/N, sub/N, aux/N, fx/N or mtx/N";
    if (row.type == Type::insert)
        return "none, or fx/1 to fx/" + std::to_string(shape_.count(Kind::fx));
    return "self, or ch/1 to ch/" + std::to_string(shape_.count(Kind::ch));
}

Result<Value> Layout::parse(Slot slot, std::string_view text) const {
    const Row& at = row(slot);
    if (at.type == Type::text) return Value{0.0f, std::string(text)};
    text = trimmed(text);
    if (text.empty()) return Error{"a value is missing"};
    switch (at.type) {
        case Type::toggle:
            return parse_toggle(text);
        case Type::choice:
            return parse_choice(at, text);
        case Type::number:
            return parse_number(at, text);
        case Type::route: {
            const std::string word = lower(text);
            if (word == "none") return Value{kRouteNone};
            if (word == "main" || word == "/main") return Value{kRouteMain};
            const auto sub = numbered(word, "sub");
            if (sub && *sub <= shape_.count(Kind::sub))
                return Value{kRouteFirstSub + static_cast<float>(*sub - 1)};
            break;
        }
        case Type::source: {
            const std::string word = lower(text);
            if (word == "self") return Value{kSourceSelf};
            const auto channel = numbered(word, "ch");
            if (channel && *channel <= shape_.count(Kind::ch))
                return Value{kSourceFirstChannel + static_cast<float>(*channel - 1)};
            break;
        }
        case Type::insert: {
            const std::string word = lower(text);
            if (word == "none") return Value{kInsertNone};
            const auto effect = numbered(word, "fx");
            if (effect && *effect <= shape_.count(Kind::fx))
                return Value{kInsertFirstEffect + static_cast<float>(*effect - 1)};
            break;
        }
        case Type::listen:
        case Type::strip: {
            const std::string word = lower(text);
            if (word == "main" || word == "/main") return Value{kListenMain};
            std::size_t before = 1;
            for (const Kind kind : named_kinds(at.type)) {
                const auto strip =
                    numbered(word, kPrefix[static_cast<std::size_t>(kind)].substr(1));
                if (strip && *strip <= shape_.count(kind))
                    return Value{static_cast<float>(before + *strip - 1)};
                before += shape_.count(kind);
            }
            break;
        }
        case Type::groups:
            if (const auto value = parse_groups(at, text)) return *value;
            break;
        case Type::order: {
            const auto number = parse_order(at, lower(text));
            if (!number) return number.error();
            return Value{static_cast<float>(*number)};
        }
        case Type::pair:
        case Type::text:
            break;
    }
    const float first = at.type == Type::pair ? 1.0f : 0.0f;  // what a bare number counts from
    std::string_view rest;
    auto number = leading_number(text, rest);
    if (number) *number -= first;
    if (at.type != Type::groups && number && rest.empty() && *number >= 0.0f &&
        *number <= high(slot) && *number == std::floor(*number))
        return Value{*number};
    return Error{"`" + std::string(text) + "` is not known here", {}, known(at)};
}

// "main", "aux/2".
std::string Layout::strip_text(Type type, std::size_t number) const {
    for (const Kind kind : named_kinds(type)) {
        if (number == 0) break;
        if (number <= shape_.count(kind))
            return std::string(kPrefix[static_cast<std::size_t>(kind)].substr(1)) + "/" +
                   std::to_string(number);
        number -= shape_.count(kind);
    }
    return "main";
}

std::string Layout::format(Slot slot, const Value& value) const {
    const Row& at = row(slot);
    const auto whole = static_cast<std::size_t>(std::max(0.0f, value.number));
    switch (at.type) {
        case Type::text:
            return value.text;
        case Type::toggle:
            return value.number != 0.0f ? "on" : "off";
        case Type::choice: {
            const auto words = choices(at);
            return std::string(words[std::min(whole, words.size() - 1)]);
        }
        case Type::route:
            if (whole == 0) return "none";
            return whole == 1 ? "main" : "sub/" + std::to_string(whole - 1);
        case Type::source:
            return whole == 0 ? "self" : "ch/" + std::to_string(whole);
        case Type::insert:
            return whole == 0 ? "none" : "fx/" + std::to_string(whole);
        case Type::groups:
            return groups_text(value.number);
        case Type::listen:
        case Type::strip:
            return strip_text(at.type, whole);
        case Type::pair:
            return std::to_string(whole + 1);
        case Type::order:
            return order_text(at, whole);
        case Type::number:
            break;
    }
    if (at.unit == Unit::decibels && at.low <= kSilence && value.number <= at.low &&
        at.taper == Taper::fader)
        return "-inf dB";
    std::string out = shortest(value.number);
    if (at.unit != Unit::none) out += " " + std::string(unit_name(at.unit));
    return out;
}

namespace {

struct FaderPoint {
    float knob, dB;
};
// Half of the way for the 20 dB around unity, a tenth for the last 30 dB above silence.
constexpr std::array<FaderPoint, 5> kFader = {
    {{0.0f, kSilence}, {0.0625f, -60.0f}, {0.25f, -30.0f}, {0.5f, -10.0f}, {1.0f, 10.0f}}};

}  // namespace

float to_knob(const Row& row, float value) {
    const float v = std::clamp(value, row.low, row.high);
    switch (row.taper) {
        case Taper::linear:
            return (v - row.low) / (row.high - row.low);
        case Taper::logarithmic:
            return std::log(v / row.low) / std::log(row.high / row.low);
        case Taper::fader:
            break;
    }
    for (std::size_t i = 1; i < kFader.size(); ++i)
        if (v <= kFader[i].dB)
            return kFader[i - 1].knob + (kFader[i].knob - kFader[i - 1].knob) *
                                            (v - kFader[i - 1].dB) /
                                            (kFader[i].dB - kFader[i - 1].dB);
    return 1.0f;
}

float from_knob(const Row& row, float knob) {
    const float k = std::clamp(knob, 0.0f, 1.0f);
    switch (row.taper) {
        case Taper::linear:
            return row.low + k * (row.high - row.low);
        case Taper::logarithmic:
            return row.low * std::pow(row.high / row.low, k);
        case Taper::fader:
            break;
    }
    for (std::size_t i = 1; i < kFader.size(); ++i)
        if (k <= kFader[i].knob)
            return kFader[i - 1].dB + (kFader[i].dB - kFader[i - 1].dB) * (k - kFader[i - 1].knob) /
                                          (kFader[i].knob - kFader[i - 1].knob);
    return row.high;
}

}  // namespace mixrig::param
