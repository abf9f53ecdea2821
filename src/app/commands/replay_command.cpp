// mixrig replay: a flight, rendered once more.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/commands/cli.h"
#include "src/app/flight/replay.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <unistd.h>

namespace mixrig::app {

namespace {

int replay_flight(ReplaySettings settings) {
    std::error_code error;
    std::filesystem::create_directories(settings.folder, error);
    if (error)
        return fail({"cannot be made: " + error.message(), settings.folder.string(),
                     "choose another folder with -o"});
    if (isatty(STDERR_FILENO)) settings.progress = show_progress;
    const auto done = replay(settings);
    if (!done) return fail(done.error());
    for (const std::string& note : done->notes) std::fprintf(stderr, "mixrig: %s\n", note.c_str());
    for (const auto& file : done->files) print_line(file.string());
    const double seconds = static_cast<double>(done->frames) / done->rate;
    std::printf("%.3f s, %.1f times faster than realtime\n", seconds, seconds / done->seconds);
    return kDone;
}

}  // namespace

Command add_replay(CLI::App& mixrig) {
    auto options = std::make_shared<ReplaySettings>();
    CLI::App* app = mixrig.add_subcommand("replay", "Render a flight of a live desk once more");
    app->add_option("flight", options->flight, "The folder of the flight")
        ->required()
        ->type_name("DIR");
    app->add_option("-o,--output", options->folder,
                    "Folder for a file of each output; made if it is not there")
        ->required()
        ->type_name("DIR");
    app->add_option("--events", options->events,
                    "Moves in place of the flight's events.auto, from which they may be edited")
        ->type_name("FILE");
    app->add_flag("--main", options->main_only, "The main bus only");
    app->add_option("--block", options->block, "Frames computed at a time; changes no sample")
        ->check(CLI::Range(std::size_t{1}, std::size_t{65536}));
    app->add_option("--threads", options->threads, "Threads; changes no sample")
        ->check(CLI::Range(std::size_t{1}, std::size_t{16}));
    return {app, [options] { return replay_flight(*options); }, true};
}

}  // namespace mixrig::app
