// What a show needs of a running desk: scenes, snippets, cues, recalls that take time, undo.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/action.h"
#include "control/address_tree.h"
#include "control/desk.h"
#include "src/app/show/crossfade.h"
#include "src/app/show/cue_player.h"
#include "src/app/show/scenes.h"
#include "src/app/undo.h"
#include "src/monitor/log.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::app {

// What it needs of whoever built it.
struct ShowHooks {
    // Whether the desk could be so, as a whole.
    std::function<base::Status(const session::Scene&)> check = {};
    // Sets what was checked, at one moment.
    std::function<base::Status(const session::Scene&)> set = {};
    // The frame from which a crossfade may begin; nothing if no audio runs that could carry it.
    std::function<std::optional<std::uint64_t>()> fade_from = {};
    // What an action has to say later.
    std::function<void(control::Origin, std::string_view address,
                       const base::Result<control::Answer>&)>
        answer = {};
    std::function<void()> wake = {};  // [any thread] there is something for collect()
};

// [control]
class Show {
public:
    // All must outlive it.
    Show(const param::Layout& layout, control::Desk& desk, monitor::Log& log,
         std::filesystem::path folder, ShowHooks hooks);
    ~Show() { desk_.unobserve(observer_); }
    Show(const Show&) = delete;
    Show& operator=(const Show&) = delete;

    static bool knows(std::string_view address);
    // An action that it knows.
    base::Result<control::Answer> act(const control::ActionCall& call);
    // What an action of somebody else's has made of these values is a step that can be undone.
    void record(std::string title, const param::Values& before);
    // What changes no value can be undone as well.
    void record(std::string title, Undo::Deed deed);
    // Once a turn: answers of what the disk has done.
    void collect() { scenes_.collect(); }
    std::uint64_t scene_changes() const { return scenes_.changes(); }

    // What fades next, fades here; may be null.
    void use(const Console* console) { console_ = console; }
    Crossfade& fade() { return fade_; }

private:
    using Call = control::ActionCall;
    using Answered = base::Result<control::Answer>;
    struct Recall {
        std::string scene;
        std::optional<float> fade_ms = {};
        std::string title = {};
        session::Scene also = {};  // set with it, whatever scope and safes say
    };

    Answered save(const Call& call);
    Answered save_snippet(const Call& call);
    Answered recall(const Call& call);
    Answered list(const Call& call);
    Answered rename(const Call& call);
    Answered copy(const Call& call);
    Answered remove(const Call& call);
    Answered diff(const Call& call);
    Answered undo(const Call& call);
    Answered redo(const Call& call);
    Answered list_cues(const Call& call);
    Answered load_cues(const Call& call);
    Answered next_cue(const Call& call);
    Answered previous_cue(const Call& call);
    Answered go_to_cue(const Call& call);
    struct Entry;
    static const Entry* find(std::string_view address);

    // What it had to leave out, in words; empty if nothing.
    base::Result<std::string> recall(const Recall& recall);
    base::Status carry_out(const session::Scene& wanted, float fade_ms);
    Answered go(const base::Result<session::Cue>& cue);
    base::Status load_list(std::string_view name);
    base::Status refresh_list();
    Scenes::Done answer_later(const Call& call, std::string what,
                              std::vector<control::OscArg> args) const;
    // The mirror, and where what fades is by now.
    param::Values present() const;
    std::vector<Undo::Edit> edits(const param::Values& now, const session::Scene& wanted) const;
    Undo::Batch batch() const { return {desk_.batch_number(), desk_.in_batch()}; }
    std::string warning(const session::FittingScene& scene, const std::string& name) const;
    param::Slot desk_slot(std::size_t row) const;

    const param::Layout& layout_;
    control::Desk& desk_;
    monitor::Log& log_;
    ShowHooks hooks_;
    control::AddressTree tree_;
    const Console* console_ = nullptr;
    Crossfade fade_;
    Undo undo_;
    CuePlayer cues_;
    std::size_t observer_ = 0;
    Scenes scenes_;  // last: its thread ends before what it calls
};

}  // namespace mixrig::app
