// The trap finds what is planted for it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/trap.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <fcntl.h>
#include <mutex>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <string>
#include <string_view>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

using mixrig::test::forget_offences;
using mixrig::test::Offences;
using mixrig::test::offences;
using mixrig::test::Trap;
using mixrig::test::watch_system_calls;

namespace trap_test {

// Through these an allocation escapes, so that no compiler removes it together with its release.
void* volatile escaped = nullptr;
int* volatile escaped_number = nullptr;
volatile int sink = 0;

struct Planted {
    Offences found;
    bool watching = false;
};

// On a thread of its own: a filter of system calls cannot be taken away again.
template <typename Offence>
Planted plant(Offence offence) {
    Planted planted;
    std::thread thread([&] {
        planted.watching = watch_system_calls();
        const Trap trap;
        offence();
        planted.found = offences();
    });
    thread.join();
    REQUIRE(planted.watching);
    return planted;
}

template <typename Offence>
std::string_view first_call(Offence offence) {
    const Offences found = plant(offence).found;
    return found.calls == 0 ? "nothing" : found.first_call;
}

TEST_CASE("trap: arithmetic, atomics and the clock are no offence") {
    std::atomic<int> counter{0};
    const Offences found = plant([&] {
                               for (int i = 0; i < 1000; ++i) counter.fetch_add(i);
                               sink = counter.load();
                               escaped = nullptr;
                               (void)std::chrono::steady_clock::now();
                           }).found;
    CHECK(found.calls == 0);
    CHECK(found.system_calls == 0);
    CHECK(counter == 499500);
}

TEST_CASE("trap: allocations and releases are found") {
    CHECK(first_call([] { escaped = std::malloc(100); }) == "malloc");
    void* const kept = escaped;
    CHECK(first_call([kept] { std::free(kept); }) == "free");
    CHECK(first_call([] { escaped_number = new int(7); }) == "malloc");
    int* const number = escaped_number;
    CHECK(first_call([number] { delete number; }) == "free");
    CHECK(first_call([] { escaped = std::calloc(10, 10); }) == "calloc");
    std::free(escaped);
    escaped = std::malloc(10);
    CHECK(first_call([] { escaped = std::realloc(escaped, 100); }) == "realloc");
    std::free(escaped);
    CHECK(first_call([] { escaped = std::aligned_alloc(64, 128); }) == "aligned_alloc");
    std::free(escaped);
    CHECK(first_call([] {
              void* memory = nullptr;
              sink = posix_memalign(&memory, 64, 128);
              escaped = memory;
          }) == "posix_memalign");
    std::free(escaped);
    CHECK(first_call([] {
              const std::string text(static_cast<std::size_t>(100 + sink), 'x');
              sink = text[50];
          }) == "malloc");
    CHECK(first_call([] {
              try {
                  throw 1;
              } catch (int) {
              }
          }) == "malloc");
}

TEST_CASE("trap: locks and waits are found") {
    std::mutex mutex;
    CHECK(first_call([&] { const std::lock_guard lock(mutex); }) == "pthread_mutex_lock");
    CHECK(first_call([&] {
              if (mutex.try_lock()) mutex.unlock();
          }) == "pthread_mutex_trylock");
    std::condition_variable condition;
    CHECK(first_call([&] { condition.notify_one(); }) == "pthread_cond_signal");
    CHECK(first_call([&] { condition.notify_all(); }) == "pthread_cond_broadcast");
    pthread_rwlock_t readers = PTHREAD_RWLOCK_INITIALIZER;
    CHECK(first_call([&] {
              pthread_rwlock_rdlock(&readers);
              pthread_rwlock_unlock(&readers);
          }) == "pthread_rwlock_rdlock");
    sem_t semaphore;
    REQUIRE(sem_init(&semaphore, 0, 0) == 0);
    CHECK(first_call([&] { sem_post(&semaphore); }) == "sem_post");
    CHECK(first_call([&] { sem_wait(&semaphore); }) == "sem_wait");
    sem_destroy(&semaphore);
    CHECK(first_call([] {
              std::this_thread::sleep_for(std::chrono::microseconds(1));
          }).ends_with("nanosleep"));
    CHECK(first_call([] { sched_yield(); }) == "sched_yield");
}

TEST_CASE("trap: a condition is still waited for and met while the trap stands between") {
    std::mutex mutex;
    std::condition_variable condition;
    bool ready = false, seen = false;
    std::thread waiting([&] {
        std::unique_lock lock(mutex);
        seen = condition.wait_for(lock, std::chrono::seconds(20), [&] { return ready; });
    });
    {
        const std::lock_guard lock(mutex);
        ready = true;
    }
    condition.notify_one();
    waiting.join();
    CHECK(seen);
}

TEST_CASE("trap: files and system calls are found, and still carried out") {
    int pipe_ends[2];
    REQUIRE(pipe(pipe_ends) == 0);
    const Planted written = plant([&] { sink = static_cast<int>(write(pipe_ends[1], "ab", 2)); });
    CHECK(std::string_view(written.found.first_call) == "write");
    CHECK(written.found.first_system_call == SYS_write);
    CHECK(written.found.system_calls == 1);
    char back[2] = {};
    CHECK(first_call([&] { sink = static_cast<int>(read(pipe_ends[0], back, 2)); }) == "read");
    CHECK(back[1] == 'b');
    CHECK(first_call([] { close(open("/dev/null", O_RDONLY)); }) == "open");
    close(pipe_ends[0]);
    close(pipe_ends[1]);

    // Past every function that has a name.
    pid_t parent = 0;
    const Planted raw = plant([&] { parent = static_cast<pid_t>(syscall(SYS_getppid)); });
    CHECK(raw.found.calls == 0);
    CHECK(raw.found.system_calls == 1);
    CHECK(raw.found.first_system_call == SYS_getppid);
    CHECK(parent == getppid());
    // Waits of the standard library that no function of the C library carries out.
    std::atomic<int> word{0};
    std::thread waker([&word] {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        word.store(1);
        word.notify_all();
    });
    const Planted waited = plant([&] { word.wait(0); });
    waker.join();
    CHECK(waited.found.system_calls > 0);
}

TEST_CASE("trap: what is done while it is not armed is not counted") {
    forget_offences();
    escaped = std::malloc(10);
    std::free(escaped);
    CHECK(offences().calls == 0);
    { const Trap trap; }
    escaped = std::malloc(10);
    std::free(escaped);
    CHECK(offences().calls == 0);
}

}  // namespace trap_test
