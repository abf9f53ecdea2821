// The table [access] of desk.toml.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/session/access_config.h"
#include "src/session/section.h"

namespace mixrig::session {

void read_access(Section section, AccessConfig& access);

}  // namespace mixrig::session
