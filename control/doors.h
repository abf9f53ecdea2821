// Who may come in, and with which rights: by the address, or by a token.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/net_address.h"
#include "control/origin.h"
#include "control/tokens.h"
#include "src/base/result.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::control {

// Whoever speaks from one of these addresses or networks has these rights.
struct AddressRights {
    std::vector<std::string> addresses = {};
    RightsNumber rights = kNobody;
};

// [any] Tokens change meanwhile, the rest never does.
class Doors {
public:
    // `allow` are engineers, this machine alone if it is empty; `others` go before. Without
    // `tokens`, none holds.
    static base::Result<Doors> make(const std::vector<std::string>& allow,
                                    const std::vector<AddressRights>& others,
                                    std::shared_ptr<const Tokens> tokens);

    // Of who shows no token.
    RightsNumber by_address(const NetAddress& address) const;
    // Nothing if the token does not hold: whoever shows such a one is nobody, wherever he is.
    std::optional<RightsNumber> by_token(std::string_view token) const;
    bool takes_tokens() const { return tokens_ != nullptr && tokens_->any(); }

private:
    struct Door {
        AllowList addresses;
        RightsNumber rights;
    };
    std::vector<Door> doors_;
    std::shared_ptr<const Tokens> tokens_;
};

}  // namespace mixrig::control
