// Who may do what, as [access] of desk.toml says.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace mixrig::session {

// [[access.role]]: patterns of what it may set, run, read.
struct RoleConfig {
    std::string name = {};  // with a # it stands for as many roles as there are numbers
    std::vector<std::string> allow = {}, deny = {}, actions = {};
    std::vector<std::string> read = {"//*"}, meters = {"//*"};
    std::vector<std::pair<std::string, double>> bounds = {};  // a pattern, and the highest value
    bool ask = true;
    double rate = 200.0;
};

// [[access.address]]: who speaks from one of these has this role, without showing a token.
struct AddressConfig {
    std::vector<std::string> allow = {};
    std::string role = {};
};

struct AccessConfig {
    double musician_send_dB = 6.0, musician_fader_dB = 0.0;
    std::vector<RoleConfig> roles = {};
    std::vector<AddressConfig> addresses = {};
};

}  // namespace mixrig::session
