// The program as a black box.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/desk/program.h"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace mixrig::tests {

namespace {

constexpr Milliseconds kStart = std::chrono::seconds(20);  // a loaded machine may take its time

Words with(Words first, const Words& more) {
    first.insert(first.end(), more.begin(), more.end());
    return first;
}

std::filesystem::path log_file(const std::filesystem::path& home) {
    static std::atomic<int> number{0};
    return home / ("run-" + std::to_string(++number) + ".log");
}

}  // namespace

std::string mixrig() {
    const char* path = std::getenv("MIXRIG");
    REQUIRE_MESSAGE(path != nullptr, "MIXRIG must name the binary; `meson test` does so");
    return path;
}

bool poll_until(const std::function<bool()>& condition, Milliseconds limit) {
    // On an emulated machine everything takes so many times as long.
    static const char* const said = std::getenv("MIXRIG_PATIENCE");
    static const int patience = said != nullptr ? std::atoi(said) : 1;
    const auto deadline = std::chrono::steady_clock::now() + limit * patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(Milliseconds(5));
    }
    return true;
}

std::string read_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write_text(const std::filesystem::path& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    REQUIRE(file.flush().good());
}

Program::Program(const Words& command, const std::filesystem::path& home,
                 const std::filesystem::path& output)
    : output_(output) {
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    pid_ = fork();
    if (pid_ != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // not left behind when a test is killed
    setenv("XDG_STATE_HOME", (home / "state").c_str(), 1);
    unsetenv("STATE_DIRECTORY");
    setenv("JACK_NO_AUDIO_RESERVATION", "1", 1);
    const int nowhere = open("/dev/null", O_RDONLY);
    const int file = open(output_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(nowhere, 0);
    dup2(file, 1);
    dup2(file, 2);
    execvp(arguments[0], arguments.data());
    _exit(127);
}

Program::~Program() {
    if (pid_ > 0) end(SIGKILL);
}

bool Program::is_running() {
    if (pid_ <= 0) return false;
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
    code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    pid_ = -1;
    return false;
}

int Program::end(int signal) {
    if (pid_ <= 0) return code_;
    kill(pid_, signal);
    return wait(std::chrono::seconds(10));
}

int Program::wait(Milliseconds limit) {
    if (poll_until([this] { return !is_running(); }, limit)) return code_;
    kill(pid_, SIGKILL);
    CHECK_MESSAGE(false, "the program did not end in time: " << output());
    (void)poll_until([this] { return !is_running(); }, std::chrono::seconds(10));
    return code_;
}

Finished run(const Words& words, Milliseconds limit) {
    const ScratchFolder folder;
    Program program(with({mixrig()}, words), folder.path(), folder / "output");
    const int code = program.wait(limit);
    return {code, program.output()};
}

Daemon::Daemon(const Words& options, const std::filesystem::path& home)
    : program_(with({mixrig(), "run", "--osc", "0", "--web", "0"}, options), home, log_file(home)) {
    const std::string before = "TCP port ";
    const auto ready = [&] {
        const std::string text = log();
        const auto at = text.find(before);
        // The last thing that a start says is what became of the audio.
        if (at == std::string::npos || text.find(" audio: ") == std::string::npos) return false;
        port_ = static_cast<std::uint16_t>(std::stoul(text.substr(at + before.size())));
        return true;
    };
    REQUIRE_MESSAGE(poll_until([&] { return ready() || !program_.is_running(); }, kStart), log());
    REQUIRE_MESSAGE(port_ != 0, log());
}

bool Daemon::log_says(const std::string& text, Milliseconds limit) const {
    return poll_until([&] { return log().find(text) != std::string::npos; }, limit);
}

}  // namespace mixrig::tests
