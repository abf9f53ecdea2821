// mixrig check: the mix doctor.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/check/check.h"
#include "src/app/check/file_facts.h"
#include "src/app/check/report.h"
#include "src/app/check/rules_page.h"
#include "src/app/check/song_facts.h"
#include "src/app/commands/cli.h"
#include "src/app/look_at.h"
#include "src/session/atomic_file.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mixrig::app {
namespace {

using check::Checked;
using check::Profile;

struct CheckOptions {
    std::vector<std::string> files;
    std::string profile, reference, report;
    std::optional<double> tail;
    bool json = false, gate = false, all = false, rules = false, markdown = false;
};

bool is_song(const std::string& path) {
    return std::filesystem::path(path).extension() == ".toml";
}

base::Result<check::Facts> facts_of(const std::string& path, const CheckOptions& options) {
    if (is_song(path)) {
        auto song = session::load_song(path, look_at_sound);
        if (!song) return song.error();
        return check::song_facts(
            *song, {.threads = song->desk.engine.threads, .tail_seconds = options.tail});
    }
    auto sound = check::sound_facts(path);
    if (!sound) return sound.error();
    check::Facts facts{.name = sound->name};
    facts.sound = *std::move(sound);
    return facts;
}

// A song is a mix, a file a master, unless somebody says otherwise.
base::Result<Checked> checked(const std::string& path, const CheckOptions& options,
                              const std::optional<check::SoundFacts>& reference) {
    Checked out{.profile = is_song(path) ? Profile::classic : Profile::streaming};
    if (!options.profile.empty()) {
        const auto profile = check::profile_named(options.profile);
        if (!profile) return profile.error();
        out.profile = *profile;
    }
    auto facts = facts_of(path, options);
    if (!facts) return facts.error();
    out.facts = *std::move(facts);
    out.facts.reference = reference;
    out.verdicts = check::judge(out.facts, out.profile);
    return out;
}

void print_text(const Checked& one, const CheckOptions& options) {
    std::size_t passed = 0;
    if (options.files.size() > 1) print_line(one.facts.name);
    for (const check::Verdict& verdict : one.verdicts) {
        passed += verdict.grade == Grade::pass ? 1u : 0u;
        if (options.all || verdict.grade != Grade::pass) print_line(check::to_text(verdict));
    }
    std::string line = std::to_string(passed) + " of " + std::to_string(one.verdicts.size()) +
                       " checks passed, profile ";
    print_line(line.append(check::profile_name(one.profile)));
}

// For others to read, unlike what the desk keeps for itself.
base::Status write_report(const std::string& path, const std::vector<Checked>& all) {
    using std::filesystem::perms;
    auto status = session::save_atomically(path, check::report_html(all), session::Keep::nothing,
                                           session::Readers::everybody);
    if (!status) return status;
    std::error_code error;
    std::filesystem::permissions(path, perms::group_read | perms::others_read,
                                 std::filesystem::perm_options::add, error);
    return status;
}

int print_rules(const CheckOptions& options) {
    const std::string page = options.markdown ? check::rules_markdown() : check::rules_text();
    std::fputs(page.c_str(), stdout);
    return kDone;
}

int run_check(const CheckOptions& options) {
    if (options.rules) return print_rules(options);
    if (options.files.empty()) {
        (void)fail({"nothing to check", {}, "name a song or sound files"});
        return kUsage;
    }
    std::optional<check::SoundFacts> reference;
    if (!options.reference.empty()) {
        auto heard = check::sound_facts(options.reference);
        if (!heard) return fail(heard.error());
        reference = *std::move(heard);
    }
    int code = kDone;
    std::vector<Checked> all;
    for (const std::string& path : options.files) {
        auto one = checked(path, options, reference);
        if (!one) {
            code = fail(one.error());
            continue;
        }
        if (options.gate && check::worst(one->verdicts) == Grade::fail) code = kFailed;
        all.push_back(*std::move(one));
    }
    Json list = Json::list();
    for (const Checked& one : all) {
        if (options.json) list.add(check::to_json(one.facts, one.profile, one.verdicts));
        if (!options.json) print_text(one, options);
    }
    if (options.json) print_line(list.text());
    if (!options.report.empty())
        if (auto status = write_report(options.report, all); !status) return fail(status.error());
    return code;
}

}  // namespace

Command add_check(CLI::App& mixrig) {
    auto options = std::make_shared<CheckOptions>();
    CLI::App* app = mixrig.add_subcommand(
        "check", "The mix doctor: a song or sound files against the rules of mixing practice");
    app->add_option("FILE", options->files, "A song.toml, or sound files");
    app->add_option("--profile", options->profile,
                    "One of " + check::profile_names() +
                        "; without it classic for a song, streaming for a file")
        ->type_name("NAME");
    app->add_option("--reference", options->reference, "A sound whose spectrum is the aim")
        ->type_name("FILE");
    app->add_option("--report", options->report, "Write a page with plots, one file")
        ->type_name("FILE.html");
    app->add_option("--tail", options->tail,
                    "Seconds of a song behind its last track; else until it has decayed")
        ->check(CLI::Range(0.0, 600.0));
    app->add_flag("--gate", options->gate, "A rule that fails makes the exit code 1");
    app->add_flag("--all", options->all, "Print what passed as well");
    app->add_flag("--json", options->json, "A list with one object a song or file");
    auto* rules = app->add_flag("--rules", options->rules, "Print the rules and check nothing");
    app->add_flag("--markdown", options->markdown, "The rules as docs/check.md")->needs(rules);
    return {app, [options] { return run_check(*options); }};
}

}  // namespace mixrig::app
