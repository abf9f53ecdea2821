// mixrig demo: records the demo band into a folder.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/commands/cli.h"
#include "src/app/demo/demo.h"
#include "src/app/demo/demo_song.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

namespace mixrig::app {
namespace {

struct DemoOptions {
    std::string folder;
    double seconds = 24.0;
    double rate = 48000.0;
    bool song = false;
};

int run_demo(const DemoOptions& options) {
    const auto done = options.song ? render_demo_song(options.folder, {options.rate})
                                   : render_demo(options.folder, {options.seconds}, {options.rate});
    return done ? kDone : fail(done.error());
}

}  // namespace

Command add_demo(CLI::App& mixrig) {
    auto options = std::make_shared<DemoOptions>();
    CLI::App* app =
        mixrig.add_subcommand("demo", "Write the nine tracks of the demo band into a folder");
    app->add_option("FOLDER", options->folder, "Made if it is missing")->required();
    auto* song = app->add_flag("--song", options->song,
                               "A song of a minute in its place: sixteen tracks, song.toml, mix");
    app->add_option("--seconds", options->seconds, "Length, rounded to whole bars of 3 s")
        ->excludes(song)
        ->check(CLI::Range(3.0, 3600.0))
        ->capture_default_str();
    app->add_option("--rate", options->rate, "Frames a second")
        ->check(CLI::Range(8000.0, 192000.0))
        ->capture_default_str();
    return {app, [options] { return run_demo(*options); }, true};
}

}  // namespace mixrig::app
