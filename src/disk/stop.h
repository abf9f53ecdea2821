// A command that works on files stops as one that has failed: nothing half done is left behind.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

namespace mixrig::disk {

// [main thread] From now on SIGINT and SIGTERM make every read and write of a sound file fail; a
// second one ends the program at once. Who wants them for itself takes them afterwards.
void stop_on_signals();
// [any thread] Whether one came.
bool is_stopped();
base::Error stopped();

}  // namespace mixrig::disk
