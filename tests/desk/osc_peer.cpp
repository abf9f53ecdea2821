// liblo's own client.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/desk/osc_peer.h"

#include <lo/lo.h>

#include <cstring>
#include <limits>
#include <utility>

namespace mixrig::tests {

namespace {

lo_message encode(const Message& message) {
    lo_message out = lo_message_new();
    for (const Message::Argument& argument : message.arguments) {
        if (const auto* i = std::get_if<std::int32_t>(&argument)) lo_message_add_int32(out, *i);
        if (const auto* f = std::get_if<float>(&argument)) lo_message_add_float(out, *f);
        if (const auto* d = std::get_if<double>(&argument)) lo_message_add_double(out, *d);
        if (const auto* s = std::get_if<std::string>(&argument))
            lo_message_add_string(out, s->c_str());
        if (const auto* b = std::get_if<bool>(&argument))
            *b ? lo_message_add_true(out) : lo_message_add_false(out);
    }
    return out;
}

lo_timetag after(int milliseconds) {
    if (milliseconds == 0) return {0, 1};  // at once
    lo_timetag now;
    lo_timetag_now(&now);
    const std::uint64_t fraction =
        now.frac + static_cast<std::uint64_t>(milliseconds) * ((std::uint64_t{1} << 32) / 1000);
    return {now.sec + static_cast<std::uint32_t>(fraction >> 32),
            static_cast<std::uint32_t>(fraction)};
}

}  // namespace

float Message::number(std::size_t i) const {
    if (i >= arguments.size()) return std::numeric_limits<float>::quiet_NaN();
    if (const auto* f = std::get_if<float>(&arguments[i])) return *f;
    if (const auto* n = std::get_if<std::int32_t>(&arguments[i])) return static_cast<float>(*n);
    return std::numeric_limits<float>::quiet_NaN();
}

std::string Message::text(std::size_t i) const {
    const auto* s = i < arguments.size() ? std::get_if<std::string>(&arguments[i]) : nullptr;
    return s != nullptr ? *s : std::string();
}

std::string say(const Message& message) {
    std::string out = message.address;
    for (std::size_t i = 0; i < message.arguments.size(); ++i) {
        const bool is_text = std::holds_alternative<std::string>(message.arguments[i]);
        out += is_text ? " \"" + message.text(i) + "\"" : " " + std::to_string(message.number(i));
    }
    return out;
}

OscPeer::OscPeer(std::uint16_t port, Wire wire)
    : server_(lo_server_new_with_proto(nullptr, wire == Wire::udp ? LO_UDP : LO_TCP, nullptr)),
      target_(lo_address_new_with_proto(wire == Wire::udp ? LO_UDP : LO_TCP, "127.0.0.1",
                                        std::to_string(port).c_str())) {
    REQUIRE(server_ != nullptr);
    REQUIRE(target_ != nullptr);
    if (wire == Wire::slip) lo_address_set_stream_slip(target_, 1);
    lo_server_add_method(
        server_, nullptr, nullptr,
        [](const char* path, const char* types, lo_arg** values, int count, lo_message message,
           void* self) {
            return on_message(path, types, reinterpret_cast<void**>(values), count, message, self);
        },
        this);
}

OscPeer::~OscPeer() {
    lo_server_free(server_);
    lo_address_free(target_);
}

namespace {

template <typename T>
T read(const void* from) {
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

}  // namespace

int OscPeer::on_message(const char* path, const char* types, void** values, int count, void*,
                        void* self) {
    Message message{path, {}};
    for (int i = 0; i < count; ++i) {
        // In a packet numbers stand at every fourth byte: less than lo_arg would have it.
        const void* const value = values[i];
        switch (types[i]) {
            case 'i':
                message.arguments.emplace_back(read<std::int32_t>(value));
                break;
            case 'f':
                message.arguments.emplace_back(read<float>(value));
                break;
            case 's':
                message.arguments.emplace_back(std::string(static_cast<const char*>(value)));
                break;
            default:
                message.arguments.emplace_back("type " + std::string(1, types[i]));
        }
    }
    static_cast<OscPeer*>(self)->received_.push_back(std::move(message));
    return 0;
}

bool OscPeer::send(const Message& message) {
    lo_message encoded = encode(message);
    const int sent = lo_send_message_from(target_, server_, message.address.c_str(), encoded);
    lo_message_free(encoded);
    return sent > 0;
}

void OscPeer::send_bundle(const std::vector<Message>& messages, int in_milliseconds) {
    lo_bundle bundle = lo_bundle_new(after(in_milliseconds));
    for (const Message& message : messages)
        lo_bundle_add_message(bundle, message.address.c_str(), encode(message));
    CHECK(lo_send_bundle_from(target_, server_, bundle) > 0);
    lo_bundle_free_recursive(bundle);
}

void OscPeer::receive(int milliseconds) {
    if (lo_server_recv_noblock(server_, milliseconds) <= 0) return;
    while (lo_server_recv_noblock(server_, 0) > 0) {
    }
}

std::vector<Message> OscPeer::take() {
    receive(0);
    return std::exchange(received_, {});
}

std::optional<Message> OscPeer::wait(const std::string& address, Milliseconds limit) {
    std::optional<Message> found;
    (void)poll_until(
        [&] {
            receive(1);
            for (std::size_t i = 0; i < received_.size(); ++i) {
                if (received_[i].address != address) continue;
                found = received_[i];
                received_.erase(received_.begin(),
                                received_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
                return true;
            }
            return false;
        },
        limit);
    return found;
}

Message OscPeer::get(const std::string& address) {
    CHECK(send({address, {}}));
    const auto answer = wait(address);
    CHECK_MESSAGE(answer.has_value(), address << " was not answered");
    return answer.value_or(Message{});
}

}  // namespace mixrig::tests
