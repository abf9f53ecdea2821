// The console, by spdlog.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/log_outlets.h"

#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/sinks/stdout_color_sinks.h>

namespace mixrig::monitor {
namespace {

constexpr std::size_t kLinesWaiting = 1024;

spdlog::level::level_enum level(Severity severity) {
    switch (severity) {
        case Severity::debug:
            return spdlog::level::debug;
        case Severity::info:
            return spdlog::level::info;
        case Severity::warning:
            return spdlog::level::warn;
        case Severity::error:
            break;
    }
    return spdlog::level::err;
}

}  // namespace

// A terminal that was stopped with Ctrl-S takes nothing for hours: the oldest lines go then.
struct Console::State {
    std::shared_ptr<spdlog::async_logger> logger;
    std::shared_ptr<spdlog::details::thread_pool> thread;  // ends first: it holds lines to write

    State() {
        thread = std::make_shared<spdlog::details::thread_pool>(kLinesWaiting, 1);
        logger = std::make_shared<spdlog::async_logger>(
            "mixrig", std::make_shared<spdlog::sinks::stderr_color_sink_mt>(), thread,
            spdlog::async_overflow_policy::overrun_oldest);
        logger->set_level(spdlog::level::trace);
        logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%-7l%$ %v");
    }
};

Console::Console() : state_(std::make_unique<State>()) {}
Console::~Console() = default;

void Console::write(Severity severity, const std::string& text) {
    state_->logger->log(level(severity), spdlog::string_view_t(text));
}

}  // namespace mixrig::monitor
