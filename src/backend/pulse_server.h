// Whether a Pulse server answers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace mixrig::backend {

// [any] RtAudio 5 goes on listing the devices of a server that has died, and leaks a stream's
// buffers with each attempt to open one.
bool pulse_server_runs();

}  // namespace mixrig::backend
