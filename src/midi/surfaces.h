// All MIDI surfaces of a desk: who is plugged in, what they do, what they are told.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/midi/controllers.h"
#include "src/midi/desk_side.h"
#include "src/midi/learner.h"
#include "src/midi/mackie.h"
#include "src/midi/port.h"
#include "src/midi/wire.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::midi {

struct SurfacesConfig {
    // Mackie Control units from left to right, each by a part of its port's name.
    std::vector<std::string> units = {};
    // Of plain controllers: from files, and learnt.
    std::vector<Mapping> mappings = {}, learnt = {};
};

// What was learnt, or why nothing was.
using Learnt = base::Result<Mapping>;

// [control] All of it. Times are ns.
class Surfaces {
public:
    Surfaces(const param::Layout& layout, DeskSide desk, PortSide ports, SurfacesConfig config);

    // Hears what came in and tells what has changed. To be called every few milliseconds.
    void turn(std::int64_t now);
    // The desk goes: its surfaces are told to show nothing, in the turns that follow, and hear
    // nothing any more. Whether all of them have been.
    void part();
    bool has_parted() const;
    // Something on the desk is different.
    void changed() { changed_ = true; }

    // The control that is moved next moves this. `done` is called once, in turn().
    void learn(std::string address, std::optional<Mode> mode, std::int64_t now,
               std::function<void(const Learnt&)> done);
    // How many learnt maps to this address there were.
    std::size_t forget(std::string_view address);
    const std::vector<Mapping>& learnt() const { return learnt_; }
    const std::vector<Mapping>& mappings() const { return controllers_.mappings(); }

    struct Plugged {
        std::string name;
        std::optional<std::size_t> unit;  // its place from the left; nothing for a plain controller
    };
    std::vector<Plugged> plugged() const;

private:
    struct Port {
        std::unique_ptr<Wire> wire;
        int client;
        std::optional<std::size_t> unit;
    };
    void open(const Incoming& what);
    void close(PortId port);
    void hear(const Incoming& what, std::int64_t now);
    void send(std::int64_t now);
    void watch_learner(std::int64_t now);
    std::optional<std::size_t> unit_for(const Incoming& what) const;
    void use_mappings();

    const param::Layout& layout_;
    DeskSide desk_;
    PortSide ports_;
    SurfacesConfig config_;
    std::vector<Mapping> learnt_;
    Mackie mackie_;
    Controllers controllers_;
    std::map<PortId, Port> plugged_;
    std::vector<std::optional<PortId>> units_;  // who is the unit
    Learner learner_;
    Mapping lesson_;
    std::optional<Mode> lesson_mode_;
    std::function<void(const Learnt&)> learnt_by_;
    bool changed_ = true;
    bool parts_ = false;
    std::int64_t shown_ = 0, meters_shown_ = 0, refreshed_ = 0;
};

// Whether a port is one that this desk uses: a unit, or a controller by one of these parts of
// names. What passes everything on to everybody is used only by its name.
bool is_wanted(std::string_view port, const SurfacesConfig& config,
               const std::vector<std::string>& controllers);

}  // namespace mixrig::midi
