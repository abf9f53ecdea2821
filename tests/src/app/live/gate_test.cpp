// Invitations made, noticed, taken back, run out; and the code to scan.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/gate.h"

#include "control/token_prefix.h"
#include "src/app/tools/invite.h"
#include "src/app/tools/qr_code.h"
#include "src/disk/digest.h"
#include "tests/support/scratch_folder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <set>
#include <sstream>
#include <sys/stat.h>
#include <thread>

namespace mixrig::app {
namespace {

constexpr std::int64_t kNow = 1'800'000'000;  // seconds since 1970
constexpr std::int64_t kDay = 86400;

struct GateRig {
    GateRig() {
        config.state_folder = folder.path();
        auto opened = Gate::open(config, folder.path(), access, log);
        REQUIRE(opened);
        gate = std::move(*opened);
        (void)gate->look(kNow);
    }
    Invited let_in(const Wish& wish) {
        const auto guest = invite(config, wish, kNow);
        REQUIRE(guest);
        return *guest;
    }
    std::string role_of(const std::string& token) {
        const auto rights = gate->tokens()->find(token);
        return rights ? access.of(*rights).name : "";
    }

    tests::ScratchFolder folder;
    session::DeskConfig config = *session::parse_desk("", "");
    param::Layout layout{session::shape_of(config)};
    control::Access access{layout};
    std::vector<std::string> lines;
    monitor::Log log{
        {.target = monitor::LogTarget::nowhere,
         .also = [this](const monitor::LogLine& line) { lines.emplace_back(line.text); }}};
    std::unique_ptr<Gate> gate;
};

}  // namespace

TEST_CASE("digest: SHA-256 of a text is that of FIPS 180-4's example") {
    CHECK(*disk::sha256_of("abc") ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("invite: tokens are 32 digits, and no two are the same") {
    std::set<std::string> tokens;
    for (int n = 0; n < 1000; ++n) {
        const auto token = make_token();
        REQUIRE(token);
        CHECK(control::is_token(*token));
        tokens.insert(*token);
    }
    CHECK(tokens.size() == 1000);
}

TEST_CASE("invite: a token is found by a desk that runs, and stands in no file and no line") {
    GateRig rig;
    const Invited anna = rig.let_in({.role = "musician 2", .name = "Anna"});
    CHECK(rig.role_of(anna.token).empty());
    CHECK(rig.gate->look(kNow).empty());
    CHECK(rig.role_of(anna.token) == "musician 2");
    CHECK(rig.gate->invitations() == 1);
    CHECK(rig.role_of(*make_token()).empty());
    CHECK(rig.role_of(anna.invitation.sha256).empty());

    std::ifstream in(session::invitations_file(rig.folder.path()));
    std::stringstream text;
    text << in.rdbuf();
    CHECK(text.str().find(anna.invitation.sha256) != std::string::npos);
    CHECK(text.str().find(anna.token) == std::string::npos);
    for (const std::string& line : rig.lines) CHECK(line.find(anna.token) == std::string::npos);
}

TEST_CASE("invite: of 20 at once none is lost, and of 20 taken back at once none stays") {
    GateRig rig;
    const auto at_once = [](const auto& work) {
        std::vector<std::thread> threads;
        std::atomic<int> failed{0};
        for (int n = 0; n < 20; ++n)
            threads.emplace_back([&, n] { failed += work("guest " + std::to_string(n)) ? 0 : 1; });
        for (std::thread& thread : threads) thread.join();
        return failed.load();
    };
    CHECK(at_once([&](const std::string& name) {
              return bool(invite(rig.config, {.role = "viewer", .name = name}, kNow));
          }) == 0);
    CHECK(invitations(rig.config)->size() == 20);
    CHECK(at_once([&](const std::string& name) { return bool(uninvite(rig.config, name)); }) == 0);
    CHECK(invitations(rig.config)->empty());
}

TEST_CASE("invite: what is taken back takes the rights with it, and nobody else's") {
    GateRig rig;
    const Invited anna = rig.let_in({.role = "musician 2", .name = "Anna"});
    const Invited ben = rig.let_in({.role = "musician 2", .name = "Ben"});
    (void)rig.gate->look(kNow);
    const auto of_anna = *rig.gate->tokens()->find(anna.token);
    const auto of_ben = *rig.gate->tokens()->find(ben.token);
    CHECK(of_anna != of_ben);
    REQUIRE(uninvite(rig.config, "Anna"));
    CHECK(rig.gate->look(kNow) == std::vector<control::RightsNumber>{of_anna});
    CHECK_FALSE(rig.access.is_somebody(of_anna));
    CHECK_FALSE(rig.gate->tokens()->find(anna.token));
    // Who stays has the same number as before: nothing is interrupted.
    CHECK(rig.gate->tokens()->find(ben.token) == std::optional(of_ben));
    CHECK_FALSE(uninvite(rig.config, "Anna"));
}

TEST_CASE("invite: after its days an invitation is over, without anybody's doing") {
    GateRig rig;
    const Invited anna = rig.let_in({.role = "viewer", .name = "Anna", .days = 2.0});
    (void)rig.gate->look(kNow);
    CHECK(rig.gate->look(kNow + 2 * kDay - 1).empty());
    CHECK(rig.role_of(anna.token) == "viewer");
    CHECK(rig.gate->look(kNow + 2 * kDay).size() == 1);
    CHECK(rig.role_of(anna.token).empty());
    CHECK(rig.gate->look(kNow + 3 * kDay).empty());
}

TEST_CASE("invite: a file that others can read or that is damaged opens nothing") {
    GateRig rig;
    const Invited anna = rig.let_in({.role = "viewer", .name = "Anna"});
    (void)rig.gate->look(kNow);
    const auto file = session::invitations_file(rig.folder.path());
    REQUIRE(::chmod(file.c_str(), 0644) == 0);
    CHECK(rig.gate->look(kNow).size() == 1);
    CHECK(rig.role_of(anna.token).empty());
    CHECK(rig.lines.size() >= 1);
    REQUIRE(::chmod(file.c_str(), 0600) == 0);
    (void)rig.gate->look(kNow);
    CHECK(rig.role_of(anna.token) == "viewer");
    std::ofstream(file) << "[[invitation]";
    CHECK(rig.gate->look(kNow).size() == 1);
    CHECK_FALSE(invite(rig.config, {.role = "viewer"}, kNow));  // what is there is not overwritten
}

TEST_CASE("invite: the role must be one of the desk, and a name is taken once") {
    GateRig rig;
    CHECK_FALSE(invite(rig.config, {.role = "musician 5"}, kNow));  // there are 4 mixes
    CHECK_FALSE(invite(rig.config, {.role = "musician"}, kNow));
    CHECK_FALSE(invite(rig.config, {.role = "singer 1"}, kNow));
    CHECK_FALSE(invite(rig.config, {.role = "viewer", .name = "two\nlines"}, kNow));
    CHECK(rig.let_in({.role = "viewer"}).invitation.name == "viewer");
    CHECK_FALSE(invite(rig.config, {.role = "viewer"}, kNow));
    CHECK(invitations(rig.config)->size() == 1);
}

TEST_CASE("gate: a surface with a role that there is not is told by its table") {
    for (const auto& wrong : std::vector<std::pair<std::string, std::string>>{
             {"[x32]\nrights = \"bosss\"\n", "[x32] rights"},
             {"[midi]\nrights = \"musician\"\n", "[midi] rights"},
             {"[[access.role]]\nname = \"x\"\nallow = [\"/ch/1/mute\"]\nbounds = "
              "{\"/ch/1/mute\" = 0.0}\n[[access.address]]\nallow = [\"10.0.0.1\"]\nrole = \"x\"\n",
              "only numbers have a bound"}}) {
        CAPTURE(wrong.first);
        const auto config = session::parse_desk(wrong.first, "");
        REQUIRE(config);
        const param::Layout layout(session::shape_of(*config));
        control::Access access(layout);
        const auto used = use_roles(*config, access);
        REQUIRE_FALSE(used);
        CHECK(used.error().text().find(wrong.second) != std::string::npos);
    }
}

TEST_CASE("gate: bounds and roles of the configuration hold") {
    auto config = session::parse_desk(
        "[access]\nmusician_send_dB = -3.0\n[[access.role]]\nname = \"viewer\"\n"
        "allow = [\"/main/mute\"]\n[[access.address]]\nallow = [\"10.0.0.1\"]\nrole = \"viewer\"",
        "desk.toml");
    REQUIRE(config);
    const param::Layout layout(session::shape_of(*config));
    control::Access access(layout);
    REQUIRE(use_roles(*config, access));
    const auto slot = [&](const char* address) { return *layout.find(address); };
    CHECK((*access.role("musician 1"))->bounded(slot("/ch/1/send/aux/1/level"), 10.0f) == -3.0f);
    CHECK((*access.role("viewer"))->sets(slot("/main/mute")));
    config->access.addresses[0].role = "nobody here";
    control::Access other(layout);
    CHECK_FALSE(use_roles(*config, other));
}

TEST_CASE("qr code: has its three corners and four light modules around") {
    const std::string url = "http://192.168.1.5:8080/?token=0123456789abcdef0123456789abcdef";
    const auto code = qr_code(url);
    REQUIRE(code);
    const std::size_t size = code->size();
    CHECK((size - 8 - 21) % 4 == 0);  // 21, 25, 29... modules wide
    for (std::size_t i = 0; i < size; ++i)
        for (std::size_t edge = 0; edge < 4; ++edge) {
            CHECK_FALSE((*code)[edge][i]);
            CHECK_FALSE((*code)[i][size - 1 - edge]);
        }
    // A finder: a ring of 7, a light one, and 3 by 3.
    const auto finder = [&](std::size_t top, std::size_t left) {
        for (std::size_t y = 0; y < 7; ++y)
            for (std::size_t x = 0; x < 7; ++x) {
                const std::size_t ring = std::min({x, y, 6 - x, 6 - y});
                CHECK((*code)[top + y][left + x] == (ring != 1));
            }
    };
    finder(4, 4);
    finder(4, size - 11);
    finder(size - 11, 4);
    const std::string text = qr_text(*code);
    CHECK(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) == (size + 1) / 2);
    CHECK_FALSE(qr_code(std::string(5000, 'x')));
}

}  // namespace mixrig::app
