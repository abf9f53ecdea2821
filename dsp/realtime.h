// The mark of every function that the audio thread may call.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// No allocation, lock, wait, system call, text or exception; docs/realtime.md says how this is
// proven. Clang 20 and later check it themselves; other compilers see noexcept.
#if defined(__clang__) && __clang_major__ >= 20
#define MIXRIG_REALTIME noexcept [[clang::nonblocking]]
#else
#define MIXRIG_REALTIME noexcept
#endif
