// Scenes, snippets, cues, undo: the actions.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/show/show.h"

#include "src/app/show/recall.h"
#include "src/base/clock.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace mixrig::app {

using base::Error;
using control::Answer;
using control::OscArg;
using param::row;

namespace {

constexpr float kShortestFade = 10.0f;  // ms: any change takes as long
constexpr std::size_t kMostNamed = 3;   // of what a recall left out, in its answer

Answer texts(const std::vector<std::string>& words) {
    std::vector<OscArg> args;
    for (const std::string& word : words) args.push_back(OscArg::text(word));
    return {.args = std::move(args)};
}

base::Result<std::optional<float>> fade_of(std::span<const OscArg> args) {
    if (args.size() < 2) return std::optional<float>();
    const double ms = args[1].as_number();
    if (!std::isfinite(ms)) return Error{"a time to fade must be finite"};
    return std::optional(
        static_cast<float>(std::clamp(ms, 0.0, static_cast<double>(session::kLongestFade))));
}

}  // namespace

struct Show::Entry {
    std::string_view address;
    Answered (Show::*act)(const Call&);
};

const Show::Entry* Show::find(std::string_view address) {
    static constexpr std::array kEntries = {Entry{"/scene/save", &Show::save},
                                            Entry{"/scene/store", &Show::save},
                                            Entry{"/scene/recall", &Show::recall},
                                            Entry{"/scene/list", &Show::list},
                                            Entry{"/scene/rename", &Show::rename},
                                            Entry{"/scene/copy", &Show::copy},
                                            Entry{"/scene/delete", &Show::remove},
                                            Entry{"/scene/diff", &Show::diff},
                                            Entry{"/snippet/save", &Show::save_snippet},
                                            Entry{"/undo", &Show::undo},
                                            Entry{"/redo", &Show::redo},
                                            Entry{"/cue/list", &Show::list_cues},
                                            Entry{"/cue/load", &Show::load_cues},
                                            Entry{"/cue/next", &Show::next_cue},
                                            Entry{"/cue/back", &Show::previous_cue},
                                            Entry{"/cue/go", &Show::go_to_cue}};
    for (const Entry& entry : kEntries)
        if (entry.address == address) return &entry;
    return nullptr;
}

Show::Show(const param::Layout& layout, control::Desk& desk, monitor::Log& log,
           std::filesystem::path folder, ShowHooks hooks)
    : layout_(layout),
      desk_(desk),
      log_(log),
      hooks_(std::move(hooks)),
      tree_(layout),
      fade_(layout),
      undo_(layout),
      cues_(folder),
      scenes_(std::move(folder), layout, hooks_.wake) {
    observer_ = desk_.observe([this](const control::Change& change) {
        if (change.origin == control::kDeskItself) return;
        Undo::Edit edit{change.slot, change.before, desk_.get(change.slot)};
        if (edit.before == edit.after) return;
        if (change.is_along)
            undo_.note_along(edit);
        else
            undo_.note(std::move(edit), change.origin, batch(), base::monotonic_ns());
    });
}

bool Show::knows(std::string_view address) {
    return find(address) != nullptr;
}

Show::Answered Show::act(const Call& call) {
    return (this->*find(call.address)->act)(call);
}

param::Slot Show::desk_slot(std::size_t at) const {
    return layout_.slot(param::Kind::desk, 0, at);
}

param::Values Show::present() const {
    param::Values now = desk_.values();
    if (console_ == nullptr || !fade_.is_active()) return now;
    for (param::Slot slot = 0; slot < layout_.size(); ++slot)
        if (fade_.owns(slot)) now.set(slot, {console_->value(slot)});
    return now;
}

Scenes::Done Show::answer_later(const Call& call, std::string what,
                                std::vector<OscArg> args) const {
    return [this, from = call.from, address = std::string(call.address), what = std::move(what),
            args = std::move(args)](const Errands::Outcome& outcome) {
        if (!outcome) {
            log_.warning("scene", "not " + what + ": " + outcome.error().text());
            return hooks_.answer(from, address, outcome.error());
        }
        log_.info("scene", what);
        hooks_.answer(from, address, args.empty() ? texts(*outcome) : Answer{.args = args});
    };
}

void Show::record(std::string title, const param::Values& before) {
    std::vector<Undo::Edit> changes;
    for (param::Slot slot = 0; slot < layout_.size(); ++slot)
        if (param::Value now = desk_.get(slot); now != before.get(slot))
            changes.push_back({slot, before.get(slot), std::move(now)});
    undo_.record(std::move(title), changes, batch());
}

void Show::record(std::string title, Undo::Deed deed) {
    undo_.record(std::move(title), std::move(deed));
}

Show::Answered Show::save(const Call& call) {
    const std::string& name = call.args[0].as_text();
    auto begun = scenes_.save(name, whole_scene(layout_, desk_.values()),
                              answer_later(call, "saved `" + name + "`", {call.args[0]}));
    return begun ? Answered(Answer{}) : begun.error();
}

Show::Answered Show::save_snippet(const Call& call) {
    const std::string& name = call.args[0].as_text();
    const std::string& pattern = call.args[1].as_text();
    const auto compiled = control::Pattern::compile(pattern);
    if (!compiled) return compiled.error();
    const control::SlotSet exact = tree_.find(*compiled), below = tree_.below(pattern);
    session::Scene scene;
    for (param::Slot slot = 0; slot < layout_.size(); ++slot)
        if ((exact.has(slot) || below.has(slot)) && is_in_scenes(layout_, slot))
            scene.push_back({slot, desk_.get(slot)});
    if (scene.empty()) return Error{"`" + pattern + "` matches nothing that a scene could hold"};
    const auto count = static_cast<std::int32_t>(scene.size());
    auto begun = scenes_.save(name, std::move(scene),
                              answer_later(call, "saved `" + name + "`, " + pattern,
                                           {call.args[0], OscArg::integer(count)}));
    return begun ? Answered(Answer{}) : begun.error();
}

Show::Answered Show::list(const Call& call) {
    scenes_.list([this, from = call.from](const Errands::Outcome& names) {
        if (!names) return hooks_.answer(from, "/scene/list", names.error());
        hooks_.answer(from, "/scene/list", texts(*names));
    });
    return Answer{};
}

Show::Answered Show::rename(const Call& call) {
    const std::string &from = call.args[0].as_text(), &to = call.args[1].as_text();
    auto begun =
        scenes_.rename(from, to, answer_later(call, "renamed `" + from + "` to `" + to + "`", {}));
    return begun ? Answered(Answer{}) : begun.error();
}

Show::Answered Show::copy(const Call& call) {
    const std::string &from = call.args[0].as_text(), &to = call.args[1].as_text();
    auto begun =
        scenes_.copy(from, to, answer_later(call, "copied `" + from + "` to `" + to + "`", {}));
    return begun ? Answered(Answer{}) : begun.error();
}

Show::Answered Show::remove(const Call& call) {
    const std::string& name = call.args[0].as_text();
    auto begun = scenes_.remove(name, answer_later(call, "moved `" + name + "` to the trash", {}));
    return begun ? Answered(Answer{}) : begun.error();
}

// The warning goes to the log in full, to the remote in short.
std::string Show::warning(const session::FittingScene& scene, const std::string& name) const {
    if (scene.left_out.empty()) return {};
    for (const std::string& reason : scene.left_out)
        log_.warning("scene", "left out of `" + name + "`: " + reason);
    std::string out = "left out: ";
    for (std::size_t i = 0; i < std::min(kMostNamed, scene.left_out.size()); ++i)
        out += (i > 0 ? "; " : "") + scene.left_out[i];
    if (scene.left_out.size() > kMostNamed)
        out += "; and " + std::to_string(scene.left_out.size() - kMostNamed) + " more";
    return out;
}

std::vector<Undo::Edit> Show::edits(const param::Values& now, const session::Scene& wanted) const {
    std::vector<Undo::Edit> out;
    for (const session::Setting& setting : wanted)
        if (param::Value before = now.get(setting.slot); before != setting.value)
            out.push_back({setting.slot, std::move(before), setting.value});
    return out;
}

// All or nothing, and only the desk that results is checked: on the way there, slot by slot, two
// groups may well feed each other.
base::Result<std::string> Show::recall(const Recall& recall) {
    const auto scene = scenes_.load(recall.scene);
    if (!scene) return scene.error();
    session::Scene wanted = recalled((*scene)->scene, layout_, desk_.values());
    wanted.insert(wanted.end(), recall.also.begin(), recall.also.end());
    if (auto status = hooks_.check(wanted); !status) return status.error();
    const float standard = desk_.values().number(desk_slot(row("/scene/fade")));
    const std::vector<Undo::Edit> changes = edits(present(), wanted);
    const Undo::Batch open = batch();
    if (auto status = carry_out(wanted, recall.fade_ms.value_or(standard)); !status)
        return status.error();
    undo_.record(recall.title, changes, open);
    log_.info("scene", recall.title);
    return warning(**scene, recall.scene);
}

base::Status Show::carry_out(const session::Scene& wanted, float fade_ms) {
    const auto from =
        fade_ms < kShortestFade || console_ == nullptr ? std::nullopt : hooks_.fade_from();
    if (!from) return hooks_.set(wanted);
    const control::OpenBatch all(desk_);
    for (const session::Setting& setting : wanted)
        if (layout_.row(setting.slot).type == param::Type::text)
            if (auto set = desk_.set(setting.slot, setting.value, control::kDeskItself); !set)
                return set.error();
    fade_.begin(*console_, wanted, *from, static_cast<double>(fade_ms) / 1000.0);
    return base::Done{};
}

Show::Answered Show::recall(const Call& call) {
    const auto fade = fade_of(call.args);
    if (!fade) return fade.error();
    const std::string& name = call.args[0].as_text();
    const auto left_out =
        recall(Recall{.scene = name, .fade_ms = *fade, .title = "recall of `" + name + "`"});
    if (!left_out) return left_out.error();
    Answer answer = texts({name});
    if (!left_out->empty()) answer.args->push_back(OscArg::text(*left_out));
    return answer;
}

Show::Answered Show::diff(const Call& call) {
    const auto scene = scenes_.load(call.args[0].as_text());
    if (!scene) return scene.error();
    const param::Values now = present();
    std::vector<control::OscMessage> lines;
    for (const Difference& one :
         differences(layout_, now, recalled((*scene)->scene, layout_, desk_.values())))
        lines.push_back(
            {"/scene/diff",
             {OscArg::text(layout_.address(one.slot)),
              OscArg::text(layout_.format(one.slot, one.now)),
              OscArg::text(layout_.format(one.slot, one.then)), OscArg::text(jump_text(one))}});
    return control::list_answer("/scene/diff", std::move(lines));
}

Show::Answered Show::undo(const Call&) {
    const auto way = undo_.back();
    if (!way) return Error{"there is nothing to undo"};
    if (auto status = hooks_.check(way->settings); !status) return status.error();
    if (auto status = hooks_.set(way->settings); !status) return status.error();
    if (way->deed) way->deed();
    undo_.went_back();
    log_.info("undo", way->text);
    return texts({way->text});
}

Show::Answered Show::redo(const Call&) {
    const auto way = undo_.forth();
    if (!way) return Error{"there is nothing to do again"};
    if (auto status = hooks_.check(way->settings); !status) return status.error();
    if (auto status = hooks_.set(way->settings); !status) return status.error();
    if (way->deed) way->deed();
    undo_.went_forth();
    log_.info("redo", way->text);
    return texts({way->text});
}

base::Status Show::load_list(std::string_view name) {
    if (auto loaded = cues_.load(name); !loaded) return loaded;
    return hooks_.set({{desk_slot(row("/cue/loaded")), {0.0f, std::string(name)}},
                       {desk_slot(row("/cue/current")), {}}});
}

// A desk that was started anew knows the name of its list, not yet the list.
base::Status Show::refresh_list() {
    const std::string& name = desk_.values().text(desk_slot(row("/cue/loaded")));
    return name.empty() || name == cues_.name() ? base::Done{} : cues_.load(name);
}

Show::Answered Show::load_cues(const Call& call) {
    const std::string& name = call.args[0].as_text();
    if (auto loaded = load_list(name); !loaded) return loaded.error();
    log_.info("cue", "loaded `" + name + "`");
    return Answer{.args =
                      std::vector{OscArg::text(name),
                                  OscArg::integer(static_cast<std::int32_t>(cues_.cues().size()))}};
}

Show::Answered Show::list_cues(const Call&) {
    if (auto fresh = refresh_list(); !fresh) return fresh.error();
    const float standard = desk_.values().number(desk_slot(row("/scene/fade")));
    std::vector<control::OscMessage> lines;
    for (const session::Cue& cue : cues_.cues())
        lines.push_back(
            {"/cue/list",
             {OscArg::text(session::cue_text(cue.number)), OscArg::text(cue.name),
              OscArg::text(cue.scene), OscArg::number(cue.fade_ms.value_or(standard))}});
    return control::list_answer("/cue/list", std::move(lines));
}

Show::Answered Show::go(const base::Result<session::Cue>& cue) {
    if (!cue) return cue.error();
    const std::string number = session::cue_text(cue->number);
    const auto left_out =
        recall(Recall{.scene = cue->scene,
                      .fade_ms = cue->fade_ms,
                      .title = "cue " + number + " `" + cue->name + "`",
                      .also = {{desk_slot(row("/cue/current")), {0.0f, number}}}});
    if (!left_out) return left_out.error();
    Answer answer = texts({number, cue->name});
    if (!left_out->empty()) answer.args->push_back(OscArg::text(*left_out));
    return answer;
}

Show::Answered Show::next_cue(const Call&) {
    if (auto fresh = refresh_list(); !fresh) return fresh.error();
    return go(cues_.behind(desk_.values().text(desk_slot(row("/cue/current")))));
}

Show::Answered Show::previous_cue(const Call&) {
    if (auto fresh = refresh_list(); !fresh) return fresh.error();
    return go(cues_.before(desk_.values().text(desk_slot(row("/cue/current")))));
}

Show::Answered Show::go_to_cue(const Call& call) {
    if (auto fresh = refresh_list(); !fresh) return fresh.error();
    const double number = call.args[0].as_number();
    if (!(number > 0.0 && number < 1e6)) return Error{"this is not the number of a cue"};
    return go(cues_.numbered(static_cast<session::CueNumber>(std::llround(number * 1000.0))));
}

}  // namespace mixrig::app
