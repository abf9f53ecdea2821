// What a client is sent again and again: leaves, meters, blobs of leaves.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/server.h"
#include "control/x32/text.h"

#include <algorithm>
#include <charconv>

namespace mixrig::control::x32 {
namespace {

constexpr std::size_t kMostLeaves = 256;  // of a blob: 1 KiB of numbers
constexpr std::size_t kMostBlob = 1400;   // bytes: a datagram
constexpr std::size_t kTextInBlob = 32;
constexpr LeafId kUnknown = static_cast<LeafId>(-1);
constexpr std::size_t kLongestName = 128;
constexpr int kPagesMeter = 5, kStripMeter = 6, kAirStripMeter = 0;

std::int64_t period_of(std::int32_t factor) {
    return factor >= 1 && factor <= 99 ? factor * kStep : kStep;
}

// "/meters/6" or "meters/6"; -1 if it is none.
int meter_of(std::string_view name) {
    name = without_slash(name);
    constexpr std::string_view kMeters = "meters/";
    if (!name.starts_with(kMeters)) return -1;
    name.remove_prefix(kMeters.size());
    int number = -1;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    return error == std::errc{} && end == name.data() + name.size() ? number : -1;
}

// The texts in front, and the numbers behind them.
struct Sorted {
    std::vector<std::string_view> texts;
    std::vector<std::int32_t> numbers;

    explicit Sorted(const std::vector<Argument>& arguments) {
        for (const Argument& argument : arguments) {
            if (argument.tag == 's')
                texts.push_back(argument.text);
            else
                numbers.push_back(argument.tag == 'f' && argument.real >= 0.0f &&
                                          argument.real < 1e6f
                                      ? static_cast<std::int32_t>(argument.real)
                                      : argument.whole);
        }
    }
    std::int32_t number(std::size_t i) const { return i < numbers.size() ? numbers[i] : 0; }
};

// "/ch/**/mix/on" with 6: "/ch/06/mix/on".
std::string filled(std::string_view pattern, std::int32_t number) {
    const std::size_t begin = pattern.find('*');
    std::size_t end = begin;
    while (end < pattern.size() && pattern[end] == '*') ++end;
    return std::string(pattern.substr(0, begin)) +
           padded(static_cast<std::size_t>(number), end - begin) + std::string(pattern.substr(end));
}

}  // namespace

void Server::add_value(Blob& out, LeafId leaf) const {
    const Store& store = seen(leaf);
    const Encoding& is = store.encoding(leaf);
    if (is.form == Form::text)
        out.text(store.text(leaf), kTextInBlob);
    else if (is.is_float())
        out.real(is.wire(store.step(leaf)));
    else
        out.word(store.step(leaf));
}

void Server::subscribe(const Message& message) {
    const Sorted said(message.arguments);
    if (said.texts.size() != 1 || said.texts[0].size() > kLongestName) return;
    Stream stream{.name = std::string(said.texts[0]), .period = period_of(said.number(0))};
    if (const int meter = meter_of(stream.name); meters_.knows(meter)) {
        stream.meter = meter;
    } else {
        const auto leaf = surface_.tree().find_leaf(stream.name);
        if (!leaf) return;
        stream.leaves = {*leaf};
        stream.is_blob = false;
    }
    (void)client_->add(std::move(stream), now_);
}

void Server::subscribe_batch(const Message& message) {
    const Sorted said(message.arguments);
    if (said.texts.size() != 2 || said.texts[0].size() > kLongestName ||
        !meters_.knows(meter_of(said.texts[1])))
        return;
    (void)client_->add({.name = std::string(said.texts[0]),
                        .meter = meter_of(said.texts[1]),
                        .parameters = {said.number(0), said.number(1)},
                        .period = period_of(said.number(2))},
                       now_);
}

void Server::subscribe_format(const Message& message) {
    const Sorted said(message.arguments);
    if (said.texts.size() < 2 || said.texts[0].size() > kLongestName) return;
    Stream stream{.name = std::string(said.texts[0]), .period = period_of(said.number(2))};
    const auto add = [&](std::string_view address) {
        if (stream.leaves.size() < kMostLeaves)
            stream.leaves.push_back(surface_.tree().find_leaf(address).value_or(kUnknown));
    };
    const std::int32_t first = std::clamp(said.number(0), 0, 9999);
    const std::int32_t last =
        std::clamp(said.number(1), first, first + static_cast<std::int32_t>(kMostLeaves));
    for (const std::string_view pattern : std::span(said.texts).subspan(1)) {
        if (pattern.find('*') == std::string_view::npos)
            add(pattern);
        else
            for (std::int32_t n = first; n <= last; ++n) add(filled(pattern, n));
    }
    (void)client_->add(std::move(stream), now_);
}

// How many of the numbers behind the name say what is metered; the one behind them is the time.
std::size_t Server::meter_parameters(int meter, std::size_t given) const {
    if (given >= 3) return 2;
    if (is_air()) return meter == kAirStripMeter ? 1 : 0;
    return meter == kPagesMeter ? 2 : meter == kStripMeter ? 1 : 0;
}

void Server::subscribe_meters(const Message& message) {
    const Sorted said(message.arguments);
    if (said.texts.size() != 1) return;
    const int meter = meter_of(said.texts[0]);
    if (!meters_.knows(meter)) return;
    const std::size_t parameters = meter_parameters(meter, said.numbers.size());
    Stream stream{.name = "/meters/" + std::to_string(meter),
                  .meter = meter,
                  .period = period_of(said.number(parameters))};
    for (std::size_t i = 0; i < parameters; ++i) stream.parameters[i] = said.number(i);
    (void)client_->add(std::move(stream), now_);
}

void Server::renew(const Message& message) {
    const Sorted said(message.arguments);
    client_->renew(said.texts.empty() ? std::string_view{} : said.texts[0], now_);
}

void Server::unsubscribe(const Message& message) {
    const Sorted said(message.arguments);
    client_->remove(said.texts.empty() ? std::string_view{} : said.texts[0]);
}

std::span<const MeterLine> Server::meter_lines() {
    if (lines_.empty() && hooks_.meters) lines_ = hooks_.meters();
    return lines_;
}

void Server::send_streams() {
    lines_ = {};
    for (Client& client : clients_.all())
        for (Stream& stream : client.streams)
            if (stream.due <= now_) send(client, stream);
}

// Who was late does not get two at once.
void Server::send(Client& client, Stream& stream) {
    stream.due = std::max(stream.due + stream.period, now_ + stream.period / 2);
    if (!stream.is_blob)
        return send(client.address, leaf_packet(stream.leaves.front()), Urgency::meters);
    Blob blob;
    if (stream.meter >= 0) {
        const std::int32_t selected = selected_ ? surface_.store().step(*selected_) : 0;
        auto meter = meters_.blob(stream.meter, stream.parameters, selected, meter_lines());
        if (!meter) return;
        blob = std::move(*meter);
    } else {
        Blob values;
        for (const LeafId leaf : stream.leaves) {
            if (values.size() + kTextInBlob > kMostBlob) break;
            if (leaf == kUnknown)
                values.word(0);
            else
                add_value(values, leaf);
        }
        blob.word(static_cast<std::int32_t>(values.size() + 4)).append(values.bytes());
    }
    Writer out(stream.name, "b");
    out.add_blob(blob.bytes());
    send(client.address, out.packet(), Urgency::meters);
}

}  // namespace mixrig::control::x32
