// Which channels of a song make which stem.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/bounce/stem_map.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace mixrig::app {

using session::Role;
using session::Song;

namespace {

constexpr std::string_view kOthers = "OtherSounds", kSinger = "Singer";

// The first line with a word that begins a word of the name decides; what is short has to be all
// of it.
struct Words {
    std::string_view stem;
    std::array<std::string_view, 16> words;
};
constexpr Words kByWord[] = {
    {"Kick", {"kick", "bassdrum", "bd", "bdrum"}},
    {"SnareDrum", {"snare", "sd", "rimshot"}},
    {"OtherDrums",
     {"drum", "hihat", "hat", "hh", "tom", "ride", "crash", "cymbal", "overhead", "oh", "perc",
      "shaker", "clap", "tamb", "conga", "bongo"}},
    {"BassLine", {"bass"}},
    {"ArpeggiatorSynth", {"arp", "sequence", "seq", "pluck"}},
    {"StringSynth", {"string", "pad", "violin", "cello", "viola"}},
    {kSinger, {"vocal", "vox", "voice", "voc", "sing", "choir"}}};
constexpr std::size_t kShort = 2;

std::string_view stem_for(Role role) {
    switch (role) {
        case Role::vocal:
        case Role::lead_vocal:
            return kSinger;
        case Role::kick:
            return "Kick";
        case Role::bass:
            return "BassLine";
        case Role::snare:
            return "SnareDrum";
        case Role::drums:
            return "OtherDrums";
        case Role::other:
            return kOthers;
        case Role::none:
        case Role::lead:
            break;
    }
    return {};
}

// Small letters, a blank between words and where a capital begins one.
std::string plain_words(std::string_view name) {
    std::string out = " ";
    char before = ' ';
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        const bool begins = std::isupper(byte) && std::islower(static_cast<unsigned char>(before));
        if (begins) out += ' ';
        out += std::isalpha(byte) ? static_cast<char>(std::tolower(byte)) : ' ';
        before = c;
    }
    return out + " ";
}

bool has_word(const std::string& name, std::string_view word) {
    const std::string wanted = " " + std::string(word) + (word.size() <= kShort ? " " : "");
    return name.find(wanted) != name.npos;
}

std::string_view stem_for(std::string_view name) {
    const std::string words = plain_words(name);
    for (const Words& line : kByWord)
        for (const std::string_view word : line.words)
            if (!word.empty() && has_word(words, word)) return line.stem;
    return kOthers;
}

std::string_view default_stem(const session::Track& track) {
    const std::string_view by_role = stem_for(track.role);
    return by_role.empty() ? stem_for(track.stem) : by_role;
}

void add(std::vector<Stem>& stems, std::string_view name, const Song& song,
         const session::Track& track) {
    auto found = std::find_if(stems.begin(), stems.end(),
                              [name](const Stem& stem) { return stem.name == name; });
    if (found == stems.end())
        found = stems.insert(
            found, {std::string(name), std::vector<bool>(song.desk.channels.size(), false)});
    found->channels[track.channel - 1] = true;
}

// In the order in which the rule names them.
std::vector<Stem> default_stems(const Song& song) {
    std::vector<Stem> stems;
    const auto add_all = [&](std::string_view name) {
        for (const session::Track& track : song.tracks)
            if (default_stem(track) == name) add(stems, name, song, track);
    };
    for (const Words& line : kByWord)
        if (line.stem != kSinger) add_all(line.stem);
    add_all(kOthers);
    add_all(kSinger);
    return stems;
}

}  // namespace

base::Result<std::vector<Stem>> stems_of(const Song& song) {
    const auto says = [](const session::Track& track) { return track.says_stem; };
    if (std::none_of(song.tracks.begin(), song.tracks.end(), says)) return default_stems(song);
    std::vector<Stem> stems;
    for (const session::Track& track : song.tracks)
        add(stems, track.says_stem ? std::string_view(track.stem) : kOthers, song, track);
    if (stems.size() > kMostStems)
        return base::Error{std::to_string(stems.size()) + " stems, and a delivery has at most " +
                               std::to_string(kMostStems),
                           song.file.string(), "give the same `stem` to several tracks"};
    return stems;
}

std::vector<bool> vocals_of(const Song& song) {
    std::vector<bool> voices(song.desk.channels.size(), false);
    bool any = false;
    for (const session::Track& track : song.tracks) {
        const bool by_name = track.role == Role::none && stem_for(track.stem) == kSinger;
        if (!is_voice(track.role) && !by_name) continue;
        voices[track.channel - 1] = any = true;
    }
    return any ? voices : std::vector<bool>();
}

}  // namespace mixrig::app
