// Which meters a desk has.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/osc_hooks.h"
#include "src/param/layout.h"

#include <string>
#include <vector>

namespace mixrig::app {

// As many values each as there will be: those of the strips, in the order of engine::Geometry, then
// those of the desk, as LiveDesk::meter_lines() fills them.
std::vector<control::MeterLine> silent_meters(const param::DeskShape& shape);

std::vector<std::string> meter_addresses(const param::DeskShape& shape);

}  // namespace mixrig::app
