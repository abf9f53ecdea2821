// manifest.json, written and read.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/master/delivery.h"

#include "src/disk/digest.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <system_error>

namespace mixrig::app {
namespace {

constexpr std::string_view kKind = "mixrig delivery 1";
constexpr double kSilence = -std::numeric_limits<double>::infinity();

using Tree = nlohmann::json;

Json song_json(const DeliveredSong& song) {
    Json out = Json::object();
    out.set("reel", song.reel)
        .set("title", song.title)
        .set("artist", song.artist)
        .set("composer", song.composer)
        .set("isrc", song.isrc)
        .set("file", song.file)
        .set("gap_start", song.place.gap_start)
        .set("mark", song.place.mark)
        .set("start", song.place.start)
        .set("frames", song.place.frames)
        .set("end", song.place.end)
        .set("from", song.from)
        .set("to", song.to)
        .set("gain_db", song.gain_dB)
        .set("integrated_lufs", song.integrated_lufs)
        .set("range_lu", song.range_lu)
        .set("true_peak_dbtp", song.true_peak_dBTP)
        .set("held_by_ceiling", song.held_by_ceiling);
    return out;
}

// Silence is null: JSON has no infinity.
double level_of(const Tree& tree, const char* key) {
    const Tree& value = tree.at(key);
    return value.is_null() ? kSilence : value.get<double>();
}

DeliveredSong read_song(const Tree& tree) {
    DeliveredSong song;
    tree.at("reel").get_to(song.reel);
    tree.at("title").get_to(song.title);
    tree.at("artist").get_to(song.artist);
    tree.at("composer").get_to(song.composer);
    tree.at("isrc").get_to(song.isrc);
    tree.at("file").get_to(song.file);
    tree.at("gap_start").get_to(song.place.gap_start);
    tree.at("mark").get_to(song.place.mark);
    tree.at("start").get_to(song.place.start);
    tree.at("frames").get_to(song.place.frames);
    tree.at("end").get_to(song.place.end);
    tree.at("from").get_to(song.from);
    tree.at("to").get_to(song.to);
    tree.at("held_by_ceiling").get_to(song.held_by_ceiling);
    song.gain_dB = level_of(tree, "gain_db");
    song.integrated_lufs = level_of(tree, "integrated_lufs");
    song.range_lu = level_of(tree, "range_lu");
    song.true_peak_dBTP = level_of(tree, "true_peak_dbtp");
    return song;
}

// Names in a manifest are names, never ways out of its folder.
bool is_name(const std::string& text) {
    return !text.empty() && text != "." && text != ".." && text.find('/') == text.npos &&
           text.find('\0') == text.npos;
}

Delivery read_delivery(const Tree& tree) {
    Delivery out;
    tree.at("medium").get_to(out.medium);
    tree.at("format").get_to(out.format);
    out.rate.value = tree.at("rate_hz").get<double>();
    tree.at("artist").get_to(out.artist);
    tree.at("title").get_to(out.title);
    tree.at("upc").get_to(out.upc);
    tree.at("genre").get_to(out.genre);
    tree.at("date").get_to(out.date);
    tree.at("levels").get_to(out.levels);
    out.target_lufs = level_of(tree, "target_lufs");
    out.ceiling_dBTP = level_of(tree, "ceiling_dbtp");
    out.integrated_lufs = level_of(tree, "integrated_lufs");
    for (const Tree& reel : tree.at("reels"))
        out.reels.push_back({.name = reel.at("name").get<std::string>(),
                             .image = reel.at("image").get<std::string>(),
                             .frames = reel.at("frames").get<std::uint64_t>()});
    for (const Tree& song : tree.at("songs")) out.songs.push_back(read_song(song));
    for (const Tree& file : tree.at("files"))
        out.files.push_back({.name = file.at("name").get<std::string>(),
                             .kind = file.at("kind").get<std::string>(),
                             .bytes = file.at("bytes").get<std::uint64_t>(),
                             .sha256 = file.at("sha256").get<std::string>()});
    return out;
}

// What later steps rely on; empty when all is well.
std::string nonsense(const Delivery& delivery) {
    if (!(delivery.rate.value >= 1.0 && delivery.rate.value <= 1e7)) return "its rate is no rate";
    for (const DeliveredSong& song : delivery.songs) {
        if (song.reel >= delivery.reels.size()) return "a song lies on a reel that is not there";
        if (!is_name(song.file)) return "a song has no file name";
        if (song.to < song.from || song.place.mark < song.place.gap_start ||
            song.place.end < song.place.mark)
            return "a song ends before it begins";
    }
    for (const DeliveredReel& reel : delivery.reels)
        if (!reel.image.empty() && !is_name(reel.image)) return "an image has no file name";
    for (const DeliveredFile& file : delivery.files)
        if (!is_name(file.name)) return "a file has no name";
    return {};
}

}  // namespace

bool Delivery::held_by_ceiling() const {
    return std::any_of(songs.begin(), songs.end(),
                       [](const DeliveredSong& song) { return song.held_by_ceiling; });
}

Json to_json(const Delivery& delivery) {
    Json reels = Json::list(), songs = Json::list(), files = Json::list();
    for (const DeliveredReel& reel : delivery.reels)
        reels.add(std::move(Json::object()
                                .set("name", reel.name)
                                .set("image", reel.image)
                                .set("frames", reel.frames)));
    for (const DeliveredSong& song : delivery.songs) songs.add(song_json(song));
    for (const DeliveredFile& file : delivery.files)
        files.add(std::move(Json::object()
                                .set("name", file.name)
                                .set("kind", file.kind)
                                .set("bytes", file.bytes)
                                .set("sha256", file.sha256)));
    Json out = Json::object();
    out.set("kind", kKind)
        .set("program", "mixrig " MIXRIG_VERSION)
        .set("medium", delivery.medium)
        .set("format", delivery.format)
        .set("rate_hz", delivery.rate.value)
        .set("artist", delivery.artist)
        .set("title", delivery.title)
        .set("upc", delivery.upc)
        .set("genre", delivery.genre)
        .set("date", delivery.date)
        .set("levels", delivery.levels)
        .set("target_lufs", delivery.target_lufs)
        .set("ceiling_dbtp", delivery.ceiling_dBTP)
        .set("integrated_lufs", delivery.integrated_lufs)
        .set("reels", std::move(reels))
        .set("songs", std::move(songs))
        .set("files", std::move(files));
    return out;
}

base::Result<Delivery> parse_manifest(std::string_view text, const std::string& file) {
    const auto refused = [&file](const std::string& why) {
        return base::Error{.what = "is no manifest of a delivery: " + why,
                           .where = file,
                           .hint = "`mixrig album` writes one"};
    };
    try {
        const Tree tree = Tree::parse(text);
        if (tree.value("kind", "") != kKind) return refused("it is of another kind");
        Delivery delivery = read_delivery(tree);
        if (const std::string why = nonsense(delivery); !why.empty()) return refused(why);
        return delivery;
    } catch (const Tree::exception& error) {
        return refused(error.what());
    }
}

base::Status add_file(Delivery& delivery, const std::filesystem::path& path,
                      std::string_view kind) {
    auto digest = disk::sha256(path);
    if (!digest) return digest.error();
    std::error_code error;
    const std::uintmax_t bytes = std::filesystem::file_size(path, error);
    if (error) return base::Error{.what = error.message(), .where = path.string()};
    delivery.files.push_back({.name = path.filename().string(),
                              .kind = std::string(kind),
                              .bytes = bytes,
                              .sha256 = *std::move(digest)});
    return base::Done{};
}

}  // namespace mixrig::app
