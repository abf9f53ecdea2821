// The parameter table as a page to read and as JSON.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/json.h"
#include "src/param/row.h"

#include <string>
#include <string_view>

namespace mixrig::app {

std::string parameters_markdown();  // docs/parameters.md
std::string parameters_text();      // a row a line, for people
Json parameters_json();
// What the second # of an address counts, as the JSON says it: "band".
std::string_view index_name(param::Index index);

}  // namespace mixrig::app
