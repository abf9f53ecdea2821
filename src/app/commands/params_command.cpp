// mixrig params: the parameter table.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/commands/cli.h"
#include "src/app/derived/parameter_page.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <string>

namespace mixrig::app {
namespace {

struct ParamsOptions {
    bool json = false;
    bool markdown = false;
};

int run_params(const ParamsOptions& options) {
    if (options.json)
        print_line(parameters_json().text());
    else if (options.markdown)
        std::fputs(parameters_markdown().c_str(), stdout);
    else
        print_line(parameters_text());
    return kDone;
}

}  // namespace

Command add_params(CLI::App& mixrig) {
    auto options = std::make_shared<ParamsOptions>();
    CLI::App* app = mixrig.add_subcommand(
        "params", "Print every parameter with its range, default and meaning");
    auto* json = app->add_flag("--json", options->json, "For programs");
    app->add_flag("--markdown", options->markdown, "As docs/parameters.md")->excludes(json);
    return {app, [options] { return run_params(*options); }};
}

}  // namespace mixrig::app
