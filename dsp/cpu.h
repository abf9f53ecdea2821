// Which instruction set the kernels use on this machine.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace mixrig::dsp {

struct Target {
    std::int64_t id = 0;
    const char* name = "";
    bool fused = false;  // multiply-adds round once; every fused target gives the same bits
};

// [any] Chooses the best target; call it before the audio thread calls the first kernel. May be
// called again.
void init();

// [any] The target in use, as text for a log.
const char* target_name();

// [control] Every target that is compiled in and that this machine can run, best first.
std::vector<Target> targets();

// [control] From now on every kernel uses this target. For tests and benches: not while audio runs.
void use_target(const Target& target);

}  // namespace mixrig::dsp
