// Reads and writes invitations.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/access_tokens.h"

#include "src/session/atomic_file.h"
#include "src/session/section.h"
#include "src/session/text_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <sys/stat.h>

namespace mixrig::session {
namespace {

constexpr std::size_t kDigits = 64;                // of SHA-256
constexpr std::size_t kLatest = 253'402'300'799u;  // the last second of the year 9999

bool is_digest(const std::string& text) {
    return text.size() == kDigits &&
           text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// In TOML's basic strings. Names hold no control characters: read_name sees to it.
std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

Invitation read_one(Section& section) {
    Invitation one;
    section.read_name("name", one.name);
    section.read_name("role", one.role);
    section.read("sha256", one.sha256);
    if (one.name.empty() || one.role.empty() || !is_digest(one.sha256))
        section.problem("", "needs a name, a role and the SHA-256 of a token");
    std::size_t until = 0;
    section.read("until", until, 0, kLatest);
    one.until = static_cast<std::int64_t>(until);
    section.finish();
    return one;
}

base::Status check_owner(const std::filesystem::path& file, const struct stat& status) {
    if (S_ISREG(status.st_mode) && (status.st_mode & (S_IRWXG | S_IRWXO)) == 0) return base::Done{};
    return base::Error{"others than its owner can get at it, so no invitation in it holds",
                       file.string(), "chmod 600 " + file.string()};
}

}  // namespace

std::filesystem::path invitations_file(const std::filesystem::path& state_folder) {
    return state_folder / "access.tokens";
}

base::Result<std::vector<Invitation>> load_invitations(const std::filesystem::path& file) {
    struct stat status = {};
    if (::stat(file.c_str(), &status) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) return std::vector<Invitation>{};
        return base::Error{std::string("cannot read it: ") + std::strerror(errno), file.string()};
    }
    if (const auto owner = check_owner(file, status); !owner) return owner.error();
    const auto text = read_text(file);
    if (!text) return text.error();
    return parse_invitations(*text, file.string());
}

base::Status save_invitations(const std::filesystem::path& file,
                              const std::vector<Invitation>& invitations) {
    return save_atomically(file, format_invitations(invitations), Keep::nothing);
}

std::string format_invitations(const std::vector<Invitation>& invitations) {
    std::string out =
        "# Invitations to this desk, written by `mixrig invite`. The tokens themselves are not\n"
        "# kept. until: seconds since 1970; without it, for good.\n";
    for (const Invitation& one : invitations) {
        out += "\n[[invitation]]\nname = " + quoted(one.name) + "\nrole = " + quoted(one.role) +
               "\nsha256 = \"" + one.sha256 + "\"\n";
        if (one.until != 0) out += "until = " + std::to_string(one.until) + "\n";
    }
    return out;
}

base::Result<std::vector<Invitation>> parse_invitations(std::string_view text,
                                                        const std::string& file) {
    const auto tree = parse_toml(text, file);
    if (!tree) return tree.error();
    Problems problems(file);
    Section root(&*tree, "", problems);
    std::vector<Invitation> out;
    std::set<std::string> names;
    for (Section& section : root.tables("invitation")) {
        out.push_back(read_one(section));
        if (!names.insert(out.back().name).second)
            section.problem("name", "is there already: " + out.back().name);
    }
    root.finish();
    if (problems.any()) return problems.first();
    return out;
}

}  // namespace mixrig::session
