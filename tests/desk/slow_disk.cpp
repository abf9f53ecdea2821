// A disk that stalls: preloaded before the C library, so that the desk itself needs no hook for it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>
#include <dlfcn.h>
#include <sys/types.h>
#include <unistd.h>

// meson compiles with 64 bit offsets, so that `pwrite` is the symbol pwrite64 here as in the desk.
// While the file that SLOW_DISK names is there, the next write removes it and takes two seconds.
extern "C" ssize_t pwrite(int file, const void* bytes, std::size_t count, off_t at) {
    using Write = ssize_t (*)(int, const void*, std::size_t, off_t);
    static const auto write = reinterpret_cast<Write>(::dlsym(RTLD_NEXT, "pwrite64"));
    const char* gate = std::getenv("SLOW_DISK");  // NOLINT: nobody changes it
    if (gate != nullptr && ::unlink(gate) == 0) ::usleep(2'000'000);
    return write(file, bytes, count, at);
}
