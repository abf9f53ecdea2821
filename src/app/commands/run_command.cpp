// mixrig run: the live desk.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/commands/cli.h"
#include "src/app/live/live_desk.h"

#include <CLI/CLI.hpp>

#include <atomic>
#include <csignal>
#include <memory>

namespace mixrig::app {

namespace {

std::atomic<bool> stop_requested{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void request_stop(int) {
    stop_requested.store(true, std::memory_order_relaxed);
}

struct RunOptions {
    std::string config, scene, automation, play, backend;
    unsigned rate = 0;
    std::size_t block = 0;
    int osc = -1, web = -1;
    bool once = false, no_state = false;
};

int run_desk(const RunOptions& options) {
    auto config =
        options.config.empty() ? session::parse_desk("", "") : session::load_desk(options.config);
    if (!config) return fail(config.error());
    if (!options.backend.empty()) config->audio.backend = options.backend;
    if (options.rate != 0) config->audio.rate = {static_cast<double>(options.rate)};
    if (options.block != 0) config->audio.block = options.block;
    if (options.osc >= 0) config->osc.port = static_cast<std::size_t>(options.osc);
    if (options.web >= 0) config->web.port = static_cast<std::size_t>(options.web);
    std::filesystem::path play = options.play;
    if (play.empty() && config->audio.backend == "null") play = config->play_folder;
    const bool loop = !options.once && config->play_loop;

    struct sigaction action = {};
    action.sa_handler = request_stop;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    (void)std::signal(SIGPIPE, SIG_IGN);
    (void)std::signal(SIGXFSZ, SIG_IGN);  // a limit on files ends a recording, not the desk

    auto desk = LiveDesk::open({.config = std::move(*config),
                                .scene = options.scene,
                                .automation = options.automation,
                                .play = play,
                                .loop = loop,
                                .keep_state = !options.no_state});
    if (!desk) return fail(desk.error());
    (*desk)->run(stop_requested);
    return kDone;
}

}  // namespace

Command add_run(CLI::App& mixrig) {
    auto options = std::make_shared<RunOptions>();
    CLI::App* run = mixrig.add_subcommand("run", "Run the live desk, until Ctrl-C");
    run->add_option("-c,--config", options->config,
                    "The desk: a desk.toml; without one, 16 channels")
        ->type_name("FILE");
    run->add_option("--backend", options->backend,
                    "auto, jack, rtaudio or null; auto takes a running JACK server, else a sound "
                    "card, else a clock");
    run->add_option("--rate", options->rate, "Sample rate in Hz; JACK decides itself")
        ->check(CLI::Range(8000u, 384000u));
    run->add_option("--block", options->block, "Frames a block; JACK decides itself")
        ->check(CLI::Range(std::size_t{8}, std::size_t{8192}));
    run->add_option("--osc", options->osc, "UDP and TCP port for OSC; 0 takes a free one")
        ->check(CLI::Range(0, 65535));
    run->add_option("--web", options->web, "TCP port for the page and OSCQuery; 0 takes a free one")
        ->check(CLI::Range(0, 65535));
    run->add_option("--scene", options->scene, "Start with this scene on top of the state")
        ->type_name("FILE");
    run->add_option("--automation", options->automation,
                    "Play these moves; time begins with the audio")
        ->type_name("FILE");
    run->add_option("--play", options->play,
                    "A folder of sound files in place of the interface's inputs")
        ->type_name("FOLDER");
    run->add_flag("--once", options->once, "Play them once, not in a loop");
    run->add_flag("--no-state", options->no_state, "Neither read nor keep the state of the desk");
    return {run, [options] { return run_desk(*options); }};
}

}  // namespace mixrig::app
