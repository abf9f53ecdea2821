// What is kept for the X32's dialect, read and saved.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/x32_memory.h"

#include "src/session/atomic_file.h"

#include <chrono>
#include <system_error>
#include <utility>

namespace mixrig::app {
namespace {

constexpr std::int64_t kLookEvery = 500'000'000;  // ns
constexpr std::chrono::seconds kKeepPatience{2};  // with a disk, at the end
// Twice what every leaf and every preset of an X32 come to.
constexpr std::uintmax_t kLargest = 2u << 20;

bool is_too_large(const std::filesystem::path& file) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    return !error && size > kLargest;
}

}  // namespace

X32Memory::X32Memory(control::x32::Server& server, std::filesystem::path file, monitor::Log& log)
    : server_(server), log_(log), file_(std::move(file)) {
    recall();
}

void X32Memory::recall() {
    if (is_too_large(file_.path()) || is_too_large(session::backup_of(file_.path()))) {
        log_.error("x32",
                   file_.path().string() + ": is larger than any that the desk writes; left out");
        return server_.restore({});
    }
    const auto loaded = file_.load([](std::string_view) { return base::Done{}; });
    if (!loaded)
        log_.error("x32", loaded.error().text() + "; begins with nothing");
    else if (!loaded->message.empty())
        log_.warning("x32", loaded->message);
    saved_ = loaded ? loaded->text : std::string{};
    server_.restore(saved_);
}

X32Memory::~X32Memory() {
    (void)errands_.wait(kKeepPatience);
    looked_ = 0;
    turn(kLookEvery);
}

void X32Memory::turn(std::int64_t now) {
    if (now - looked_ < kLookEvery) return;
    looked_ = now;
    errands_.collect();
    if (busy_) return;
    if (auto text = server_.take_kept(); text && *text != saved_)
        save(std::move(*text));
    else if (std::exchange(again_, false))
        save(saved_);
}

void X32Memory::save(std::string text) {
    saved_ = std::move(text);
    busy_ = true;
    errands_.send(
        [this, kept = saved_]() -> Errands::Outcome {
            if (const auto done = file_.save(kept); !done) return done.error();
            return std::vector<std::string>{};
        },
        [this](const Errands::Outcome& outcome) {
            busy_ = false;
            again_ = !outcome;
            if (!outcome) log_.error("x32", outcome.error().text());
        });
}

}  // namespace mixrig::app
