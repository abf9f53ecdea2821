// Virtual surfaces and the desk behind them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/midi/rig.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace mixrig::tests {

using midi::Incoming;

void VirtualSurface::told(midi::View bytes, std::int64_t now) {
    traffic.emplace_back(now, bytes.size());
    midi::for_each_message(bytes, [&](midi::View message) {
        ++messages;
        const midi::Message one = midi::read(message);
        switch (one.kind) {
            case midi::Kind::note:
                lamps[one.number] = one.value;
                break;
            case midi::Kind::bend:
                motors[one.channel] = one.value;
                if (one.channel < fingers.size() && fingers[one.channel]) ++moved_under_finger;
                break;
            case midi::Kind::cc:
                controllers[{one.channel, one.number}] = one.value;
                break;
            case midi::Kind::pressure:
                meters[one.value >> 4] = one.value & 0x0fu;
                break;
            case midi::Kind::sysex:
                told_sysex(message);
                break;
            case midi::Kind::other:
                FAIL("a surface was told what is no message");
        }
    });
}

void VirtualSurface::told_sysex(midi::View bytes) {
    REQUIRE(bytes.back() == midi::kEndOfSysex);
    if (bytes.size() < 7 || bytes[3] != 0x66) return;
    if (bytes[5] != midi::kColours && bytes[5] != midi::kDisplay)
        sysex.emplace_back(bytes.begin(), bytes.end());
    const midi::View data = bytes.subspan(6, bytes.size() - 7);
    if (bytes[5] == midi::kColours) colours.assign(data.begin(), data.end());
    if (bytes[5] != midi::kDisplay) return;
    REQUIRE(data[0] + data.size() - 1 <= display.size());
    std::copy(data.begin() + 1, data.end(), display.begin() + data[0]);
}

std::size_t VirtualSurface::most_in_a_second() const {
    std::size_t most = 0, sum = 0, first = 0;
    for (std::size_t i = 0; i < traffic.size(); ++i) {
        sum += traffic[i].second;
        while (traffic[i].first - traffic[first].first >= 1000 * kMillisecond)
            sum -= traffic[first++].second;
        most = std::max(most, sum);
    }
    return most;
}

Rig::Rig(midi::SurfacesConfig config, param::DeskShape shape)
    : layout(std::move(shape)), values(layout) {
    surfaces.emplace(
        layout,
        midi::DeskSide{
            .get = [this](param::Slot at) { return values.get(at); },
            .set =
                [this](param::Slot at, const param::Value& value) {
                    ++sets;
                    if (refuses) return false;
                    values.set(at, {layout.clamp(at, value.number), value.text});
                    surfaces->changed();
                    return true;
                },
            .act =
                [this](std::string_view address, std::span<const midi::Argument> words) {
                    acts.emplace_back(address, std::vector(words.begin(), words.end()));
                    return !refuses;
                },
            .touch = [this](param::Slot at,
                            bool down) { touches.emplace_back(layout.address(at), down); },
            .tell = [this](const std::string& text) { log.push_back(text); },
            .level = [this](param::Kind kind, std::size_t strip) -> std::optional<midi::Level> {
                const auto at = levels.find({kind, strip});
                if (at == levels.end()) return std::nullopt;
                return at->second;
            }},
        midi::PortSide{
            .send = [this](midi::PortId port, midi::View bytes) { return send(port, bytes); },
            .take = [this] { return take(); }},
        std::move(config));
}

midi::PortId Rig::plug(VirtualSurface& surface, const std::string& name) {
    const midi::PortId port = ++last_;
    plugged_[port] = &surface;
    on_the_way_.push_back({now,
                           {.what = Incoming::What::opened,
                            .port = port,
                            .client = static_cast<int>(port),
                            .name = name}});
    return port;
}

void Rig::unplug(midi::PortId port) {
    plugged_.erase(port);
    on_the_way_.push_back({now, {.what = Incoming::What::closed, .port = port}});
}

void Rig::play(midi::PortId port, midi::Bytes bytes) {
    on_the_way_.push_back(
        {now, {.what = Incoming::What::message, .port = port, .bytes = std::move(bytes)}});
}

bool Rig::send(midi::PortId port, midi::View bytes) {
    if (!has_room) return false;
    const auto surface = plugged_.find(port);
    if (surface == plugged_.end()) return true;
    surface->second->told(bytes, now);
    if (const auto echo = echoes.find(port); echo != echoes.end()) {
        std::uniform_int_distribution<int> late(echo->second.least_ms, echo->second.most_ms);
        midi::for_each_message(bytes, [&](midi::View message) {
            if (message.front() == midi::kSysex && !echo->second.sysex) return;
            on_the_way_.push_back({now + late(random_) * kMillisecond,
                                   {.what = Incoming::What::message,
                                    .port = port,
                                    .bytes = midi::Bytes(message.begin(), message.end())}});
        });
    }
    return true;
}

std::vector<Incoming> Rig::take() {
    std::vector<Incoming> out;
    std::erase_if(on_the_way_, [&](OnTheWay& one) {
        if (one.at > now) return false;
        out.push_back(std::move(one.what));
        return true;
    });
    return out;
}

void Rig::run(int milliseconds) {
    for (int i = 0; i < milliseconds; ++i) {
        now += kMillisecond;
        surfaces->turn(now);
    }
}

param::Slot Rig::slot(const std::string& address) const {
    const auto at = layout.find(address);
    REQUIRE_MESSAGE(at, address);
    return *at;
}

float Rig::number(const std::string& address) const {
    return values.number(slot(address));
}

void Rig::set(const std::string& address, const std::string& text) {
    const auto value = layout.parse(slot(address), text);
    REQUIRE(value);
    values.set(slot(address), *value);
    surfaces->changed();
}

}  // namespace mixrig::tests
