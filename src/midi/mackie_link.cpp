// How a Mackie Control unit and the desk get to know each other, and how they part.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/midi/mackie.h"

#include <algorithm>
#include <cctype>

namespace mixrig::midi {
namespace {

// "Logic Control User's Manual" (Emagic 2002), appendix B, "Host Connection and Initialization": a
// unit that was switched on asks the host with its serial number and a challenge, wants the same
// number and the right response within 300 ms, and confirms or denies. Until then it shows nothing.
constexpr std::uint8_t kReply = 0x02, kConfirmation = 0x03, kDenial = 0x04, kGoOffline = 0x0f,
                       kVersionRequest = 0x13, kVersion = 0x14;
constexpr std::size_t kData = 6, kSerial = 7, kChallenge = 4;
// One that was on before the desk has asked in vain, and is asked.
constexpr std::int64_t kSilent = kSecond;

Bytes sysex(std::uint8_t model, std::uint8_t what, View data = {}) {
    const std::array<std::uint8_t, kData> header = {kSysex, 0, 0, 0x66, model, what};
    Bytes out(kData + data.size() + 1, kEndOfSysex);
    std::copy(header.begin(), header.end(), out.begin());
    std::copy(data.begin(), data.end(), out.begin() + kData);
    return out;
}

// The response to a challenge, as the manual gives it.
std::array<std::uint8_t, kChallenge> response_to(View challenge) {
    const unsigned a = challenge[0], b = challenge[1], c = challenge[2], d = challenge[3];
    const auto seven = [](unsigned value) { return static_cast<std::uint8_t>(value & 0x7fu); };
    return {seven(a + (b ^ 0x0au) - d), seven((c >> 4) ^ (a + d)), seven((d - (c << 2)) ^ (a | b)),
            seven(b - c + (0xf0u ^ (d << 4)))};
}

}  // namespace

void Mackie::connect(std::size_t unit, Wire& wire) {
    Unit fresh;
    fresh.wire = &wire;
    std::string name = wire.name();
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto says = [&](std::string_view word) { return name.find(word) != std::string::npos; };
    if (says("ext") || says(" xt")) fresh.model = kModelExtender;
    fresh.has_colours = says("x-touch");
    units_[unit] = fresh;
    // An answer tells the model.
    wire.probe(kPlaceProbe, sysex(fresh.model, kDeviceQuery));
}

void Mackie::disconnect(std::size_t unit) {
    const Unit gone = units_[unit];
    for (std::size_t fader = 0; fader < gone.touched.size(); ++fader)
        if (gone.touched[fader]) desk_.touch(gone.held[fader], false);
    units_[unit] = {};
}

void Mackie::hear_sysex(Unit& unit, View bytes) {
    if (bytes.size() < kData + 1 || bytes[1] != 0 || bytes[2] != 0 || bytes[3] != 0x66) return;
    const View data = bytes.subspan(kData, bytes.size() - kData - 1);
    switch (bytes[5]) {
        case kQueryAnswer:
            unit.model = bytes[4];
            return answer_query(unit, data);
        case kConfirmation:
            // It has forgotten what it showed.
            unit.wire->forget_all();
            return ask_version(unit);
        case kDenial:
            return desk_.tell(unit.wire->name() + " denies the connection");
        case kVersion: {
            std::string version;
            for (const std::uint8_t c : data)
                if (c > 0x20 && c < 0x7f) version += static_cast<char>(c);
            return desk_.tell(unit.wire->name() + " has firmware " + version);
        }
        default:
            return;
    }
}

void Mackie::answer_query(Unit& unit, View data) {
    if (!is_logic_control(unit.model)) ask_version(unit);
    if (data.size() != kSerial + kChallenge) return;
    Bytes answer(data.begin(), data.begin() + kSerial);
    const auto response = response_to(data.subspan(kSerial));
    answer.insert(answer.end(), response.begin(), response.end());
    unit.wire->want_again(kPlaceReply, sysex(unit.model, kReply, answer));
}

void Mackie::ask_version(Unit& unit) {
    constexpr std::array<std::uint8_t, 1> kNothing = {0};
    unit.wire->want_again(kPlaceVersion, sysex(unit.model, kVersionRequest, kNothing));
}

void Mackie::ask_silent(Unit& unit, std::int64_t now) {
    if (unit.was_heard || unit.was_asked) return;
    if (unit.since == 0) unit.since = now;
    if (now - unit.since < kSilent) return;
    unit.was_asked = true;
    const bool extends = is_extender(unit.model);
    unit.wire->want(kPlaceQuery, sysex(extends ? kLogicControlXT : kLogicControl, kDeviceQuery));
}

// Lights off, displays empty, faders down. A Logic Control does that by itself when it goes
// offline, and asks the next host again.
void Mackie::part() {
    for (std::size_t unit = 0; unit < units_.size(); ++unit) {
        const Unit& at = units_[unit];
        if (at.wire == nullptr) continue;
        darken(unit);
        constexpr std::array<std::uint8_t, 1> kAll = {0x7f};
        if (is_logic_control(at.model))
            at.wire->want(kPlaceOffline, sysex(at.model, kGoOffline, kAll));
    }
}

}  // namespace mixrig::midi
