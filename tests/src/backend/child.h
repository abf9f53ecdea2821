// A program that a test starts, kills and starts again.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace mixrig::backend::test {

class Child {
public:
    explicit Child(const std::vector<std::string>& command) {
        std::vector<char*> arguments;
        for (const std::string& word : command)
            arguments.push_back(const_cast<char*>(word.c_str()));
        arguments.push_back(nullptr);
        pid_ = fork();
        if (pid_ != 0) return;
        prctl(PR_SET_PDEATHSIG, SIGKILL);  // not left behind when a test is killed
        const int nowhere = open("/dev/null", O_RDWR);
        for (const int descriptor : {0, 1, 2}) dup2(nowhere, descriptor);
        execvp(arguments[0], arguments.data());
        _exit(127);
    }
    ~Child() { end(SIGKILL); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    void end(int signal) {
        if (pid_ <= 0) return;
        kill(pid_, signal);
        for (int tries = 0; tries < 500; ++tries) {
            if (waitpid(pid_, nullptr, WNOHANG) != 0) break;
            if (tries == 300) kill(pid_, SIGKILL);
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        pid_ = -1;
    }
    void send(int signal) const { kill(pid_, signal); }

private:
    pid_t pid_ = -1;
};

inline bool program_exists(const std::string& name) {
    return access(("/usr/bin/" + name).c_str(), X_OK) == 0;
}

}  // namespace mixrig::backend::test
