// Reads the arguments of subscriptions.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/request_args.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

namespace mixrig::control {
namespace {

using base::Error;
using Rest = std::span<const OscArg>;

constexpr double kLongestLease = 3600.0;            // s
constexpr double kSlowest = 1.0, kFastest = 100.0;  // Hz

std::optional<std::string> take_text(Rest& rest) {
    if (rest.empty() || !rest.front().is_text()) return std::nullopt;
    std::string out = rest.front().as_text();
    rest = rest.subspan(1);
    return out;
}

std::optional<double> take_number(Rest& rest) {
    if (rest.empty() || !rest.front().is_number()) return std::nullopt;
    const double out = rest.front().as_number();
    rest = rest.subspan(1);
    return out;
}

base::Status set_lease(RequestArgs& args, double seconds) {
    if (!(seconds >= 1.0)) return Error{"a lease is 1 to 3600 seconds"};
    args.lease = std::min(seconds, kLongestLease);
    return base::Done{};
}

base::Status set_rate(RequestArgs& args, double hertz) {
    if (!std::isfinite(hertz) || hertz <= 0.0) return Error{"a rate is 1 to 100 Hz"};
    args.rate = std::clamp(hertz, kSlowest, kFastest);
    return base::Done{};
}

bool fits(char tag, const OscArg& arg) {
    return tag == 's' ? arg.is_text() : arg.is_number();
}

}  // namespace

base::Result<RequestArgs> subscribe_args(const OscMessage& message) {
    RequestArgs out;
    Rest rest = message.args;
    if (auto pattern = take_text(rest)) out.pattern = std::move(*pattern);
    if (const auto seconds = take_number(rest))
        if (const auto status = set_lease(out, *seconds); !status) return status.error();
    if (!rest.empty()) return Error{"the arguments are a pattern and seconds", {}, ",si"};
    return out;
}

base::Result<RequestArgs> meter_args(const OscMessage& message) {
    RequestArgs out;
    Rest rest = message.args;
    if (auto pattern = take_text(rest)) out.pattern = std::move(*pattern);
    const bool has_rate = !rest.empty() && (rest.size() > 1 || rest.front().is_real());
    if (has_rate)
        if (const auto hertz = take_number(rest))
            if (const auto status = set_rate(out, *hertz); !status) return status.error();
    if (const auto seconds = take_number(rest))
        if (const auto status = set_lease(out, *seconds); !status) return status.error();
    if (!rest.empty()) return Error{"the arguments are a pattern, Hz and seconds", {}, ",sfi"};
    return out;
}

bool fit(const OscMessage& message, std::string_view types) {
    Rest rest = message.args;
    // Nil and impulse say nothing: a button of an OSCQuery client sends one to what takes no more.
    if (rest.size() == 1 && (rest.front().type == 'N' || rest.front().type == 'I')) rest = {};
    bool may_be_left_out = false;
    for (const char tag : types) {
        if (tag == '?') {
            may_be_left_out = true;
        } else if (!rest.empty() && fits(tag, rest.front())) {
            rest = rest.subspan(1);
        } else if (!may_be_left_out) {
            return false;
        }
    }
    return rest.empty();
}

}  // namespace mixrig::control
