// The first net: functions of the C library that allocate, lock, wait or enter the kernel.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/trap.h"

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

namespace mixrig::test {

// The loader places it before the thread begins: reading it allocates nothing.
constinit thread_local TrapState trap_state;

namespace {

void note(const char* name) noexcept {
    if (!trap_state.armed) return;
    if (trap_state.offences.calls++ == 0) trap_state.offences.first_call = name;
}

// The definition that ours stands before, looked up when it is first called. Two threads may look
// at once: they find the same.
template <typename Result, typename... Arguments>
class Real {
public:
    constexpr explicit Real(const char* name) : name_(name) {}
    Result operator()(Arguments... arguments) noexcept(false) {
        note(name_);
        Function* function = function_.load(std::memory_order_relaxed);
        if (function == nullptr) {
            function = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name_));
            function_.store(function, std::memory_order_relaxed);
        }
        return function(arguments...);
    }

private:
    using Function = Result(Arguments...);
    const char* name_;
    std::atomic<Function*> function_{nullptr};
};

constinit Real<int, pthread_t*, const pthread_attr_t*, void* (*)(void*), void*> real_create(
    "pthread_create");
constinit Real<int, pthread_t, void**> real_join("pthread_join");
constinit Real<int, pthread_mutex_t*> real_lock("pthread_mutex_lock");
constinit Real<int, pthread_mutex_t*> real_trylock("pthread_mutex_trylock");
constinit Real<int, pthread_mutex_t*, const timespec*> real_timedlock("pthread_mutex_timedlock");
constinit Real<int, pthread_mutex_t*> real_unlock("pthread_mutex_unlock");
constinit Real<int, pthread_cond_t*, pthread_mutex_t*> real_cond_wait("pthread_cond_wait");
constinit Real<int, pthread_cond_t*, pthread_mutex_t*, const timespec*> real_cond_timedwait(
    "pthread_cond_timedwait");
constinit Real<int, pthread_cond_t*, pthread_mutex_t*, clockid_t, const timespec*>
    real_cond_clockwait("pthread_cond_clockwait");
constinit Real<int, pthread_cond_t*> real_cond_signal("pthread_cond_signal");
constinit Real<int, pthread_cond_t*> real_cond_broadcast("pthread_cond_broadcast");
constinit Real<int, pthread_rwlock_t*> real_rdlock("pthread_rwlock_rdlock");
constinit Real<int, pthread_rwlock_t*> real_wrlock("pthread_rwlock_wrlock");
constinit Real<int, pthread_rwlock_t*> real_tryrdlock("pthread_rwlock_tryrdlock");
constinit Real<int, pthread_rwlock_t*> real_trywrlock("pthread_rwlock_trywrlock");
constinit Real<int, pthread_rwlock_t*> real_rwlock_unlock("pthread_rwlock_unlock");
constinit Real<int, sem_t*> real_sem_wait("sem_wait");
constinit Real<int, sem_t*> real_sem_trywait("sem_trywait");
constinit Real<int, sem_t*, const timespec*> real_sem_timedwait("sem_timedwait");
constinit Real<int, sem_t*> real_sem_post("sem_post");
constinit Real<ssize_t, int, const void*, std::size_t> real_write("write");
constinit Real<ssize_t, int, void*, std::size_t> real_read("read");
constinit Real<ssize_t, int, const iovec*, int> real_writev("writev");
constinit Real<int, const char*, int, mode_t> real_open("open");
constinit Real<int, int, const char*, int, mode_t> real_openat("openat");
constinit Real<int, int> real_close("close");
constinit Real<int, pollfd*, nfds_t, int> real_poll("poll");
constinit Real<int, const timespec*, timespec*> real_nanosleep("nanosleep");
constinit Real<int, clockid_t, int, const timespec*, timespec*> real_clock_nanosleep(
    "clock_nanosleep");
constinit Real<int, useconds_t> real_usleep("usleep");
constinit Real<int> real_yield("sched_yield");
constinit Real<void*, void*, std::size_t, int, int, int, off_t> real_mmap("mmap");
constinit Real<int, void*, std::size_t> real_munmap("munmap");

mode_t mode_argument(int flags, std::va_list arguments) {
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

}  // namespace

Trap::Trap() {
    trap_state.armed = true;
}
Trap::~Trap() {
    trap_state.armed = false;
}

Offences offences() {
    return trap_state.offences;
}

void forget_offences() {
    trap_state.offences = {};
}

}  // namespace mixrig::test

using namespace mixrig::test;

// Memory. The C library offers its own under second names, so these work before anything can be
// looked up. operator new and delete of the C++ library call them.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);

void* malloc(std::size_t size) noexcept {
    note("malloc");
    return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
    note("calloc");
    return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) noexcept {
    note("realloc");
    return __libc_realloc(memory, size);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
    note("memalign");
    return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
    note("aligned_alloc");
    return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
    note("posix_memalign");
    *memory = __libc_memalign(alignment, size);
    return *memory != nullptr ? 0 : ENOMEM;
}
void free(void* memory) noexcept {
    if (memory != nullptr) note("free");  // nothing is freed by free(nullptr)
    __libc_free(memory);
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
                   void* argument) noexcept {
    return real_create(thread, attributes, start, argument);
}
int pthread_join(pthread_t thread, void** result) {
    return real_join(thread, result);
}
int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
    return real_lock(mutex);
}
int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
    return real_trylock(mutex);
}
int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* until) noexcept {
    return real_timedlock(mutex, until);
}
int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
    return real_unlock(mutex);
}
int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
    return real_cond_wait(condition, mutex);
}
int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                           const timespec* until) {
    return real_cond_timedwait(condition, mutex, until);
}
int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                           const timespec* until) {
    return real_cond_clockwait(condition, mutex, clock, until);
}
int pthread_cond_signal(pthread_cond_t* condition) noexcept {
    return real_cond_signal(condition);
}
int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
    return real_cond_broadcast(condition);
}
int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
    return real_rdlock(lock);
}
int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
    return real_wrlock(lock);
}
int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) noexcept {
    return real_tryrdlock(lock);
}
int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) noexcept {
    return real_trywrlock(lock);
}
int pthread_rwlock_unlock(pthread_rwlock_t* lock) noexcept {
    return real_rwlock_unlock(lock);
}
int sem_wait(sem_t* semaphore) {
    return real_sem_wait(semaphore);
}
int sem_trywait(sem_t* semaphore) noexcept {
    return real_sem_trywait(semaphore);
}
int sem_timedwait(sem_t* semaphore, const timespec* until) {
    return real_sem_timedwait(semaphore, until);
}
int sem_post(sem_t* semaphore) noexcept {
    return real_sem_post(semaphore);
}

ssize_t write(int file, const void* data, std::size_t size) {
    return real_write(file, data, size);
}
ssize_t read(int file, void* data, std::size_t size) {
    return real_read(file, data, size);
}
ssize_t writev(int file, const iovec* parts, int count) {
    return real_writev(file, parts, count);
}
int open(const char* path, int flags, ...) {
    std::va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = mode_argument(flags, arguments);
    va_end(arguments);
    return real_open(path, flags, mode);
}
int openat(int folder, const char* path, int flags, ...) {
    std::va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = mode_argument(flags, arguments);
    va_end(arguments);
    return real_openat(folder, path, flags, mode);
}
int close(int file) {
    return real_close(file);
}
int poll(pollfd* files, nfds_t count, int milliseconds) {
    return real_poll(files, count, milliseconds);
}
int nanosleep(const timespec* time, timespec* rest) {
    return real_nanosleep(time, rest);
}
int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* rest) {
    return real_clock_nanosleep(clock, flags, time, rest);
}
int usleep(useconds_t time) {
    return real_usleep(time);
}
int sched_yield() noexcept {
    return real_yield();
}
void* mmap(void* where, std::size_t size, int protection, int flags, int file,
           off_t offset) noexcept {
    return real_mmap(where, size, protection, flags, file, offset);
}
int munmap(void* where, std::size_t size) noexcept {
    return real_munmap(where, size);
}
}
