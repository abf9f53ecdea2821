// Looks tokens up.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/tokens.h"

#include "control/token_prefix.h"

#include <utility>

namespace mixrig::control {

void Tokens::use(std::vector<Holder> holders) {
    auto fresh = std::make_shared<const std::vector<Holder>>(std::move(holders));
    const std::lock_guard lock(mutex_);
    holders_ = std::move(fresh);
}

std::shared_ptr<const std::vector<Tokens::Holder>> Tokens::holders() const {
    const std::lock_guard lock(mutex_);
    return holders_;
}

bool Tokens::any() const {
    return !holders()->empty();
}

std::optional<RightsNumber> Tokens::find(std::string_view token) const {
    const auto known = holders();
    if (known->empty() || !is_token(token)) return std::nullopt;
    const std::string digest = digest_(token);
    std::optional<RightsNumber> found;
    for (const Holder& holder : *known)  // all of them, for the sake of the time
        if (is_same_secret(holder.digest, digest)) found = holder.rights;
    return found;
}

bool is_same_secret(std::string_view one, std::string_view two) {
    if (one.size() != two.size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < one.size(); ++i)
        difference |= static_cast<unsigned>(static_cast<unsigned char>(one[i]) ^
                                            static_cast<unsigned char>(two[i]));
    // The compiler may not know what it is compared for before the end.
    const volatile unsigned all = difference;
    return all == 0;
}

}  // namespace mixrig::control
