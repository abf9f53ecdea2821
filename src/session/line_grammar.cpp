// Words, quotes, comments; addresses and values.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/line_grammar.h"

#include "src/session/text_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace mixrig::session {
namespace {

constexpr unsigned kGrammarVersion = 1;

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

// How many bytes the UTF-8 character at the front has; 0 if it is none (RFC 3629: no overlong
// forms, no surrogates, nothing beyond U+10FFFF).
std::size_t character(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0u) == 0x80u; };
    const unsigned lead = byte(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xc2 && lead <= 0xdf) return follows(1) ? 2 : 0;
    if ((lead & 0xf0u) == 0xe0u) {
        const unsigned code = (lead & 0xfu) << 12 | (byte(1) & 0x3fu) << 6;
        const bool fits = code >= 0x800 && (code < 0xd800 || code > 0xdfff);
        return follows(1) && follows(2) && fits ? 3 : 0;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        const unsigned code = (lead & 7u) << 18 | (byte(1) & 0x3fu) << 12;
        const bool fits = code >= 0x10000 && code <= 0x10ffff;
        return follows(1) && follows(2) && follows(3) && fits ? 4 : 0;
    }
    return 0;
}

// "# mixrig scene 2" -> 2, 0 for any other comment.
unsigned version_in(std::string_view line, std::string_view kind) {
    const std::string start = "# mixrig " + std::string(kind) + " ";
    if (!line.starts_with(start)) return 0;
    unsigned version = 0;
    std::from_chars(line.data() + start.size(), line.data() + line.size(), version);
    return version;
}

// Reads a text in quotes from the front of `rest`, which begins behind the opening quote. Returns
// why not, or nothing.
std::string take_quoted(std::string_view& rest, std::string& out) {
    while (!rest.empty()) {
        const char c = rest.front();
        rest.remove_prefix(1);
        if (c == '"') return {};
        if (c != '\\') {
            out += c;
            continue;
        }
        constexpr std::string_view letters = "\"\\nt", meant = "\"\\\n\t";
        const std::size_t which = rest.empty() ? letters.npos : letters.find(rest.front());
        if (which == letters.npos) return "after \\ comes one of \" \\ n t";
        out += meant[which];
        rest.remove_prefix(1);
    }
    return "the closing quote is missing";
}

std::string take_words(std::string_view rest, std::vector<Words::Word>& words) {
    while (true) {
        while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
        if (rest.empty() || rest.front() == '#') return {};
        Words::Word word;
        if (rest.front() == '"') {
            rest.remove_prefix(1);
            word.quoted = true;
            if (std::string why = take_quoted(rest, word.text); !why.empty()) return why;
            if (!rest.empty() && !is_blank(rest.front()))
                return "a blank is missing behind the quote";
        } else {
            const auto end = std::find_if(rest.begin(), rest.end(), is_blank);
            word.text.assign(rest.begin(), end);
            rest.remove_prefix(word.text.size());
        }
        words.push_back(std::move(word));
    }
}

std::string range_text(const param::Layout& layout, param::Slot slot) {
    const param::Row& row = layout.row(slot);
    return layout.format(slot, {row.low}) + " to " + layout.format(slot, {layout.high(slot)});
}

}  // namespace

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t bytes = character(text);
        if (bytes == 0 || text.front() == '\0') return false;
        text.remove_prefix(bytes);
    }
    return true;
}

std::string Words::rest(std::size_t first) const {
    std::string out;
    for (std::size_t i = first; i < words.size(); ++i)
        out += (i > first ? " " : "") + words[i].text;
    return out;
}

base::Result<std::vector<Words>> split_lines(std::string_view text, std::string_view kind,
                                             const std::string& file) {
    std::vector<Words> out;
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        const auto wrong = [&](const std::string& what, const std::string& hint = {}) {
            return base::Error{.what = what, .where = at_line(file, number), .hint = hint};
        };
        if (!is_utf8(line)) return wrong("is not UTF-8 text");
        if (out.empty() && version_in(line, kind) > kGrammarVersion)
            return wrong(
                "was made by a newer mixrig: version " + std::to_string(version_in(line, kind)),
                "this one reads version " + std::to_string(kGrammarVersion));
        Words words{.line = number};
        if (std::string why = take_words(line, words.words); !why.empty()) return wrong(why);
        if (!words.words.empty()) out.push_back(std::move(words));
    }
    return out;
}

base::Result<param::Slot> read_address(const Words& words, std::size_t at,
                                       const param::Layout& layout, const std::string& file) {
    const std::string where = at_line(file, words.line);
    if (at >= words.words.size())
        return base::Error{.what = "an address is missing", .where = where};
    const std::string& address = words.words[at].text;
    if (const auto slot = layout.find(address)) return *slot;
    return base::Error{.what = address + " is no address of this desk",
                       .where = where,
                       .hint = "did you mean " + layout.nearest(address) + "?"};
}

base::Result<Setting> read_setting(const Words& words, std::size_t first,
                                   const param::Layout& layout, const std::string& file) {
    const auto slot = read_address(words, first, layout, file);
    if (!slot) return slot.error();
    const std::string where = at_line(file, words.line);
    const std::string& address = words.words[first].text;
    const auto wrong = [&](const std::string& what, const std::string& hint) {
        return base::Error{.what = address + ": " + what, .where = where, .hint = hint};
    };
    if (first + 1 >= words.words.size()) return wrong("a value is missing", {});
    const param::Row& row = layout.row(*slot);
    if (row.type == param::Type::text && words.words.size() > first + 2)
        return wrong("more than one word", "put the text in quotes");
    auto value = layout.parse(*slot, words.rest(first + 1));
    if (!value) return wrong(value.error().what, value.error().hint);
    if (row.type == param::Type::text) return Setting{*slot, *value, words.line};
    // Below the bottom of a fader there is only more silence.
    if (row.taper == param::Taper::fader) value->number = std::max(value->number, row.low);
    if (!(value->number >= row.low && value->number <= layout.high(*slot)))
        return wrong(words.rest(first + 1) + " is out of range", range_text(layout, *slot));
    return Setting{*slot, *value, words.line};
}

std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else
            out += c;
    }
    return out + "\"";
}

}  // namespace mixrig::session
