// Saving: atomic, with a way back, through kills and damage.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/state_file.h"

#include "src/session/atomic_file.h"
#include "src/session/text_file.h"
#include "tests/support/scratch_folder.h"

#include <doctest/doctest.h>

#include <csignal>
#include <fstream>
#include <poll.h>
#include <random>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace mixrig;
using namespace mixrig::session;
using mixrig::tests::ScratchFolder;

namespace state_file_test {

base::Status anything(std::string_view) {
    return base::Done{};
}

void damage(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// Some 64 KiB, so that a save takes long enough to be hit.
std::string generation(std::size_t n) {
    std::string text = "# generation " + std::to_string(n) + "\n";
    while (text.size() < 65536)
        text += "/ch/" + std::to_string(text.size() % 97 + 1) + "/fader -6 dB\n";
    return text;
}

std::size_t generation_of(const std::string& text) {
    return std::stoul(text.substr(13));
}

// Saves one generation after the other and tells each through the pipe once it is saved.
[[noreturn]] void save_for_ever(const std::filesystem::path& path, std::size_t from,
                                int acknowledge) {
    StateFile file(path);
    if (!file.load(anything)) ::_exit(2);
    for (std::size_t n = from;; ++n) {
        if (!file.save(generation(n))) ::_exit(3);
        if (::write(acknowledge, &n, sizeof n) != sizeof n) ::_exit(4);
    }
}

// The last generation that was acknowledged before the pipe closed.
std::size_t last_acknowledged(int pipe, std::size_t before) {
    std::size_t n = before;
    while (::read(pipe, &n, sizeof n) == sizeof n) {
    }
    return n;
}

TEST_CASE("atomic file: makes folders, mode 0600, replaces, leaves nothing behind") {
    const ScratchFolder folder;
    const auto path = folder.path() / "a" / "b" / "state";
    REQUIRE(save_atomically(path, "one", Keep::nothing));
    REQUIRE(save_atomically(path, "two", Keep::nothing));
    CHECK(*read_text(path) == "two");
    struct stat info = {};
    REQUIRE(::stat(path.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
    CHECK_FALSE(std::filesystem::exists(backup_of(path)));
    REQUIRE(save_atomically(path, "three", Keep::previous));
    CHECK(*read_text(backup_of(path)) == "two");
    REQUIRE(save_atomically(path, "four", Keep::previous));
    CHECK(*read_text(backup_of(path)) == "three");
    CHECK(std::distance(std::filesystem::directory_iterator(path.parent_path()), {}) == 2);
}

TEST_CASE("atomic file: what cannot be saved is an error and changes nothing") {
    const ScratchFolder folder;
    std::ofstream(folder / "file") << "x";
    CHECK_FALSE(save_atomically(folder / "file" / "below", "y", Keep::nothing));
    std::filesystem::create_directory(folder / "taken");
    std::ofstream(folder.path() / "taken" / "x") << "x";
    CHECK_FALSE(save_atomically(folder / "taken", "y", Keep::nothing));
    CHECK(folder.entries() == 2);
}

TEST_CASE("atomic file: a program's own leftovers go, others' files stay") {
    const ScratchFolder folder;
    std::ofstream(folder / (".state." + std::to_string(::getpid()) + "-3.mixrig-new")) << "half";
    std::ofstream(folder / ".state.1-3.mixrig-new") << "being written";  // process 1 lives
    std::ofstream(folder / ".other.mixrig-new") << "not ours";
    std::ofstream(folder / "state") << "x";
    CHECK(remove_leftovers(folder.path()) == 1);
    CHECK(folder.entries() == 3);
    CHECK(remove_leftovers(folder / "not there") == 0);
}

TEST_CASE("state: the first start finds nothing and that is no error") {
    const ScratchFolder folder;
    StateFile file(folder / "state");
    const auto loaded = file.load(anything);
    REQUIRE(loaded);
    CHECK(loaded->text.empty());
    CHECK(loaded->message.empty());
}

TEST_CASE("state: what was saved is loaded, byte for byte") {
    const ScratchFolder folder;
    for (const std::string text : {"", "x", "a\nb\n", "# sum of it\n# sum 0\n"}) {
        CAPTURE(text);
        StateFile(folder / "state").save(text).value();
        CHECK(StateFile(folder / "state").load(anything)->text == text);
    }
}

TEST_CASE("state: a damaged file goes back to the one before, and never replaces it") {
    const ScratchFolder folder;
    const auto path = folder / "state";
    for (const char* how : {"", "half of it", "/ch/1/fader -6\n# sum 0000000000000000\n"}) {
        CAPTURE(how);
        StateFile first(path);
        REQUIRE(first.save("old\n"));
        REQUIRE(first.save("new\n"));
        damage(path, how);
        StateFile second(path);
        const auto loaded = second.load(anything);
        REQUIRE(loaded);
        CHECK(loaded->text == "old\n");
        CHECK(loaded->message.find("went back to") != std::string::npos);
        CHECK(std::filesystem::exists(folder / "state.damaged"));
        REQUIRE(second.save("newer\n"));
        CHECK(StateFile(path).load(anything)->text == "newer\n");
        CHECK(read_text(backup_of(path))->starts_with("old\n"));  // not the damaged one
        std::filesystem::remove(folder / "state.damaged");
    }
}

TEST_CASE("state: a flipped bit anywhere is noticed") {
    const ScratchFolder folder;
    const auto path = folder / "state";
    StateFile(path).save("/ch/1/fader -6 dB\n").value();
    const std::string good = *read_text(path);
    for (std::size_t i = 0; i < good.size(); ++i)
        for (const unsigned bit : {0u, 3u, 7u}) {
            std::string bad = good;
            bad[i] = static_cast<char>(static_cast<unsigned char>(bad[i]) ^ (1u << bit));
            damage(path, bad);
            REQUIRE_FALSE(StateFile(path).load(anything));
        }
}

TEST_CASE("state: what the desk refuses goes back too; nothing good is an error that keeps both") {
    const ScratchFolder folder;
    const auto path = folder / "state";
    StateFile file(path);
    REQUIRE(file.save("old\n"));
    REQUIRE(file.save("new\n"));
    const auto only_old = [](std::string_view text) -> base::Status {
        if (text == "old\n") return base::Done{};
        return base::Error{.what = "not for this desk"};
    };
    CHECK(StateFile(path).load(only_old)->text == "old\n");
    const auto nothing = [](std::string_view) -> base::Status { return base::Error{.what = "no"}; };
    CHECK_FALSE(StateFile(path).load(nothing));
    CHECK(std::filesystem::exists(folder / "state.damaged"));
    CHECK(std::filesystem::exists(folder / "state.bak.damaged"));
}

TEST_CASE(
    "state: killed 50 times while saving, it is always there and never older than acknowledged") {
    const ScratchFolder folder;
    const auto path = folder / "state";
    std::mt19937 random(2024);
    std::size_t saved = 0;
    for (int round = 0; round < 50; ++round) {
        CAPTURE(round);
        int ends[2] = {};
        REQUIRE(::pipe(ends) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            ::close(ends[0]);
            save_for_ever(path, saved + 1, ends[1]);
        }
        ::close(ends[1]);
        pollfd first{ends[0], POLLIN, 0};
        REQUIRE(::poll(&first, 1, 10'000) == 1);  // it has begun
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 20'000));
        ::kill(child, SIGKILL);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        REQUIRE(WIFSIGNALED(status));
        const std::size_t acknowledged = last_acknowledged(ends[0], saved);
        ::close(ends[0]);

        StateFile file(path);
        const auto loaded = file.load(anything);
        REQUIRE_MESSAGE(loaded, (loaded ? "" : loaded.error().text()));
        CHECK(loaded->message.empty());
        const std::size_t found = generation_of(loaded->text);
        CHECK(found >= acknowledged);
        CHECK(found <= acknowledged + 1);
        CHECK(loaded->text == generation(found));
        CHECK(folder.entries() <= 2);  // the file and its .bak, nothing temporary
        saved = found;
    }
    MESSAGE("generations saved: " << saved);
}

}  // namespace state_file_test
