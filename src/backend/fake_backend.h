// The fake device of test builds as a backend: what the real binary is tortured with.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/backend/backend.h"

namespace mixrig::backend {

// `port`: of its control port, 0 for any free one; StreamInfo::device tells which.
std::unique_ptr<Backend> make_fake_backend(BackendConfig config, unsigned port);

}  // namespace mixrig::backend
