// mixrig invite: lets somebody in to the desk, by an address to open or a code to scan.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/commands/cli.h"
#include "src/app/tools/invite.h"
#include "src/app/tools/qr_code.h"

#include <CLI/CLI.hpp>

#include <ctime>
#include <memory>
#include <string>
#include <unistd.h>

namespace mixrig::app {
namespace {

struct Options {
    std::string config, role, name, revoke;
    std::size_t aux = 0;
    double days = 0.0;
    bool list = false;
};

std::string day_of(std::int64_t until) {
    if (until == 0) return "for good";
    const std::time_t moment = until;
    std::tm parts = {};
    gmtime_r(&moment, &parts);
    char text[32];
    const std::size_t size = std::strftime(text, sizeof text, "until %Y-%m-%d %H:%M UTC", &parts);
    return {text, size};
}

std::string line_of(const session::Invitation& one, std::int64_t wall) {
    const bool is_over = one.until != 0 && one.until <= wall;
    return one.name + ": " + one.role + ", " + day_of(one.until) + (is_over ? " (over)" : "");
}

int list(const session::DeskConfig& config) {
    const auto all = invitations(config);
    if (!all) return fail(all.error());
    for (const session::Invitation& one : *all) print_line(line_of(one, std::time(nullptr)));
    if (all->empty()) print_line("nobody is invited");
    return kDone;
}

int revoke(const session::DeskConfig& config, const std::string& name) {
    const auto done = uninvite(config, name);
    if (!done) return fail(done.error());
    print_line("the invitation of " + name + " is over; a desk that runs knows within a second");
    return kDone;
}

int invite_guest(const session::DeskConfig& config, const Options& options) {
    const std::string role =
        options.aux == 0 ? options.role : options.role + " " + std::to_string(options.aux);
    const auto guest = invite(config, {.role = role, .name = options.name, .days = options.days},
                              std::time(nullptr));
    if (!guest) return fail(guest.error());
    const std::string query = "/?token=" + guest->token;
    const auto pages = page_addresses(config);
    print_line(line_of(guest->invitation, std::time(nullptr)));
    for (const std::string& page : pages) print_line("  page  " + page + query);
    print_line("  OSC   UDP: /" + guest->token + " in front of every address; TCP: /login " +
               guest->token + " first");
    if (!is_page_open(config))
        print_line("The page is for this machine only until [web] listen opens it.");
    print_line("This is told once: only a digest of it is kept. `mixrig invite --revoke \"" +
               guest->invitation.name + "\"` takes it back.");
    // A code is for eyes and cameras, not for pipes.
    if (isatty(STDOUT_FILENO) == 0) return kDone;
    const auto code = qr_code(pages.front() + query);
    if (!code) return fail(code.error());
    print_line(qr_text(*code));
    return kDone;
}

int run(const Options& options) {
    const auto config =
        options.config.empty() ? session::parse_desk("", "") : session::load_desk(options.config);
    if (!config) return fail(config.error());
    if (options.list) return list(*config);
    if (!options.revoke.empty()) return revoke(*config, options.revoke);
    return invite_guest(*config, options);
}

}  // namespace

Command add_invite(CLI::App& mixrig) {
    const auto options = std::make_shared<Options>();
    CLI::App* app = mixrig.add_subcommand(
        "invite", "Let somebody in to the desk: prints an address and a code to scan");
    app->footer(
        "  mixrig invite --role musician --aux 2 --name Anna --days 30\n"
        "  mixrig invite --list\n"
        "  mixrig invite --revoke Anna");
    app->add_option("-c,--config", options->config, "The desk: its desk.toml")->type_name("FILE");
    CLI::Option* role = app->add_option(
        "--role", options->role, "engineer, musician, viewer, or a role of the configuration");
    app->add_option("--aux", options->aux, "The monitor mix of a musician")
        ->check(CLI::Range(std::size_t{1}, std::size_t{9999}))
        ->needs(role);
    app->add_option("--name", options->name, "Whom it is for; else the role")->needs(role);
    app->add_option("--days", options->days, "How long it holds; for good without it")
        ->check(CLI::Range(0.001, 36500.0))
        ->needs(role);
    CLI::Option* list = app->add_flag("--list", options->list, "Print who is invited");
    CLI::Option* revoke =
        app->add_option("--revoke", options->revoke, "Take an invitation back")->type_name("NAME");
    list->excludes(role)->excludes(revoke);
    revoke->excludes(role);
    app->callback([options, role, list, revoke] {
        if (role->count() + list->count() + revoke->count() == 0)
            throw CLI::RequiredError("--role, --list or --revoke");
    });
    return {app, [options] { return run(*options); }};
}

}  // namespace mixrig::app
