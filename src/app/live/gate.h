// Who may come in to a live desk: roles of its configuration, and invitations, watched on the disk.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/access.h"
#include "control/doors.h"
#include "control/tokens.h"
#include "src/monitor/log.h"
#include "src/session/access_tokens.h"
#include "src/session/desk_config.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace mixrig::app {

// Gives the roles of a configuration to an Access. Fails if one does not fit the desk, or an
// address has a role that there is not.
base::Status use_roles(const session::DeskConfig& config, control::Access& access);

// [control]
class Gate {
public:
    // `access` and `log` must outlive it.
    static base::Result<std::unique_ptr<Gate>> open(const session::DeskConfig& config,
                                                    const std::filesystem::path& state_folder,
                                                    control::Access& access, monitor::Log& log);

    // What OscServer and the web server ask.
    std::shared_ptr<const control::Tokens> tokens() const { return tokens_; }
    const std::vector<control::AddressRights>& addresses() const { return addresses_; }
    // How many hold.
    std::size_t invitations() const { return held_.size(); }

    // Reads the invitations if they have changed, and forgets those whose time is over. Returns
    // rights that are nobody's from now on. `wall` is in seconds since 1970.
    std::vector<control::RightsNumber> look(std::int64_t wall);

private:
    Gate(std::filesystem::path file, control::Access& access, monitor::Log& log);
    void read();

    // What makes an invitation another one.
    using Key = std::tuple<std::string, std::string, std::string>;  // digest, role, name
    struct Held {
        control::RightsNumber rights = control::kNobody;
        std::int64_t until = 0;
    };

    std::filesystem::path file_;
    control::Access& access_;
    monitor::Log& log_;
    std::shared_ptr<control::Tokens> tokens_;
    std::vector<control::AddressRights> addresses_;
    std::vector<session::Invitation> invited_;  // as the file has them
    std::map<Key, Held> held_;                  // of these, those that hold
    std::string stamp_;                         // of the file as it was read
};

}  // namespace mixrig::app
