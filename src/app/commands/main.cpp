// The program: one binary, one command behind its name.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/commands/cli.h"
#include "src/disk/stop.h"

#include <CLI/CLI.hpp>

#include <exception>
#include <vector>

namespace {

using mixrig::app::Command;

// In the order of --help.
constexpr Command (*kCommands[])(CLI::App&) = {
    mixrig::app::add_run,     mixrig::app::add_bounce,   mixrig::app::add_replay,
    mixrig::app::add_restore, mixrig::app::add_tune,     mixrig::app::add_master,
    mixrig::app::add_album,   mixrig::app::add_verify,   mixrig::app::add_measure,
    mixrig::app::add_check,   mixrig::app::add_validate, mixrig::app::add_params,
    mixrig::app::add_set,     mixrig::app::add_get,      mixrig::app::add_watch,
    mixrig::app::add_invite,  mixrig::app::add_template, mixrig::app::add_doctor,
    mixrig::app::add_bench,   mixrig::app::add_demo,
};

constexpr int kInterrupted = 130;  // as shells have it

int run(int argc, char** argv) {
    CLI::App mixrig("A mixing desk without a head: steered by OSC, live or over files.", "mixrig");
    mixrig.set_version_flag("--version", "mixrig " MIXRIG_VERSION, "Print the version and exit");
    mixrig.require_subcommand(1);
    std::vector<Command> commands;
    for (const auto add : kCommands) commands.push_back(add(mixrig));
    try {
        mixrig.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // --help and --version come this way too, with 0.
        return mixrig.exit(error) == 0 ? mixrig::app::kDone : mixrig::app::kUsage;
    }
    for (const Command& command : commands)
        if (command.options->parsed()) {
            if (command.makes_sound_files) mixrig::disk::stop_on_signals();
            const int code = command.run();
            return mixrig::disk::is_stopped() ? kInterrupted : code;
        }
    return mixrig::app::kUsage;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        return mixrig::app::fail({error.what()});
    }
}
