// mixrig doctor: is this machine ready for realtime audio.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/commands/cli.h"
#include "src/app/tools/doctor.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <utility>

namespace mixrig::app {

Command add_doctor(CLI::App& mixrig) {
    auto json = std::make_shared<bool>(false);
    CLI::App* app = mixrig.add_subcommand(
        "doctor", "Say whether this machine is ready for realtime audio, and what to change");
    app->add_flag("--json", *json, "For programs");
    return {app, [json] {
                std::vector<Check> checks = check_by_trying();
                for (Check& check : check_system_files("/")) checks.push_back(std::move(check));
                if (*json)
                    print_line(to_json(checks).text());
                else
                    std::fputs(to_text(checks).c_str(), stdout);
                return has_failed(checks) ? kFailed : kDone;
            }};
}

}  // namespace mixrig::app
