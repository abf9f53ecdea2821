// SCTP over DTLS as far as a data channel takes it that neither orders nor repeats (RFC 4960, 8261,
// 8831).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/outlet.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

namespace mixrig::control::rtc {

// The side that waits to be called, which browsers do, and that has something to say: messages on
// stream 0, each whole in one packet, sent once. What was lost is forgotten, so nothing is kept but
// when each was sent.
//
// A library would do it all, and more than helps: measured with usrsctp, its congestion control
// lets 12 packets a second through where one in five is lost each way at 200 ms, because it takes
// each loss for a full line. Here the pace is that of OSC over UDP (Subscriptions), and slows to a
// trickle when nothing comes back.
class Sctp {
public:
    // Of a packet with one message: RFC 4960 sections 3.1 and 3.3.1, RFC 3758 section 3.2.
    static constexpr std::size_t kOverhead = 12 + 16 + 8;
    // What was sent so long ago does not come any more. Browsers bear no more than 256 messages
    // between the newest and the oldest that may still come.
    static constexpr std::int64_t kForgottenAfter = 400'000'000;
    static constexpr std::size_t kMostOnTheWay = 160;
    // After so long without an acknowledgement only every so often something is sent.
    static constexpr std::int64_t kSilence = 3'000'000'000, kTrickle = 300'000'000;

    explicit Sctp(std::function<void(Bytes packet)> send);

    void take(Bytes packet, std::int64_t now);
    bool is_open() const { return state_ == State::open; }
    bool is_gone() const { return state_ == State::gone; }
    // `full` before it is open, and when it waits for a sign of life.
    Sent send(Bytes message, std::int64_t now);
    // Some times a second: tells what will not come any more, if nothing else is sent.
    void turn(std::int64_t now);
    // Says that this was all.
    void end();

private:
    enum class State : std::uint8_t { waiting, open, gone };
    struct Peer {
        std::uint16_t port = 0;
        std::uint32_t tag = 0;
        std::uint32_t received = 0;  // number of its last message
    };

    void take_chunk(std::uint8_t type, Bytes body, std::int64_t now);
    void answer(std::uint8_t type, Bytes body = {});
    void answer_call(Bytes body);
    void take_cookie(Bytes body, std::int64_t now);
    void take_acknowledgement(Bytes body, std::int64_t now);
    void take_message(Bytes body);
    void forget(std::int64_t now);
    bool owes_forward() const { return forgotten_ != acknowledged_; }

    std::function<void(Bytes)> send_;
    State state_ = State::waiting;
    std::uint32_t tag_, first_;
    Peer peer_ = {};
    std::uint16_t port_ = 0;  // ours
    // Numbers of messages, modulo 2^32: the next; up to which all are acknowledged; and up to which
    // none will be sent again, which is not before that.
    std::uint32_t next_, acknowledged_, forgotten_;
    std::deque<std::int64_t> sent_ = {};  // when, of those behind forgotten_
    std::int64_t heard_ = 0, said_ = 0;
    bool owes_acknowledgement_ = false;
    int answers_ = 0;  // to the packet that is being taken
};

}  // namespace mixrig::control::rtc
