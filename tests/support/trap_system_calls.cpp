// The second net: every system call of a thread, however it is made.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/trap.h"

#include <array>
#include <bit>
#include <cstddef>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

// The one place from which the filter lets system calls pass: here the handler carries out what the
// thread wanted. Arguments: the number, then those of the call.
extern "C" long mixrig_trap_call(long number, long a, long b, long c, long d, long e, long f);
extern "C" const char mixrig_trap_called[];  // the address behind the instruction

#if defined(__x86_64__)
asm(R"(
    .text
    .globl mixrig_trap_call, mixrig_trap_called
    .type mixrig_trap_call, @function
mixrig_trap_call:
    mov %rdi, %rax
    mov %rsi, %rdi
    mov %rdx, %rsi
    mov %rcx, %rdx
    mov %r8, %r10
    mov %r9, %r8
    mov 8(%rsp), %r9
    syscall
mixrig_trap_called:
    ret
    .size mixrig_trap_call, . - mixrig_trap_call
)");
#elif defined(__aarch64__)
asm(R"(
    .text
    .globl mixrig_trap_call, mixrig_trap_called
    .type mixrig_trap_call, %function
mixrig_trap_call:
    mov x8, x0
    mov x0, x1
    mov x1, x2
    mov x2, x3
    mov x3, x4
    mov x4, x5
    mov x5, x6
    svc #0
mixrig_trap_called:
    ret
    .size mixrig_trap_call, . - mixrig_trap_call
)");
#endif

namespace mixrig::test {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;

void carry_out(ucontext_t& thread) {
    greg_t* r = thread.uc_mcontext.gregs;
    r[REG_RAX] = mixrig_trap_call(static_cast<long>(r[REG_RAX]), r[REG_RDI], r[REG_RSI], r[REG_RDX],
                                  r[REG_R10], r[REG_R8], r[REG_R9]);
}
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;

void carry_out(ucontext_t& thread) {
    auto* r = thread.uc_mcontext.regs;
    const auto argument = [r](std::size_t i) { return static_cast<long>(r[i]); };
    r[0] = static_cast<unsigned long>(mixrig_trap_call(
        argument(8), argument(0), argument(1), argument(2), argument(3), argument(4), argument(5)));
}
#endif

#if defined(__x86_64__) || defined(__aarch64__)
void on_system_call(int, siginfo_t* info, void* context) {
    if (trap_state.armed && trap_state.offences.system_calls++ == 0)
        trap_state.offences.first_system_call = info->si_syscall;
    carry_out(*static_cast<ucontext_t*>(context));
}

constexpr sock_filter load(std::size_t offset) {
    return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}
// Goes on if the loaded word is `value`, else skips that many steps.
constexpr sock_filter expect(std::uint32_t value, std::uint8_t skip) {
    return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip);
}
constexpr sock_filter answer(std::uint32_t action) {
    return BPF_STMT(BPF_RET | BPF_K, action);
}

bool install_filter() {
    const auto gate = reinterpret_cast<std::uint64_t>(&mixrig_trap_called);
    constexpr std::size_t kPointer = offsetof(seccomp_data, instruction_pointer);
    constexpr bool kLittle = std::endian::native == std::endian::little;
    std::array filter = {
        load(offsetof(seccomp_data, arch)),
        expect(kArchitecture, 7),
        // The way back from the handler.
        load(offsetof(seccomp_data, nr)),
        expect(SYS_rt_sigreturn, 1),
        answer(SECCOMP_RET_ALLOW),
        load(kPointer + (kLittle ? 0 : 4)),
        expect(static_cast<std::uint32_t>(gate), 2),
        load(kPointer + (kLittle ? 4 : 0)),
        expect(static_cast<std::uint32_t>(gate >> 32), 0),
        answer(SECCOMP_RET_TRAP),
        answer(SECCOMP_RET_ALLOW),
    };
    // The last comparison: equal is allowed, all else is trapped.
    filter[8].jt = 1;
    const sock_fprog program{.len = filter.size(), .filter = filter.data()};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}
#endif

}  // namespace

bool watch_system_calls() {
#if defined(__x86_64__) || defined(__aarch64__)
    struct sigaction action {};
    action.sa_sigaction = on_system_call;
    action.sa_flags = SA_SIGINFO;
    return sigaction(SIGSYS, &action, nullptr) == 0 && install_filter();
#else
    return false;
#endif
}

}  // namespace mixrig::test
