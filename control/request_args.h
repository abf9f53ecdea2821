// The arguments of /subscribe and /meters: pattern, rate and lease, each of which may be left out.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/osc_message.h"
#include "src/base/result.h"

#include <cstdint>
#include <string>

namespace mixrig::control {

struct RequestArgs {
    std::string pattern = "//*";  // everything
    double rate = 20.0;           // Hz
    double lease = 10.0;          // seconds
};

// ",s pattern ,i seconds".
base::Result<RequestArgs> subscribe_args(const OscMessage& message);
// ",s pattern ,f Hz ,i seconds". A single number is the rate if it is a float, else the lease; of
// two numbers the first is the rate.
base::Result<RequestArgs> meter_args(const OscMessage& message);

// Whether the arguments of an action are those of its row in src/param/actions.h.
bool fit(const OscMessage& message, std::string_view types);

}  // namespace mixrig::control
