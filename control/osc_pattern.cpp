// OSC 1.0 address patterns.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/osc_pattern.h"

#include <algorithm>

namespace mixrig::control {
namespace {

using base::Error;

constexpr std::string_view kSpecial = "?*[]{}";

std::uint8_t byte(char c) {
    return static_cast<std::uint8_t>(c);
}

// Bit i of a position set: the first i characters are matched. kMaxPart + 1 positions fit 64 bits.
using Positions = std::uint64_t;

// Which positions can be gone on from, one character further, if the character is in the set.
Positions step(Positions from, std::string_view part, const std::bitset<256>& set) {
    Positions to = 0;
    for (std::size_t i = 0; i < part.size(); ++i)
        if ((from >> i & 1) != 0 && set[byte(part[i])]) to |= Positions{2} << i;
    return to;
}

Positions step(Positions from, std::string_view part, std::string_view word) {
    Positions to = 0;
    for (std::size_t i = 0; i + word.size() <= part.size(); ++i)
        if ((from >> i & 1) != 0 && part.substr(i).starts_with(word))
            to |= Positions{1} << (i + word.size());
    return to;
}

Positions all_of(std::size_t size) {
    return ~Positions{0} >> (kMaxPart - size);
}

// From the first position reached, every one behind it.
Positions first_and_behind(Positions at) {
    return at == 0 ? 0 : ~((at & (~at + 1)) - 1);
}

std::string_view take_slashed(std::string_view& rest) {
    rest.remove_prefix(1);  // the slash
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(end);
    return part;
}

}  // namespace

base::Status PartPattern::add_class(std::string_view& rest) {
    rest.remove_prefix(1);
    const std::size_t end = rest.find(']');
    if (end == std::string_view::npos) return Error{"[ without ]"};
    std::string_view list = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    const bool negated = list.starts_with('!');
    if (negated) list.remove_prefix(1);
    Token token{Kind::one_of};
    for (std::size_t i = 0; i < list.size(); ++i) {
        // A minus at the end stands for itself.
        const bool range = i + 2 < list.size() && list[i + 1] == '-';
        const std::uint8_t low = byte(list[i]), high = range ? byte(list[i + 2]) : low;
        for (unsigned c = low; c <= high; ++c) token.set[c] = true;
        if (range) i += 2;
    }
    if (negated) token.set.flip();
    tokens_.push_back(std::move(token));
    return base::Done{};
}

base::Status PartPattern::add_words(std::string_view& rest) {
    rest.remove_prefix(1);
    const std::size_t end = rest.find('}');
    if (end == std::string_view::npos) return Error{"{ without }"};
    std::string_view list = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    if (list.find('{') != std::string_view::npos) return Error{"{ inside { }"};
    Token token{Kind::words};
    for (std::size_t comma = 0; comma != std::string_view::npos;) {
        comma = list.find(',');
        const std::string_view word = list.substr(0, comma);
        if (std::find(token.words.begin(), token.words.end(), word) == token.words.end())
            token.words.emplace_back(word);
        if (comma != std::string_view::npos) list.remove_prefix(comma + 1);
    }
    tokens_.push_back(std::move(token));
    return base::Done{};
}

base::Status PartPattern::add_token(std::string_view& rest) {
    const char first = rest.front();
    if (first == '[') return add_class(rest);
    if (first == '{') return add_words(rest);
    if (first == ']' || first == '}')
        return Error{std::string(1, first) + " without its opening bracket"};
    Token token{first == '*' ? Kind::star : first == '?' ? Kind::any : Kind::one_of};
    if (token.kind == Kind::one_of) token.set[byte(first)] = true;
    tokens_.push_back(std::move(token));
    rest.remove_prefix(1);
    return base::Done{};
}

base::Result<PartPattern> PartPattern::compile(std::string_view text) {
    PartPattern out;
    out.text_ = text;
    out.is_literal_ = text.find_first_of(kSpecial) == std::string_view::npos;
    if (out.is_literal_) return out;
    for (std::string_view rest = text; !rest.empty();)
        if (const auto status = out.add_token(rest); !status) return status.error();
    return out;
}

bool PartPattern::matches(std::string_view part) const {
    if (is_literal_) return part == text_;
    if (part.size() > kMaxPart) return false;
    const Positions all = all_of(part.size());
    Positions at = 1;
    for (const Token& token : tokens_) {
        Positions to = 0;
        switch (token.kind) {
            case Kind::one_of:
                to = step(at, part, token.set);
                break;
            case Kind::any:
                to = at << 1 & all;
                break;
            case Kind::star:
                to = first_and_behind(at) & all;
                break;
            case Kind::words:
                for (const std::string& word : token.words) to |= step(at, part, word);
        }
        at = to;
        if (at == 0) return false;
    }
    return (at >> part.size() & 1) != 0;
}

bool Pattern::is_pattern(std::string_view address) {
    return address.find_first_of(kSpecial) != std::string_view::npos ||
           address.find("//") != std::string_view::npos;
}

base::Result<Pattern> Pattern::compile(std::string_view text) {
    if (!text.starts_with('/')) return Error{"a pattern begins with /"};
    if (text.size() > kMaxPattern) return Error{"a pattern of more than 255 characters"};
    Pattern out;
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view word = take_slashed(rest);
        if (out.steps_.size() == kMaxParts) return Error{"a pattern of more than 16 parts"};
        if (word.empty() && !rest.empty()) {
            // Several `//` in a row say no more than one.
            if (out.steps_.empty() || out.steps_.back()) out.steps_.emplace_back(std::nullopt);
            continue;
        }
        auto part = PartPattern::compile(word);
        if (!part) return part.error();
        out.steps_.emplace_back(std::move(part).value());
    }
    return out;
}

bool Pattern::matches(std::string_view address) const {
    if (!address.starts_with('/')) return false;
    std::vector<std::string_view> parts;
    for (std::string_view rest = address; !rest.empty();) parts.push_back(take_slashed(rest));
    if (parts.size() > kMaxPart) return false;
    // The same position sets as in a part, with parts in place of characters.
    const Positions all = all_of(parts.size());
    Positions at = 1;
    for (const Step& one : steps_) {
        Positions to = one ? 0 : first_and_behind(at) & all;
        for (std::size_t i = 0; one && i < parts.size(); ++i)
            if ((at >> i & 1) != 0 && one->matches(parts[i])) to |= Positions{2} << i;
        at = to;
        if (at == 0) return false;
    }
    return (at >> parts.size() & 1) != 0;
}

}  // namespace mixrig::control
