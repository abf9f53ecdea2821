// The values that a desk starts with: the table's, its configured names, a scene.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"
#include "src/base/result.h"
#include "src/engine/engine.h"
#include "src/param/values.h"
#include "src/session/desk_config.h"
#include "src/session/scene.h"

namespace mixrig::app {

// Initial values and the names of desk.toml.
param::Values fresh_values(const session::DeskConfig& config, const param::Layout& layout);

// Sets what the scene says, within the ranges of the table.
void apply_scene(const session::Scene& scene, const param::Layout& layout, param::Values& values);

// What the configuration says to an engine.
engine::EngineConfig engine_config(const session::DeskConfig& desk, dsp::Hertz rate);

// Whether an engine could compute these values: no strip feeds itself.
base::Status check_routes(const param::Layout& layout, const param::Values& values,
                          dsp::Hertz rate);

}  // namespace mixrig::app
