// SCTP, the side that is called.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rtc/sctp.h"

#include "control/rtc/sctp_wire.h"

#include <algorithm>
#include <array>
#include <openssl/rand.h>
#include <utility>

namespace mixrig::control::rtc {
namespace {

constexpr std::uint32_t kBinary = 53;          // RFC 8831 section 8
constexpr std::uint32_t kWindow = 64 << 10;    // bytes that we would take; nothing is kept
constexpr std::uint16_t kStreams = 0xFFFF;     // as many as the browser likes
constexpr std::uint8_t kWholeUnordered = 0x7;  // RFC 4960 section 3.3.1: U, B, E
constexpr std::uint8_t kAtOnce = 0x8;          // RFC 7053: the acknowledgement does not wait
// Parameters of the beginning: RFC 4960 section 3.3.3.1, RFC 3758 section 3.1, RFC 5061
// section 4.2.7.
constexpr std::uint16_t kStateCookie = 7, kForwardSupported = 0xC000, kExtensions = 0x8008;
// The peer is alone in its DTLS: what it has to bring back needs no secret.
constexpr std::array<std::uint8_t, 4> kCookieText = {'d', 'e', 's', 'k'};

std::uint32_t random_32() {
    std::array<std::uint8_t, 4> out = {1, 2, 3, 4};
    (void)RAND_bytes(out.data(), static_cast<int>(out.size()));
    return std::max(read_32(out), 1u);  // a tag is not zero
}

// Numbers go round.
bool is_after(std::uint32_t a, std::uint32_t b) {
    return static_cast<std::int32_t>(a - b) > 0;
}

}  // namespace

Sctp::Sctp(std::function<void(Bytes)> send)
    : send_(std::move(send)),
      tag_(random_32()),
      first_(random_32()),
      next_(first_),
      acknowledged_(first_ - 1),
      forgotten_(first_ - 1) {}

void Sctp::take(Bytes packet, std::int64_t now) {
    if (is_gone() || !is_sctp(packet)) return;
    const std::uint32_t tag = read_32(packet.subspan(4));
    const bool is_call = packet[kSctpHeader] == chunk::kInit;
    if (tag != (is_call ? 0u : tag_)) return;
    if (is_call) {
        peer_.port = read_16(packet);
        port_ = read_16(packet.subspan(2));
    }
    answers_ = 0;
    for_chunks(packet, [&](std::uint8_t type, Bytes body) {
        take_chunk(type, body, now);
        return !is_call && !is_gone();  // a call stands alone
    });
    if (std::exchange(owes_acknowledgement_, false) && is_open())
        send_(SctpWriter(port_, peer_.port, peer_.tag)
                  .chunk(chunk::kSack)
                  .put_32(peer_.received)
                  .put_32(kWindow)
                  .put_32(0)
                  .take());
}

// No packet makes us say more than a few: what it has is as long as somebody likes.
void Sctp::answer(std::uint8_t type, Bytes body) {
    constexpr int kMost = 2;
    if (++answers_ <= kMost)
        send_(SctpWriter(port_, peer_.port, peer_.tag).chunk(type).put(body).take());
}

void Sctp::take_chunk(std::uint8_t type, Bytes body, std::int64_t now) {
    switch (type) {
        case chunk::kInit:
            return answer_call(body);
        case chunk::kCookieEcho:
            return take_cookie(body, now);
        case chunk::kSack:
            return take_acknowledgement(body, now);
        case chunk::kData:
            return take_message(body);
        case chunk::kHeartbeat:
            return answer(chunk::kHeartbeatAck, body);
        case chunk::kShutdown:
            answer(chunk::kShutdownAck);
            [[fallthrough]];
        case chunk::kAbort:
        case chunk::kShutdownComplete:
            state_ = State::gone;
            return;
        default:
            return;
    }
}

// Tag, window, streams out and in, number of the first message, parameters. A second call of the
// same peer is the first once more, of another one a beginning anew.
void Sctp::answer_call(Bytes body) {
    if (body.size() < 16 || read_32(body) == 0) return;
    if (read_32(body) != peer_.tag) state_ = State::waiting;
    peer_.tag = read_32(body);
    if (!is_open()) peer_.received = read_32(body.subspan(12)) - 1;
    SctpWriter writer(port_, peer_.port, peer_.tag);
    writer.chunk(chunk::kInitAck).put_32(tag_).put_32(kWindow).put_16(kStreams).put_16(kStreams);
    writer.put_32(first_);
    writer.put_16(kStateCookie).put_16(4 + kCookieText.size()).put(kCookieText);
    writer.put_16(kForwardSupported).put_16(4);
    writer.put_16(kExtensions).put_16(5).put(std::array<std::uint8_t, 1>{chunk::kForward});
    send_(writer.take());
}

void Sctp::take_cookie(Bytes body, std::int64_t now) {
    if (peer_.tag == 0 ||
        !std::equal(body.begin(), body.end(), kCookieText.begin(), kCookieText.end()))
        return;
    if (!is_open()) {
        state_ = State::open;
        next_ = first_;
        acknowledged_ = forgotten_ = first_ - 1;
        sent_.clear();
        heard_ = now;
    }
    answer(chunk::kCookieAck);
}

void Sctp::take_acknowledgement(Bytes body, std::int64_t now) {
    if (body.size() < 12 || !is_open()) return;
    heard_ = now;
    const std::uint32_t all = read_32(body);
    if (!is_after(all, acknowledged_) || !is_after(next_, all)) return;
    acknowledged_ = all;
    for (; is_after(acknowledged_, forgotten_); ++forgotten_) sent_.pop_front();
}

// What a page says here nobody hears; it is acknowledged, in order, so that it is not said for
// ever.
void Sctp::take_message(Bytes body) {
    if (body.size() < 4 || !is_open()) return;
    if (read_32(body) == peer_.received + 1) ++peer_.received;
    owes_acknowledgement_ = true;
}

void Sctp::forget(std::int64_t now) {
    while (!sent_.empty() &&
           (now - sent_.front() >= kForgottenAfter || sent_.size() > kMostOnTheWay)) {
        sent_.pop_front();
        ++forgotten_;
    }
}

Sent Sctp::send(Bytes message, std::int64_t now) {
    if (!is_open()) return is_gone() ? Sent::gone : Sent::full;
    if (owes_forward() && now - heard_ > kSilence && now - said_ < kTrickle) return Sent::full;
    if (sent_.empty() && !owes_forward()) heard_ = now;  // nothing was due until now
    sent_.push_back(now);
    forget(now);
    said_ = now;
    SctpWriter writer(port_, peer_.port, peer_.tag);
    if (owes_forward()) writer.chunk(chunk::kForward).put_32(forgotten_);
    writer.chunk(chunk::kData, kWholeUnordered | kAtOnce);
    writer.put_32(next_++).put_32(0).put_32(kBinary).put(message);
    send_(writer.take());
    return Sent::done;
}

void Sctp::turn(std::int64_t now) {
    if (!is_open() || now - said_ < kTrickle) return;
    forget(now);
    if (!owes_forward()) return;
    said_ = now;
    send_(
        SctpWriter(port_, peer_.port, peer_.tag).chunk(chunk::kForward).put_32(forgotten_).take());
}

void Sctp::end() {
    if (is_open()) send_(SctpWriter(port_, peer_.port, peer_.tag).chunk(chunk::kAbort).take());
    state_ = State::gone;
}

}  // namespace mixrig::control::rtc
