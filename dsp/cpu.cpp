// Which instruction set the kernels use on this machine.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/cpu.h"

#include <hwy/highway.h>

namespace mixrig::dsp {
namespace {

bool is_fused([[maybe_unused]] std::int64_t id) {
#if HWY_ARCH_X86
    return id != HWY_SSE4 && id != HWY_SSSE3;
#else
    return true;
#endif
}

}  // namespace

void init() {
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

std::vector<Target> targets() {
    std::vector<Target> all;
    for (const std::int64_t id : hwy::SupportedAndGeneratedTargets())
        all.push_back({.id = id, .name = hwy::TargetName(id), .fused = is_fused(id)});
    return all;
}

void use_target(const Target& target) {
    hwy::GetChosenTarget().Update(target.id);
}

const char* target_name() {
    // The index counts targets from the best; the mask of one target has exactly its index.
    const std::size_t index = hwy::GetChosenTarget().GetIndex();
    for (const Target& target : targets())
        if (hwy::Num0BitsBelowLS1Bit_Nonzero64(
                static_cast<std::uint64_t>(HWY_CHOSEN_TARGET_SHIFT(target.id))) == index)
            return target.name;
    return hwy::TargetName(HWY_STATIC_TARGET);
}

}  // namespace mixrig::dsp
