// mixrig validate: says what is wrong with files, with their lines.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/commands/cli.h"
#include "src/app/tools/validate.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <vector>

namespace mixrig::app {
namespace {

struct ValidateOptions {
    std::vector<std::string> files;
    std::string desk;
};

// What is wrong goes to stdout, file by file: it is the answer, not a failure to answer.
int run_validate(const ValidateOptions& options) {
    int code = kDone;
    for (const std::string& file : options.files) {
        const auto status = validate_file(file, options.desk);
        if (status) {
            print_line(file + ": ok");
        } else {
            print_line(status.error().text());
            code = kFailed;
        }
    }
    return code;
}

}  // namespace

Command add_validate(CLI::App& mixrig) {
    auto options = std::make_shared<ValidateOptions>();
    CLI::App* app = mixrig.add_subcommand("validate",
                                          "Say what is wrong with desks, songs, albums, scenes, "
                                          "automation, cues, flights, with the line");
    app->add_option("FILE", options->files,
                    "A .toml, .scene, .auto or .cues file, or the folder of a flight")
        ->required();
    app->add_option("--desk", options->desk,
                    "Hold scenes and automation to this desk or song; else to the .toml of the "
                    "same name, song.toml or desk.toml beside them, else to the default desk")
        ->check(CLI::ExistingFile);
    return {app, [options] { return run_validate(*options); }};
}

}  // namespace mixrig::app
