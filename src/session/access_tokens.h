// Invitations on disk: whose token it is and what it is good for; never the token itself.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::session {

struct Invitation {
    std::string name = {};    // "Anna": no two have the same
    std::string role = {};    // "musician 2"
    std::string sha256 = {};  // of the token, small hexadecimal digits
    std::int64_t until = 0;   // seconds since 1970; 0: for good
    bool operator==(const Invitation&) const = default;
};

// "access.tokens" in the folder of the state.
std::filesystem::path invitations_file(const std::filesystem::path& state_folder);

// None if there is no such file. An error if others than its owner can read it, or write it: then
// nobody can tell whose invitations those are.
base::Result<std::vector<Invitation>> load_invitations(const std::filesystem::path& file);
// Atomically; only the owner can read it.
base::Status save_invitations(const std::filesystem::path& file,
                              const std::vector<Invitation>& invitations);

std::string format_invitations(const std::vector<Invitation>& invitations);
base::Result<std::vector<Invitation>> parse_invitations(std::string_view text,
                                                        const std::string& file);

}  // namespace mixrig::session
