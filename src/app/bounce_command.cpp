// mixrig bounce: a song to a file.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/bounce.h"
#include "src/app/cli.h"
#include "src/app/look_at.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <unistd.h>

namespace mixrig::app {

namespace {

struct BounceOptions {
    std::string song, folder, format = "wav24";
    unsigned rate = 0;
    std::size_t block = 1024, threads = 0;
    double tail = 0.0;
};

void show_progress(double share) {
    static int shown = -1;
    const int percent = static_cast<int>(share * 100.0);
    if (percent == shown) return;
    shown = percent;
    std::fprintf(stderr, "\r%3d %%", percent);
    if (percent == 100) std::fprintf(stderr, "\r     \r");
}

int bounce_song(const BounceOptions& options) {
    const auto format = disk::parse_format(options.format);
    if (!format) return fail(format.error());
    auto song = session::load_song(options.song, look_at_sound);
    if (!song) return fail(song.error());
    if (options.rate != 0) song->desk.audio.rate = {static_cast<double>(options.rate)};
    for (const std::string& note : song->notes) std::fprintf(stderr, "mixrig: %s\n", note.c_str());
    std::error_code error;
    std::filesystem::create_directories(options.folder, error);
    if (error)
        return fail({"cannot be made: " + error.message(), options.folder,
                     "choose another folder with -o"});

    const auto done = bounce(
        *song, {.folder = options.folder,
                .format = *format,
                .block = options.block,
                .threads = options.threads != 0 ? options.threads : song->desk.engine.threads,
                .tail_seconds = options.tail,
                .progress = isatty(STDERR_FILENO) ? show_progress : std::function<void(double)>{}});
    if (!done) return fail(done.error());
    const double seconds = static_cast<double>(done->frames) / song->desk.audio.rate.value;
    std::printf("%s  %.3f s, %.1f times faster than realtime\n", done->file.c_str(), seconds,
                seconds / done->seconds);
    if (done->over != 0)
        std::fprintf(stderr,
                     "mixrig: %llu samples were beyond full scale: lower the main fader or switch "
                     "the limiter on\n",
                     static_cast<unsigned long long>(done->over));
    if (done->faults != 0)
        std::fprintf(stderr,
                     "mixrig: a track had samples that are not numbers, or beyond reason; its "
                     "strip was silenced there\n");
    return kDone;
}

}  // namespace

Command add_bounce(CLI::App& mixrig) {
    auto options = std::make_shared<BounceOptions>();
    CLI::App* bounce = mixrig.add_subcommand("bounce", "Render a song as fast as the machine can");
    bounce->add_option("song", options->song, "The song: a song.toml")
        ->required()
        ->type_name("FILE");
    bounce
        ->add_option("-o,--output", options->folder,
                     "Folder for the rendered file; made if it is not there")
        ->required()
        ->type_name("DIR");
    bounce->add_option("--format", options->format, "One of: " + disk::format_names());
    bounce->add_option("--rate", options->rate, "Sample rate in Hz; without it the song's")
        ->check(CLI::Range(8000u, 384000u));
    bounce->add_option("--block", options->block, "Frames computed at a time; changes no sample")
        ->check(CLI::Range(std::size_t{1}, std::size_t{65536}));
    bounce->add_option("--threads", options->threads, "Threads; changes no sample")
        ->check(CLI::Range(std::size_t{1}, std::size_t{16}));
    bounce->add_option("--tail", options->tail, "Seconds rendered after the last track has ended")
        ->check(CLI::Range(0.0, 600.0));
    return {bounce, [options] { return bounce_song(*options); }};
}

}  // namespace mixrig::app
