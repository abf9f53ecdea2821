// The doctor, shown machines that are not this one.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/tools/doctor.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <string_view>

namespace mixrig::app {
namespace doctor_test {

namespace fs = std::filesystem;

// A folder that stands for / and goes with the test.
class Machine {
public:
    Machine() {
        std::string name = (fs::temp_directory_path() / "mixrig-doctor-XXXXXX").string();
        root = mkdtemp(name.data());
    }
    ~Machine() { fs::remove_all(root); }
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    void write(const std::string& path, std::string_view text) {
        fs::create_directories((root / path).parent_path());
        std::ofstream(root / path) << text;
    }
    Check check(const std::string& name) const {
        for (const Check& one : check_system_files(root))
            if (one.name == name) return one;
        return {name, Grade::fail, "there is no such check"};
    }

    fs::path root;
};

const std::string kCpu = "sys/devices/system/cpu/";

TEST_CASE("doctor: one core that saves power is found among those that do not") {
    Machine machine;
    for (const char* core : {"cpu0", "cpu1", "cpu2"})
        machine.write(kCpu + core + "/cpufreq/scaling_governor", "performance\n");
    CHECK(machine.check("CPU governor").grade == Grade::pass);
    machine.write(kCpu + "cpu1/cpufreq/scaling_governor", "powersave\n");
    const Check check = machine.check("CPU governor");
    CHECK(check.grade == Grade::warn);
    CHECK(check.found == "powersave on 1 of 3 cores");
    CHECK(check.advice.find("performance") != std::string::npos);
}

TEST_CASE("doctor: a machine that says nothing is not blamed") {
    const Machine machine;
    for (const char* name : {"CPU governor", "kernel", "realtime share", "swap"}) {
        CAPTURE(name);
        CHECK(machine.check(name).grade == Grade::pass);
    }
}

TEST_CASE("doctor: swappiness counts only where there is swap") {
    Machine machine;
    machine.write("proc/sys/vm/swappiness", "60\n");
    machine.write("proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n");
    CHECK(machine.check("swap").grade == Grade::pass);
    machine.write("proc/swaps",
                  "Filename\tType\tSize\tUsed\tPriority\n/dev/sda2 partition 1 0 -2\n");
    CHECK(machine.check("swap").grade == Grade::warn);
    machine.write("proc/sys/vm/swappiness", "10\n");
    CHECK(machine.check("swap").grade == Grade::pass);
}

TEST_CASE("doctor: realtime kernels are recognised") {
    Machine machine;
    machine.write("proc/cmdline", "root=/dev/sda1 threadirqs quiet\n");
    CHECK(machine.check("kernel").found.find("threadirqs") != std::string::npos);
    machine.write("sys/kernel/realtime", "1\n");
    CHECK(machine.check("kernel").found == "PREEMPT_RT");
}

TEST_CASE("doctor: realtime threads that may take too little time are a warning") {
    Machine machine;
    machine.write("proc/sys/kernel/sched_rt_runtime_us", "500000\n");
    CHECK(machine.check("realtime share").grade == Grade::warn);
    machine.write("proc/sys/kernel/sched_rt_runtime_us", "-1\n");
    CHECK(machine.check("realtime share").grade == Grade::pass);
}

TEST_CASE("doctor: sound cards are named") {
    Machine machine;
    machine.write("proc/asound/cards", "--- no soundcards ---\n");
    CHECK(machine.check("sound cards").grade == Grade::warn);
    machine.write("proc/asound/cards",
                  " 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n"
                  "                      HDA Intel PCH at 0xf7e10000 irq 31\n"
                  " 1 [USB            ]: USB-Audio - Scarlett 18i20 USB\n"
                  "                      Focusrite Scarlett 18i20 USB at usb-1.2, high speed\n");
    const Check check = machine.check("sound cards");
    CHECK(check.grade == Grade::pass);
    CHECK(check.found == "HDA Intel PCH, Scarlett 18i20 USB");
}

TEST_CASE("doctor: a Raspberry Pi's throttling is told apart by when it was") {
    CHECK(throttling_of("throttled=0x0\n").grade == Grade::pass);
    const Check before = throttling_of("throttled=0x50000\n");
    CHECK(before.grade == Grade::warn);
    CHECK(before.found == "too little voltage, throttled, since its start");
    const Check now = throttling_of("throttled=0x50005\n");
    CHECK(now.grade == Grade::fail);
    CHECK(now.found == "too little voltage, throttled, now");
}

TEST_CASE("doctor: what does not pass says what to change") {
    for (const Check& check : check_by_trying()) {
        CAPTURE(check.name);
        CAPTURE(check.found);
        CHECK_FALSE(check.found.empty());
        CHECK((check.grade == Grade::pass) == check.advice.empty());
    }
}

TEST_CASE("doctor: one failure is enough not to be ready") {
    CHECK_FALSE(has_failed({{"a", Grade::pass, "x"}, {"b", Grade::warn, "x", "y"}}));
    const std::vector<Check> checks = {{"a", Grade::pass, "x"}, {"b", Grade::fail, "x", "y"}};
    CHECK(has_failed(checks));
    CHECK(to_text(checks) ==
          "pass  a                    x\nfail  b                    x\n      -> y\n");
    CHECK(to_json(checks).line() ==
          R"({"ready":false,"checks":[{"check":"a","grade":"pass","found":"x"},)"
          R"({"check":"b","grade":"fail","found":"x","advice":"y"}]})");
}

}  // namespace doctor_test
}  // namespace mixrig::app
