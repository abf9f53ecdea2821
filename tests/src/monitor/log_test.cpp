// The log: what is written, how often, and what cannot be smuggled into it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/log.h"

#include "src/monitor/log_text.h"
#include "src/monitor/rate_limit.h"
#include "tests/support/scratch_folder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <stdlib.h>  // NOLINT: setenv is POSIX
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace mixrig::monitor;
using mixrig::tests::ScratchFolder;

namespace log_test {

constexpr std::int64_t kSecond = 1'000'000'000;

// A log that remembers, on a clock that stands until it is moved.
struct Notebook {
    std::int64_t now = 0;
    std::vector<std::string> lines = {};
    Log log;

    explicit Notebook(Severity least = Severity::debug)
        : log({.least = least,
               .target = LogTarget::nowhere,
               .also = [this](const LogLine& line) { lines.push_back(console_text(line)); },
               .clock = [this] { return now; }}) {}
};

// What goes to standard error while it lives.
class Stderr {
public:
    explicit Stderr(const std::filesystem::path& file) : file_(file), saved_(dup(STDERR_FILENO)) {
        const int to = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        REQUIRE(dup2(to, STDERR_FILENO) >= 0);
        close(to);
    }
    Stderr(const Stderr&) = delete;
    Stderr& operator=(const Stderr&) = delete;
    ~Stderr() {
        dup2(saved_, STDERR_FILENO);
        close(saved_);
    }
    std::vector<std::string> lines() const {
        std::ifstream in(file_);
        std::vector<std::string> out;
        for (std::string line; std::getline(in, line);) out.push_back(line);
        return out;
    }

private:
    std::filesystem::path file_;
    int saved_;
};

TEST_CASE("log: of one key five lines pass in ten seconds, then one says how many more") {
    Notebook book;
    for (int i = 0; i < 1000; ++i) book.log.warning("xrun", "a gap");
    CHECK(book.lines == std::vector<std::string>(5, "xrun: a gap"));
    book.now = 10 * kSecond - 1;
    book.log.tick();
    CHECK(book.lines.size() == 5);
    book.now = 10 * kSecond;
    book.log.tick();
    REQUIRE(book.lines.size() == 6);
    CHECK(book.lines[5] == "xrun: 995 more in the last 10 s (more=995)");
    book.log.warning("xrun", "a gap");
    CHECK(book.lines.back() == "xrun: a gap");
    book.now = 100 * kSecond;
    book.log.tick();
    CHECK(book.lines.size() == 7);  // nothing was held back
}

TEST_CASE("log: keys do not take each other's room") {
    Notebook book;
    for (int i = 0; i < 20; ++i) book.log.info("flood", "again");
    book.log.info("important", "once");
    CHECK(book.lines.size() == 6);
    CHECK(book.lines.back() == "important: once");
}

TEST_CASE("log: what was held back is told before the next line of the key") {
    Notebook book;
    for (int i = 0; i < 6; ++i) book.log.info("a", "first");
    book.now = 11 * kSecond;
    book.log.info("a", "second");
    REQUIRE(book.lines.size() == 7);
    CHECK(book.lines[5] == "a: 1 more in the last 10 s (more=1)");
    CHECK(book.lines[6] == "a: second");
}

TEST_CASE("log: what was held back is told at the end") {
    std::vector<std::string> lines;
    {
        Log log({.target = LogTarget::nowhere,
                 .also = [&](const LogLine& line) { lines.push_back(console_text(line)); },
                 .clock = [] { return std::int64_t{0}; }});
        for (int i = 0; i < 8; ++i) log.info("a", "line");
    }
    REQUIRE(lines.size() == 6);
    CHECK(lines[5] == "a: 3 more in the last 10 s (more=3)");
}

TEST_CASE("log: lines below the least severity neither show nor count") {
    Notebook book(Severity::warning);
    for (int i = 0; i < 10; ++i) {
        book.log.debug("a", "detail");
        book.log.info("a", "news");
    }
    book.log.warning("a", "trouble");
    book.log.error("a", "disaster");
    CHECK(book.lines == std::vector<std::string>{"a: trouble", "a: disaster"});
}

TEST_CASE("log: endlessly many keys take bounded memory and share a limit") {
    RateLimit limit(5, 10 * kSecond);
    std::size_t passed = 0;
    for (int i = 0; i < 10000; ++i)
        if (limit.allow("key " + std::to_string(i), Severity::info, 0)) ++passed;
    CHECK(passed == RateLimit::kMostKeys + 5);
    const auto held = limit.take_all();
    REQUIRE(held.size() == 1);
    CHECK(held[0].lines == 10000 - passed);
}

TEST_CASE("log: the line about the rest has the worst severity of them") {
    RateLimit limit(1, kSecond);
    (void)limit.allow("a", Severity::info, 0);
    (void)limit.allow("a", Severity::error, 0);
    (void)limit.allow("a", Severity::info, 0);
    const auto held = limit.take_over(kSecond);
    REQUIRE(held.size() == 1);
    CHECK(held[0].severity == Severity::error);
    CHECK(held[0].lines == 2);
    CHECK(limit.take_all().empty());
}

TEST_CASE("log: a name cannot begin a line of its own or steer the terminal") {
    const LogLine line{.key = "fault",
                       .text =
                           "evil\nINFO all is well\x1b[2J\xc2\x9b"
                           "31m\x7f",
                       .fields = {{"strip", "a\rb"}}};
    CHECK(console_text(line) == "fault: evil?INFO all is well?[2J?31m? (strip=a?b)");
    CHECK(printable("Gro\xc3\x9f\xc3\xa9 \xe9\xbc\x93") == "Gro\xc3\x9f\xc3\xa9 \xe9\xbc\x93");
}

TEST_CASE("log: the journal gets text, priority and every field by name") {
    const LogLine line{.severity = Severity::warning,
                       .key = "xrun",
                       .text = "3 gaps",
                       .fields = {{"total", "3"}, {"strip-name", "Kick"}}};
    CHECK(journal_entry(line) ==
          std::vector<std::string>{"MESSAGE=3 gaps", "PRIORITY=4", "SYSLOG_IDENTIFIER=mixrig",
                                   "MIXRIG_KEY=xrun", "MIXRIG_TOTAL=3", "MIXRIG_STRIP_NAME=Kick"});
}

TEST_CASE("log: the console gets time, severity, text and fields on standard error") {
    const ScratchFolder folder;
    const Stderr captured(folder / "stderr");
    {
        Log log({.target = LogTarget::console});
        CHECK_FALSE(log.to_journal());
        log.debug("start", "not shown");
        log.info("start", "the desk is up", {{"rate", "48000"}});
        log.error("end", "the desk is down");
    }
    const auto lines = captured.lines();
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].find("info") != std::string::npos);
    CHECK(lines[0].ends_with("start: the desk is up (rate=48000)"));
    CHECK(lines[1].find("error") != std::string::npos);
    CHECK(lines[1].ends_with("end: the desk is down"));
}

TEST_CASE("log: a journal stream that is not our standard error is not taken for it") {
    const ScratchFolder folder;
    const Stderr captured(folder / "stderr");
    setenv("JOURNAL_STREAM", "1:1", 1);
    {
        Log log({});
        CHECK_FALSE(log.to_journal());
        log.info("start", "to the console");
    }
    unsetenv("JOURNAL_STREAM");
    CHECK(captured.lines().size() == 1);
}

TEST_CASE("log: many threads write whole lines") {
    const ScratchFolder folder;
    const Stderr captured(folder / "stderr");
    {
        Log log({.target = LogTarget::console});
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&log, t] {
                for (int i = 0; i < 50; ++i) log.info("key " + std::to_string(t * 50 + i), "line");
            });
        for (std::thread& thread : threads) thread.join();
    }
    const auto lines = captured.lines();
    CHECK(lines.size() == 200);
    CHECK(std::all_of(lines.begin(), lines.end(),
                      [](const std::string& line) { return line.ends_with(": line"); }));
}

}  // namespace log_test
