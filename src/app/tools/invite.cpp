// Tokens made, kept as digests, taken back.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/tools/invite.h"

#include "src/app/live/gate.h"
#include "src/disk/digest.h"
#include "src/session/file_lock.h"
#include "src/session/networks.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <ifaddrs.h>
#include <memory>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/random.h>

namespace mixrig::app {
namespace {

constexpr double kDay = 86400.0;  // seconds
constexpr std::size_t kTokenBytes = 16;

base::Result<std::filesystem::path> file_of(const session::DeskConfig& config) {
    const auto folder = session::state_folder(config);
    if (!folder) return folder.error();
    return session::invitations_file(*folder);
}

auto of_name(const std::string& name) {
    return [&name](const session::Invitation& one) { return one.name == name; };
}

// The role must be one of this desk.
base::Status check_role(const session::DeskConfig& config, const std::string& role) {
    const param::Layout layout(session::shape_of(config));
    control::Access access(layout);
    if (auto roles = use_roles(config, access); !roles) return roles;
    const auto known = access.role(role);
    return known ? base::Status(base::Done{}) : known.error();
}

// Addresses of this machine that others can reach, those of IPv4 first: they are easier to type.
std::vector<std::string> own_addresses() {
    ifaddrs* list = nullptr;
    if (getifaddrs(&list) != 0) return {};
    const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(list, &freeifaddrs);
    std::vector<std::string> v4, v6;
    for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
        const bool is_up = (one->ifa_flags & IFF_UP) != 0 && (one->ifa_flags & IFF_LOOPBACK) == 0;
        if (one->ifa_addr == nullptr || !is_up) continue;
        std::array<char, INET6_ADDRSTRLEN> text{};
        if (one->ifa_addr->sa_family == AF_INET) {
            const auto* address = reinterpret_cast<const sockaddr_in*>(one->ifa_addr);
            if (inet_ntop(AF_INET, &address->sin_addr, text.data(), text.size()) != nullptr)
                v4.emplace_back(text.data());
        } else if (one->ifa_addr->sa_family == AF_INET6) {
            const auto* address = reinterpret_cast<const sockaddr_in6*>(one->ifa_addr);
            // A link-local one needs the name of the interface, which no browser takes.
            if (IN6_IS_ADDR_LINKLOCAL(&address->sin6_addr)) continue;
            if (inet_ntop(AF_INET6, &address->sin6_addr, text.data(), text.size()) != nullptr)
                v6.push_back("[" + std::string(text.data()) + "]");
        }
    }
    v4.insert(v4.end(), v6.begin(), v6.end());
    return v4;
}

}  // namespace

base::Result<std::string> make_token() {
    std::array<unsigned char, kTokenBytes> bytes{};
    const ssize_t got = getrandom(bytes.data(), bytes.size(), 0);
    if (got != static_cast<ssize_t>(bytes.size()))
        return base::Error{std::string("the system has no random numbers: ") +
                           std::strerror(errno)};
    std::string out;
    for (const unsigned char byte : bytes)
        for (const int half : {byte / 16, byte % 16}) out.push_back("0123456789abcdef"[half]);
    return out;
}

base::Result<Invited> invite(const session::DeskConfig& config, const Wish& wish,
                             std::int64_t wall) {
    if (const auto role = check_role(config, wish.role); !role) return role.error();
    const auto file = file_of(config);
    if (!file) return file.error();
    const auto lock = session::FileLock::of(*file);
    if (!lock) return lock.error();
    auto all = session::load_invitations(*file);
    if (!all) return all.error();
    const std::string name = wish.name.empty() ? wish.role : wish.name;
    if (std::any_of(all->begin(), all->end(), of_name(name)))
        return base::Error{"there is an invitation of " + name + " already", file->string(),
                           "another --name, or --revoke \"" + name + "\" first"};
    auto token = make_token();
    if (!token) return token.error();
    auto digest = disk::sha256_of(*token);
    if (!digest) return digest.error();
    const auto until = wish.days == 0.0 ? 0 : wall + static_cast<std::int64_t>(wish.days * kDay);
    Invited out{{.name = name, .role = wish.role, .sha256 = *digest, .until = until}, *token};
    all->push_back(out.invitation);
    // Read as the desk will read it: a name that the file cannot hold is refused here.
    if (auto parsed = session::parse_invitations(session::format_invitations(*all), file->string());
        !parsed)
        return parsed.error();
    if (auto saved = session::save_invitations(*file, *all); !saved) return saved.error();
    return out;
}

base::Result<std::vector<session::Invitation>> invitations(const session::DeskConfig& config) {
    const auto file = file_of(config);
    return file ? session::load_invitations(*file) : file.error();
}

base::Status uninvite(const session::DeskConfig& config, const std::string& name) {
    const auto file = file_of(config);
    if (!file) return file.error();
    const auto lock = session::FileLock::of(*file);
    if (!lock) return lock.error();
    auto all = session::load_invitations(*file);
    if (!all) return all.error();
    if (std::erase_if(*all, of_name(name)) == 0)
        return base::Error{"there is no invitation of " + name, file->string(),
                           "`mixrig invite --list` has those there are"};
    return session::save_invitations(*file, *all);
}

std::vector<std::string> page_addresses(const session::DeskConfig& config) {
    const session::WebConfig& web = config.web;
    const bool is_everywhere = web.listen == "0.0.0.0" || web.listen == "::";
    std::vector<std::string> hosts = is_page_open(config) ? web.hosts : std::vector<std::string>{};
    if (is_page_open(config) && !is_everywhere)
        hosts.push_back(web.listen.find(':') == std::string::npos ? web.listen
                                                                  : "[" + web.listen + "]");
    // 0.0.0.0 is all of IPv4 and nothing else.
    for (std::string& address : is_everywhere ? own_addresses() : std::vector<std::string>{})
        if (web.listen == "::" || address.front() != '[') hosts.push_back(std::move(address));
    if (is_everywhere || !is_page_open(config)) hosts.emplace_back("localhost");
    std::vector<std::string> out;
    for (const std::string& host : hosts)
        out.push_back((web.certificate.empty() ? "http://" : "https://") + host + ":" +
                      std::to_string(web.port));
    return out;
}

bool is_page_open(const session::DeskConfig& config) {
    return config.web.enabled && !session::is_this_machine(config.web.listen);
}

}  // namespace mixrig::app
