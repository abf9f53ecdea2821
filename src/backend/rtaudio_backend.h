// Audio from a sound card: one that disappears is reported, and taken again when it returns.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/backend/backend.h"

namespace mixrig::backend {

std::unique_ptr<Backend> make_rtaudio_backend(BackendConfig config);

}  // namespace mixrig::backend
