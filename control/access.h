// Who may do what: the roles of the desk, and who has which.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/address_tree.h"
#include "control/origin.h"
#include "control/rights.h"
#include "src/base/result.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::control {

// [control] The rights that there are, by number. A number is given out once and never to somebody
// else, so that what was scheduled by somebody who has lost his rights is not done by another's.
class Access {
public:
    explicit Access(const param::Layout& layout);

    // [at the start] These, and the usual ones that they do not replace by their name. Fails if one
    // does not fit the desk, whose meters have these addresses; see make_rights().
    base::Status use(std::vector<Role> roles, std::vector<std::string> meters = {});

    // "viewer", "musician 2". What a role comes to is worked out once.
    base::Result<std::shared_ptr<const Rights>> role(std::string_view name);
    // The number of all who have this role by configuration; always the same.
    base::Result<RightsNumber> named(std::string_view role);
    // A number for one holder of a role, whose rights can be taken away; kNobody when 65,535 were
    // given out.
    RightsNumber grant(std::shared_ptr<const Rights> rights, std::string holder);
    RightsNumber add(Rights rights);
    // From now on this number may do nothing.
    void revoke(RightsNumber number);

    // A number that nobody gave out is nobody's: it may do nothing.
    const Rights& of(RightsNumber number) const;
    const std::string& holder(RightsNumber number) const;  // empty if it has no name
    // [any] The same, for as long as it is needed; null if it may do nothing.
    std::shared_ptr<const Rights> shared(RightsNumber number) const;
    // What it may do at all, and so whether it is worth an answer.
    bool is_somebody(RightsNumber number) const;

    // Each is asked for everything that is done; the desk itself may do everything.
    base::Status may_set(Origin origin, param::Slot slot) const;
    base::Status may_act(Origin origin, std::string_view address) const;
    bool may_read(Origin origin, param::Slot slot) const;
    // Where a set of this value ends.
    float bounded(Origin origin, param::Slot slot, float value) const;

private:
    struct Entry {
        std::shared_ptr<const Rights> rights;  // null: taken away
        std::string holder = {};
    };
    const param::Layout& layout_;
    AddressTree tree_;
    std::vector<Role> roles_;
    std::vector<std::string> meters_;  // addresses
    std::map<std::string, std::shared_ptr<const Rights>, std::less<>> made_;
    std::map<std::string, RightsNumber, std::less<>> named_;
    std::vector<Entry> entries_;
    mutable std::mutex mutex_;  // changes of entries_, and what is read by other threads
};

}  // namespace mixrig::control
