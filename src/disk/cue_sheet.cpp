// Lines of cue sheets and TOC files. The cue sheet follows the CDRWIN user's guide, the TOC file
// the manual page of cdrdao 1.2.4.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/cue_sheet.h"

#include <array>
#include <cstdio>

namespace mixrig::disk {
namespace {

// Cue sheets have no way to write a quotation mark within quotation marks.
std::string cue_quoted(std::string_view text) {
    std::string out = to_latin1(text);
    for (char& c : out)
        if (c == '"') c = '\'';
    return "\"" + out + "\"";
}

std::string toc_quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : to_latin1(text)) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') out += '\\';
        if (byte < 0x80) {
            out += c;
        } else {
            std::array<char, 8> octal{};
            std::snprintf(octal.data(), octal.size(), "\\%03o", byte);
            out += octal.data();
        }
    }
    return out + "\"";
}

class Lines {
public:
    Lines& add(std::string_view line) {
        text_.append(line).append("\n");
        return *this;
    }
    Lines& add_if(const std::string& value, std::string_view key, const std::string& shown) {
        if (!value.empty()) text_.append(key).append(" ").append(shown).append("\n");
        return *this;
    }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

std::string two_digits(std::size_t number) {
    std::array<char, 24> out{};
    std::snprintf(out.data(), out.size(), "%02zu", number);
    return out.data();
}

struct CdText {
    std::string_view title, performer, composer, upc;
};

// cdrdao wants the same items for every track and the disc, if one has them.
void add_cd_text(Lines& lines, const CdText& text, bool composers, bool first) {
    lines.add("CD_TEXT {");
    if (first) lines.add("  LANGUAGE_MAP { 0 : EN }");
    lines.add("  LANGUAGE 0 {");
    lines.add("    TITLE " + toc_quoted(text.title));
    lines.add("    PERFORMER " + toc_quoted(text.performer));
    if (composers) lines.add("    SONGWRITER " + toc_quoted(text.composer));
    if (!text.upc.empty()) lines.add("    UPC_EAN " + toc_quoted(text.upc));
    lines.add("  }").add("}");
}

bool any_composer(const Sheet& sheet) {
    for (const SheetTrack& track : sheet.tracks)
        if (!track.composer.empty()) return true;
    return false;
}

}  // namespace

std::string cd_time(std::uint64_t frames, dsp::Hertz rate) {
    const auto hertz = static_cast<std::uint64_t>(rate.value);
    const std::uint64_t cd = frames * kCdFramesPerSecond / hertz;
    return two_digits(cd / (60 * kCdFramesPerSecond)) + ":" +
           two_digits(cd / kCdFramesPerSecond % 60) + ":" + two_digits(cd % kCdFramesPerSecond);
}

std::string cue_text(const Sheet& sheet) {
    Lines lines;
    lines.add_if(sheet.genre, "REM GENRE", cue_quoted(sheet.genre))
        .add_if(sheet.date, "REM DATE", sheet.date)
        .add_if(sheet.upc, "CATALOG", sheet.upc)
        .add("PERFORMER " + cue_quoted(sheet.performer))
        .add("TITLE " + cue_quoted(sheet.title))
        .add("FILE " + cue_quoted(sheet.image) + " WAVE");
    std::size_t number = 0;
    for (const SheetTrack& track : sheet.tracks) {
        lines.add("  TRACK " + two_digits(++number) + " AUDIO")
            .add("    TITLE " + cue_quoted(track.title))
            .add("    PERFORMER " + cue_quoted(track.performer))
            .add_if(track.composer, "    SONGWRITER", cue_quoted(track.composer))
            .add_if(track.isrc, "    ISRC", track.isrc);
        if (track.place.gap_start < track.place.mark)
            lines.add("    INDEX 00 " + cd_time(track.place.gap_start, sheet.rate));
        lines.add("    INDEX 01 " + cd_time(track.place.mark, sheet.rate));
    }
    return lines.take();
}

std::string toc_text(const Sheet& sheet) {
    const bool composers = any_composer(sheet);
    Lines lines;
    lines.add("CD_DA").add_if(sheet.upc, "CATALOG", toc_quoted(sheet.upc));
    add_cd_text(lines, {sheet.title, sheet.performer, "", sheet.upc}, composers, true);
    for (const SheetTrack& track : sheet.tracks) {
        const Placed& place = track.place;
        lines.add("").add("TRACK AUDIO").add("NO COPY").add("NO PRE_EMPHASIS");
        lines.add("TWO_CHANNEL_AUDIO").add_if(track.isrc, "ISRC", toc_quoted(track.isrc));
        add_cd_text(lines, {track.title, track.performer, track.composer, ""}, composers, false);
        lines.add("FILE " + toc_quoted(sheet.image) + " " + cd_time(place.gap_start, sheet.rate) +
                  " " + cd_time(place.end - place.gap_start, sheet.rate));
        if (place.gap_start < place.mark)
            lines.add("START " + cd_time(place.mark - place.gap_start, sheet.rate));
    }
    return lines.take();
}

std::string to_latin1(std::string_view utf8) {
    std::string out;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto byte = static_cast<unsigned char>(utf8[i]);
        if (byte < 0x80) {
            out += utf8[i];
        } else if ((byte == 0xc2 || byte == 0xc3) && i + 1 < utf8.size()) {
            const auto next = static_cast<unsigned char>(utf8[++i]);
            out += static_cast<char>(((byte & 0x03u) << 6u) | (next & 0x3fu));
        } else if (byte >= 0xc0) {
            out += '?';  // its other bytes are 10xxxxxx
        }
    }
    return out;
}

}  // namespace mixrig::disk
