// One surface's wire: what it shows and is to show, at the pace of MIDI, and which of its messages
// are only echoes of ours.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/midi/message.h"
#include "src/midi/port.h"

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>

namespace mixrig::midi {

// A 5-pin cable carries 3125 bytes a second, and what ALSA cannot pass on in time is lost. In no
// second more than that is sent: 3000, and 125 at once after a rest.
inline constexpr double kBytesPerSecond = 3000.0;
inline constexpr double kBytesAtOnce = 125.0;

// Where something is shown: a lamp, a motor, a part of a display. Lower ones go first.
using Place = std::uint32_t;
inline constexpr Place kPlaceProbe = 0;

class Wire {
public:
    Wire(PortId port, std::string name) : port_(port), name_(std::move(name)) {}

    PortId port() const { return port_; }
    const std::string& name() const { return name_; }  // "Client:Port"

    // To be shown there. Sent when it differs from what is, the last of many only.
    void want(Place place, Bytes message);
    // To be sent even if it was sent before: meters fall by themselves.
    void want_again(Place place, Bytes message);
    // The surface did this itself.
    void shows(Place place, Bytes message);
    // What is shown there is not known any more, and nothing is wanted.
    void forget(Place place);
    void forget_all();

    // Sends what waits, as far as the wire has room. Times are ns.
    void send(std::int64_t now, const PortSide& ports);
    bool is_settled() const { return waiting_.empty(); }

    // What an echoing surface gives away: it sends this back as it is.
    void probe(Place place, Bytes message);
    bool is_probe(View message);
    bool echoes() const { return echoes_; }
    // Whether this is what was sent for some place: then it says nothing. Each echo counts once.
    enum class Sense : std::uint8_t { position, button };
    bool is_echo(View message, Sense sense, std::int64_t now);

private:
    struct Cell {
        Bytes wanted = {}, shown = {};
        std::int64_t sent = 0;
        bool again = false;
    };
    struct Sent {
        Bytes message;
        std::int64_t at;
    };
    void update(Place place, const Cell& cell);
    void remember(const Bytes& message, std::int64_t now);

    PortId port_;
    std::string name_;
    std::map<Place, Cell> cells_;
    std::set<Place> waiting_;
    double room_ = kBytesAtOnce;
    std::int64_t room_at_ = 0;
    std::deque<Sent> sent_;
    Bytes probe_;
    bool echoes_ = false;
};

}  // namespace mixrig::midi
