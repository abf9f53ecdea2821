// Who may do what: each role held against every parameter and every action there is.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/access.h"

#include "src/param/actions.h"
#include "tests/control/support.h"

#include <doctest/doctest.h>

#include <set>

namespace mixrig::control::test {
namespace {

struct AccessRig {
    explicit AccessRig(param::DeskShape shape = param::DeskShape::of(4, 2, 3, 2, 1))
        : layout(std::move(shape)), desk(layout, desk_hooks(seen)) {}

    Origin guest(const std::string& role) {
        const auto number = desk.access().named(role);
        REQUIRE(number);
        return desk.admit(*number);
    }
    param::Slot slot(const std::string& address) const { return *layout.find(address); }
    float number(const std::string& address) const { return desk.get(slot(address)).number; }

    // What the origin may set, by asking for each parameter with the value that it has.
    std::set<std::string> settable(Origin origin) {
        std::set<std::string> out;
        for (param::Slot s = 0; s < layout.size(); ++s)
            if (desk.set(s, desk.get(s), origin)) out.insert(layout.address(s));
        return out;
    }
    std::set<std::string> readable(Origin origin) const {
        std::set<std::string> out;
        for (param::Slot s = 0; s < layout.size(); ++s)
            if (desk.access().may_read(origin, s)) out.insert(layout.address(s));
        return out;
    }
    // Of every action, with 1 and 2 in place of numbers and `word` in place of words.
    std::set<std::string> runnable(Origin origin) const {
        std::set<std::string> out;
        for (const param::Action& action : param::kActions)
            for (const std::string number : {"1", "2"}) {
                std::string address(action.address);
                if (const auto at = address.find('#'); at != std::string::npos)
                    address.replace(at, 1, number);
                if (address.ends_with('*')) address.replace(address.size() - 1, 1, "word");
                if (desk.access().may_act(origin, address)) out.insert(address);
            }
        return out;
    }

    Seen seen;
    param::Layout layout;
    Desk desk;
};

const std::set<std::string> kOfPeers = {"/subscribe", "/unsubscribe", "/meters",   "/ping",
                                        "/whoami",    "/login",       "/hello",    "/sync",
                                        "/hash",      "/touch",       "/datagrams"};
const std::set<std::string> kTelling = {
    "/scene/list", "/scene/diff",       "/cue/list", "/marker/list", "/automation/list",
    "/qa/list",    "/automation/files", "/qa/word",  "/midi/list",   "/midi/ports"};

std::set<std::string> with(std::set<std::string> one, const std::set<std::string>& two) {
    one.insert(two.begin(), two.end());
    return one;
}

// Every address of the desk that ends so; by the addresses alone, not by patterns.
template <typename Condition>
std::set<std::string> addresses(const param::Layout& layout, Condition condition) {
    std::set<std::string> out;
    for (param::Slot s = 0; s < layout.size(); ++s)
        if (const std::string address = layout.address(s); condition(address)) out.insert(address);
    return out;
}

bool is_own_send(const std::string& address, const std::string& aux) {
    const auto at = address.find("/send/aux/" + aux + "/");
    return at != std::string::npos && !address.ends_with("/tap");
}

}  // namespace

TEST_SUITE_BEGIN("access");

TEST_CASE("access: an engineer may set and do everything but what the desk tells") {
    AccessRig rig;
    const Origin engineer = rig.guest("engineer");
    CHECK(rights_of(engineer) == kEngineer);
    const auto all = addresses(rig.layout, [&](const std::string& address) {
        return rig.layout.row(rig.slot(address)).keep != param::Keep::told;
    });
    CHECK(rig.settable(engineer) == all);
    CHECK(rig.readable(engineer).size() == rig.layout.size());
    for (const param::Action& action : param::kActions)
        CHECK(rig.desk.access().may_act(engineer, action.address));
}

TEST_CASE("access: a viewer sets nothing, reads everything, and runs what only tells") {
    AccessRig rig;
    const Origin viewer = rig.guest("viewer");
    CHECK(rig.settable(viewer).empty());
    CHECK(rig.readable(viewer).size() == rig.layout.size());
    CHECK(rig.runnable(viewer) == with(kOfPeers, kTelling));
}

TEST_CASE("access: a musician sets the own monitor mix and not one parameter more") {
    AccessRig rig;
    for (const std::string aux : {"1", "2", "3"}) {
        CAPTURE(aux);
        const Origin musician = rig.guest("musician " + aux);
        auto expected = addresses(
            rig.layout, [&](const std::string& address) { return is_own_send(address, aux); });
        expected.insert({"/aux/" + aux + "/fader", "/aux/" + aux + "/mute"});
        // 4 channels, 2 subgroups and 2 effect returns have three each.
        CHECK(expected.size() == 8 * 3 + 2);
        CHECK(rig.settable(musician) == expected);
        if (aux == "3") continue;  // of actions, numbers 1 and 2 are asked for
        CHECK(rig.runnable(musician) ==
              with(kOfPeers, {"/aux/" + aux + "/more", "/aux/" + aux + "/less"}));
    }
}

TEST_CASE("access: a musician reads names of strips, the own sends and the own mix") {
    AccessRig rig;
    const auto readable = rig.readable(rig.guest("musician 2"));
    const auto expected = addresses(rig.layout, [](const std::string& address) {
        const bool is_strip = !address.starts_with("/automation/");
        return (is_strip && (address.ends_with("/name") || address.ends_with("/color"))) ||
               address.find("/send/aux/2/") != std::string::npos || address.starts_with("/aux/2/");
    });
    CHECK(readable == expected);
    CHECK(readable.contains("/main/name"));
    CHECK(readable.contains("/mutegroup/1/name"));
    CHECK_FALSE(readable.contains("/automation/name"));
    CHECK_FALSE(readable.contains("/ch/1/fader"));
}

TEST_CASE("access: nobody and numbers that were taken away may do nothing at all") {
    AccessRig rig;
    auto rights = rig.desk.access().role("musician 1");
    REQUIRE(rights);
    const RightsNumber number = rig.desk.access().grant(*rights, "Anna");
    const Origin anna = rig.desk.admit(number);
    CHECK(rig.desk.set(rig.slot("/aux/1/fader"), {-3.0f}, anna));
    CHECK(rig.desk.access().holder(number) == "Anna");
    rig.desk.access().revoke(number);
    for (const Origin origin : {anna, rig.desk.admit(kNobody), rig.desk.admit(9999)}) {
        CHECK(rig.settable(origin).empty());
        CHECK(rig.readable(origin).empty());
        CHECK(rig.runnable(origin).empty());
    }
    // Another with the same role is not touched, and the number is never given out again.
    const RightsNumber next = rig.desk.access().grant(*rights, "Anna");
    CHECK(next != number);
    CHECK(rig.desk.set(rig.slot("/aux/1/fader"), {-6.0f}, rig.desk.admit(next)));
}

TEST_CASE("access: what another thread has asked for stays whole when it is taken away") {
    AccessRig rig;
    Access& access = rig.desk.access();
    const RightsNumber number = access.grant(*access.role("musician 1"), "Anna");
    const auto rights = access.shared(number);
    access.revoke(number);
    CHECK(access.shared(number) == nullptr);
    CHECK(rights->sets(rig.slot("/aux/1/fader")));
    CHECK(access.shared(kEngineer)->everything);
    CHECK(access.shared(kNobody) == nullptr);
    CHECK(access.shared(9999) == nullptr);
}

TEST_CASE("access: the engineer cannot be taken away") {
    AccessRig rig;
    rig.desk.access().revoke(kEngineer);
    CHECK(rig.desk.set(rig.slot("/ch/1/fader"), {-3.0f}, rig.guest("engineer")));
}

TEST_CASE("access: what is above a bound ends at it, and is told as adjusted") {
    AccessRig rig;
    std::vector<Change> changes;
    rig.desk.observe([&](const Change& change) { changes.push_back(change); });
    const Origin musician = rig.guest("musician 1");
    const auto set = [&](const std::string& address, float value) {
        const auto done = rig.desk.set(rig.slot(address), {value}, musician);
        REQUIRE(done);
        return done->number;
    };
    CHECK(set("/ch/1/send/aux/1/level", 9.0f) == 6.0f);
    CHECK(set("/aux/1/fader", 10.0f) == 0.0f);
    REQUIRE(changes.size() == 2);
    CHECK(changes[0].adjusted);
    CHECK(changes[1].adjusted);
    CHECK(set("/aux/1/fader", -1.0f) == -1.0f);
    CHECK_FALSE(changes.back().adjusted);
    // The engineer went further; the musician comes back to the bound and stays there.
    REQUIRE(rig.desk.set(rig.slot("/aux/1/fader"), {8.0f}, rig.guest("engineer")));
    CHECK(set("/aux/1/fader", 7.0f) == 0.0f);
}

TEST_CASE("access: what is linked moves along only where one may set it oneself") {
    AccessRig rig;
    for (const char* setting : {"/aux/1/link", "/aux/2/link", "/ch/1/link", "/ch/2/link"})
        REQUIRE(rig.desk.set(rig.slot(setting), {1.0f}, kDeskItself));
    REQUIRE(rig.desk.set(rig.slot("/link/1/sends"), {1.0f}, kDeskItself));
    for (const char* send : {"/ch/1/send/aux/1/level", "/ch/2/send/aux/1/level"})
        REQUIRE(rig.desk.set(rig.slot(send), {-20.0f}, kDeskItself));
    const Origin musician = rig.guest("musician 1");
    const float other = rig.number("/aux/2/fader");
    REQUIRE(rig.desk.set(rig.slot("/aux/1/fader"), {-9.0f}, musician));
    CHECK(rig.number("/aux/2/fader") == other);
    REQUIRE(rig.desk.set(rig.slot("/ch/1/send/aux/1/level"), {-10.0f}, musician));
    CHECK(rig.number("/ch/2/send/aux/1/level") == -10.0f);
}

TEST_CASE("access: roles of one's own allow, deny and bound by patterns") {
    AccessRig rig;
    REQUIRE(rig.desk.access().use({{.name = "drums",
                                    .allow = {"/ch/[12]/{fader,mute}", "/ch/1/eq"},
                                    .deny = {"/ch/2/mute"},
                                    .actions = {"/solo/*"},
                                    .read = {"/ch/1//*"},
                                    .bounds = {{"/ch/*/fader", 5.0f}, {"/ch/2/fader", -5.0f}},
                                    .asks = false}}));
    const Origin drums = rig.guest("drums");
    auto expected = addresses(
        rig.layout, [](const std::string& address) { return address.starts_with("/ch/1/eq/"); });
    expected.insert({"/ch/1/fader", "/ch/1/mute", "/ch/2/fader"});
    CHECK(rig.settable(drums) == expected);
    CHECK(rig.runnable(drums) == with(kOfPeers, {"/solo/clear"}));
    CHECK(rig.desk.access().may_read(drums, rig.slot("/ch/2/fader")));  // as it may be set
    CHECK_FALSE(rig.desk.access().may_read(drums, rig.slot("/ch/2/trim")));
    CHECK(rig.desk.set(rig.slot("/ch/1/fader"), {9.0f}, drums)->number == 5.0f);
    CHECK(rig.desk.set(rig.slot("/ch/2/fader"), {9.0f}, drums)->number == -5.0f);
    // The usual roles are still there.
    CHECK(rig.desk.access().named("viewer"));
}

TEST_CASE("access: a role may stand for many by its number, and replace a usual one") {
    AccessRig rig;
    REQUIRE(rig.desk.access().use({{.name = "musician #", .allow = {"/aux/#/eq"}}}));
    const auto settable = rig.settable(rig.guest("musician 3"));
    CHECK_FALSE(settable.empty());
    for (const std::string& address : settable) CHECK(address.starts_with("/aux/3/eq/"));
    const Rights& rights = rig.desk.access().of(rights_of(rig.guest("musician 3")));
    CHECK(rights.name == "musician 3");
    CHECK(rights.number == 3);
    CHECK(rights.settable == "/aux/3/eq");
}

TEST_CASE("access: a role that does not fit the desk is refused in words") {
    AccessRig rig;
    const auto what = [](const auto& result) {
        REQUIRE_FALSE(result);
        return result.error().text();
    };
    CHECK(what(rig.desk.access().named("musician 4")) ==
          "role \"musician 4\": `/{ch,sub,fx}/*/send/aux/4/{level,on,pan}` matches no parameter of "
          "this desk");
    CHECK(what(rig.desk.access().named("musican 2")) ==
          "there is no role \"musican 2\" (the nearest is \"musician 1\")");
    const auto with_action = [](const char* action) {
        return std::vector<Role>{{.name = "drums", .allow = {"/ch/1/fader"}, .actions = {action}}};
    };
    CHECK(what(rig.desk.access().use(with_action("/aux/1/mroe"))) ==
          "role \"drums\": `/aux/1/mroe` is no action of this desk");
    CHECK_FALSE(rig.desk.access().use(with_action("/aux/9/more")));
    for (const char* good : {"/aux/1/more", "/aux/*/more", "/scene/*", "//*", "/qa/loudness"})
        CHECK(rig.desk.access().use(with_action(good)));
    for (const char* name : {"musician", "musician ", "musician 0", "musician 02", "musician 2 ",
                             "musician -1", "musician 10000", "Engineer", ""})
        CHECK_FALSE(rig.desk.access().named(name));
    CHECK(what(rig.desk.access().use({{.name = "x", .allow = {"/ch/1/fadr"}}})) ==
          "role \"x\": `/ch/1/fadr` matches no parameter of this desk");
    CHECK_FALSE(rig.desk.access().use({{.name = "x", .actions = {"/scene/[a"}}}));
}

TEST_CASE("access: a role sees meters that the desk has, and names no others") {
    AccessRig rig;
    const std::vector<std::string> meters = {"/meters/ch/1", "/meters/ch/2", "/meters/main",
                                             "/meters/main/chain", "/meters/load"};
    const auto seen = [&](const std::string& pattern) {
        AccessRig fresh;
        REQUIRE(fresh.desk.access().use({{.name = "x", .meters = {pattern}}}, meters));
        const Rights& rights = fresh.desk.access().of(rights_of(fresh.guest("x")));
        std::set<std::string> out;
        for (const std::string& address : meters)
            if (rights.sees_meter(address)) out.insert(address);
        return out;
    };
    CHECK(seen("//*").size() == meters.size());
    CHECK(seen("/meters/ch/[12]") == std::set<std::string>{"/meters/ch/1", "/meters/ch/2"});
    // A group means everything below it; what is a meter itself, that alone.
    CHECK(seen("/meters/ch") == std::set<std::string>{"/meters/ch/1", "/meters/ch/2"});
    CHECK(seen("/meters").size() == meters.size());
    CHECK(seen("/meters/main") == std::set<std::string>{"/meters/main"});

    const auto refused = [&](const std::string& pattern) {
        return rig.desk.access().use({{.name = "drums", .meters = {pattern}}}, meters);
    };
    CHECK(refused("/meters/ch/3").error().text() ==
          "role \"drums\": `/meters/ch/3` matches no meter of this desk (the nearest is "
          "/meters/ch/1)");
    for (const char* wrong : {"/ch/1", "/meter/main", "/meters/main/chian", "/meters/[a", ""})
        CHECK_FALSE(refused(wrong));
}

TEST_SUITE_END();

}  // namespace mixrig::control::test
