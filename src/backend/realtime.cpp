// Asks the system for realtime scheduling and resident memory, and says in words what it gave.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/backend/realtime.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace mixrig::backend {

namespace {

constexpr std::size_t kStackBytes = 64 * 1024;   // of the 512 KiB that libjack gives a thread
constexpr rlim_t kRoomToGrow = rlim_t{1} << 30;  // bytes; below, MCL_FUTURE starves later mmaps

bool is_realtime(int policy) {
    return policy == SCHED_FIFO || policy == SCHED_RR;
}

// The kernel kills a realtime thread that runs this long without a pause (rtkit and desktop portals
// set it): worth a warning next to "SCHED_FIFO".
std::string time_limit_text() {
    rlimit limit{};
    if (getrlimit(RLIMIT_RTTIME, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return {};
    return ", RLIMIT_RTTIME " + std::to_string(limit.rlim_cur) +
           " us: the kernel ends the process if a block computes that long";
}

std::string refusal_text(int error) {
    rlimit limit{};
    getrlimit(RLIMIT_RTPRIO, &limit);
    std::string text = "no realtime: ";
    if (error == EPERM && limit.rlim_cur == 0)
        text +=
            "RLIMIT_RTPRIO is 0; give the user 'rtprio 95' in /etc/security/limits.d, "
            "or the service LimitRTPRIO=95";
    else
        text += std::strerror(error);
    return text;
}

}  // namespace

Realtime read_realtime(pthread_t thread) {
    int policy = SCHED_OTHER;
    sched_param parameters{};
    const int error = pthread_getschedparam(thread, &policy, &parameters);
    if (error != 0) return {.text = std::string("scheduling unknown: ") + std::strerror(error)};
    policy &= ~SCHED_RESET_ON_FORK;
    if (!is_realtime(policy)) return {.text = "no realtime: ordinary scheduling"};
    return {.granted = true,
            .priority = parameters.sched_priority,
            .text = (policy == SCHED_FIFO ? "SCHED_FIFO " : "SCHED_RR ") +
                    std::to_string(parameters.sched_priority) + time_limit_text()};
}

Realtime ask_realtime(pthread_t thread, int priority) {
    const Realtime now = read_realtime(thread);
    if (now.granted) return now;

    // Being killed is worse than any overload: take what the hard limit leaves.
    rlimit time{};
    if (getrlimit(RLIMIT_RTTIME, &time) == 0 && time.rlim_cur < time.rlim_max) {
        time.rlim_cur = time.rlim_max;
        setrlimit(RLIMIT_RTTIME, &time);
    }
    sched_param wanted{};
    wanted.sched_priority = std::clamp(priority, 1, sched_get_priority_max(SCHED_FIFO));
    int error = pthread_setschedparam(thread, SCHED_FIFO, &wanted);
    rlimit limit{};
    if (error == EPERM && getrlimit(RLIMIT_RTPRIO, &limit) == 0 && limit.rlim_cur > 0) {
        wanted.sched_priority =
            static_cast<int>(std::min(limit.rlim_cur, static_cast<rlim_t>(wanted.sched_priority)));
        error = pthread_setschedparam(thread, SCHED_FIFO, &wanted);
    }
    if (error != 0) return {.text = refusal_text(error)};
    return read_realtime(thread);
}

LockedMemory lock_memory() {
    rlimit limit{};
    getrlimit(RLIMIT_MEMLOCK, &limit);
    // Under a small limit MCL_FUTURE may succeed now and make a later mmap fail. Root has no limit.
    const bool roomy = limit.rlim_cur >= kRoomToGrow || geteuid() == 0;
    if (mlockall(roomy ? MCL_CURRENT | MCL_FUTURE : MCL_CURRENT) == 0) {
        if (roomy) return {.locked = true, .text = "memory locked"};
        return {.text = "memory locked so far, not what comes later: RLIMIT_MEMLOCK is " +
                        std::to_string(limit.rlim_cur >> 10) +
                        " KiB; give the user 'memlock unlimited' in /etc/security/limits.d, or the "
                        "service LimitMEMLOCK=infinity"};
    }
    return {.text = std::string("memory not locked: ") + std::strerror(errno) +
                    "; give the user 'memlock unlimited' in /etc/security/limits.d, or the service "
                    "LimitMEMLOCK=infinity"};
}

void prefault_stack() MIXRIG_REALTIME {
    volatile char stack[kStackBytes];
    for (std::size_t at = 0; at < kStackBytes; at += 4096) stack[at] = 0;
    static_cast<void>(stack[0]);
}

#if defined(__SSE__)

// Bit 15 flushes results, bit 6 takes subnormal operands as zero (Intel SDM vol. 1, 10.2.3).
void flush_subnormals() MIXRIG_REALTIME {
    _mm_setcsr(_mm_getcsr() | 0x8040u);
}
bool subnormals_flushed() MIXRIG_REALTIME {
    return (_mm_getcsr() & 0x8040u) == 0x8040u;
}

#elif defined(__aarch64__)

// FPCR.FZ, bit 24, flushes operands and results (Arm ARM, C5.2.8).
namespace {

std::uint64_t read_fpcr() MIXRIG_REALTIME {
    std::uint64_t value = 0;
    __asm__ volatile("mrs %0, fpcr" : "=r"(value));
    return value;
}

}  // namespace

void flush_subnormals() MIXRIG_REALTIME {
    __asm__ volatile("msr fpcr, %0" : : "r"(read_fpcr() | (std::uint64_t{1} << 24)));
}
bool subnormals_flushed() MIXRIG_REALTIME {
    return ((read_fpcr() >> 24) & 1u) != 0;
}

#else

void flush_subnormals() MIXRIG_REALTIME {}
bool subnormals_flushed() MIXRIG_REALTIME {
    return false;
}

#endif

}  // namespace mixrig::backend
