// Opens a device, closes it and opens it again, while the control thread goes on.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/backend/background.h"
#include "src/base/clock.h"
#include "src/base/result.h"

#include <algorithm>
#include <cstdint>
#include <string>

namespace mixrig::backend {

// A `Session` is a device that is open: closed by its destructor, which may hang, and left alone by
// the audio thread after its abandon(). [control]
template <typename Session>
class Lifeline {
public:
    using Opening = base::Result<std::unique_ptr<Session>>;
    enum class Change {
        none,
        opened,       // session() is new
        failed,       // error() says why; it is tried again
        left_behind,  // the old session does not close within kCloseLimit
    };

    // `prepare` is called when no session is there, and returns the call that makes one: that runs
    // on another thread and must own what it uses.
    Lifeline(std::function<std::function<Opening()>()> prepare,
             std::chrono::nanoseconds first_retry, std::chrono::nanoseconds longest_retry)
        : prepare_(std::move(prepare)),
          first_retry_(first_retry.count()),
          longest_retry_(longest_retry.count()),
          retry_(first_retry_) {}

    // Waits for the first attempt; after an error poll() makes the next ones.
    base::Status start(const std::string& where) {
        begin_open();
        active_ = true;
        if (accept(kOpenLimit) == Change::opened) return base::Done{};
        if (opening_) return base::Error{.what = "does not answer", .where = where};
        return error_;
    }

    // True: everything is closed. False: something hangs, and keeps what it was given.
    bool stop() {
        active_ = false;
        if (session_) begin_close();
        const bool closed = !closing_ || closing_->take(kCloseLimit).has_value();
        const bool opened = !opening_ || opening_->take(kOpenLimit).has_value();
        closing_.reset();
        opening_.reset();
        retry_ = first_retry_;
        return closed && opened;
    }

    void lose() {
        begin_close();
        retry_ = first_retry_;
        next_try_ = base::monotonic_ns() + retry_;
    }

    Change poll() {
        if (!active_ || session_) return Change::none;
        if (closing_) return finish_closing();
        if (opening_) return accept(std::chrono::milliseconds(0));
        if (base::monotonic_ns() >= next_try_) begin_open();
        return Change::none;
    }

    Session* session() const { return session_.get(); }
    bool active() const { return active_; }
    const base::Error& error() const { return error_; }

private:
    static constexpr std::chrono::milliseconds kOpenLimit{5000};
    // 0.06 s is the longest measured with JACK; some versions hang for ever.
    static constexpr std::chrono::milliseconds kCloseLimit{3000};

    void begin_open() { opening_.emplace(prepare_()); }

    void begin_close() {
        session_->abandon();
        closing_.emplace([session = std::shared_ptr<Session>(std::move(session_))]() mutable {
            session.reset();
            return true;
        });
        close_deadline_ = std::chrono::steady_clock::now() + kCloseLimit;
    }

    Change finish_closing() {
        const bool closed = closing_->take(std::chrono::milliseconds(0)).has_value();
        if (!closed && std::chrono::steady_clock::now() < close_deadline_) return Change::none;
        closing_.reset();
        return closed ? Change::none : Change::left_behind;
    }

    Change accept(std::chrono::milliseconds limit) {
        std::optional<Opening> opened = opening_->take(limit);
        if (!opened) return Change::none;
        opening_.reset();
        if (*opened) {
            session_ = std::move(*opened).value();
            retry_ = first_retry_;
            return Change::opened;
        }
        error_ = opened->error();
        next_try_ = base::monotonic_ns() + retry_;
        retry_ = std::min(2 * retry_, longest_retry_);
        return Change::failed;
    }

    std::function<std::function<Opening()>()> prepare_;
    std::int64_t first_retry_;
    std::int64_t longest_retry_;
    std::int64_t retry_;
    std::int64_t next_try_ = 0;
    bool active_ = false;
    std::unique_ptr<Session> session_;
    std::optional<Background<Opening>> opening_;
    std::optional<Background<bool>> closing_;
    std::chrono::steady_clock::time_point close_deadline_ = {};
    base::Error error_ = {};
};

}  // namespace mixrig::backend
