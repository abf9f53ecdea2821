// Is this machine ready for realtime audio, and what to change if it is not.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/grade.h"
#include "src/app/json.h"

#include <filesystem>
#include <string>
#include <vector>

namespace mixrig::app {

struct Check {
    std::string name;
    Grade grade = Grade::pass;
    std::string found;
    std::string advice = {};  // what to change; empty if it passes
};

// What the system says about itself in files. `root` stands for /, so that tests can show another
// machine.
std::vector<Check> check_system_files(const std::filesystem::path& root);
// What only trying can tell: scheduling, memory, JACK, disk.
std::vector<Check> check_by_trying();

// The value of `vcgencmd get_throttled`, "throttled=0x50005".
Check throttling_of(const std::string& answer);

bool has_failed(const std::vector<Check>& checks);
std::string to_text(const std::vector<Check>& checks);
Json to_json(const std::vector<Check>& checks);

}  // namespace mixrig::app
