// The readers of src/session, asked for their opinion.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/tools/validate.h"

#include "src/app/live/gate.h"
#include "src/app/live/midi_maps.h"
#include "src/app/look_at.h"
#include "src/app/master/delivery_profile.h"
#include "src/engine/resolver.h"
#include "src/session/automation.h"
#include "src/session/cues.h"
#include "src/session/flight_events.h"
#include "src/session/flight_info.h"
#include "src/session/scene.h"
#include "src/session/song.h"
#include "src/session/text_file.h"
#include "src/session/toml.h"

#include <algorithm>
#include <string>
#include <utility>

namespace mixrig::app {
namespace {

namespace fs = std::filesystem;
using base::Done;
using base::Status;

// What a scene is held to.
struct Against {
    param::DeskShape shape = {};
    dsp::Hertz rate = {48000.0};
};

bool is_album(const session::TomlNode& root) {
    const session::TomlNode* song = root.find("song");
    return root.find("album") != nullptr ||
           (song != nullptr && song->kind == session::TomlNode::Kind::list);
}

bool is_song(const session::TomlNode& root) {
    return root.find("song") != nullptr || root.find("track") != nullptr;
}

bool is_midi_map(const session::TomlNode& root) {
    return root.find("map") != nullptr;
}

base::Result<Against> read_desk(const fs::path& file) {
    const auto text = session::read_text(file);
    if (!text) return text.error();
    if (kind_of_file(file, *text) == FileKind::song) {
        const auto song = session::parse_song(*text, file, look_at_sound);
        if (!song) return song.error();
        return Against{session::shape_of(song->desk), song->desk.audio.rate};
    }
    // Only its strips matter here.
    const auto desk = session::parse_desk(*text, file, session::NamedFiles::may_be_away);
    if (!desk) return desk.error();
    return Against{session::shape_of(*desk), desk->audio.rate};
}

base::Result<Against> desk_for(const fs::path& file, const fs::path& desk) {
    if (!desk.empty()) return read_desk(desk);
    const fs::path folder = file.parent_path();
    const fs::path same_name = fs::path(file).replace_extension(".toml");
    std::error_code ignored;
    for (const fs::path& beside : {same_name, folder / "song.toml", folder / "desk.toml"})
        if (beside != file && fs::is_regular_file(beside, ignored)) return read_desk(beside);
    const auto standard = session::parse_desk("", "");  // every key at its default
    if (!standard) return standard.error();
    Against any{session::shape_of(*standard), standard->audio.rate};
    any.shape.restores = true;  // it may be the chain of a file
    return any;
}

// Routes may close a loop only together.
Status check_routes(const session::Scene& scene, const param::Layout& layout,
                    const Against& against, const std::string& file) {
    const engine::Geometry geometry(layout.shape());
    engine::Resolver resolver(layout, geometry, against.rate);
    for (const session::Setting& setting : scene) {
        if (layout.row(setting.slot).type == param::Type::text) continue;
        if (layout.place(setting.slot).kind == param::Kind::restore) continue;
        if (const auto possible = resolver.check(setting.slot, setting.value.number); !possible)
            return base::Error{layout.address(setting.slot) + ": " + possible.error().what,
                               session::at_line(file, setting.line), possible.error().hint};
        resolver.set(setting.slot, setting.value.number);
    }
    return Done{};
}

Status validate_scene(const std::string& text, const fs::path& file, const Against& against) {
    const param::Layout layout(against.shape);
    const auto scene = session::parse_scene(text, layout, file.string());
    return scene ? check_routes(*scene, layout, against, file.string()) : scene.error();
}

Status validate_automation(const std::string& text, const fs::path& file, const Against& against) {
    const param::Layout layout(against.shape);
    const auto moves = session::parse_automation(text, layout, against.rate, file.string());
    if (!moves) return moves.error();
    session::Scene settings;
    for (const session::Move& move : moves->moves) settings.push_back(move.setting);
    return check_routes(settings, layout, against, file.string());
}

// Scenes stand beside the cue list that names them.
Status validate_cues(const std::string& text, const fs::path& file) {
    const auto cues = session::parse_cues(text, file.string());
    if (!cues) return cues.error();
    for (const session::Cue& cue : *cues) {
        std::error_code ignored;
        if (!fs::exists(file.parent_path() / (cue.scene + ".scene"), ignored))
            return base::Error{"cue " + session::cue_text(cue.number) + ": there is no scene `" +
                                   cue.scene + "` beside this file",
                               session::at_line(file.string(), cue.line),
                               "it would be " + cue.scene + ".scene"};
    }
    return Done{};
}

using Validate = Status (*)(const std::string&, const fs::path&, const Against&);

Status validate_named(const fs::path& file, const Against& against, Validate validate) {
    if (file.empty()) return Done{};
    const auto text = session::read_text(file);
    return text ? validate(*text, file, against) : text.error();
}

Status validate_midi(const std::string& text, const fs::path& file, const Against& against) {
    const auto mappings = parse_mappings(text, file.string(), param::Layout(against.shape));
    return mappings ? Status(Done{}) : mappings.error();
}

Status validate_desk(const std::string& text, const fs::path& file) {
    const auto desk = session::parse_desk(text, file);
    if (!desk) return desk.error();
    for (const fs::path& map : desk->midi.maps) {
        const Against against{session::shape_of(*desk), desk->audio.rate};
        if (auto status = validate_named(map, against, validate_midi); !status) return status;
    }
    const param::Layout layout(session::shape_of(*desk));
    control::Access access(layout);
    if (auto roles = use_roles(*desk, access); !roles) return roles;
    return validate_named(desk->start_scene, {session::shape_of(*desk), desk->audio.rate},
                          validate_scene);
}

Status validate_song(const std::string& text, const fs::path& file) {
    const auto song = session::parse_song(text, file, look_at_sound);
    if (!song) return song.error();
    const Against desk{session::shape_of(song->desk), song->desk.audio.rate};
    if (auto scene = validate_named(song->scene, desk, validate_scene); !scene) return scene;
    return validate_named(song->automation, desk, validate_automation);
}

// For the medium that it names itself.
Status validate_album(const std::string& text, const fs::path& file) {
    const auto album = session::parse_album(text, file, look_at_sound);
    if (!album) return album.error();
    const auto profile = delivery_profile(album->medium);
    return profile ? check_medium(*album, *profile) : profile.error();
}

// Its moves come in batches: on the way through one, two groups may well feed each other.
Status validate_flight(const fs::path& folder) {
    const auto info = session::load_flight(folder);
    if (!info) return info.error();
    const fs::path desk = folder / session::kFlightDesk;
    if (auto scene = validate_file(folder / session::kFlightStart, desk); !scene) return scene;
    const auto against = read_desk(desk);
    if (!against) return against.error();
    const auto events = session::load_flight_events(folder / session::kFlightEvents,
                                                    param::Layout(against->shape), info->rate);
    return events ? Status(Done{}) : events.error();
}

}  // namespace

FileKind kind_of_file(const fs::path& file, std::string_view text) {
    if (file.extension() == ".scene") return FileKind::scene;
    if (file.extension() == ".auto") return FileKind::automation;
    if (file.extension() == ".cues") return FileKind::cues;
    if (file.extension() != ".toml") {
        for (std::size_t begin = 0; begin < text.size();) {
            const std::size_t end = std::min(text.find('\n', begin), text.size());
            const std::string_view line = text.substr(begin, end - begin);
            begin = end + 1;
            const std::size_t first = line.find_first_not_of(" \t\r");
            if (first == std::string_view::npos || line[first] == '#') continue;
            if (line[first] == '/') return FileKind::scene;
            if (line[first] >= '0' && line[first] <= '9') return FileKind::automation;
            break;
        }
    }
    // What is no TOML at all is refused with its line by whoever reads it next.
    const auto root = session::parse_toml(text, file.string());
    if (root ? is_album(*root) : file.filename() == "album.toml") return FileKind::album;
    if (root && is_midi_map(*root)) return FileKind::midi;
    if (root ? is_song(*root) : file.filename() == "song.toml") return FileKind::song;
    return FileKind::desk;
}

Status validate_file(const fs::path& file, const fs::path& desk) {
    std::error_code ignored;
    if (fs::is_directory(file, ignored)) return validate_flight(file);
    const auto text = session::read_text(file);
    if (!text) return text.error();
    switch (kind_of_file(file, *text)) {
        case FileKind::desk:
            return validate_desk(*text, file);
        case FileKind::song:
            return validate_song(*text, file);
        case FileKind::album:
            return validate_album(*text, file);
        case FileKind::cues:
            return validate_cues(*text, file);
        case FileKind::scene:
        case FileKind::automation:
        case FileKind::midi:
            break;
    }
    const auto against = desk_for(file, desk);
    if (!against) return against.error();
    const FileKind kind = kind_of_file(file, *text);
    if (kind == FileKind::midi) return validate_midi(*text, file, *against);
    return kind == FileKind::scene ? validate_scene(*text, file, *against)
                                   : validate_automation(*text, file, *against);
}

}  // namespace mixrig::app
