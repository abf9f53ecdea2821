// Subnormal numbers are zero while this object lives, on the thread that made it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/realtime.h"

#include <cstdint>
#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace mixrig::dsp {

// Without it a decaying bank of filters costs up to 2.7 times as much. Every thread that runs
// kernels holds one.
class FlushSubnormals {
public:
    FlushSubnormals() MIXRIG_REALTIME : before_(control_word()) {
        set_control_word(before_ | kFlush);
    }
    ~FlushSubnormals() { set_control_word(before_); }
    FlushSubnormals(const FlushSubnormals&) = delete;
    FlushSubnormals& operator=(const FlushSubnormals&) = delete;

private:
#if defined(__SSE__)
    using Word = std::uint32_t;
    static constexpr Word kFlush = 0x8040;  // MXCSR: flush to zero, subnormals are zero
    static Word control_word() noexcept {
        return _mm_getcsr();
    }
    static void set_control_word(Word word) noexcept {
        _mm_setcsr(word);
    }
#elif defined(__aarch64__)
    using Word = std::uint64_t;
    static constexpr Word kFlush = 1u << 24;  // FPCR.FZ covers inputs and results
    static Word control_word() noexcept {
        Word word = 0;
        asm volatile("mrs %0, fpcr" : "=r"(word));
        return word;
    }
    static void set_control_word(Word word) noexcept {
        asm volatile("msr fpcr, %0" : : "r"(word));
    }
#else
#error "say here how this processor flushes subnormals"
#endif

    Word before_;
};

}  // namespace mixrig::dsp
