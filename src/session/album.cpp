// album.toml: names and codes, order, gaps, fades, levels.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/album.h"

#include "src/session/codes.h"
#include "src/session/section.h"
#include "src/session/text_file.h"

#include <map>
#include <sstream>
#include <utility>

namespace mixrig::session {
namespace {

constexpr double kLongest = 86400.0;      // seconds
constexpr double kLongestGap = 600.0;     // seconds
constexpr double kStandardGap = 2.0;      // seconds, what a CD has had from the beginning
constexpr double kMostLevel = 24.0;       // dB
constexpr std::size_t kTitleBytes = 100;  // with artist, title and mix a name fits in 255 bytes
constexpr std::size_t kMixBytes = 40;
constexpr double kOneFrame = 1.0 / 8000.0;  // seconds: lengths that were rounded are let pass

std::string in_seconds(double seconds) {
    std::ostringstream out;
    out << seconds << " s";
    return out.str();
}

// What the songs have unless they say otherwise.
struct Defaults {
    std::string artist;
    std::filesystem::path chain;
    double gap = kStandardGap;
};

template <typename Check>
void read_code(Section& section, std::string_view key, std::string& code, Check check) {
    std::string text;
    section.read(key, text);
    if (text.empty()) return;
    const auto checked = check(text);
    if (!checked) return section.problem(key, checked.error().what, checked.error().hint);
    code = *checked;
}

void read_levels(Section& section, Album& album) {
    std::string word = "album";
    section.read_word("levels", word, {"album", "track", "none"});
    album.levels = word == "track" ? Levels::track : word == "none" ? Levels::none : Levels::album;
    const auto read = [&](std::string_view key, std::optional<double>& value, double low) {
        double number = 0.0;
        section.read(key, number, low, 0.0);
        if (section.has(key)) value = number;
    };
    read("target", album.target_lufs, -60.0);
    read("ceiling", album.ceiling_dBTP, -40.0);
}

Defaults read_album_table(Section section, Album& album) {
    Defaults defaults;
    section.read_name("artist", album.artist, kTitleBytes);
    section.read_name("title", album.title, kTitleBytes);
    if (album.artist.empty()) section.problem("artist", "an album needs an artist");
    if (album.title.empty()) section.problem("title", "an album needs a title");
    read_code(section, "upc", album.upc, checked_upc);
    section.read_name("genre", album.genre);
    section.read("year", album.year, 1860, 2999);
    section.read_word("medium", album.medium, {kMedia[0], kMedia[1], kMedia[2], kMedia[3]});
    section.read_path("chain", defaults.chain);
    section.read("gap", defaults.gap, 0.0, kLongestGap);
    read_levels(section, album);
    section.finish();
    defaults.artist = album.artist;
    return defaults;
}

void read_fade(Section& section, const std::string& key, Fade& fade) {
    section.read(key, fade.length.value, 0.0, kLongest);
    std::string curve(base::kFadeCurveNames[static_cast<std::size_t>(fade.curve)]);
    const auto& names = base::kFadeCurveNames;
    section.read_word(key + "_curve", curve, {names[0], names[1], names[2], names[3]});
    fade.curve = *base::fade_curve(curve);
}

void read_names(Section& section, const Defaults& defaults, AlbumSong& song) {
    song.artist = defaults.artist;
    section.read_name("title", song.title, kTitleBytes);
    section.read_name("mix", song.mix, kMixBytes);
    section.read_name("artist", song.artist, kTitleBytes);
    section.read_name("composer", song.composer, kTitleBytes);
    section.read_word("side", song.side, {"A", "B", "C", "D", "E", "F", "G", "H"});
    read_code(section, "isrc", song.isrc, checked_isrc);
    if (song.title.empty()) song.title = song.file.stem().string();
    if (song.artist.empty()) song.artist = defaults.artist;
}

// What of the file is used must be there, and the fades fit into it.
void check_lengths(Section& section, AlbumSong& song) {
    const double whole = static_cast<double>(song.facts.frames) / song.facts.rate.value;
    if (!section.has("end")) song.end.value = whole;
    if (song.end.value > whole + kOneFrame)
        return section.problem("end", "lies behind the end of the file",
                               song.file.filename().string() + " lasts " + in_seconds(whole));
    if (!(song.length().value > 0.0))
        return section.problem(section.has("end") ? "end" : "start", "nothing of the file is left",
                               song.file.filename().string() + " lasts " + in_seconds(whole));
    const double fades = song.fade_in.length.value + song.fade_out.length.value;
    if (fades > song.length().value + kOneFrame)
        section.problem(
            section.has("fade_out") ? "fade_out" : "fade_in", "the fades last longer than the song",
            "together " + in_seconds(fades) + ", the song " + in_seconds(song.length().value));
}

void look_at(Section& section, const LookAtTrack& look, AlbumSong& song) {
    if (song.file.empty())
        return section.problem("file", "a song needs a sound file", "file = \"intro.wav\"");
    const auto facts = look(song.file);
    if (!facts)
        return section.problem("file", song.file.string() + ": " + facts.error().what,
                               facts.error().hint.empty() ? "files are found relative to the album"
                                                          : facts.error().hint);
    song.facts = *facts;
    if (song.facts.channels > 2)
        return section.problem("file",
                               song.file.string() + " has " + std::to_string(song.facts.channels) +
                                   " channels; an album is stereo",
                               "mix it down first");
    check_lengths(section, song);
}

AlbumSong read_song(Section& section, const LookAtTrack& look, const Defaults& defaults) {
    AlbumSong song;
    song.line = section.line();
    section.read_path("file", song.file);
    song.chain = defaults.chain;
    section.read_path("chain", song.chain);
    if (!song.chain.empty() && !std::filesystem::is_regular_file(song.chain))
        section.problem("chain", "no such file: " + song.chain.string(),
                        "files are found relative to the album");
    read_names(section, defaults, song);
    song.gap.value = defaults.gap;
    section.read("gap", song.gap.value, 0.0, kLongestGap);
    section.read("start", song.start.value, 0.0, kLongest);
    section.read("end", song.end.value, 0.0, kLongest);
    read_fade(section, "fade_in", song.fade_in);
    read_fade(section, "fade_out", song.fade_out);
    section.read("level", song.level_dB, -kMostLevel, kMostLevel);
    section.finish();
    look_at(section, look, song);
    return song;
}

void read_songs(Section& root, const LookAtTrack& look, const Defaults& defaults, Album& album) {
    std::map<std::string, std::size_t> lines;  // of ISRCs: one names one recording
    std::string side = "A";
    for (Section& section : root.tables("song")) {
        AlbumSong song = read_song(section, look, defaults);
        if (album.songs.empty() && !section.has("gap")) song.gap.value = 0.0;
        if (song.side.empty()) song.side = side;
        if (song.side < side)
            section.problem("side", song.side + " comes before " + side, "songs stand in order");
        side = song.side;
        if (!song.isrc.empty()) {
            const auto [first, fresh] = lines.emplace(song.isrc, section.line("isrc"));
            if (!fresh)
                section.problem(
                    "isrc",
                    song.isrc + " stands in line " + std::to_string(first->second) + " already",
                    "one code for one recording");
        }
        album.songs.push_back(std::move(song));
    }
}

}  // namespace

std::string AlbumSong::full_title() const {
    return mix.empty() ? title : title + "(" + mix + ")";
}

base::Result<Album> parse_album(std::string_view text, const std::filesystem::path& file,
                                const LookAtTrack& look) {
    const auto tree = parse_toml(text, file.string());
    if (!tree) return tree.error();
    Problems problems(file.string());
    Section root(&*tree, "", problems);
    Album album{.file = file};
    const Defaults defaults = read_album_table(root.table("album"), album);
    read_songs(root, look, defaults, album);
    root.finish();
    if (!problems.any() && album.songs.empty())
        root.table("album").problem("", "an album needs at least one [[song]]");
    if (problems.any()) return problems.first();
    return album;
}

base::Result<Album> load_album(const std::filesystem::path& file, const LookAtTrack& look) {
    const auto text = read_text(file);
    if (!text) return text.error();
    return parse_album(*text, file, look);
}

std::string song_file_name(const AlbumSong& song, std::size_t number) {
    const std::string digits = std::to_string(number);
    return safe_file_name((digits.size() < 2 ? "0" : "") + digits + "-" + song.artist + "-" +
                          song.full_title());
}

}  // namespace mixrig::session
