// The invitations that hold: who shows which token has which rights.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/origin.h"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::control {

// Knows the digests of tokens, never a token.
class Tokens {
public:
    struct Holder {
        std::string digest;  // of the token, as `digest` makes it
        RightsNumber rights = kNobody;
    };
    // A cryptographic one: whoever knows it does not know the token.
    using Digest = std::function<std::string(std::string_view token)>;

    explicit Tokens(Digest digest) : digest_(std::move(digest)) {}

    // [control] These and no others, from now on.
    void use(std::vector<Holder> holders);
    // [any] Takes as long whichever token it is, and whether or not it is one.
    std::optional<RightsNumber> find(std::string_view token) const;
    // [any] Whether there are any.
    bool any() const;

private:
    std::shared_ptr<const std::vector<Holder>> holders() const;

    Digest digest_;
    mutable std::mutex mutex_;
    std::shared_ptr<const std::vector<Holder>> holders_ =
        std::make_shared<const std::vector<Holder>>();
};

// Whether both are the same, in a time that only their lengths decide.
bool is_same_secret(std::string_view one, std::string_view two);

}  // namespace mixrig::control
