// Remembers which JACK ports are connected, to connect them again when a server or client returns.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/backend/link_keeper.h"

#include <algorithm>

namespace mixrig::backend {

namespace {

constexpr std::int64_t kDoubtNs = 1'000'000'000;

}  // namespace

std::vector<JackLink> LinkKeeper::update(const std::vector<JackLink>& actual, const Exists& exists,
                                         std::int64_t now_ns) {
    std::vector<JackLink> to_make;
    std::erase_if(kept_, [&](Kept& kept) {
        if (std::find(actual.begin(), actual.end(), kept.link) != actual.end()) {
            kept.state = State::present;
        } else if (!exists(kept.link.other)) {
            kept.state = State::waiting;
        } else if (kept.state == State::waiting) {
            to_make.push_back(kept.link);
        } else if (kept.state == State::present) {
            kept.state = State::doubtful;
            kept.doubtful_since = now_ns;
        } else {
            return now_ns - kept.doubtful_since >= kDoubtNs;
        }
        return false;
    });
    for (const JackLink& link : actual)
        if (std::none_of(kept_.begin(), kept_.end(), [&](const Kept& k) { return k.link == link; }))
            kept_.push_back({.link = link});
    return to_make;
}

void LinkKeeper::server_died() {
    for (Kept& kept : kept_) kept.state = State::waiting;
}

void LinkKeeper::rename(const std::vector<std::string>& old_names,
                        const std::vector<std::string>& new_names) {
    for (Kept& kept : kept_) {
        const auto found = std::find(old_names.begin(), old_names.end(), kept.link.other);
        if (found != old_names.end())
            kept.link.other = new_names[static_cast<std::size_t>(found - old_names.begin())];
    }
}

void LinkKeeper::rename_client(const std::string& old_name, const std::string& new_name) {
    const std::string old_start = old_name + ":";
    for (Kept& kept : kept_)
        if (kept.link.other.starts_with(old_start))
            kept.link.other = new_name + ":" + kept.link.other.substr(old_start.size());
}

}  // namespace mixrig::backend
