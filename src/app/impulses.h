// Impulse responses of a desk's convolutions: read and resampled beside everything else.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/fx/unit.h"
#include "dsp/units.h"
#include "src/base/result.h"
#include "src/param/values.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace mixrig::app {

class Impulses {
public:
    // Files are found relative to `folder`.
    Impulses(std::filesystem::path folder, dsp::Hertz rate);
    ~Impulses();
    Impulses(const Impulses&) = delete;
    Impulses& operator=(const Impulses&) = delete;

    // [control] All that the values name, now: for what runs offline. The first error ends it.
    base::Status load_all(const param::Layout& layout, const param::Values& values);

    // [control] This file for this effect, now.
    base::Status load(std::size_t effect, const std::string& file);

    // [control] Asks for a file; an empty name forgets the response. take() tells when it is there.
    void request(std::size_t effect, const std::string& file);
    struct Loaded {
        std::size_t effect = 0;
        base::Status status = base::Done{};
    };
    std::optional<Loaded> take();

    // [control] A unit with the response of this effect, or null if it has none (yet).
    std::unique_ptr<dsp::FxUnit> make(std::size_t effect) const;

    // One or two channels, at the rate of the desk.
    using Response = std::vector<std::vector<float>>;
    // [control] What this effect has now; null if it has none.
    const Response* response(std::size_t effect) const;

private:
    struct Request {
        std::size_t effect = 0;
        std::string file;
    };
    struct Answer {
        Request request;
        base::Result<Response> response;
    };
    base::Result<Response> read(const std::string& file) const;
    void work();

    std::filesystem::path folder_;
    dsp::Hertz rate_;
    std::map<std::size_t, Response> responses_;  // control's
    std::map<std::size_t, std::string> wanted_;  // control's: asked for last

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Request> requests_;
    std::deque<Answer> answers_;
    bool ends_ = false;
    std::thread thread_;  // begins with the first request
};

}  // namespace mixrig::app
