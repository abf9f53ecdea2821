// A clock that needs no hardware: silence in, the outputs are dropped.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/backend/backend.h"

namespace mixrig::backend {

std::unique_ptr<Backend> make_null_backend(BackendConfig config);

}  // namespace mixrig::backend
