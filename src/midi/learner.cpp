// The control behind a handful of messages.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/midi/learner.h"

#include <algorithm>

namespace mixrig::midi {
namespace {

constexpr std::int64_t kWaits = 30 * kSecond;   // for a hand to find its control
constexpr std::int64_t kGathers = kSecond / 4;  // long enough for all parts of a wide message

bool names_a_parameter(const Control& control) {
    return control.kind == Control::Kind::cc &&
           (control.number == kNrpnLow || control.number == kNrpnHigh);
}

}  // namespace

void Learner::begin(std::int64_t now) {
    listening_ = true;
    since_ = now;
    heard_.clear();
}

void Learner::hear(const std::string& port, const std::vector<Moved>& moved, std::int64_t now) {
    if (!listening_ || moved.empty()) return;
    if (heard_.empty()) {
        // A button is meant when it goes down.
        if (moved.front().control.kind == Control::Kind::note && moved.front().value == 0) return;
        first_ = now;
        port_ = port;
    }
    if (port != port_) return;
    for (const Moved& one : moved) heard_.push_back(one.control);
}

std::optional<Learner::Found> Learner::found(std::int64_t now) {
    if (!listening_ || heard_.empty() || now - first_ < kGathers) return std::nullopt;
    listening_ = false;
    // Parts of a parameter, and halves of a pair, come as controllers too. A lower half counts only
    // if its upper one was heard as well.
    const auto heard = [&](const Control& control) {
        return std::find(heard_.begin(), heard_.end(), control) != heard_.end();
    };
    const auto first_that = [&](auto&& is) {
        return std::find_if(heard_.begin(), heard_.end(), is);
    };
    auto at = first_that([](const Control& c) { return c.kind == Control::Kind::nrpn && c.wide; });
    if (at == heard_.end())
        at = first_that([](const Control& c) { return c.kind == Control::Kind::nrpn; });
    if (at == heard_.end())
        at = first_that([&](const Control& c) {
            Control upper = c;
            upper.wide = false;
            return c.kind == Control::Kind::cc && c.wide && heard(upper);
        });
    if (at == heard_.end()) at = first_that([](const Control& c) { return !names_a_parameter(c); });
    if (at == heard_.end()) return std::nullopt;
    return Found{port_, *at};
}

bool Learner::is_over(std::int64_t now) const {
    return listening_ && heard_.empty() && now - since_ > kWaits;
}

}  // namespace mixrig::midi
