// Rights by address and token.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/doors.h"

#include <utility>

namespace mixrig::control {

base::Result<Doors> Doors::make(const std::vector<std::string>& allow,
                                const std::vector<AddressRights>& others,
                                std::shared_ptr<const Tokens> tokens) {
    Doors out;
    for (const AddressRights& one : others) {
        if (one.addresses.empty()) continue;  // would be this machine, as of `allow`
        auto list = AllowList::parse(one.addresses);
        if (!list) return list.error();
        out.doors_.push_back({std::move(list).value(), one.rights});
    }
    auto engineers = AllowList::parse(allow);
    if (!engineers) return engineers.error();
    out.doors_.push_back({std::move(engineers).value(), kEngineer});
    out.tokens_ = std::move(tokens);
    return out;
}

RightsNumber Doors::by_address(const NetAddress& address) const {
    for (const Door& door : doors_)
        if (door.addresses.allows(address)) return door.rights;
    return kNobody;
}

std::optional<RightsNumber> Doors::by_token(std::string_view token) const {
    return tokens_ == nullptr ? std::nullopt : tokens_->find(token);
}

}  // namespace mixrig::control
