// mixrig template: layouts for other remotes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/commands/cli.h"
#include "src/app/derived/template.h"
#include "src/app/start_values.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <string>

namespace mixrig::app {
namespace {

struct TemplateOptions {
    std::string kind, config;
};

int run_template(const TemplateOptions& options) {
    const auto desk =
        options.config.empty() ? session::parse_desk("", "") : session::load_desk(options.config);
    if (!desk) return fail(desk.error());
    const param::Layout layout(session::shape_of(*desk));
    const param::Values values = fresh_values(*desk, layout);
    if (options.kind == "sheet")
        std::fputs(osc_sheet(desk->name, desk->osc.port, layout, values).c_str(), stdout);
    else
        print_line(open_stage_control(desk->name, layout, values).text());
    return kDone;
}

}  // namespace

Command add_template(CLI::App& mixrig) {
    auto options = std::make_shared<TemplateOptions>();
    CLI::App* app =
        mixrig.add_subcommand("template", "Print a layout for another remote, made for this desk");
    app->add_option("KIND", options->kind,
                    "open-stage-control: a session; sheet: all addresses, for any editor")
        ->required()
        ->check(CLI::IsMember({"open-stage-control", "sheet"}));
    app->add_option("-c,--config", options->config, "desk.toml; else the default desk")
        ->check(CLI::ExistingFile);
    return {app, [options] { return run_template(*options); }};
}

}  // namespace mixrig::app
