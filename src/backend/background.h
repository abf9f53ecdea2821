// Runs one call that may hang (opening, closing a device) beside the control thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace mixrig::backend {

// If the call never returns, its thread and what it holds are left behind: that is the price of a
// control thread that goes on. What `work` refers to must therefore be owned by it.
template <typename T>
class Background {
public:
    explicit Background(std::function<T()> work) : state_(std::make_shared<State>()) {
        std::thread([state = state_, work = std::move(work)] {
            T result = work();
            const std::lock_guard lock(state->mutex);
            state->result.emplace(std::move(result));
            state->done.notify_all();
        }).detach();
    }

    // The result, once, if it comes within the limit.
    std::optional<T> take(std::chrono::milliseconds limit) {
        std::unique_lock lock(state_->mutex);
        if (!state_->done.wait_for(lock, limit, [this] { return state_->result.has_value(); }))
            return std::nullopt;
        return std::exchange(state_->result, std::nullopt);
    }

private:
    struct State {
        std::mutex mutex;
        std::condition_variable done;
        std::optional<T> result;
    };
    std::shared_ptr<State> state_;
};

}  // namespace mixrig::backend
