// Questions to a running desk and its answers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/tools/remote.h"

#include "control/osc_pattern.h"
#include "control/osc_value.h"
#include "src/param/actions.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <utility>

namespace mixrig::app {
namespace {

using base::Done;
using base::Error;
using base::Status;
using control::OscArg;
using control::OscMessage;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kLesson = 32'000ms;   // for somebody to move a control: the desk waits for 30 s
constexpr auto kPatience = 2000ms;   // for an answer
constexpr auto kRenew = 4s;          // well inside the lease
constexpr std::int32_t kLease = 10;  // s
constexpr float kMetersPerSecond = 10.0f;

std::string plain_text(const OscArg& arg) {
    if (arg.is_text()) return arg.as_text();
    if (!arg.is_number()) return std::string(1, arg.type);
    char text[32];
    std::snprintf(text, sizeof text, arg.is_real() ? "%.1f" : "%.0f", arg.as_number());
    return text;
}

Json plain_json(const OscArg& arg) {
    if (arg.is_text()) return arg.as_text();
    if (arg.is_real()) return static_cast<float>(arg.as_number());
    if (arg.is_number()) return static_cast<std::int64_t>(arg.as_number());
    return std::string(1, arg.type);
}

// A word of the command line as what an action takes.
OscArg argument(char tag, const std::string& word) {
    if (tag == 's') return OscArg::text(word);
    float number = 0.0f;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    const bool is_number = error == std::errc{} && end == word.data() + word.size();
    return is_number ? OscArg::number(number) : OscArg::text(word);
}

Error no_answer() {
    return {"the desk does not answer", {}, "is `mixrig run` running? --host and --port say where"};
}

bool is_error_about(const OscMessage& message, const std::string& address) {
    return message.address == "/error" && message.types() == "ss" &&
           message.args[0].as_text() == address;
}

}  // namespace

Json Reading::json() const {
    Json out = Json::object();
    out.set("address", address);
    if (args.size() == 1) {
        out.set("value", plain_json(args.front()));
    } else {
        Json values = Json::list();
        for (const OscArg& arg : args) values.add(plain_json(arg));
        out.set("values", std::move(values));
    }
    if (!unit.empty()) out.set("unit", unit);
    out.set("text", text);
    return out;
}

Remote::Remote(control::OscClient client)
    : client_(std::move(client)), layout_(param::DeskShape::of(1024, 64, 64, 16, 16)) {}

base::Result<Remote> Remote::connect(const std::string& host, std::uint16_t port) {
    auto client = control::OscClient::connect(host, port);
    if (!client) return client.error();
    return Remote(std::move(*client));
}

Reading Remote::reading(const OscMessage& message) const {
    Reading out{.address = message.address, .text = {}, .args = message.args};
    const auto slot = layout_.find(message.address);
    if (slot && message.args.size() == 1) {
        if (const auto value = control::to_value(layout_, *slot, message.args.front())) {
            out.text = layout_.format(*slot, *value);
            out.unit = param::unit_name(layout_.row(*slot).unit);
            return out;
        }
    }
    for (const OscArg& arg : message.args)
        out.text += (out.text.empty() ? "" : " ") + plain_text(arg);
    return out;
}

base::Result<std::vector<Reading>> Remote::get(const std::string& address) {
    if (control::Pattern::is_pattern(address)) return get_all(address);
    const auto answer = client_.request({address}, kPatience);
    if (!answer) return answer.error();
    return std::vector{reading(*answer)};
}

// A subscription says when it has sent everything, a question by pattern does not.
base::Result<std::vector<Reading>> Remote::get_all(const std::string& pattern) {
    const OscMessage question{"/subscribe", {OscArg::text(pattern), OscArg::integer(kLease)}};
    if (const auto sent = client_.send(question); !sent) return sent.error();
    std::vector<Reading> all;
    for (;;) {
        const auto message = next();
        if (!message) return message.error();
        if (is_error_about(*message, question.address))
            return Error{message->args[1].as_text(), pattern};
        if (message->address == "/synced") break;
        all.push_back(reading(*message));
    }
    if (const auto ended = settle({"/unsubscribe", {OscArg::text(pattern)}}); !ended)
        return ended.error();
    return all;
}

base::Result<std::vector<Reading>> Remote::set(const std::string& address,
                                               const std::string& value) {
    const OscMessage message{address, {OscArg::text(value)}};
    if (param::find_action(address) != nullptr)
        return act(address,
                   value.empty() ? std::vector<std::string>{} : std::vector<std::string>{value});
    if (const auto done = settle(message); !done) return done.error();
    return get(address);
}

base::Result<std::vector<Reading>> Remote::act(const std::string& address,
                                               const std::vector<std::string>& words) {
    OscMessage message{address};
    const param::Action* action = param::find_action(address);
    std::string types;
    for (const char tag : action->types)
        if (tag != '?') types += tag;
    if (types.size() == 1 && !words.empty()) {
        // "verse 2" need not be in quotes where nothing else can follow.
        std::string all = words.front();
        for (std::size_t i = 1; i < words.size(); ++i) all += " " + words[i];
        message.args.push_back(argument(types.front(), all));
    } else {
        for (std::size_t i = 0; i < words.size(); ++i)
            message.args.push_back(argument(i < types.size() ? types[i] : 's', words[i]));
    }
    if (action->is_list) return ask_list(message);
    const auto patience = address == "/midi/learn" ? kLesson : kPatience;
    const auto answer = client_.request(message, patience, address == "/ping" ? "/pong" : address);
    if (!answer) return answer.error();
    return std::vector{reading(*answer)};
}

base::Result<std::vector<Reading>> Remote::ask_list(const OscMessage& question) {
    if (const auto sent = client_.send(question); !sent) return sent.error();
    std::vector<Reading> all;
    for (;;) {
        const auto message = next();
        if (!message) return message.error();
        if (is_error_about(*message, question.address))
            return Error{message->args[1].as_text(), question.address};
        if (message->address == question.address + "/end") return all;
        if (message->address == question.address) all.push_back(reading(*message));
    }
}

// A desk answers in the order in which it was asked: when /pong comes, there was no complaint.
Status Remote::settle(const OscMessage& message) {
    if (const auto sent = client_.send(message); !sent) return sent.error();
    if (const auto sent = client_.send({"/ping"}); !sent) return sent.error();
    for (;;) {
        const auto answer = next();
        if (!answer) return answer.error();
        if (answer->address == "/pong") return Done{};
        if (is_error_about(*answer, message.address))
            return Error{answer->args[1].as_text(), message.address};
    }
}

base::Result<OscMessage> Remote::next() {
    const auto until = Clock::now() + kPatience;
    while (Clock::now() < until) {
        auto message =
            client_.receive(std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()));
        if (!message) return message.error();
        if (*message) return std::move(**message);
    }
    return no_answer();
}

// A renewed subscription sends everything again.
bool Remote::is_news(const Reading& reading) {
    const auto [known, is_new] = told_.try_emplace(reading.address, reading.text);
    if (is_new) return true;
    return std::exchange(known->second, reading.text) != reading.text;
}

Status Remote::watch(Stream stream, const std::string& pattern, const std::atomic<bool>& stop,
                     const std::function<void(const Reading&)>& tell) {
    const bool is_meters = stream == Stream::meters;
    OscMessage subscribe{is_meters ? "/meters" : "/subscribe"};
    if (!pattern.empty()) subscribe.args.push_back(OscArg::text(pattern));
    if (is_meters) subscribe.args.push_back(OscArg::number(kMetersPerSecond));
    subscribe.args.push_back(OscArg::integer(kLease));
    auto renewal = Clock::now();
    auto heard = renewal;
    while (!stop.load(std::memory_order_relaxed)) {
        if (Clock::now() >= renewal) {
            if (const auto sent = client_.send(subscribe); !sent) return sent.error();
            if (const auto sent = client_.send({"/ping"}); !sent) return sent.error();
            renewal = Clock::now() + kRenew;
        }
        const auto message = client_.receive(200ms);
        if (!message) return message.error();
        if (!*message) {
            if (Clock::now() - heard > kRenew + kPatience) return no_answer();
            continue;
        }
        heard = Clock::now();
        if (is_error_about(**message, subscribe.address))
            return Error{(*message)->args[1].as_text(), pattern};
        const Reading now = reading(**message);
        const bool is_reply =
            now.address == "/synced" || now.address == "/pong" || now.address == "/error";
        if (!is_reply && (is_meters || is_news(now))) tell(now);
    }
    return settle({"/unsubscribe"});
}

}  // namespace mixrig::app
