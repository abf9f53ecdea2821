// The engine's inputs and outputs as ports: named after strips, connected as desk.toml says.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/backend/backend.h"
#include "src/engine/geometry.h"
#include "src/param/values.h"
#include "src/session/desk_config.h"

namespace mixrig::app {

// Names from the values of the desk, so that a renamed strip renames its ports.
backend::Ports make_ports(const session::DeskConfig& config, const engine::Geometry& geometry,
                          const param::Layout& layout, const param::Values& values);

// "ch/3 Snare", for messages.
std::string strip_title(const engine::Geometry& geometry, const param::Layout& layout,
                        const param::Values& values, engine::Strip strip);

}  // namespace mixrig::app
