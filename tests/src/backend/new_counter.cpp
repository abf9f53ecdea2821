// Counts what an audio thread allocates between two calls of the engine.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/backend/new_counter.h"

#include <cstdlib>
#include <new>

namespace mixrig::backend::test {

thread_local bool counts_news = false;
std::atomic<int> news_of_backend{0};

}  // namespace mixrig::backend::test

void* operator new(std::size_t size) {
    if (mixrig::backend::test::counts_news) ++mixrig::backend::test::news_of_backend;
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
