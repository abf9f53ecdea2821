// Roles, addresses, invitations.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/gate.h"

#include "src/app/live/desk_meters.h"
#include "src/disk/digest.h"

#include <algorithm>
#include <sys/stat.h>
#include <utility>

namespace mixrig::app {
namespace {

control::Role role_from(const session::RoleConfig& config) {
    control::Role role{.name = config.name,
                       .allow = config.allow,
                       .deny = config.deny,
                       .actions = config.actions,
                       .read = config.read,
                       .meters = config.meters,
                       .rate = config.rate,
                       .asks = config.ask};
    for (const auto& [pattern, highest] : config.bounds)
        role.bounds.emplace_back(pattern, static_cast<float>(highest));
    return role;
}

// Without SHA-256 no token can be told from another, and none holds.
std::string token_digest(std::string_view token) {
    auto digest = disk::sha256_of(token);
    return digest ? std::move(digest).value() : std::string();
}

// Changes whenever the file does; empty if there is none. Saving renames a new file into place, so
// there is always another inode or another moment.
std::string stamp_of(const std::filesystem::path& file) {
    struct stat status = {};
    if (::stat(file.c_str(), &status) != 0) return {};
    std::string out;
    for (const auto part :
         {static_cast<std::uint64_t>(status.st_ino), static_cast<std::uint64_t>(status.st_size),
          static_cast<std::uint64_t>(status.st_mode),
          static_cast<std::uint64_t>(status.st_ctim.tv_sec),
          static_cast<std::uint64_t>(status.st_ctim.tv_nsec),
          static_cast<std::uint64_t>(status.st_mtim.tv_sec),
          static_cast<std::uint64_t>(status.st_mtim.tv_nsec)})
        out += std::to_string(part) + " ";
    return out;
}

}  // namespace

base::Status use_roles(const session::DeskConfig& config, control::Access& access) {
    const session::AccessConfig& said = config.access;
    std::vector<control::Role> roles;
    for (const session::RoleConfig& one : said.roles) roles.push_back(role_from(one));
    // Behind those of the configuration: the first of a name counts.
    for (control::Role& usual :
         control::usual_roles({.send_dB = static_cast<float>(said.musician_send_dB),
         .fader_dB = static_cast<float>(said.musician_fader_dB)}))
        roles.push_back(std::move(usual));
    const std::string place = config.file.string() + (config.file.empty() ? "" : ": ") + "[access]";
    if (auto used = access.use(std::move(roles), meter_addresses(session::shape_of(config))); !used)
        return base::Error{used.error().text(), place};
    const auto check = [&](const std::string& role, const std::string& table) -> base::Status {
        const auto rights = access.named(role);
        if (rights) return base::Done{};
        return base::Error{rights.error().what, config.file.string() + ": " + table,
                           rights.error().hint};
    };
    for (const session::AddressConfig& one : said.addresses)
        if (auto status = check(one.role, "[[access.address]] role"); !status) return status;
    if (auto status = check(config.x32.rights, "[x32] rights"); !status) return status;
    return check(config.midi.rights, "[midi] rights");
}

Gate::Gate(std::filesystem::path file, control::Access& access, monitor::Log& log)
    : file_(std::move(file)),
      access_(access),
      log_(log),
      tokens_(std::make_shared<control::Tokens>(token_digest)) {}

base::Result<std::unique_ptr<Gate>> Gate::open(const session::DeskConfig& config,
                                               const std::filesystem::path& state_folder,
                                               control::Access& access, monitor::Log& log) {
    if (auto used = use_roles(config, access); !used) return used.error();
    std::unique_ptr<Gate> gate(new Gate(session::invitations_file(state_folder), access, log));
    for (const session::AddressConfig& one : config.access.addresses)
        gate->addresses_.push_back({one.allow, *access.named(one.role)});
    return gate;
}

// A file that cannot be read as it should opens nothing.
void Gate::read() {
    auto invited = session::load_invitations(file_);
    if (!invited) log_.warning("access", invited.error().text());
    invited_ = invited ? std::move(invited).value() : std::vector<session::Invitation>{};
}

std::vector<control::RightsNumber> Gate::look(std::int64_t wall) {
    const std::string stamp = stamp_of(file_);
    const bool is_new = stamp != stamp_;
    if (is_new) {
        stamp_ = stamp;
        read();
    }
    const auto is_over = [&](std::int64_t until) { return until != 0 && until <= wall; };
    const bool is_one_over = std::any_of(
        held_.begin(), held_.end(), [&](const auto& one) { return is_over(one.second.until); });
    if (!is_new && !is_one_over) return {};

    std::map<Key, Held> before = std::exchange(held_, {});
    std::vector<control::Tokens::Holder> holders;
    for (const session::Invitation& one : invited_) {
        if (is_over(one.until)) continue;
        Key key{one.sha256, one.role, one.name};
        auto rights = access_.role(one.role);
        if (!rights) {
            log_.warning("access", "the invitation of " + one.name +
                                       " does not hold: " + rights.error().text());
            continue;
        }
        Held held{.until = one.until};
        if (const auto found = before.find(key); found != before.end()) {
            held.rights = found->second.rights;
            before.erase(found);
        } else {
            held.rights = access_.grant(std::move(rights).value(), one.name);
        }
        holders.push_back({one.sha256, held.rights});
        held_.emplace(std::move(key), held);
    }
    tokens_->use(std::move(holders));
    std::vector<control::RightsNumber> gone;
    for (const auto& [key, held] : before) {
        access_.revoke(held.rights);
        gone.push_back(held.rights);
        log_.info("access",
                  "the invitation of " + std::get<2>(key) + " (" + std::get<1>(key) + ") is over");
    }
    return gone;
}

}  // namespace mixrig::app
