// Addresses and networks as configurations write them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace mixrig::session {

// 192.168.1.7, fe80::1
bool is_address(const std::string& text);
// Whether only this machine can reach what listens there.
bool is_this_machine(const std::string& address);
// An address, or 192.168.1.0/24.
bool is_network(const std::string& text);

}  // namespace mixrig::session
