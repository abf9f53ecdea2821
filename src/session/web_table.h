// The table [web] of desk.toml.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/session/section.h"
#include "src/session/web_config.h"

namespace mixrig::session {

void read_web(Section section, WebConfig& web);

}  // namespace mixrig::session
