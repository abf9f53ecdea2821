// Tells whether a delivery is what its manifest says and what its medium asks for.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/grade.h"
#include "src/app/master/delivery.h"
#include "src/app/master/delivery_profile.h"

#include <filesystem>
#include <string>
#include <vector>

namespace mixrig::app {

struct Finding {
    Grade grade = Grade::pass;
    std::string rule = {};  // of mixing practice: "K12"
    std::string file = {};  // name within the delivery; empty for the whole
    std::string what = {};
    std::string figure = {};
    std::string todo = {};  // empty when it passed
};

using Findings = std::vector<Finding>;

// `profile` empty: the medium of the manifest. A folder without a manifest is a finding, not an
// error.
base::Result<Findings> verify(const std::filesystem::path& folder, std::string_view profile);

Grade worst(const Findings& findings);
std::string to_text(const Finding& finding);
Json to_json(const Findings& findings);

}  // namespace mixrig::app
