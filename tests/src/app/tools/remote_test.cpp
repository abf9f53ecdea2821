// What the command line asks of a running desk, asked of a real server.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/tools/remote.h"

#include "control/osc_server.h"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

namespace mixrig::app {
namespace remote_test {

using namespace std::chrono_literals;

// A desk of four channels behind its OSC server, in a thread of its own.
class RunningDesk {
public:
    RunningDesk()
        : layout_(param::DeskShape::of(4, 2, 2, 1, 1)), desk_(layout_, {.action = answer}) {
        control::OscHooks hooks;
        hooks.meters = [this]() -> std::span<const control::MeterLine> { return meters_; };
        auto server = control::OscServer::open({.port = 0}, desk_, hooks);
        REQUIRE(server);
        server_ = std::move(*server);
        thread_ = std::jthread([this](const std::stop_token& stop) {
            while (!stop.stop_requested()) server_->run_once(10ms);
        });
    }

    static base::Result<control::Answer> answer(const control::ActionCall& call) {
        if (call.address == "/scene/recall") return base::Error{"no such scene"};
        if (call.address == "/scene/diff")
            return control::Answer{
                .lines = {{"/scene/diff", {control::OscArg::text("/ch/1/fader")}},
                          {"/scene/diff/end", {control::OscArg::integer(1)}}}};
        return control::Answer{.args = std::vector(call.args.begin(), call.args.end())};
    }

    Remote remote() const {
        auto out = Remote::connect("127.0.0.1", server_->port());
        REQUIRE(out);
        return std::move(*out);
    }

private:
    param::Layout layout_;
    control::Desk desk_;
    std::vector<control::MeterLine> meters_ = {{"/meters/ch/1", {-6.0f, -144.0f}}};
    std::unique_ptr<control::OscServer> server_;
    std::jthread thread_;  // last: it ends before what it uses
};

std::string text_of(const base::Result<std::vector<Reading>>& readings) {
    if (!readings) return "error: " + readings.error().text();
    std::string out;
    for (const Reading& one : *readings)
        out += (out.empty() ? "" : "; ") + one.address + " " + one.text;
    return out;
}

TEST_CASE("remote: a value that is set comes back as its canonical text") {
    const RunningDesk desk;
    Remote remote = desk.remote();
    CHECK(text_of(remote.set("/ch/1/fader", "-6 dB")) == "/ch/1/fader -6 dB");
    CHECK(text_of(remote.set("/ch/1/fader", "-7.5")) == "/ch/1/fader -7.5 dB");
    CHECK(text_of(remote.set("/ch/1/fader", "-inf dB")) == "/ch/1/fader -inf dB");
    CHECK(text_of(remote.set("/ch/1/hpf/freq", "1.2 kHz")) == "/ch/1/hpf/freq 1200 Hz");
    CHECK(text_of(remote.set("/ch/1/mute", "on")) == "/ch/1/mute on");
    CHECK(text_of(remote.set("/ch/1/eq/2/type", "high_shelf")) == "/ch/1/eq/2/type high_shelf");
    CHECK(text_of(remote.set("/ch/1/name", "Kick Drum")) == "/ch/1/name Kick Drum");
    CHECK(text_of(remote.get("/ch/1/name")) == "/ch/1/name Kick Drum");
    CHECK(text_of(remote.get("/ch/1/mute")) == "/ch/1/mute on");
    CHECK(text_of(remote.set("/ch/1/to", "sub/2")) == "/ch/1/to sub/2");
}

TEST_CASE("remote: a value out of range comes back as what the desk has made of it") {
    const RunningDesk desk;
    CHECK(text_of(desk.remote().set("/ch/1/fader", "40")) == "/ch/1/fader 10 dB");
}

TEST_CASE("remote: a pattern sets and gets all that it matches") {
    const RunningDesk desk;
    Remote remote = desk.remote();
    CHECK(text_of(remote.set("/ch/[12]/mute", "on")) == "/ch/1/mute on; /ch/2/mute on");
    CHECK(text_of(remote.get("/ch/{2,3}/mute")) == "/ch/2/mute on; /ch/3/mute off");
}

TEST_CASE("remote: a mistake is an error with the desk's reason") {
    const RunningDesk desk;
    Remote remote = desk.remote();
    CHECK(text_of(remote.set("/ch/1/fader", "loud")) ==
          "error: /ch/1/fader: `loud` is not a number");
    CHECK(text_of(remote.set("/ch/1/fadr", "-6")).find("the nearest is /ch/1/fader") !=
          std::string::npos);
    CHECK(text_of(remote.get("/ch/9/fader")).starts_with("error: /ch/9/fader"));
    CHECK(text_of(remote.get("/nothing/*")).starts_with("error: /nothing/*"));
    CHECK(text_of(remote.set("/scene/recall", "gone")) == "error: /scene/recall: no such scene");
    // What went wrong before does not stand in the way of what comes next.
    CHECK(text_of(remote.get("/ch/1/fader")) == "/ch/1/fader 0 dB");
}

TEST_CASE("remote: an action is done and answered") {
    const RunningDesk desk;
    CHECK(text_of(desk.remote().set("/scene/save", "rehearsal")) == "/scene/save rehearsal");
    CHECK(text_of(desk.remote().set("/ping", "")).starts_with("/pong mixrig "));
}

TEST_CASE("remote: nobody there is an error that says what to do") {
    std::uint16_t port = 0;
    {
        // A port that was free a moment ago.
        const param::Layout layout(param::DeskShape::of(1, 0, 0, 0, 0));
        control::Desk desk(layout, {});
        auto server = control::OscServer::open({.port = 0}, desk, {});
        REQUIRE(server);
        port = (*server)->port();
    }
    auto remote = Remote::connect("127.0.0.1", port);
    REQUIRE(remote);
    CHECK(text_of(remote->get("/ch/1/fader")).find("mixrig run") != std::string::npos);
}

TEST_CASE("remote: watch tells the values, then every change once") {
    const RunningDesk desk;
    Remote watcher = desk.remote();
    Remote hand = desk.remote();
    std::atomic<bool> stop{false};
    std::vector<std::string> told;
    const auto ended =
        watcher.watch(Remote::Stream::values, "/ch/[12]/fader", stop, [&](const Reading& now) {
            told.push_back(now.address + " " + now.text);
            if (told.size() == 2) CHECK(hand.set("/ch/2/fader", "-3"));
            if (told.size() == 3) stop = true;
        });
    CHECK(ended);
    CHECK(told ==
          std::vector<std::string>{"/ch/1/fader 0 dB", "/ch/2/fader 0 dB", "/ch/2/fader -3 dB"});
}

TEST_CASE("remote: watch shows meters as they come") {
    const RunningDesk desk;
    Remote watcher = desk.remote();
    std::atomic<bool> stop{false};
    std::size_t count = 0;
    const auto ended =
        watcher.watch(Remote::Stream::meters, "/ch/1", stop, [&](const Reading& now) {
            CHECK(now.address == "/meters/ch/1");
            CHECK(now.text == "-6.0 -144.0");
            stop = ++count == 3;
        });
    CHECK(ended);
    CHECK(count == 3);
}

TEST_CASE("remote: watching what does not exist is an error") {
    const RunningDesk desk;
    const std::atomic<bool> stop{false};
    const auto ended =
        desk.remote().watch(Remote::Stream::values, "/nothing", stop, [](const Reading&) {});
    REQUIRE_FALSE(ended);
    CHECK(ended.error().where == "/nothing");
}

TEST_CASE("remote: an action takes its words, and an answer of many lines is read to its end") {
    const RunningDesk desk;
    const auto renamed = desk.remote().act("/scene/rename", {"verse 1", "verse 2"});
    REQUIRE(renamed);
    CHECK(renamed->front().args ==
          std::vector{control::OscArg::text("verse 1"), control::OscArg::text("verse 2")});
    const auto saved = desk.remote().act("/scene/save", {"verse", "2"});
    REQUIRE(saved);
    CHECK(saved->front().text == "verse 2");
    const auto lines = desk.remote().act("/scene/diff", {"verse"});
    REQUIRE(lines);
    REQUIRE(lines->size() == 1);
    CHECK(lines->front().text == "/ch/1/fader");
}

TEST_CASE("remote: a reading as JSON has value, unit and text") {
    const RunningDesk desk;
    const auto fader = desk.remote().get("/ch/1/fader");
    REQUIRE(fader);
    CHECK(fader->front().json().line() ==
          R"({"address":"/ch/1/fader","value":0.0,"unit":"dB","text":"0 dB"})");
    const auto mute = desk.remote().get("/ch/1/mute");
    REQUIRE(mute);
    CHECK(mute->front().json().line() == R"({"address":"/ch/1/mute","value":0,"text":"off"})");
}

}  // namespace remote_test
}  // namespace mixrig::app
