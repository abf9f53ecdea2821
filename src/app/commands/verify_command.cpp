// mixrig verify: whether a delivery is what it should be.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/commands/cli.h"
#include "src/app/master/verify.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

namespace mixrig::app {
namespace {

struct VerifyOptions {
    std::string folder, profile;
    bool json = false, all = false;
};

// Findings go to stdout: they are the answer.
int run_verify(const VerifyOptions& options) {
    const auto findings = verify(options.folder, options.profile);
    if (!findings) return fail(findings.error());
    if (options.json) {
        print_line(to_json(*findings).text());
    } else {
        std::size_t passed = 0;
        for (const Finding& finding : *findings) {
            passed += finding.grade == Grade::pass ? 1u : 0u;
            if (options.all || finding.grade != Grade::pass) print_line(to_text(finding));
        }
        print_line(std::to_string(passed) + " of " + std::to_string(findings->size()) +
                   " checks passed");
    }
    return worst(*findings) == Grade::fail ? kFailed : kDone;
}

}  // namespace

Command add_verify(CLI::App& mixrig) {
    auto options = std::make_shared<VerifyOptions>();
    CLI::App* app = mixrig.add_subcommand(
        "verify", "Check a delivery against its manifest and its medium; 1 when something fails");
    app->add_option("folder", options->folder, "What `mixrig album -o` wrote")
        ->required()
        ->type_name("DIR");
    app->add_option("--profile", options->profile,
                    "One of " + profile_names() + "; without it the medium it was made for")
        ->type_name("NAME");
    app->add_flag("--all", options->all, "Print what passed as well");
    app->add_flag("--json", options->json, "All findings as one object");
    return {app, [options] { return run_verify(*options); }};
}

}  // namespace mixrig::app
