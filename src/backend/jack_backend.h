// Audio from a JACK server: survives its death, and puts the connections back.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/backend/backend.h"

namespace mixrig::backend {

std::unique_ptr<Backend> make_jack_backend(BackendConfig config);

}  // namespace mixrig::backend
