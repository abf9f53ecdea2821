// song.toml: the song, its tracks, and a desk that fits them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/song.h"

#include "src/session/desk_tables.h"
#include "src/session/text_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>
#include <utility>

namespace mixrig::session {
namespace {

constexpr double kLatestStart = 86400.0;  // seconds

constexpr std::array<std::string_view, 9> kRoles = {"none",  "vocal", "lead",  "kick",      "bass",
                                                    "snare", "drums", "other", "lead_vocal"};

std::string in_hertz(dsp::Hertz rate) {
    std::ostringstream out;
    out << rate.value << " Hz";
    return out.str();
}

void require_file(Section& section, std::string_view key, const std::filesystem::path& path) {
    if (!path.empty() && !std::filesystem::is_regular_file(path))
        section.problem(key, "no such file: " + path.string(),
                        "files are found relative to the song");
}

void read_song_table(Section section, Song& song) {
    section.read_name("artist", song.artist);
    section.read_name("title", song.title);
    section.read_path("scene", song.scene);
    section.read_path("automation", song.automation);
    require_file(section, "scene", song.scene);
    require_file(section, "automation", song.automation);
    section.finish();
}

Role read_role(Section& section) {
    std::string word(kRoles.front());
    section.read_word("role", word,
                      {kRoles[0], kRoles[1], kRoles[2], kRoles[3], kRoles[4], kRoles[5], kRoles[6],
                       kRoles[7], kRoles[8]});
    return static_cast<Role>(std::find(kRoles.begin(), kRoles.end(), word) - kRoles.begin());
}

Track read_track(Section& section, const LookAtTrack& look) {
    Track track;
    section.read_path("file", track.file);
    section.read("channel", track.channel, 1, 1024);
    section.read_name("stem", track.stem);
    track.says_stem = !track.stem.empty();
    track.role = read_role(section);
    section.read("start", track.start.value, 0.0, kLatestStart);
    section.finish();
    if (!section.has("channel")) section.problem("", "has no channel", "channel = 1");
    if (track.file.empty()) {
        section.problem("file", "a track needs a sound file", "file = \"kick.wav\"");
        return track;
    }
    const auto facts = look(track.file);
    if (!facts) {
        section.problem("file", track.file.string() + ": " + facts.error().what,
                        facts.error().hint.empty() ? "files are found relative to the song"
                                                   : facts.error().hint);
        return track;
    }
    track.facts = *facts;
    if (track.facts.channels > 2)
        section.problem("file",
                        track.file.string() + " has " + std::to_string(track.facts.channels) +
                            " channels; a track is mono or stereo",
                        "split it into files of one or two");
    return track;
}

// One track a channel; the desk learns how wide each channel must be.
TrackChannels read_tracks(Section& root, const LookAtTrack& look, Song& song) {
    TrackChannels channels;
    std::map<std::size_t, std::size_t> lines;
    for (Section& section : root.tables("track")) {
        Track track = read_track(section, look);
        if (track.channel > 0) {
            const auto [first, fresh] = lines.emplace(track.channel, section.line());
            if (!fresh)
                section.problem("channel",
                                std::to_string(track.channel) + " has a track already, in line " +
                                    std::to_string(first->second),
                                "one track a channel");
            channels.emplace(track.channel, TrackChannel{track.facts.channels == 2 ? 2u : 1u,
                                                         section.line("channel")});
        }
        song.tracks.push_back(std::move(track));
    }
    return channels;
}

void name_tracks(Song& song) {
    for (Track& track : song.tracks) {
        StripConfig& channel = song.desk.channels[track.channel - 1];
        if (track.stem.empty()) track.stem = channel.name;
        if (track.stem.empty()) track.stem = track.file.stem().string();
        if (channel.name.empty()) channel.name = track.stem;
    }
}

void choose_rate(Song& song, bool said) {
    if (!said) song.desk.audio.rate = song.tracks.front().facts.rate;
    const dsp::Hertz rate = song.desk.audio.rate;
    for (const Track& track : song.tracks)
        if (track.facts.rate.value != rate.value)
            song.notes.push_back(track.file.string() + " is at " + in_hertz(track.facts.rate) +
                                 " and is resampled to " + in_hertz(rate));
}

}  // namespace

std::string_view role_name(Role role) {
    return kRoles[static_cast<std::size_t>(role)];
}

base::Result<Song> parse_song(std::string_view text, const std::filesystem::path& file,
                              const LookAtTrack& look) {
    const auto tree = parse_toml(text, file.string());
    if (!tree) return tree.error();
    Problems problems(file.string());
    Section root(&*tree, "", problems);
    Song song{.file = file, .title = file.stem().string()};
    read_song_table(root.table("song"), song);
    const TrackChannels channels = read_tracks(root, look, song);
    song.desk = read_desk(root, channels, problems);
    root.finish();
    if (!problems.any() && song.tracks.empty())
        problems.add(0, "a song needs at least one [[track]]");
    if (problems.any()) return problems.first();
    const TomlNode* audio = tree->find("audio");
    choose_rate(song, audio != nullptr && audio->find("rate") != nullptr);
    name_tracks(song);
    return song;
}

base::Result<Song> load_song(const std::filesystem::path& file, const LookAtTrack& look) {
    const auto text = read_text(file);
    if (!text) return text.error();
    return parse_song(*text, file, look);
}

std::string safe_file_name(std::string name) {
    // What FAT, exFAT and NTFS refuse, besides the slash; a leading dot would hide the file.
    constexpr std::string_view kRefused = "/\\:*?\"<>|";
    for (char& c : name)
        if (static_cast<unsigned char>(c) < 0x20 || kRefused.find(c) != kRefused.npos) c = '_';
    if (name.starts_with('.')) name.front() = '_';
    return name;
}

std::string plain_file_name(std::string_view name) {
    std::string out;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) out += c;
        if (byte >= 0xc0) out += '_';  // its other bytes are 10xxxxxx
    }
    return safe_file_name(std::move(out));
}

std::string output_name(const Song& song, std::string_view what) {
    std::string name = song.artist + (song.artist.empty() ? "" : "-") + song.title + "-";
    name += what;
    return safe_file_name(std::move(name));
}

}  // namespace mixrig::session
