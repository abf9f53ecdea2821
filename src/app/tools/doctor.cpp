// What only trying can tell about a machine's readiness.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/tools/doctor.h"

#include "src/backend/backend.h"
#include "src/backend/realtime.h"
#include "src/session/desk_config.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <grp.h>
#include <memory>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <thread>
#include <unistd.h>

namespace mixrig::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLimits =
    "as root write `@audio - rtprio 95` and `@audio - memlock unlimited` to "
    "/etc/security/limits.d/audio.conf, join group audio, log in again; for the service: "
    "LimitRTPRIO=95, LimitMEMLOCK=infinity";

// In a thread of its own, which ends with its priority.
Check realtime_priority() {
    constexpr int kWished = 70;
    backend::Realtime got;
    rlimit before{};
    getrlimit(RLIMIT_RTTIME, &before);
    std::thread([&got] { got = backend::ask_realtime(pthread_self(), kWished); }).join();
    setrlimit(RLIMIT_RTTIME, &before);
    if (got.granted) return {"realtime priority", Grade::pass, got.text};
    return {"realtime priority", Grade::fail, got.text, std::string(kLimits)};
}

// The kernel kills realtime threads that compute for so long without a pause.
Check realtime_time() {
    rlimit limit{};
    getrlimit(RLIMIT_RTTIME, &limit);
    if (limit.rlim_cur == RLIM_INFINITY)
        return {"realtime time limit", Grade::pass, "none (RLIMIT_RTTIME)"};
    return {
        "realtime time limit", Grade::warn,
        "RLIMIT_RTTIME " + std::to_string(limit.rlim_cur) + " us",
        "the kernel ends a desk that computes that long: `ulimit -R unlimited`, or LimitRTTIME="};
}

// As much as a desk of 64 channels takes.
Check memory_lock() {
    constexpr std::size_t kBytes = 64u << 20;
    void* memory =
        mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return {"memory lock", Grade::fail, "64 MiB are not to be had", "give the machine memory"};
    const bool locked = mlock(memory, kBytes) == 0;
    const int error = errno;
    munmap(memory, kBytes);
    if (locked) return {"memory lock", Grade::pass, "64 MiB were locked"};
    return {"memory lock", Grade::fail, std::string("64 MiB: ") + std::strerror(error),
            std::string(kLimits)};
}

Check audio_group() {
    if (geteuid() == 0)
        return {
            "group audio", Grade::warn, "this is root",
            "run the desk as an ordinary user in group audio: JACK's server and clients must be "
            "of one user"};
    const struct group* audio = getgrnam("audio");
    if (audio == nullptr)
        return {"group audio", Grade::warn, "there is no such group", "`groupadd --system audio`"};
    std::vector<gid_t> groups(static_cast<std::size_t>(std::max(getgroups(0, nullptr), 0)));
    const int count = getgroups(static_cast<int>(groups.size()), groups.data());
    for (int i = 0; i < count; ++i)
        if (groups[static_cast<std::size_t>(i)] == audio->gr_gid)
            return {"group audio", Grade::pass, "this user is in it"};
    return {"group audio", Grade::warn, "this user is not in it",
            "`usermod -aG audio USER`, then log in again: sound cards belong to it"};
}

// Holding this file at 0 keeps cores out of deep sleep.
Check sleep_latency() {
    if (access("/dev/cpu_dma_latency", F_OK) != 0)
        return {"CPU sleep latency", Grade::pass, "this machine has no /dev/cpu_dma_latency"};
    if (access("/dev/cpu_dma_latency", W_OK) == 0)
        return {"CPU sleep latency", Grade::pass, "may be held down (/dev/cpu_dma_latency)"};
    return {
        "CPU sleep latency", Grade::warn, "/dev/cpu_dma_latency may not be written",
        "let group audio write it by a udev rule: KERNEL==\"cpu_dma_latency\", GROUP=\"audio\", "
        "MODE=\"0660\""};
}

class Silence : public backend::AudioCallback, public backend::BackendEvents {
    void process(const float* const*, float* const*, std::size_t) MIXRIG_REALTIME override {}
    void xrun() MIXRIG_REALTIME override {}
    void started(const backend::StreamInfo&) override {}
    void stopped(const std::string&) override {}
    void block_changed(std::size_t) override {}
    void rate_changed(unsigned) override {}
    void message(const std::string&) override {}
};

// Opens a client without ports and closes it again.
Check jack_server() {
    Silence silence;
    auto made = backend::make_backend(
        "jack", {.ports = {}, .client_name = "mixrig-doctor", .connect_physical = false});
    if (!made) return {"JACK server", Grade::warn, made.error().text()};
    const auto info = (*made)->start(silence, silence);
    if (!info)
        return {"JACK server", Grade::warn, info.error().what,
                "start one (`jackd -R -d alsa`), or use `--backend rtaudio`"};
    (*made)->stop();
    return {"JACK server", Grade::pass,
            std::to_string(info->rate) + " Hz, " + std::to_string(info->block) + " frames, " +
                info->realtime};
}

Check disk_space() {
    constexpr std::uint64_t kWarn = 1u << 30, kFail = 64u << 20;  // bytes
    const auto folder = session::state_folder({});
    if (!folder) return {"disk", Grade::fail, folder.error().text(), "set XDG_STATE_HOME or HOME"};
    fs::path existing = *folder;
    std::error_code ignored;
    while (!fs::exists(existing, ignored) && existing.has_relative_path())
        existing = existing.parent_path();
    struct statvfs space {};
    if (statvfs(existing.c_str(), &space) != 0)
        return {"disk", Grade::fail, existing.string() + ": " + std::strerror(errno)};
    const std::uint64_t free = std::uint64_t{space.f_bavail} * space.f_frsize;
    const std::string found = std::to_string(free >> 20) + " MiB free for " + folder->string();
    if (access(existing.c_str(), W_OK) != 0)
        return {"disk", Grade::fail, existing.string() + " may not be written",
                "change its owner, or set XDG_STATE_HOME"};
    if (free >= kWarn) return {"disk", Grade::pass, found};
    return {"disk", free < kFail ? Grade::fail : Grade::warn, found, "make room"};
}

// Empty where there is no such program.
std::string ask_vcgencmd() {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(
        popen("command -v vcgencmd >/dev/null && vcgencmd get_throttled 2>/dev/null", "r"), pclose);
    std::array<char, 128> line{};
    if (!pipe || std::fgets(line.data(), line.size(), pipe.get()) == nullptr) return {};
    return line.data();
}

constexpr std::array<std::string_view, 3> kGrades = {"pass", "warn", "fail"};

std::string_view grade_name(Grade grade) {
    return kGrades[static_cast<std::size_t>(grade)];
}

}  // namespace

// Bits 0 to 3 are now, bits 16 to 19 since the start: undervoltage, frequency capped, throttled,
// hot.
Check throttling_of(const std::string& answer) {
    const auto equals = answer.find('=');
    if (equals == std::string::npos)
        return {"Raspberry Pi", Grade::warn, "vcgencmd says: " + answer};
    const unsigned long bits = std::strtoul(answer.c_str() + equals + 1, nullptr, 16);
    if (bits == 0) return {"Raspberry Pi", Grade::pass, "never throttled since its start"};
    std::string found;
    const auto name = [&](unsigned bit, const char* what) {
        if ((bits >> bit | bits >> (bit + 16)) & 1u)
            found += (found.empty() ? "" : ", ") + std::string(what);
    };
    name(0, "too little voltage");
    name(1, "clock capped");
    name(2, "throttled");
    name(3, "too hot");
    return {"Raspberry Pi", (bits & 0xfu) != 0 ? Grade::fail : Grade::warn,
            found + ((bits & 0xfu) != 0 ? ", now" : ", since its start"),
            "a stronger power supply, a heat sink"};
}

std::vector<Check> check_by_trying() {
    std::vector<Check> out = {realtime_priority(), realtime_time(), memory_lock(), audio_group(),
                              sleep_latency(),     jack_server(),   disk_space()};
    if (const std::string answer = ask_vcgencmd(); !answer.empty())
        out.push_back(throttling_of(answer));
    return out;
}

bool has_failed(const std::vector<Check>& checks) {
    for (const Check& check : checks)
        if (check.grade == Grade::fail) return true;
    return false;
}

std::string to_text(const std::vector<Check>& checks) {
    std::string out;
    for (const Check& check : checks) {
        char head[64];
        std::snprintf(head, sizeof head, "%-4s  %-20s ", grade_name(check.grade).data(),
                      check.name.c_str());
        out += head + check.found + '\n';
        if (!check.advice.empty()) out += "      -> " + check.advice + '\n';
    }
    return out;
}

Json to_json(const std::vector<Check>& checks) {
    Json list = Json::list();
    for (const Check& check : checks) {
        Json one = Json::object();
        one.set("check", check.name)
            .set("grade", grade_name(check.grade))
            .set("found", check.found);
        if (!check.advice.empty()) one.set("advice", check.advice);
        list.add(std::move(one));
    }
    Json out = Json::object();
    out.set("ready", !has_failed(checks)).set("checks", std::move(list));
    return out;
}

}  // namespace mixrig::app
