// One song or one file, checked: facts, profile, verdicts.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/check/rules.h"

#include <string>
#include <vector>

namespace mixrig::app::check {

struct Checked {
    Facts facts = {};
    Profile profile = Profile::classic;
    std::vector<Verdict> verdicts = {};
};

}  // namespace mixrig::app::check
