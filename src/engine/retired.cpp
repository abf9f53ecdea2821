// Plans and units that nobody uses any more.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/retired.h"

#include "dsp/fx/unit.h"
#include "src/engine/plan.h"

namespace mixrig::engine {

void free_one(const link::Retired& retired) {
    if (retired.kind == link::Retired::Kind::plan)
        delete static_cast<Plan*>(retired.what);
    else
        delete static_cast<dsp::FxUnit*>(retired.what);
}

void free_retired(link::Link& link) {
    link::Retired retired;
    while (link.retired.try_pop(retired)) free_one(retired);
}

void free_payload(const link::Event& event) {
    if (event.block == link::Block::plan) delete event.data<Plan*>();
    if (event.block == link::Block::effect) delete event.data<dsp::FxUnit*>();
}

}  // namespace mixrig::engine
