// Who may do what.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/origin.h"
#include "control/osc_pattern.h"
#include "control/slot_set.h"
#include "src/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace mixrig::control {

struct Rights {
    std::string name = {};  // "engineer", "musician 2"
    bool everything = false;
    SlotSet may_set = {};
    std::vector<Pattern> actions = {};
};

// [control] The rights that there are, by number.
class Access {
public:
    Access() : rights_{{.name = "engineer", .everything = true}} {}

    RightsNumber add(Rights rights);
    // A number that nobody added is nobody's: it may do nothing.
    const Rights& of(RightsNumber number) const;

    base::Status may_set(Origin origin, param::Slot slot) const;
    base::Status may_act(Origin origin, std::string_view address) const;

private:
    std::vector<Rights> rights_;
};

}  // namespace mixrig::control
