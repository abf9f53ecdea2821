// Invitations: who is let in to a desk, by a token that only the guest keeps.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/session/access_tokens.h"
#include "src/session/desk_config.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::app {

struct Wish {
    std::string role = {};  // "viewer", "musician 2"
    std::string name = {};  // empty: that of the role
    double days = 0.0;      // 0: for good
};

struct Invited {
    session::Invitation invitation = {};
    std::string token = {};  // told once, kept nowhere
};

// Writes it to the file beside the state of this desk; a desk that runs knows it within a second.
// `wall` is in seconds since 1970.
base::Result<Invited> invite(const session::DeskConfig& config, const Wish& wish,
                             std::int64_t wall);
base::Result<std::vector<session::Invitation>> invitations(const session::DeskConfig& config);
base::Status uninvite(const session::DeskConfig& config, const std::string& name);

// 128 bits of the system's random source, 32 hexadecimal digits.
base::Result<std::string> make_token();

// Where the page of the desk can be opened, by the names and addresses of this machine, the
// likeliest first.
std::vector<std::string> page_addresses(const session::DeskConfig& config);
// Whether others than this machine can open it.
bool is_page_open(const session::DeskConfig& config);

}  // namespace mixrig::app
