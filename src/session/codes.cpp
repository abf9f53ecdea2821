// Shape and check digits of codes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/codes.h"

#include <algorithm>

namespace mixrig::session {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_capital(char c) {
    return c >= 'A' && c <= 'Z';
}

std::string without_hyphens(std::string_view text) {
    std::string out(text);
    std::erase_if(out, [](char c) { return c == '-' || c == ' '; });
    return out;
}

// GS1: from the right the digits count 3 and 1 in turn; with the check digit tens come out.
int check_digit(std::string_view digits) {
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i)
        sum += (digits[digits.size() - 1 - i] - '0') * (i % 2 == 0 ? 3 : 1);
    return (10 - sum % 10) % 10;
}

}  // namespace

base::Result<std::string> checked_isrc(std::string_view text) {
    std::string code = without_hyphens(text);
    for (char& c : code)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    const auto all = [&code](std::size_t from, std::size_t to, auto allowed) {
        return std::all_of(code.begin() + static_cast<std::ptrdiff_t>(from),
                           code.begin() + static_cast<std::ptrdiff_t>(to), allowed);
    };
    const auto either = [](char c) { return is_digit(c) || is_capital(c); };
    if (code.size() != 12 || !all(0, 2, is_capital) || !all(2, 5, either) || !all(5, 12, is_digit))
        return base::Error{.what = "\"" + std::string(text) + "\" is no ISRC",
                           .hint =
                               "two letters, three letters or digits, seven digits: "
                               "DE-ABC-26-00001"};
    return code;
}

base::Result<std::string> checked_upc(std::string_view text) {
    std::string code = without_hyphens(text);
    if ((code.size() != 12 && code.size() != 13) ||
        !std::all_of(code.begin(), code.end(), is_digit))
        return base::Error{.what = "\"" + std::string(text) + "\" is no UPC or EAN",
                           .hint = "12 or 13 digits, the last one a check digit"};
    if (code.size() == 12) code.insert(code.begin(), '0');
    const int right = check_digit(std::string_view(code).substr(0, 12));
    if (code.back() - '0' != right)
        return base::Error{.what = "the check digit of \"" + std::string(text) + "\" is wrong",
                           .hint = "it would be " + std::to_string(right)};
    return code;
}

}  // namespace mixrig::session
