// The parameter table as a page to read and as JSON.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/json.h"

#include <string>

namespace mixrig::app {

std::string parameters_markdown();  // docs/parameters.md
std::string parameters_text();      // a row a line, for people
Json parameters_json();

}  // namespace mixrig::app
