// mixrig bounce: a song to files.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/bounce/bounce.h"
#include "src/app/bounce/null_certificate.h"
#include "src/app/commands/cli.h"
#include "src/app/look_at.h"
#include "src/app/master/master.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <optional>
#include <unistd.h>

namespace mixrig::app {

namespace {

namespace fs = std::filesystem;

struct BounceOptions {
    std::string song, folder, format = "wav24";
    unsigned rate = 0;
    std::size_t block = 1024, threads = 0;
    double pre_roll = 0.0, tail = 0.0, lufs = MasterSettings{}.lufs;
    bool has_tail = false;
    bool premaster = false, no_limiter = false, instrumental = false, stems = false, tracks = false;
    bool listen = false;
};

void tell(const Bounced& done, dsp::Hertz rate) {
    const double seconds = static_cast<double>(done.frames) / rate.value;
    if (done.files.size() == 1) {
        std::printf("%s  %.3f s, %.1f times faster than realtime\n", done.file.c_str(), seconds,
                    seconds / done.seconds);
    } else {
        for (const fs::path& file : done.files) std::printf("%s\n", file.c_str());
        std::printf("%zu files of %.3f s, %.1f times faster than realtime\n", done.files.size(),
                    seconds, seconds / done.seconds);
    }
    for (const fs::path& file : done.loud)
        std::fprintf(stderr,
                     "mixrig: %s: has samples beyond full scale: lower faders, switch the limiter "
                     "on, or bounce to wav32f\n",
                     file.c_str());
    for (const base::Error& track : done.damaged)
        std::fprintf(stderr, "mixrig: %s; its strip is silent there\n", track.text().c_str());
    if (done.faults != 0 && done.damaged.empty())
        std::fprintf(stderr,
                     "mixrig: a strip had samples that are not numbers, or beyond reason, and was "
                     "silenced there\n");
    if (done.rings_on)
        std::fprintf(stderr,
                     "mixrig: the tail still rang after %.0f s and was cut off there: an effect or "
                     "a source that does not end; --tail says how long it shall be\n",
                     kLongestTailSeconds);
}

// That the stems add up is not believed but read back from the files.
base::Status certify(const session::Song& song, const Bounced& done, const fs::path& folder,
                     const disk::Format& format) {
    const auto test = null_test(done.full_mix, done.stems);
    if (!test) return test.error();
    const fs::path path = folder / (session::output_name(song, "Null") + ".json");
    if (auto status = write_certificate(*test, path); !status) return status.error();
    if (test->residual_dBFS == kNothing_dBFS)
        std::printf("%s  the stems add up to the mix exactly\n", path.c_str());
    else
        std::printf("%s  the stems add up to the mix within %.1f dBFS\n", path.c_str(),
                    test->residual_dBFS);
    if (test->passes()) return base::Done{};
    return base::Error{"the stems do not add up to the mix: a difference of " +
                           std::to_string(test->residual_dBFS) + " dBFS at " +
                           std::to_string(test->at_seconds) + " s",
                       done.full_mix.string(),
                       !done.loud.empty() && format.coding != disk::Coding::float32
                           ? "a file was cut off at full scale: bounce to wav32f, or lower it"
                           : "drive saturator and clipper less, or bounce to wav32f"};
}

// In floats: dither comes once, at the end.
fs::path exact_mix(const BounceOptions& options, const session::Song& song) {
    return fs::path(options.folder) / (session::output_name(song, "Listen") + ".tmp.wav");
}

// Rule H12: as loud as what it will be compared with.
base::Status make_listening_copy(const session::Song& song, const disk::Format& format,
                                 const BounceOptions& options) {
    const fs::path path = fs::path(options.folder) / (session::output_name(song, "Listen") +
                                                      std::string(disk::extension(format)));
    const fs::path exact = exact_mix(options, song);
    const auto copy =
        master({.input = exact, .output = path, .lufs = options.lufs, .format = format});
    std::error_code ignored;
    fs::remove(exact, ignored);
    if (!copy) return copy.error();
    std::printf("%s  %.1f LUFS\n", path.c_str(), copy->after.integrated_lufs);
    if (!copy->reached)
        std::fprintf(stderr, "mixrig: the listening copy could not be made as loud as asked for\n");
    return base::Done{};
}

base::Result<BounceSettings> settings_of(const BounceOptions& options, const session::Song& song) {
    const auto format = disk::parse_format(options.format);
    if (!format) return format.error();
    if (options.stems && format->coding == disk::Coding::pcm16)
        return base::Error{"stems are not dithered, and 16 bits would need it", options.format,
                           "--format wav24 or wav32f"};
    return BounceSettings{
        .folder = options.folder,
        .exact = options.listen ? exact_mix(options, song) : fs::path(),
        .format = *format,
        .wishes = {.premaster = options.premaster,
                   .no_limiter = options.no_limiter,
                   .instrumental = options.instrumental,
                   .stems = options.stems,
                   .tracks = options.tracks},
        .block = options.block,
        .threads = options.threads != 0 ? options.threads : song.desk.engine.threads,
        .pre_roll_seconds = options.pre_roll,
        .tail_seconds = options.tail,
        .tail_decays = !options.has_tail,
        .progress = isatty(STDERR_FILENO) ? show_progress : std::function<void(double)>{}};
}

int bounce_song(const BounceOptions& options) {
    auto song = session::load_song(options.song, look_at_sound);
    if (!song) return fail(song.error());
    const auto settings = settings_of(options, *song);
    if (!settings) return fail(settings.error());
    if (options.rate != 0) song->desk.audio.rate = {static_cast<double>(options.rate)};
    for (const std::string& note : song->notes) std::fprintf(stderr, "mixrig: %s\n", note.c_str());
    std::error_code error;
    const bool is_new = fs::create_directories(options.folder, error);
    if (error)
        return fail({"cannot be made: " + error.message(), options.folder,
                     "choose another folder with -o"});

    const auto done = bounce(*song, *settings);
    if (!done) {
        if (is_new) fs::remove(options.folder, error);  // unless there is something in it
        return fail(done.error());
    }
    tell(*done, song->desk.audio.rate);
    if (options.stems)
        if (auto status = certify(*song, *done, options.folder, settings->format); !status)
            return fail(status.error());
    if (options.listen)
        if (auto status = make_listening_copy(*song, settings->format, options); !status)
            return fail(status.error());
    return kDone;
}

void add_files(CLI::App& bounce, BounceOptions& options) {
    bounce.add_flag("--premaster", options.premaster, "And the main bus before its master chain");
    bounce.add_flag("--no-limiter", options.no_limiter,
                    "And the mix with all of its master chain but the limiter");
    bounce.add_flag("--instrumental", options.instrumental,
                    "And the mix without the voices: tracks of `role = \"vocal\"`");
    CLI::Option* listen = bounce.add_flag(
        "--listen", options.listen, "And a copy that is as loud as --lufs says, under -1 dBTP");
    bounce.add_option("--lufs", options.lufs, "Loudness of the copy for --listen")
        ->check(CLI::Range(-60.0, 0.0))
        ->needs(listen);
    bounce.add_flag("--stems", options.stems,
                    "And stems that add up to the mix, by `stem` of each track; with the proof");
    bounce.add_flag("--tracks", options.tracks,
                    "And every channel without its corrective processing, and what each effect "
                    "gives back");
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
                     "Folder for the rendered files; made if it is not there")
        ->required()
        ->type_name("DIR");
    add_files(*bounce, *options);
    bounce->add_option("--format", options->format, "One of: " + disk::format_names());
    bounce->add_option("--rate", options->rate, "Sample rate in Hz; without it the song's")
        ->check(CLI::Range(8000u, 384000u));
    bounce->add_option("--block", options->block, "Frames computed at a time; changes no sample")
        ->check(CLI::Range(std::size_t{1}, std::size_t{65536}));
    bounce->add_option("--threads", options->threads, "Threads; changes no sample")
        ->check(CLI::Range(std::size_t{1}, std::size_t{16}));
    bounce->add_option("--pre-roll", options->pre_roll, "Seconds of silence before the song")
        ->check(CLI::Range(0.0, 60.0));
    CLI::Option* tail = bounce->add_option(
        "--tail", options->tail,
        "Seconds rendered after the last track has ended; without it, where something rings on, "
        "until it has been below -90 dBFS for a second");
    tail->check(CLI::Range(0.0, 600.0));
    return {bounce,
            [options, tail] {
                options->has_tail = tail->count() != 0;
                return bounce_song(*options);
            },
            true};
}

}  // namespace mixrig::app
