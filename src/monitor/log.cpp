// One door for all lines: severity, rate, then where they go.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/log.h"

#include "src/base/clock.h"
#include "src/monitor/log_outlets.h"
#include "src/monitor/log_text.h"
#include "src/monitor/rate_limit.h"

#include <mutex>
#include <optional>
#include <string>

namespace mixrig::monitor {
namespace {

constexpr std::size_t kLines = 5;
constexpr std::int64_t kWindow_ns = 10'000'000'000;

bool wants_journal(LogTarget target) {
    if (target == LogTarget::automatic) return stderr_is_journal() && journal_listens();
    return target == LogTarget::journal && journal_listens();
}

}  // namespace

struct Log::State {
    LogSettings settings;
    std::mutex mutex;
    RateLimit limit{kLines, kWindow_ns};
    bool journal = false;
    std::optional<Console> console = {};

    explicit State(const LogSettings& s) : settings(s), journal(wants_journal(s.target)) {
        if (!settings.clock) settings.clock = base::monotonic_ns;
    }

    void put(const LogLine& line) {
        if (settings.also) settings.also(line);
        if (settings.target == LogTarget::nowhere) return;
        if (journal && send_to_journal(journal_entry(line))) return;
        if (!console) console.emplace();
        console->write(line.severity, console_text(line));
    }

    void put(const std::vector<HeldLines>& held) {
        for (const HeldLines& h : held) {
            const std::string count = std::to_string(h.lines);
            put(LogLine{.severity = h.severity,
                        .key = h.key,
                        .text = count + " more in the last 10 s",
                        .fields = {{"more", count}}});
        }
    }
};

Log::Log(const LogSettings& settings) : state_(std::make_unique<State>(settings)) {}

Log::~Log() {
    try {
        state_->put(state_->limit.take_all());
    } catch (...) {  // no memory for words: nobody to tell
    }
}

void Log::debug(std::string_view key, std::string_view text, LogFields fields) noexcept {
    write({Severity::debug, key, text, fields});
}
void Log::info(std::string_view key, std::string_view text, LogFields fields) noexcept {
    write({Severity::info, key, text, fields});
}
void Log::warning(std::string_view key, std::string_view text, LogFields fields) noexcept {
    write({Severity::warning, key, text, fields});
}
void Log::error(std::string_view key, std::string_view text, LogFields fields) noexcept {
    write({Severity::error, key, text, fields});
}

void Log::write(const LogLine& line) noexcept {
    if (line.severity < state_->settings.least) return;
    try {
        const std::lock_guard lock(state_->mutex);
        const std::int64_t now = state_->settings.clock();
        state_->put(state_->limit.take_over(now));
        if (state_->limit.allow(line.key, line.severity, now)) state_->put(line);
    } catch (...) {  // a line that cannot be written must not take the audio down with it
    }
}

void Log::tick() noexcept {
    try {
        const std::lock_guard lock(state_->mutex);
        state_->put(state_->limit.take_over(state_->settings.clock()));
    } catch (...) {  // as above
    }
}

bool Log::to_journal() const noexcept {
    return state_->journal;
}

}  // namespace mixrig::monitor
