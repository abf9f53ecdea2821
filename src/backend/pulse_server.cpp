// Whether a Pulse server answers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/backend/pulse_server.h"

#include <memory>
#include <pulse/pulseaudio.h>

namespace mixrig::backend {

namespace {

// One dispatch each millisecond at most: a server that accepts and never answers is none.
constexpr int kWaitsOfOneMs = 1000;

bool becomes_ready(pa_mainloop* loop, pa_context* context) {
    if (pa_context_connect(context, nullptr, PA_CONTEXT_NOAUTOSPAWN, nullptr) < 0) return false;
    for (int wait = 0; wait < kWaitsOfOneMs; ++wait) {
        const pa_context_state_t state = pa_context_get_state(context);
        if (state == PA_CONTEXT_READY) return true;
        if (!PA_CONTEXT_IS_GOOD(state)) return false;
        if (pa_mainloop_prepare(loop, 1000) < 0 || pa_mainloop_poll(loop) < 0 ||
            pa_mainloop_dispatch(loop) < 0)
            return false;
    }
    return false;
}

}  // namespace

bool pulse_server_runs() {
    const std::unique_ptr<pa_mainloop, decltype(&pa_mainloop_free)> loop(pa_mainloop_new(),
                                                                         &pa_mainloop_free);
    if (!loop) return false;
    const std::unique_ptr<pa_context, decltype(&pa_context_unref)> context(
        pa_context_new(pa_mainloop_get_api(loop.get()), "mixrig"), &pa_context_unref);
    if (!context) return false;
    const bool ready = becomes_ready(loop.get(), context.get());
    pa_context_disconnect(context.get());
    return ready;
}

}  // namespace mixrig::backend
