// The table [access] of desk.toml, with its roles and addresses.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/access_table.h"

#include "src/session/networks.h"

#include <set>

namespace mixrig::session {
namespace {

constexpr double kLowest_dB = -90.0, kHighest_dB = 10.0;  // of faders and sends

RoleConfig read_role(Section& section) {
    RoleConfig role;
    section.read_name("name", role.name);
    if (role.name.empty())
        section.problem("name", "a role needs one", "name = \"monitor engineer\"");
    if (role.name == "engineer")
        section.problem("name", "the engineer may do everything", "another name");
    section.read_list("allow", role.allow);
    section.read_list("deny", role.deny);
    section.read_list("actions", role.actions);
    section.read_list("read", role.read);
    section.read_list("meters", role.meters);
    section.read_numbers("bounds", role.bounds);
    section.read("ask", role.ask);
    section.read("rate", role.rate, 0.0, 100000.0);
    section.finish();
    return role;
}

AddressConfig read_address(Section& section) {
    AddressConfig address;
    section.read_list("allow", address.allow);
    if (address.allow.empty())
        section.problem("allow", "names no address", "allow = [\"192.168.1.20\"]");
    for (const std::string& one : address.allow)
        if (!is_network(one))
            section.problem("allow", "\"" + one + "\" is not an address",
                            "as 192.168.1.7, or a network as 192.168.1.0/24");
    section.read_name("role", address.role);
    if (address.role.empty()) section.problem("role", "is missing", "role = \"musician 2\"");
    section.finish();
    return address;
}

}  // namespace

void read_access(Section section, AccessConfig& access) {
    section.read("musician_send_dB", access.musician_send_dB, kLowest_dB, kHighest_dB);
    section.read("musician_fader_dB", access.musician_fader_dB, kLowest_dB, kHighest_dB);
    std::set<std::string> names;
    for (Section& role : section.tables("role")) {
        access.roles.push_back(read_role(role));
        if (!names.insert(access.roles.back().name).second)
            role.problem("name", "is there already");
    }
    for (Section& one : section.tables("address")) access.addresses.push_back(read_address(one));
    section.finish();
}

}  // namespace mixrig::session
