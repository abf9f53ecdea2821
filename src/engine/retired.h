// Giving back the memory of what travelled to the engine by pointer.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/link/link.h"

namespace mixrig::engine {

// [control, now and then] Frees what the engine no longer uses.
void free_retired(link::Link& link);
void free_one(const link::Retired& retired);
// [control] Frees what an event carries that will never be applied.
void free_payload(const link::Event& event);

}  // namespace mixrig::engine
