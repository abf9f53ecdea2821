// What a recall would set, and by how much that differs from what is.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/param/values.h"
#include "src/session/scene.h"

#include <string>
#include <vector>

namespace mixrig::app {

// Whether a recall sets this parameter, as scope and safes stand in `now`.
bool is_recalled(const param::Layout& layout, const param::Values& now, param::Slot slot);
// Whether any recall ever does: what scenes hold.
bool is_in_scenes(const param::Layout& layout, param::Slot slot);

// Of the scene what a recall sets, brought into the ranges of the table.
session::Scene recalled(const session::Scene& scene, const param::Layout& layout,
                        const param::Values& now);
// All that scenes hold, of the desk as it is.
session::Scene whole_scene(const param::Layout& layout, const param::Values& now);

struct Difference {
    param::Slot slot = 0;
    param::Value now = {}, then = {};
    float jump_dB = 0.0f;  // by which a level rises or falls
};
// What would change, the largest jump of a level first; then the rest in the order of the table.
// For a mute that is the fader coming or going, for the switch of a send its level.
std::vector<Difference> differences(const param::Layout& layout, const param::Values& now,
                                    const session::Scene& wanted);
// "+6 dB", or nothing for what is no level.
std::string jump_text(const Difference& difference);

}  // namespace mixrig::app
