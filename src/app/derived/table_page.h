// What a page must know of a desk to draw it: /table.json.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/json.h"
#include "src/param/layout.h"

#include <string_view>

namespace mixrig::app {

// Its name and version; `shape`: a list of each kind of strip, true where it is stereo, and how
// many there are of all else that is counted; parameters and actions as `mixrig params --json` has
// them; `meters` and `chain`: the names of the fields of strips and of the master chain.
Json table_page(std::string_view name, const param::Layout& layout);

}  // namespace mixrig::app
