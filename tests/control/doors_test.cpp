// Who comes in: by address, by a token before the address, by a login; and who is heard no more.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/doors.h"

#include "control/paces.h"
#include "control/token_prefix.h"
#include "tests/control/support.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace mixrig::control::test {
namespace {

const std::string kAnna = "0123456789abcdef0123456789abcdef";
const std::string kUnknown = "ffffffffffffffffffffffffffffffff";
// Nobody is there: loopback is then an address like those of the network.
const std::vector<std::string> kElsewhere = {"192.0.2.1"};

// A stand-in for a digest that is none: tests have no library for it.
std::string backwards(std::string_view token) {
    return {token.rbegin(), token.rend()};
}

struct DoorsRig {
    explicit DoorsRig(std::vector<std::string> allow, std::vector<AddressRights> others = {})
        : rig({.port = 0,
               .allow = std::move(allow),
               .others = std::move(others),
               .tokens = tokens}) {}

    // Anna may do this from now on.
    RightsNumber invite(const std::string& role) {
        auto rights = rig.desk.access().role(role);
        REQUIRE(rights);
        const RightsNumber number = rig.desk.access().grant(*rights, "Anna");
        tokens->use({{backwards(kAnna), number}});
        return number;
    }
    std::vector<OscMessage> answers(LoPeer& peer, const OscMessage& message) {
        (void)peer.take();
        peer.send(message);
        std::vector<OscMessage> got;
        rig.run_until(
            [&] {
                for (OscMessage& one : peer.take()) got.push_back(std::move(one));
                return !got.empty();
            },
            kPatience);
        return got;
    }
    std::vector<OscMessage> answers(TcpPeer& peer, const OscMessage& message) {
        peer.send(message);
        std::vector<OscMessage> got;
        rig.run_until(
            [&] {
                for (OscMessage& one : peer.take()) got.push_back(std::move(one));
                return !got.empty() || peer.is_closed();
            },
            kPatience);
        return got;
    }

    static constexpr std::int64_t kPatience = 40 * kMs;  // for an answer that does not come
    std::shared_ptr<Tokens> tokens = std::make_shared<Tokens>(backwards);
    ServerRig rig;
};

std::string by(const std::string& token, const std::string& address) {
    return "/" + token + address;
}

}  // namespace

TEST_SUITE_BEGIN("doors");

TEST_CASE("token prefix: is taken out of messages and of all that a bundle holds") {
    const Packet plain = encode({"/ch/1/fader", {f(-6.0f)}});
    const Packet with = encode({by(kAnna, "/ch/1/fader"), {f(-6.0f)}});
    Packet out;
    REQUIRE(token_of(with));
    CHECK(*token_of(with) == kAnna);
    REQUIRE(take_token(with, kAnna, out));
    CHECK(out == plain);
    CHECK_FALSE(token_of(plain));
    CHECK_FALSE(take_token(plain, kAnna, out));

    const Packet inner = bundle(1, {with, with}), outer = bundle(7, {inner, with});
    REQUIRE(token_of(outer));
    REQUIRE(take_token(outer, kAnna, out));
    CHECK(out == bundle(7, {bundle(1, {plain, plain}), plain}));
    // One that does not carry it spoils the bundle, wherever it stands.
    CHECK_FALSE(take_token(bundle(1, {with, plain}), kAnna, out));
    CHECK_FALSE(take_token(bundle(1, {with, encode({by(kUnknown, "/ping"), {}})}), kAnna, out));
}

TEST_CASE("token prefix: is 32 small hexadecimal digits and a slash, and nothing else") {
    for (const std::string& address :
         {by(kAnna, ""), by(kAnna.substr(1), "/ping"), by(kAnna + "0", "/ping"), kAnna + "/ping",
          by("0123456789ABCDEF0123456789abcdef", "/ping")}) {
        CAPTURE(address);
        CHECK_FALSE(token_of(encode({address, {}})));
        CHECK(without_token(address) == address);
    }
    CHECK(without_token(by(kAnna, "/ping")) == "/ping");
    // Any bytes will do, cut anywhere.
    const Packet whole = bundle(1, {encode({by(kAnna, "/ping"), {}})});
    for (std::size_t size = 0; size < whole.size(); ++size)
        (void)token_of(Bytes(whole).first(size));
}

TEST_CASE("tokens: the same secret is found whatever its place, and nothing like it") {
    CHECK(is_same_secret("abc", "abc"));
    CHECK(is_same_secret("", ""));
    for (const char* other : {"abd", "xbc", "ab", "abcd", ""})
        CHECK_FALSE(is_same_secret("abc", other));
    Tokens tokens(backwards);
    CHECK_FALSE(tokens.any());
    CHECK_FALSE(tokens.find(kAnna));
    tokens.use({{backwards(kUnknown), 2}, {backwards(kAnna), 3}});
    CHECK(tokens.any());
    CHECK(tokens.find(kAnna) == std::optional<RightsNumber>(3));
    CHECK_FALSE(tokens.find(backwards(kAnna)));  // a digest is no token
    CHECK_FALSE(tokens.find(""));
    tokens.use({});
    CHECK_FALSE(tokens.find(kAnna));
}

TEST_CASE("doors: an address has the rights of the first list that names it") {
    const auto tokens = std::make_shared<Tokens>(backwards);
    const auto doors =
        Doors::make({"192.168.1.0/24"}, {{{"192.168.1.20", "10.0.0.0/8"}, 5}, {{}, 6}}, tokens);
    REQUIRE(doors);
    const auto of = [&](const char* address) {
        return doors->by_address(*NetAddress::parse(address, 1));
    };
    CHECK(of("192.168.1.7") == kEngineer);
    CHECK(of("192.168.1.20") == 5);
    CHECK(of("10.1.2.3") == 5);
    CHECK(of("192.168.2.1") == kNobody);
    CHECK(of("127.0.0.1") == kNobody);
    CHECK(Doors::make({}, {}, nullptr)->by_address(*NetAddress::parse("127.0.0.1", 1)) ==
          kEngineer);
    CHECK(Doors::make({}, {}, nullptr)->by_address(*NetAddress::parse("10.0.0.1", 1)) == kNobody);
}

TEST_CASE("doors: a message with a token runs with its rights, and is answered without it") {
    DoorsRig doors(kElsewhere);
    doors.invite("musician 1");
    LoPeer peer(doors.rig.server->port());
    peer.send({by(kAnna, "/aux/1/fader"), {f(-6.0f)}});
    peer.send({by(kAnna, "/ch/1/fader"), {f(-6.0f)}});
    REQUIRE(doors.rig.run_until([&] { return doors.rig.number("/aux/1/fader") == -6.0f; }));
    doors.rig.run();
    CHECK(doors.rig.number("/ch/1/fader") == 0.0f);
    const auto errors = peer.take();
    REQUIRE(errors.size() == 1);
    CHECK(errors[0] ==
          OscMessage{"/error", {s("/ch/1/fader"), s("a musician 1 may not set this")}});
    const auto answer = doors.answers(peer, {by(kAnna, "/aux/1/fader"), {}});
    REQUIRE(answer.size() == 1);
    CHECK(answer[0] == OscMessage{"/aux/1/fader", {f(-6.0f)}});
}

TEST_CASE("doors: without a token that holds, the network hears nothing and moves nothing") {
    DoorsRig doors(kElsewhere);
    LoPeer peer(doors.rig.server->port());
    const auto before = doors.rig.seen.changes.size();
    for (const bool invited : {false, true}) {
        CAPTURE(invited);
        if (invited) doors.invite("musician 1");
        for (const OscMessage& message :
             {OscMessage{"/aux/1/fader", {f(-6.0f)}}, OscMessage{"/ping", {}},
              OscMessage{by(kUnknown, "/aux/1/fader"), {f(-6.0f)}}, OscMessage{"/whoami", {}},
              OscMessage{"/login", {s(kAnna)}}, OscMessage{by(kUnknown, "/ping"), {}}})
            CHECK(doors.answers(peer, message).empty());
    }
    CHECK(doors.rig.seen.changes.size() == before);
    CHECK(doors.rig.server->counters().refused == 12);
}

TEST_CASE("doors: this machine is an engineer; with somebody's token it is somebody") {
    DoorsRig doors({});
    doors.invite("viewer");
    LoPeer peer(doors.rig.server->port());
    CHECK(doors.answers(peer, {"/whoami", {}}).at(0) ==
          OscMessage{"/whoami", {s("engineer"), i(0), s(""), s("//*"), s("//*"), i(0)}});
    CHECK(doors.answers(peer, {by(kAnna, "/whoami"), {}}).at(0) ==
          OscMessage{"/whoami", {s("viewer"), i(0), s("Anna"), s(""), s(""), i(200)}});
    // A token that does not hold is refused here as well: whoever shows it wants to be its holder.
    CHECK(doors.answers(peer, {by(kUnknown, "/ping"), {}}).empty());
}

TEST_CASE("doors: an address of the configuration has its role") {
    DoorsRig doors({}, {{{"127.0.0.0/8"}, 2}});
    REQUIRE(*doors.rig.desk.access().named("musician 2") == 2);
    LoPeer peer(doors.rig.server->port());
    const auto answer = doors.answers(peer, {"/whoami", {}});
    REQUIRE(answer.size() == 1);
    CHECK(answer[0].args.at(0) == s("musician 2"));
    CHECK(answer[0].args.at(1) == i(2));
}

TEST_CASE("doors: over TCP the network logs in, or is disconnected") {
    DoorsRig doors(kElsewhere);
    doors.invite("musician 1");
    const std::uint16_t port = doors.rig.server->port();
    TcpPeer anna(port, Framing::size);
    CHECK(doors.answers(anna, {"/login", {s(kAnna)}}).at(0) ==
          OscMessage{"/login", {s("musician 1")}});
    anna.send({"/aux/1/fader", {f(-6.0f)}});
    REQUIRE(doors.rig.run_until([&] { return doors.rig.number("/aux/1/fader") == -6.0f; }));
    CHECK_FALSE(anna.is_closed());

    TcpPeer silent(port, Framing::size);
    CHECK(doors.answers(silent, {"/ping", {}}).empty());
    CHECK(silent.is_closed());
    TcpPeer wrong(port, Framing::slip);
    const auto answer = doors.answers(wrong, {"/login", {s(kUnknown)}});
    CHECK(answer.at(0) == OscMessage{"/error", {s("/login"), s("this token does not hold")}});
    CHECK(doors.rig.run_until([&] { return wrong.is_closed(); }));
}

TEST_CASE("doors: who has a connection already changes rights by a login, and keeps them without") {
    DoorsRig doors({});
    doors.invite("viewer");
    TcpPeer peer(doors.rig.server->port(), Framing::size);
    CHECK(doors.answers(peer, {"/login", {s(kUnknown)}}).at(0).address == "/error");
    CHECK(doors.answers(peer, {"/whoami", {}}).at(0).args.at(0) == s("engineer"));
    CHECK(doors.answers(peer, {"/login", {s(kAnna)}}).at(0) == OscMessage{"/login", {s("viewer")}});
    const auto refused = doors.answers(peer, {"/ch/1/fader", {f(-6.0f)}});
    CHECK(refused.at(0).address == "/error");
    CHECK(doors.rig.number("/ch/1/fader") == 0.0f);
}

TEST_CASE("doors: no more than 16 connections wait for a login") {
    DoorsRig doors(kElsewhere);
    doors.invite("viewer");
    std::vector<std::unique_ptr<TcpPeer>> peers;
    for (int n = 0; n < 20; ++n) {
        peers.push_back(std::make_unique<TcpPeer>(doors.rig.server->port(), Framing::size));
        doors.rig.run();
    }
    CHECK(doors.rig.server->counters().turned_away == 4);
    CHECK(doors.answers(*peers[0], {"/login", {s(kAnna)}}).at(0).address == "/login");
    TcpPeer next(doors.rig.server->port(), Framing::size);  // there is room again
    CHECK(doors.answers(next, {"/login", {s(kAnna)}}).at(0).address == "/login");
}

TEST_CASE("doors: who is revoked is told nothing more and moves nothing more") {
    DoorsRig doors(kElsewhere);
    const RightsNumber number = doors.invite("musician 1");
    LoPeer udp(doors.rig.server->port());
    TcpPeer tcp(doors.rig.server->port(), Framing::size);
    REQUIRE(!doors.answers(tcp, {"/login", {s(kAnna)}}).empty());
    REQUIRE(!doors.answers(udp, {by(kAnna, "/subscribe"), {s("/aux/1/fader")}}).empty());
    bool ended = false;
    const Origin guest = doors.rig.server->join({.rights = number,
                                                 .send = [](Bytes, Urgency) { return Sent::done; },
                                                 .backlog = [] { return std::size_t{0}; },
                                                 .end = [&] { ended = true; }});
    doors.tokens->use({});
    doors.rig.desk.access().revoke(number);
    doors.rig.server->revoke(number);
    CHECK(ended);
    CHECK(doors.rig.run_until([&] { return tcp.is_closed(); }));
    (void)udp.take();
    REQUIRE(doors.rig.desk.set(doors.rig.slot("/aux/1/fader"), {-20.0f}, kDeskItself));
    (void)doors.rig.server->receive(guest, encode({"/aux/1/fader", {f(-6.0f)}}));
    CHECK(doors.answers(udp, {by(kAnna, "/aux/1/fader"), {f(-6.0f)}}).empty());
    CHECK(doors.rig.number("/aux/1/fader") == -20.0f);
}

TEST_CASE("paces: a second's worth at once, then so many a second; what is more is told") {
    Paces paces;
    std::int64_t now = kSecond;
    std::size_t passed = 0, told = 0;
    for (int n = 0; n < 1000; ++n) passed += paces.take(7, 200.0, 1, now) ? 1u : 0u;
    CHECK(passed == 200);
    CHECK(paces.take(8, 200.0, 1, now));          // another
    CHECK(paces.take(7, 0.0, 100000, now));       // no limit
    CHECK_FALSE(paces.take(8, 200.0, 200, now));  // all of a bundle or nothing
    now += kSecond / 2;
    for (int n = 0; n < 1000; ++n) passed += paces.take(7, 200.0, 1, now) ? 1u : 0u;
    CHECK(passed == 300);
    paces.report(now, [&](Origin, std::size_t) { ++told; });
    CHECK(told == 0);
    now += kSecond / 2;
    std::vector<std::size_t> counts(9);
    paces.report(now, [&](Origin peer, std::size_t count) { counts[peer] = count; });
    CHECK(counts[7] == 1700);
    CHECK(counts[8] == 200);
    CHECK_FALSE(paces.is_waiting());
}

TEST_CASE("doors: who sends more than the role may loses the rest, and is told so once a second") {
    DoorsRig doors({});
    doors.invite("musician 1");
    LoPeer peer(doors.rig.server->port());
    for (int n = 0; n < 1000; ++n)
        peer.send({by(kAnna, "/aux/1/fader"), {f(-static_cast<float>(n) / 100.0f)}});
    std::vector<OscMessage> got;
    REQUIRE(doors.rig.run_until([&] {
        for (OscMessage& one : peer.take()) got.push_back(std::move(one));
        return !got.empty();
    }));
    doors.rig.run_for(100 * kMs);
    CHECK(peer.take().empty());
    REQUIRE(got.size() == 1);
    CHECK(got[0].address == "/error");
    CHECK(got[0].args.at(1).as_text().ends_with(
        " messages were dropped: a musician 1 may send 200 a second"));
    CHECK(doors.rig.number("/aux/1/fader") > -9.99f);
}

TEST_CASE("doors: who may not set something can neither hold it nor make others let go") {
    DoorsRig doors({});
    doors.invite("viewer");
    LoPeer peer(doors.rig.server->port());
    for (const int on : {1, 0})
        CHECK(doors.answers(peer, {by(kAnna, "/touch"), {s("/ch/1/fader"), i(on)}}).at(0).address ==
              "/error");
}

TEST_CASE("doors: no token is ever echoed or logged") {
    DoorsRig doors({});
    doors.invite("viewer");
    LoPeer udp(doors.rig.server->port());
    TcpPeer tcp(doors.rig.server->port(), Framing::size);
    std::vector<OscMessage> got;
    const auto keep = [&](const std::vector<OscMessage>& answers) {
        got.insert(got.end(), answers.begin(), answers.end());
    };
    for (const std::string& token : {kAnna, kUnknown})
        for (const std::string address :
             {"/nowhere", "/ch/1/fader", "/ch/[1/fader", "/ch/9*/fader", "/scene/recall"}) {
            keep(doors.answers(tcp, {by(token, address), {s("x")}}));
            keep(doors.answers(udp, {by(token, address), {s("x")}}));
        }
    keep(doors.answers(udp, {"/login", {s(kAnna)}}));
    keep(doors.answers(tcp, {"/login", {s(kUnknown)}}));
    keep(doors.answers(tcp, {"/login", {s(kAnna), s(kAnna)}}));
    keep(doors.answers(tcp, {"/login", {s(kAnna)}}));
    CHECK(got.size() > 10);
    const auto has_token = [](const std::string& text) {
        return text.find(kAnna) != std::string::npos || text.find(kUnknown) != std::string::npos;
    };
    for (const OscMessage& one : got) {
        CHECK_FALSE(has_token(one.address));
        for (const OscArg& arg : one.args)
            if (arg.is_text()) CHECK_FALSE(has_token(arg.as_text()));
    }
    CHECK_FALSE(doors.rig.seen.log.empty());
    for (const std::string& line : doors.rig.seen.log) CHECK_FALSE(has_token(line));
}

TEST_CASE("hello: answers, changes and meters go to another port of the same address") {
    DoorsRig doors({});
    LoPeer sends(doors.rig.server->port()), listens(doors.rig.server->port());
    sends.send({"/hello", {s("an app"), i(listens.port())}});
    std::vector<OscMessage> got;
    const auto hears = [&](const std::string& address) {
        return doors.rig.run_until([&] {
            for (OscMessage& one : listens.take()) got.push_back(std::move(one));
            return std::any_of(got.begin(), got.end(),
                               [&](const OscMessage& one) { return one.address == address; });
        });
    };
    CHECK(hears("/hello"));
    sends.send({"/subscribe", {s("/ch/1/fader")}});
    CHECK(hears("/synced"));
    sends.send({"/meters", {}});
    CHECK(hears("/meters/main"));
    sends.send({"/nowhere", {}});
    CHECK(hears("/error"));
    CHECK(sends.take().empty());
    // Back again.
    CHECK(!doors.answers(sends, {"/hello", {}}).empty());
    // What leads nowhere good.
    for (const OscMessage& wrong :
         {OscMessage{"/hello", {i(80)}}, OscMessage{"/hello", {i(70000)}},
          OscMessage{"/hello", {s("x")}}, OscMessage{"/hello", {i(doors.rig.server->port())}}}) {
        (void)sends.take();
        sends.send(wrong);
        bool refused = false;
        CHECK(doors.rig.run_until([&] {
            for (const OscMessage& one : sends.take()) refused |= one.address == "/error";
            return refused;
        }));
    }
    TcpPeer tcp(doors.rig.server->port(), Framing::size);
    CHECK(doors.answers(tcp, {"/hello", {i(9999)}}).at(0).address == "/error");
}

TEST_SUITE_END();

}  // namespace mixrig::control::test
