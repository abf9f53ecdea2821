// Catches what an audio thread must not do: functions that allocate, lock or wait, and every system
// call.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace mixrig::test {

// What this thread has done while its trap was armed. The sources of the trap belong into the
// executable itself: its definitions of malloc and the others then stand before those of the C
// library, for every library in the process.
struct Offences {
    std::uint64_t calls = 0;           // of the functions in trap.cpp
    const char* first_call = nullptr;  // the name of the first
    std::uint64_t system_calls = 0;    // only counted after watch_system_calls()
    long first_system_call = -1;       // its number
};

// Armed for this thread as long as it lives; not to be nested.
class Trap {
public:
    Trap();
    ~Trap();
    Trap(const Trap&) = delete;
    Trap& operator=(const Trap&) = delete;
};

Offences offences();  // of this thread since it began, or since the last call of
void forget_offences();

// From now to its end this thread's system calls pass through a signal handler, which counts them
// while the trap is armed and then carries them out. It must not start threads any more. False
// where the kernel has no such filter.
[[nodiscard]] bool watch_system_calls();

// For the trap's own sources.
struct TrapState {
    bool armed = false;
    Offences offences;
};
extern constinit thread_local TrapState trap_state [[gnu::tls_model("initial-exec")]];

}  // namespace mixrig::test
