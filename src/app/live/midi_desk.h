// MIDI surfaces on a running desk: what they ask goes through the one door like everybody's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "control/osc_hooks.h"
#include "src/app/errands.h"
#include "src/midi/sequencer.h"
#include "src/midi/surfaces.h"
#include "src/monitor/log.h"
#include "src/session/midi_maps.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::app {

struct MidiHooks {
    std::function<std::span<const control::MeterLine>()> meters = {};
    // What an action has to say later.
    std::function<void(control::Origin, std::string_view, const base::Result<control::Answer>&)>
        answer = {};
    std::function<void()> wake = {};  // [any]
};

// [control] All of it.
class MidiDesk {
public:
    // Learnt maps are kept in `learnt`; empty: nowhere. Fails if a map is wrong. `desk` and `log`
    // must outlive it.
    static base::Result<std::unique_ptr<MidiDesk>> open(const session::MidiConfig& config,
                                                        std::filesystem::path learnt,
                                                        control::Desk& desk, monitor::Log& log,
                                                        MidiHooks hooks);
    ~MidiDesk();  // waits for the disk and, half a second at most, for what surfaces are told
    MidiDesk(const MidiDesk&) = delete;
    MidiDesk& operator=(const MidiDesk&) = delete;

    void turn(std::int64_t now);

    static bool knows(std::string_view address) { return address.starts_with("/midi/"); }
    base::Result<control::Answer> act(const control::ActionCall& call);

private:
    MidiDesk(const session::MidiConfig& config, midi::SurfacesConfig surfaces,
             std::filesystem::path learnt, control::Desk& desk, monitor::Log& log, MidiHooks hooks);
    midi::DeskSide desk_side();
    std::optional<midi::Level> level(param::Kind kind, std::size_t strip);
    void finger(param::Slot slot, bool down);
    void renew_holds(std::int64_t now);
    void find_meters(std::span<const control::MeterLine> lines);
    base::Result<control::Answer> learn(const control::ActionCall& call);
    base::Result<control::Answer> forget(std::string_view address);
    base::Result<control::Answer> list() const;
    base::Result<control::Answer> ports() const;
    void keep_learnt();
    void part();

    control::Desk& desk_;
    monitor::Log& log_;
    MidiHooks hooks_;
    std::filesystem::path learnt_;
    control::Origin origin_;
    Errands errands_;
    midi::Sequencer sequencer_;
    midi::Surfaces surfaces_;
    std::size_t observer_;
    std::string problem_ = {};
    std::set<param::Slot> fingers_ = {};  // rest on these
    std::int64_t renewed_ = 0;
    // Readings of this moment, and which of them belongs to a strip, by kind.
    std::span<const control::MeterLine> lines_ = {};
    std::int64_t lines_at_ = 0;
    std::array<std::vector<std::size_t>, param::kKinds> meter_of_ = {};
};

}  // namespace mixrig::app
