// The automation of a running desk: lanes that are read while the song rolls, and written by hands.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/action.h"
#include "control/address_tree.h"
#include "control/desk.h"
#include "src/app/errands.h"
#include "src/app/song/automation_feed.h"
#include "src/app/song/fingers.h"
#include "src/app/song/lane_writer.h"
#include "src/app/song/markers.h"
#include "src/app/song/transport.h"
#include "src/app/undo.h"
#include "src/monitor/log.h"
#include "src/session/lanes.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::app {

// What it needs of whoever built it.
struct AutomationHooks {
    std::function<std::uint64_t()> position = {};  // frame of the engine
    // A step that can be taken back.
    std::function<void(std::string title, Undo::Deed deed)> record = {};
    // What an action has to say later.
    std::function<void(control::Origin, std::string_view address,
                       const base::Result<control::Answer>&)>
        answer = {};
    std::function<void()> wake = {};  // [any thread] there is something for turn()
};

// [control]
class Automation {
public:
    // All must outlive it. What is saved under a name is in `folder`.
    Automation(const param::Layout& layout, control::Desk& desk, monitor::Log& log,
               Transport& transport, std::filesystem::path folder, AutomationHooks hooks);
    ~Automation();
    Automation(const Automation&) = delete;
    Automation& operator=(const Automation&) = delete;

    // The engine's time begins anew, at this rate.
    void use(dsp::Hertz rate);
    // Lanes and markers of a file in place of those there are.
    base::Status load(const std::filesystem::path& file);
    // Lanes are kept here from now on, after every change; what is there is loaded as far as it
    // fits, and what cannot be read is moved aside.
    void keep_in(const std::filesystem::path& file);
    // Whether something was written or changed since it was loaded.
    bool is_edited() const { return edited_; }

    static bool knows(std::string_view address);
    // By `/touch` a finger rests on it, or does no more: what it holds is written.
    void hold(param::Slot slot, bool on);
    // A peer is gone, and with it the fingers that it had by `/automation/touch`.
    void let_go(control::Origin hand) { lift(fingers_.lift_all_of(hand)); }
    // `/automation/...` and `/marker/...`.
    base::Result<control::Answer> act(const control::ActionCall& call);

    // Follows the transport; lets go of what no hand moves any more; saves.
    void turn(std::int64_t now);
    AutomationFeed& feed() { return feed_; }
    // The live batch of this number holds what hands have said until now; the engine has begun one.
    void sent(std::uint64_t batch) { writer_.sent(batch); }
    void heard(std::uint64_t batch, std::uint64_t frame);
    // Whether a hand would be written, somewhere.
    bool may_be_written() const { return may_be_written_; }
    // A hand takes part in what the lane says now.
    bool is_ridden(param::Slot slot) const { return writer_.is_held(slot); }
    // What is to hold now in place of what a lane says now; nothing if a hand has it.
    std::optional<float> instead(param::Slot slot, float value) const {
        return writer_.value(slot, transport_.song(), value);
    }

private:
    using Call = control::ActionCall;
    using Answered = base::Result<control::Answer>;
    struct Entry;
    static const Entry* find(std::string_view address);

    // Of the song, and in which round of a loop.
    struct Moment {
        std::uint64_t song = 0, lap = 0;
    };

    // automation.cpp: time
    void note(const control::Change& change);
    void follow_roll();
    void begin(const Roll& roll);
    void stand();
    void write_from(Moment at, std::int64_t now);
    void follow_jump();
    void follow_modes();
    void release(std::int64_t now);
    void rest(param::Slot slot);
    void lift(const std::vector<param::Slot>& slots);
    void finish(const std::set<param::Slot>& slots, std::uint64_t song, std::uint64_t way_back);
    void finish_all() { finish(writer_.held(), song_at_horizon(), 0); }
    void correct_trims();
    session::Lanes at_rate(session::Lanes lanes, dsp::Hertz from) const;
    Undo::Deed deed(const session::Lanes& before, const session::Lanes& after);
    void feed_lanes(const std::set<param::Slot>& anew);
    std::optional<Moment> moment(std::uint64_t frame) const;
    void touch(const control::Change& change, Moment moment, std::int64_t now);
    std::uint64_t song_at_horizon() const;
    param::Slot mode_slot(param::Slot slot) const;
    AutomationMode mode(param::Slot slot) const {
        return static_cast<AutomationMode>(desk_.values().number(mode_slot(slot)));
    }
    bool trims(param::Slot slot) const;
    bool writes(param::Slot slot) const { return mode(slot) >= AutomationMode::touch; }
    float number(std::string_view address) const;

    // automation_actions.cpp: edits and markers; automation_files.cpp: what is kept and saved
    void replace(session::Lanes some, std::string title);
    void replace_all(const session::Automation& automation, std::string title);
    void put(const session::Lanes& some);
    void use_all(const session::Automation& automation);
    void use_markers(std::vector<session::Marker> markers, std::string title);
    std::function<std::string()> text() const;
    void changed() { dirty_ = edited_ = true; }
    base::Result<std::set<param::Slot>> matching(const Call& call) const;
    void save_if_changed(std::int64_t now);
    void tell_name(const std::string& name);
    Answered go(const base::Result<session::Marker>& marker);
    Answered list(const Call& call);
    Answered files(const Call& call);
    Answered save(const Call& call);
    Answered load(const Call& call);
    void take_loaded(control::Origin from, const std::string& name,
                     const base::Result<session::Automation>& loaded);
    Answered clear(const Call& call);
    Answered fold(const Call& call);
    Answered hold_matching(const Call& call);
    Answered add_marker(const Call& call);
    Answered list_markers(const Call& call);
    Answered go_to_marker(const Call& call);
    Answered next_marker(const Call& call);
    Answered previous_marker(const Call& call);
    Answered rename_marker(const Call& call);
    Answered delete_marker(const Call& call);

    const param::Layout& layout_;
    control::Desk& desk_;
    monitor::Log& log_;
    Transport& transport_;
    std::filesystem::path folder_;
    AutomationHooks hooks_;
    control::AddressTree tree_;
    dsp::Hertz rate_{48000.0};
    session::Lanes lanes_;
    Markers markers_;
    AutomationFeed feed_;
    LaneWriter writer_;
    std::set<param::Slot> held_;  // by `/touch`
    Fingers fingers_;             // by `/automation/touch`
    std::size_t observer_ = 0;

    std::optional<Roll> roll_;        // as it was at the last turn
    unsigned rolls_ = 0, jumps_ = 0;  // of the transport, that were followed
    std::set<param::Slot> trimmed_;   // by hand since then
    bool may_be_written_ = false;
    std::uint64_t song_ = 0;             // at the last turn
    std::set<param::Slot> other_modes_;  // modes that have changed since the last turn

    std::filesystem::path kept_;
    bool dirty_ = false, edited_ = false;
    std::int64_t saved_ = 0, saving_since_ = 0, save_took_ = 0;  // ns
    Errands errands_;  // last: its thread ends before what it uses
};

}  // namespace mixrig::app
