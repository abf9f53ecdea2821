// Learns which control somebody moves, from the messages of a quarter of a second.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/midi/controllers.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mixrig::midi {

class Learner {
public:
    // Until something is moved, or the time is up.
    void begin(std::int64_t now);
    bool is_listening() const { return listening_; }
    void end() { listening_ = false; }

    // What was moved on the port of this name. The first port that speaks is the one.
    void hear(const std::string& port, const std::vector<Moved>& moved, std::int64_t now);

    struct Found {
        std::string port;
        Control control;
    };
    // Once enough was heard.
    std::optional<Found> found(std::int64_t now);
    // Nobody has moved anything.
    bool is_over(std::int64_t now) const;

private:
    bool listening_ = false;
    std::int64_t since_ = 0, first_ = 0;
    std::string port_;
    std::vector<Control> heard_;
};

}  // namespace mixrig::midi
