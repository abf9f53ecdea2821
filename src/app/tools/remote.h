// A running desk, as the command line talks to it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/osc_client.h"
#include "src/app/json.h"
#include "src/base/result.h"
#include "src/param/layout.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::app {

// One message of the desk, in the words of the table.
struct Reading {
    std::string address;
    std::string text;  // canonical: "-6 dB", "on", "bell"
    std::string unit = {};
    std::vector<control::OscArg> args = {};

    Json json() const;  // {"address": ..., "value": ..., "unit": ..., "text": ...}
};

class Remote {
public:
    static base::Result<Remote> connect(const std::string& host, std::uint16_t port);

    // One parameter, or all that a pattern matches.
    base::Result<std::vector<Reading>> get(const std::string& address);
    // Sets a parameter or a pattern of them, or does an action; then tells what the desk has made
    // of it. A mistake is an error with the desk's reason.
    base::Result<std::vector<Reading>> set(const std::string& address, const std::string& value);
    // An action, with each of its arguments; numbers where it takes numbers.
    base::Result<std::vector<Reading>> act(const std::string& address,
                                           const std::vector<std::string>& words);

    enum class Stream : std::uint8_t { values, meters };
    // The current values, then every change; or meters as they come. Ends without an error when
    // `stop` is set (looked at several times a second, and after a signal).
    base::Status watch(Stream stream, const std::string& pattern, const std::atomic<bool>& stop,
                       const std::function<void(const Reading&)>& tell);

private:
    explicit Remote(control::OscClient client);

    Reading reading(const control::OscMessage& message) const;
    base::Result<std::vector<Reading>> get_all(const std::string& pattern);
    base::Result<std::vector<Reading>> ask_list(const control::OscMessage& question);
    // Sends, and waits until the desk has dealt with it; its complaint about `address` is the
    // error.
    base::Status settle(const control::OscMessage& message);
    base::Result<control::OscMessage> next();
    bool is_news(const Reading& reading);

    control::OscClient client_;
    param::Layout layout_;  // of the largest desk: for the units and words of whatever comes
    std::map<std::string, std::string, std::less<>> told_;
};

}  // namespace mixrig::app
