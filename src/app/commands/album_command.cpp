// mixrig album: songs to a delivery.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/commands/cli.h"
#include "src/app/look_at.h"
#include "src/app/master/album.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <string>

namespace mixrig::app {
namespace {

struct AlbumOptions {
    std::string album, folder, medium, format;
    double rate = 0.0, preview_seconds = 5.0;
    bool zip = false, preview = false, json = false;
};

base::Result<DeliveryProfile> profile_for(const AlbumOptions& options,
                                          const session::Album& album) {
    auto profile = delivery_profile(options.medium.empty() ? album.medium : options.medium);
    if (!profile) return profile;
    const bool asked = !options.format.empty() || options.rate > 0.0;
    if (asked && profile->name == "cd")
        return base::Error{.what = "a CD is 44.1 kHz and 16 bit",
                           .where = "--format, --rate",
                           .hint = "leave them away"};
    if (!options.format.empty()) {
        const auto format = disk::parse_format(options.format);
        if (!format) return format.error();
        profile->format = *format;
    }
    if (options.rate > 0.0) profile->rate = options.rate;
    return profile;
}

void print(const AlbumMade& made, const AlbumOptions& options) {
    for (const std::string& note : made.notes) std::fprintf(stderr, "mixrig: %s\n", note.c_str());
    if (options.json) {
        Json notes = Json::list();
        for (const std::string& note : made.notes) notes.add(note);
        Json out = Json::object();
        out.set("manifest", to_json(made.delivery))
            .set("cohesion", to_json(made.cohesion))
            .set("notes", std::move(notes));
        return print_line(out.text());
    }
    print_line(to_text(made.cohesion));
    std::printf("album: %.2f LUFS, gain %+.2f dB to %+.2f dB\n", made.delivery.integrated_lufs,
                made.lowest_gain(), made.highest_gain());
    for (const DeliveredFile& file : made.delivery.files)
        print_line(options.folder + "/" + file.name);
}

int run_album(const AlbumOptions& options) {
    const auto album = session::load_album(options.album, look_at_sound);
    if (!album) return fail(album.error());
    const auto profile = profile_for(options, *album);
    if (!profile) return fail(profile.error());
    const auto made =
        make_album(*album, {.folder = options.folder,
                            .profile = *profile,
                            .zip = options.zip,
                            .preview_seconds = options.preview ? options.preview_seconds : 0.0});
    if (!made) return fail(made.error());
    print(*made, options);
    return kDone;
}

}  // namespace

Command add_album(CLI::App& mixrig) {
    auto options = std::make_shared<AlbumOptions>();
    CLI::App* app = mixrig.add_subcommand(
        "album", "Deliver an album: order, gaps, fades, levels, files for one medium");
    app->add_option("album", options->album, "The album: an album.toml")
        ->required()
        ->type_name("FILE");
    app->add_option("-o,--output", options->folder, "Folder for the delivery; made if needed")
        ->required()
        ->type_name("DIR");
    app->add_option("--medium", options->medium,
                    "One of " + profile_names() + "; without it the album's")
        ->type_name("NAME");
    app->add_option("--format", options->format, "Another sound file format, such as flac24");
    app->add_option("--rate", options->rate, "Another sample rate in Hz")
        ->check(CLI::Range(8000.0, 384000.0));
    app->add_flag("--zip", options->zip, "Pack each song into a .zip as well");
    app->add_flag("--preview", options->preview, "Write what is heard around every gap as well");
    app->add_option("--preview-seconds", options->preview_seconds,
                    "How much of the songs before and after it, 5 s unless said")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.1, 60.0));
    app->add_flag("--json", options->json, "Manifest, cohesion and notes as one object");
    return {app, [options] { return run_album(*options); }, true};
}

}  // namespace mixrig::app
