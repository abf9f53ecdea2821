// The report of the mix doctor: one page that needs nothing else.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/check/check.h"

#include <span>
#include <string>

namespace mixrig::app::check {

// HTML with its style and its plots in it, no scripts. Well-formed as XML.
std::string report_html(std::span<const Checked> all);

// The plots of one song or file, each a <figure>.
std::string plots_html(const Facts& facts);

}  // namespace mixrig::app::check
