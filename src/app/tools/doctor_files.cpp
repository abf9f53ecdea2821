// What /proc and /sys say about a machine's readiness.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/tools/doctor.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <sys/statvfs.h>

namespace mixrig::app {
namespace {

namespace fs = std::filesystem;

// The whole file without the newline at its end; empty if there is none.
std::string text_of(const fs::path& path) {
    std::ifstream in(path);
    std::ostringstream out;
    out << in.rdbuf();
    std::string text = out.str();
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

// Frequency scaling: a core that sleeps at low speed wakes up too late for the first blocks.
Check governor(const fs::path& root) {
    std::size_t cores = 0, slow = 0;
    std::string other;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(root / "sys/devices/system/cpu", ignored)) {
        const std::string now = text_of(entry.path() / "cpufreq/scaling_governor");
        if (now.empty()) continue;
        ++cores;
        if (now == "performance") continue;
        ++slow;
        other = now;
    }
    if (cores == 0)
        return {"CPU governor", Grade::pass, "this machine does not say that it scales its clock"};
    if (slow == 0) return {"CPU governor", Grade::pass, "performance on all cores"};
    return {"CPU governor", Grade::warn,
            other + " on " + std::to_string(slow) + " of " + std::to_string(cores) + " cores",
            "`cpupower frequency-set -g performance`"};
}

Check kernel(const fs::path& root) {
    if (text_of(root / "sys/kernel/realtime") == "1") return {"kernel", Grade::pass, "PREEMPT_RT"};
    if (text_of(root / "proc/cmdline").find("threadirqs") != std::string::npos)
        return {"kernel", Grade::pass, "threaded interrupts (threadirqs)"};
    return {"kernel", Grade::pass,
            "ordinary; good enough for blocks of 128 frames and more (PREEMPT_RT or threadirqs "
            "shorten the worst case)"};
}

// The share of time that realtime threads may take; the kernel's default is 95 %.
Check realtime_share(const fs::path& root) {
    constexpr long kUsual = 950000;  // us of every second
    const std::string text = text_of(root / "proc/sys/kernel/sched_rt_runtime_us");
    if (text.empty()) return {"realtime share", Grade::pass, "the kernel sets no limit"};
    const long us = std::strtol(text.c_str(), nullptr, 10);
    if (us < 0 || us >= kUsual)
        return {"realtime share", Grade::pass, us < 0 ? "no limit" : text + " us of every second"};
    return {"realtime share", Grade::warn, text + " us of every second",
            "`sysctl kernel.sched_rt_runtime_us=950000`"};
}

Check swappiness(const fs::path& root) {
    constexpr long kMost = 10;
    const std::string swaps = text_of(root / "proc/swaps");
    const bool has_swap = std::count(swaps.begin(), swaps.end(), '\n') > 0;
    if (!has_swap) return {"swap", Grade::pass, "none"};
    const std::string text = text_of(root / "proc/sys/vm/swappiness");
    if (std::strtol(text.c_str(), nullptr, 10) <= kMost)
        return {"swap", Grade::pass, "swappiness " + text};
    return {"swap", Grade::warn, "swappiness " + text, "`sysctl vm.swappiness=10`"};
}

Check shared_memory(const fs::path& root) {
    constexpr std::uint64_t kJackNeeds = 128u << 20;  // jackd's own pool takes 107 MB of it
    struct statvfs space {};
    if (statvfs((root / "dev/shm").c_str(), &space) != 0)
        return {"/dev/shm", Grade::warn, "is not there", "JACK needs it: mount a tmpfs there"};
    const std::uint64_t size = std::uint64_t{space.f_blocks} * space.f_frsize;
    const std::string text = std::to_string(size >> 20) + " MiB";
    if (size >= kJackNeeds) return {"/dev/shm", Grade::pass, text};
    return {"/dev/shm", Grade::warn, text,
            "JACK needs 128 MiB: `mount -o remount,size=256m /dev/shm`"};
}

Check sound_cards(const fs::path& root) {
    std::istringstream lines(text_of(root / "proc/asound/cards"));
    std::string cards;
    // " 0 [PCH            ]: HDA-Intel - HDA Intel PCH", then a line with its place.
    for (std::string line; std::getline(lines, line);) {
        const auto dash = line.find(" - ");
        if (line.find("]: ") == std::string::npos || dash == std::string::npos) continue;
        cards += (cards.empty() ? "" : ", ") + line.substr(dash + 3);
    }
    if (!cards.empty()) return {"sound cards", Grade::pass, cards};
    return {"sound cards", Grade::warn, "none", "without one and without JACK only `null` runs"};
}

Check threads_per_core(const fs::path& root) {
    const bool on = text_of(root / "sys/devices/system/cpu/smt/active") == "1";
    return {"threads per core", Grade::pass,
            on ? "two share a core (SMT): `bench` counts cores, not threads" : "one"};
}

}  // namespace

std::vector<Check> check_system_files(const fs::path& root) {
    return {governor(root),      kernel(root),      realtime_share(root),  swappiness(root),
            shared_memory(root), sound_cards(root), threads_per_core(root)};
}

}  // namespace mixrig::app
