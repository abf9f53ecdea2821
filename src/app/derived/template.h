// Layouts for remotes that are built by hand elsewhere, made from the table for one desk.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/json.h"
#include "src/param/values.h"

#include <string>
#include <string_view>

namespace mixrig::app {

// A session of Open Stage Control, version 1.25 or later: mixer, groups, a tab for each monitor mix
// with sends on faders, main bus, show. Names are those of `values`.
Json open_stage_control(std::string_view name, const param::Layout& layout,
                        const param::Values& values);

// Every address of this desk with what it takes, to be typed into any editor of layouts.
std::string osc_sheet(std::string_view name, std::size_t port, const param::Layout& layout,
                      const param::Values& values);

}  // namespace mixrig::app
