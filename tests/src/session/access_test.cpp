// Roles in desk.toml, and invitations on disk.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/access_tokens.h"
#include "src/session/desk_config.h"
#include "tests/support/scratch_folder.h"

#include <doctest/doctest.h>

#include <fstream>
#include <sys/stat.h>

namespace mixrig::session {
namespace {

std::string error_of(const std::string& text) {
    const auto desk = parse_desk(text, "desk.toml");
    REQUIRE_FALSE(desk);
    return desk.error().text();
}

const std::string kDigest(64, 'a');

}  // namespace

TEST_CASE("access: roles and addresses are read, and have defaults") {
    const auto desk = parse_desk(R"(
[access]
musician_send_dB = 3.5
[[access.role]]
name = "singer #"
allow = ["/aux/#/fader"]
bounds = { "/aux/#/fader" = -3, "/ch/1/fader" = 1.5 }
rate = 50
[[access.address]]
allow = ["192.168.1.20", "10.0.0.0/8"]
role = "singer 2"
)",
                                 "desk.toml");
    REQUIRE(desk);
    const AccessConfig& access = desk->access;
    CHECK(access.musician_send_dB == 3.5);
    CHECK(access.musician_fader_dB == 0.0);
    REQUIRE(access.roles.size() == 1);
    CHECK(access.roles[0].name == "singer #");
    CHECK(access.roles[0].allow == std::vector<std::string>{"/aux/#/fader"});
    CHECK(access.roles[0].read == std::vector<std::string>{"//*"});
    CHECK(access.roles[0].rate == 50.0);
    REQUIRE(access.roles[0].bounds.size() == 2);
    CHECK(access.addresses.at(0).role == "singer 2");
    CHECK(access.addresses.at(0).allow.size() == 2);
}

TEST_CASE("access: what is wrong is named with its line") {
    CHECK(error_of("[[access.role]]\nname = \"x\"\nalow = []") ==
          "desk.toml:3: [[access.role]] alow: is not a known key (did you mean \"allow\"?)");
    CHECK(
        error_of("[[access.role]]\nallow = []").starts_with("desk.toml:1: [[access.role]] name:"));
    CHECK(error_of("[[access.role]]\nname = \"engineer\"").starts_with("desk.toml:2:"));
    CHECK(error_of("[[access.role]]\nname = \"x\"\n[[access.role]]\nname = \"x\"") ==
          "desk.toml:4: [[access.role]] name: is there already");
    CHECK(error_of("[[access.role]]\nname = \"x\"\nbounds = { \"/ch/1/fader\" = \"0 dB\" }")
              .starts_with("desk.toml:3: [[access.role]] bounds:"));
    CHECK(error_of("[[access.address]]\nallow = [\"home\"]\nrole = \"viewer\"")
              .starts_with("desk.toml:2: [[access.address]] allow: \"home\" is not an address"));
    CHECK(error_of("[[access.address]]\nrole = \"viewer\"").starts_with("desk.toml:1:"));
    CHECK(error_of("[access]\nmusician_fader_dB = 20.0").starts_with("desk.toml:2:"));
}

TEST_CASE("invitations: a file has what was saved, and only its owner can read it") {
    const tests::ScratchFolder folder;
    const auto file = invitations_file(folder.path() / "state");
    REQUIRE(load_invitations(file));
    CHECK(load_invitations(file)->empty());
    const std::vector<Invitation> all = {
        {.name = "Anna", .role = "musician 2", .sha256 = kDigest},
        {.name = "a \"b\" \\ c # ü", .role = "viewer", .sha256 = kDigest, .until = 4'000'000'000}};
    REQUIRE(save_invitations(file, all));
    struct stat status = {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    const auto loaded = load_invitations(file);
    REQUIRE(loaded);
    CHECK(*loaded == all);
    for (const mode_t mode : {0640u, 0604u, 0620u, 0601u, 0666u}) {
        REQUIRE(::chmod(file.c_str(), mode) == 0);
        CHECK_FALSE(load_invitations(file));
    }
}

TEST_CASE("invitations: a file that is damaged has none") {
    for (const std::string text :
         {"[[invitation]]\nname = \"Anna\"\nrole = \"viewer\"\nsha256 = \"12\"",
          "[[invitation]]\nrole = \"viewer\"", "x", "[[guest]]", "[[invitation]]\nname = 1",
          "invitation = 3"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_invitations(text, "access.tokens"));
    }
    const std::string one =
        "[[invitation]]\nname = \"Anna\"\nrole = \"viewer\"\nsha256 = \"" + kDigest + "\"\n";
    CHECK(parse_invitations(one, "access.tokens"));
    CHECK_FALSE(parse_invitations(one + one, "access.tokens"));
}

}  // namespace mixrig::session
