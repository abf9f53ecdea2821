// Asks the system for realtime scheduling and resident memory, and says in words what it gave.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/realtime.h"

#include <pthread.h>
#include <string>

namespace mixrig::backend {

struct Realtime {
    bool granted = false;
    int priority = 0;
    std::string text = {};  // "SCHED_FIFO 70", or "no realtime: ..." with the reason and the remedy
};

// [control] What this living thread has now.
Realtime read_realtime(pthread_t thread);

// [control] What it has, after asking for SCHED_FIFO if it has no realtime yet. Goes down to what
// RLIMIT_RTPRIO allows.
Realtime ask_realtime(pthread_t thread, int priority);

struct LockedMemory {
    bool locked = false;  // all of it, and all that is mapped later
    std::string text = {};
};

// [control, once, before threads are made] mlockall.
LockedMemory lock_memory();

// [any] Touches the stack below the caller, so that the audio thread takes no page fault there.
void prefault_stack() MIXRIG_REALTIME;

// Subnormal numbers become zero in this thread: they cost a hundred times a normal number.
void flush_subnormals() MIXRIG_REALTIME;
bool subnormals_flushed() MIXRIG_REALTIME;

}  // namespace mixrig::backend
