// MIDI surfaces on a running desk.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/midi_desk.h"

#include "src/app/live/midi_maps.h"
#include "src/base/clock.h"
#include "src/monitor/meters.h"
#include "src/session/atomic_file.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

namespace mixrig::app {
namespace {

using control::Answer;
using control::OscArg;

constexpr std::int64_t kMetersLast = 50'000'000;  // ns
constexpr std::int64_t kPatience = 500'000'000;   // ns, when the desk ends
constexpr std::size_t kNoMeter = static_cast<std::size_t>(-1);
constexpr std::int64_t kRenewEvery = 2'000'000'000;  // ns, of the ten seconds that a hold has

OscArg osc_arg(const midi::Argument& argument) {
    if (const auto* whole = std::get_if<std::int32_t>(&argument)) return OscArg::integer(*whole);
    if (const auto* number = std::get_if<float>(&argument)) return OscArg::number(*number);
    return OscArg::text(std::get<std::string>(argument));
}

std::vector<OscArg> words_of(const midi::Mapping& mapping) {
    return {OscArg::text(mapping.device), OscArg::text(midi::control_text(mapping.control)),
            OscArg::text(mapping.address),
            OscArg::text(std::string(midi::mode_word(mapping.mode)))};
}

}  // namespace

base::Result<std::unique_ptr<MidiDesk>> MidiDesk::open(const session::MidiConfig& config,
                                                       std::filesystem::path learnt,
                                                       control::Desk& desk, monitor::Log& log,
                                                       MidiHooks hooks) {
    const auto rights = desk.access().named(config.rights);
    if (!rights) return rights.error();
    midi::SurfacesConfig surfaces{.units = config.surfaces};
    for (const std::filesystem::path& file : config.maps) {
        auto mappings = load_mappings(file, desk.layout());
        if (!mappings) return mappings.error();
        surfaces.mappings.insert(surfaces.mappings.end(), mappings->begin(), mappings->end());
    }
    std::error_code ignored;
    if (!learnt.empty() && std::filesystem::exists(learnt, ignored)) {
        // A desk that has become smaller starts all the same.
        auto mappings = load_mappings(learnt, desk.layout());
        if (mappings)
            surfaces.learnt = std::move(*mappings);
        else
            log.warning("midi", "left out: " + mappings.error().text());
    }
    return std::unique_ptr<MidiDesk>(
        new MidiDesk(config, std::move(surfaces), std::move(learnt), desk, log, std::move(hooks)));
}

MidiDesk::MidiDesk(const session::MidiConfig& config, midi::SurfacesConfig surfaces,
                   std::filesystem::path learnt, control::Desk& desk, monitor::Log& log,
                   MidiHooks hooks)
    : desk_(desk),
      log_(log),
      hooks_(std::move(hooks)),
      learnt_(std::move(learnt)),
      origin_(desk.admit(*desk.access().named(config.rights))),
      errands_(hooks_.wake),
      sequencer_({.wanted = [surfaces, names = config.controllers](
                                std::string_view port) { return is_wanted(port, surfaces, names); },
                  .wake = hooks_.wake}),
      surfaces_(desk.layout(), desk_side(), sequencer_.ports(), surfaces),
      observer_(desk.observe([this](const control::Change&) { surfaces_.changed(); })) {}

MidiDesk::~MidiDesk() {
    part();
    desk_.unobserve(observer_);
    desk_.let_go(origin_);
}

// At the pace of their cables: 0.2 s for a unit that shows much.
void MidiDesk::part() {
    surfaces_.part();
    const std::int64_t end = base::monotonic_ns() + kPatience;
    for (std::int64_t now = 0; now < end && !surfaces_.has_parted();) {
        now = base::monotonic_ns();
        surfaces_.turn(now);
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

midi::DeskSide MidiDesk::desk_side() {
    return {.get = [this](param::Slot slot) { return desk_.get(slot); },
            .set =
                [this](param::Slot slot, const param::Value& value) {
                    return static_cast<bool>(desk_.set(slot, value, origin_));
                },
            .act =
                [this](std::string_view address, std::span<const midi::Argument> words) {
                    std::vector<OscArg> args;
                    for (const midi::Argument& word : words) args.push_back(osc_arg(word));
                    return static_cast<bool>(
                        desk_.act({.from = origin_, .address = address, .args = args}));
                },
            .touch = [this](param::Slot slot, bool down) { finger(slot, down); },
            .tell = [this](const std::string& text) { log_.info("midi", text); },
            .level = [this](param::Kind kind, std::size_t strip) { return level(kind, strip); }};
}

void MidiDesk::find_meters(std::span<const control::MeterLine> lines) {
    for (std::size_t k = 0; k < param::kKinds; ++k) {
        const auto kind = static_cast<param::Kind>(k);
        const std::string prefix = "/meters" + std::string(param::kPrefix[k]);
        for (std::size_t s = 0; s < desk_.layout().shape().count(kind); ++s) {
            const std::string address =
                param::is_counted(kind) ? prefix + "/" + std::to_string(s + 1) : prefix;
            const auto at = std::find_if(
                lines.begin(), lines.end(),
                [&](const control::MeterLine& line) { return line.address == address; });
            meter_of_[k].push_back(
                at == lines.end() ? kNoMeter : static_cast<std::size_t>(at - lines.begin()));
        }
    }
}

std::optional<midi::Level> MidiDesk::level(param::Kind kind, std::size_t strip) {
    const std::int64_t now = base::monotonic_ns();
    if (now - lines_at_ > kMetersLast) {
        lines_at_ = now;
        lines_ = hooks_.meters();
        if (meter_of_[0].empty()) find_meters(lines_);
    }
    const auto& meters = meter_of_[static_cast<std::size_t>(kind)];
    if (strip >= meters.size() || meters[strip] >= lines_.size()) return std::nullopt;
    const std::vector<float>& fields = lines_[meters[strip]].dB;
    using Field = monitor::MeterField;
    const auto field = [&](Field at) { return fields[static_cast<std::size_t>(at)]; };
    return midi::Level{std::max(field(Field::post_peak_left), field(Field::post_peak_right)),
                       field(Field::clips)};
}

// Others' hands are kept off meanwhile, and automation's.
void MidiDesk::finger(param::Slot slot, bool down) {
    if (down) {
        fingers_.insert(slot);
        (void)desk_.hold(slot, origin_);
    } else {
        fingers_.erase(slot);
        (void)desk_.let_go(slot, origin_);
    }
}

// A hold ends unless it is heard of; a finger that rests says nothing.
void MidiDesk::renew_holds(std::int64_t now) {
    if (now - renewed_ < kRenewEvery) return;
    renewed_ = now;
    for (const param::Slot slot : fingers_) (void)desk_.hold(slot, origin_);
}

void MidiDesk::turn(std::int64_t now) {
    surfaces_.turn(now);
    renew_holds(now);
    errands_.collect();
    if (std::string problem = sequencer_.problem(); problem != problem_) {
        problem_ = std::move(problem);
        if (!problem_.empty()) log_.warning("midi", problem_ + "; looks again every two seconds");
    }
}

base::Result<Answer> MidiDesk::act(const control::ActionCall& call) {
    if (call.address == "/midi/learn") return learn(call);
    if (call.address == "/midi/forget") return forget(call.args[0].as_text());
    return call.address == "/midi/list" ? list() : ports();
}

// Answers when a control was moved, or nobody has moved one.
base::Result<Answer> MidiDesk::learn(const control::ActionCall& call) {
    std::optional<midi::Mode> mode;
    if (call.args.size() > 1) {
        const auto named = midi::parse_mode(call.args[1].as_text());
        if (!named) return named.error();
        mode = *named;
    }
    surfaces_.learn(call.args[0].as_text(), mode, base::monotonic_ns(),
                    [this, from = call.from](const midi::Learnt& learnt) {
                        if (!learnt) return hooks_.answer(from, "/midi/learn", learnt.error());
                        keep_learnt();
                        hooks_.answer(from, "/midi/learn", Answer{.args = words_of(*learnt)});
                    });
    return Answer{};
}

base::Result<Answer> MidiDesk::forget(std::string_view address) {
    const auto count = static_cast<std::int32_t>(surfaces_.forget(address));
    if (count != 0) keep_learnt();
    return Answer{.args = {{OscArg::text(std::string(address)), OscArg::integer(count)}}};
}

base::Result<Answer> MidiDesk::list() const {
    std::vector<control::OscMessage> lines;
    const std::size_t from_files = surfaces_.mappings().size() - surfaces_.learnt().size();
    for (std::size_t i = 0; i < surfaces_.mappings().size(); ++i) {
        std::vector<OscArg> args = words_of(surfaces_.mappings()[i]);
        args.push_back(OscArg::integer(i < from_files ? 0 : 1));
        lines.push_back({"/midi/list", std::move(args)});
    }
    return control::list_answer("/midi/list", std::move(lines));
}

base::Result<Answer> MidiDesk::ports() const {
    std::vector<control::OscMessage> lines;
    for (const auto& port : surfaces_.plugged())
        lines.push_back(
            {"/midi/ports",
             {OscArg::text(port.name),
              OscArg::integer(port.unit ? static_cast<std::int32_t>(*port.unit + 1) : 0)}});
    return control::list_answer("/midi/ports", std::move(lines));
}

void MidiDesk::keep_learnt() {
    if (learnt_.empty()) return;
    const std::string text = "# What MIDI controllers have learnt; written by the desk.\n\n" +
                             mappings_text(surfaces_.learnt());
    errands_.send(
        [path = learnt_, text]() -> Errands::Outcome {
            const auto saved = session::save_atomically(path, text, session::Keep::previous);
            if (!saved) return saved.error();
            return std::vector<std::string>{};
        },
        [this](const Errands::Outcome& outcome) {
            if (!outcome) log_.error("midi", outcome.error().text());
        });
}

}  // namespace mixrig::app
