// OSC 1.0 address patterns, matched part by part in bounded time.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::control {

inline constexpr std::size_t kMaxPattern = 255;
inline constexpr std::size_t kMaxPart = 63;  // characters of one part of an address
inline constexpr std::size_t kMaxParts = 16;

// The pattern of what stands between two slashes: ? * [a-z] [!a-z] {one,other}.
class PartPattern {
public:
    static base::Result<PartPattern> compile(std::string_view text);

    // The text itself, if nothing in the pattern is special: then only that text matches.
    const std::string* literal() const { return is_literal_ ? &text_ : nullptr; }
    // Costs at most the product of both lengths, whatever the pattern is.
    bool matches(std::string_view part) const;

private:
    enum class Kind : std::uint8_t { one_of, any, star, words };
    struct Token {
        Kind kind = Kind::any;
        std::bitset<256> set = {};            // one_of
        std::vector<std::string> words = {};  // words
    };
    // Takes one token off the front of `rest`.
    base::Status add_token(std::string_view& rest);
    base::Status add_class(std::string_view& rest);
    base::Status add_words(std::string_view& rest);

    std::string text_;
    bool is_literal_ = true;
    std::vector<Token> tokens_;
};

// A whole pattern. A `//` in it stands for any number of parts (OSC 1.1).
class Pattern {
public:
    // One step of the way down: a part, or (no part) any number of parts.
    using Step = std::optional<PartPattern>;

    static base::Result<Pattern> compile(std::string_view text);
    static bool is_pattern(std::string_view address);

    const std::vector<Step>& steps() const { return steps_; }
    bool matches(std::string_view address) const;

private:
    std::vector<Step> steps_;
};

}  // namespace mixrig::control
