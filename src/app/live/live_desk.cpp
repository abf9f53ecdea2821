// A running desk: how it starts, and the turns of its control thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/live_desk.h"

#include "control/x32/server.h"
#include "src/app/live/desk_meters.h"
#include "src/app/live/x32_memory.h"
#include "src/app/ports.h"
#include "src/app/start_values.h"
#include "src/backend/realtime.h"
#include "src/base/clock.h"
#include "src/monitor/service.h"

#include <algorithm>
#include <chrono>
#include <exception>

namespace mixrig::app {

namespace {

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kPollEvery = 50 * kMillisecond;
constexpr std::int64_t kSaveEvery = 500 * kMillisecond;  // so the state is never a second behind
constexpr std::int64_t kFeedEvery = 1000 * kMillisecond;
constexpr std::chrono::milliseconds kTurn{5};
monitor::Severity severity(const std::string& level) {
    if (level == "debug") return monitor::Severity::debug;
    if (level == "warning") return monitor::Severity::warning;
    if (level == "error") return monitor::Severity::error;
    return monitor::Severity::info;
}

}  // namespace

LiveDesk::LiveDesk(RunSettings settings)
    : settings_(std::move(settings)),
      log_({.least = severity(settings_.config.log_level)}),
      layout_(session::shape_of(settings_.config)),
      desk_(layout_, desk_hooks()) {}

base::Result<std::unique_ptr<LiveDesk>> LiveDesk::open(RunSettings settings) {
    std::unique_ptr<LiveDesk> desk(new LiveDesk(std::move(settings)));
    if (auto status = desk->load_values(); !status) return status.error();
    if (auto status = desk->build_console(desk->settings_.config.audio.rate); !status)
        return status.error();
    desk->keep_automation();
    if (auto status = desk->open_osc(); !status) return status.error();
    desk->open_web();
    desk->announce_services();
    desk->open_x32();
    if (auto status = desk->open_midi(); !status) return status.error();
    if (auto status = desk->open_backend(); !status) return status.error();
    if (auto status = desk->load_automation(); !status) return status.error();
    desk->backend_->resume();
    return desk;
}

LiveDesk::~LiveDesk() {
    if (backend_) backend_->stop();
    recording_.reset();  // waits for the disk
    if (monitor_) monitor_->stop();
    end_flight();
    finish_fade();
    if (console_) console_->hear(nullptr);
    automation_.reset();  // waits for the disk
    if (keeper_ && state_dirty_) keeper_->save(desk_.values());
    keeper_.reset();  // waits for the disk
    monitor_.reset();
}

base::Status LiveDesk::load_values() {
    const auto folder = session::state_folder(settings_.config);
    if (!folder) return folder.error();
    state_folder_ = *folder;
    show_ = std::make_unique<Show>(layout_, desk_, log_, state_folder_ / "scenes", show_hooks());
    const auto& takes = settings_.config.recording.folder;
    recording_ = std::make_unique<Recording>(
        settings_.config, takes.empty() ? state_folder_ / "recordings" : takes, desk_, log_);
    soundcheck_ = std::make_unique<Soundcheck>(recording_->folder(), desk_, log_);
    transport_ =
        std::make_unique<Transport>(desk_, *soundcheck_,
                                    TransportClock{.position = [this] { return audio_.position(); },
                                                   .earliest = [this] { return earliest(); }});
    automation_ = std::make_unique<Automation>(layout_, desk_, log_, *transport_,
                                               state_folder_ / "automation", automation_hooks());
    param::Values values = fresh_values(settings_.config, layout_);
    if (settings_.keep_state) {
        state_file_ = std::make_unique<session::StateFile>(state_folder_ / "desk.scene");
        if (auto status = load_state(values); !status) return status;
        keeper_ = std::make_unique<Keeper>(*state_file_, layout_);
    }
    if (!settings_.scene.empty()) {
        const auto scene = session::load_scene(settings_.scene, layout_);
        if (!scene) return scene.error();
        apply_scene(*scene, layout_, values);
    }
    session::apply_arms(settings_.config, layout_, values);
    if (auto status = check_routes(layout_, values, settings_.config.audio.rate); !status)
        return status;
    for (param::Slot slot = 0; slot < layout_.size(); ++slot)
        if (auto set = desk_.set(slot, values.get(slot), control::kDeskItself); !set)
            log_error(set.error());
    return base::Done{};
}

// The state of the last run; on the first run, the scene that the configuration names.
base::Status LiveDesk::load_state(param::Values& values) {
    session::FittingScene fitting;
    auto loaded = state_file_->load([&](std::string_view text) -> base::Status {
        auto parsed = session::parse_what_fits(text, layout_, state_file_->path().string());
        if (!parsed) return parsed.error();
        fitting = std::move(*parsed);
        return base::Done{};
    });
    if (!loaded) return loaded.error();
    if (!loaded->message.empty()) log_.warning("state", loaded->message);
    for (const std::string& reason : fitting.left_out) log_.warning("state", "left out: " + reason);
    if (!loaded->text.empty()) {
        apply_scene(fitting.scene, layout_, values);
        log_.info("state", "the desk is as it was left", {{"file", state_file_->path().string()}});
        return base::Done{};
    }
    if (settings_.config.start_scene.empty()) return base::Done{};
    const auto scene = session::load_scene(settings_.config.start_scene, layout_);
    if (!scene) return scene.error();
    apply_scene(*scene, layout_, values);
    return base::Done{};
}

// A file that is played from the start is not kept: it is there.
void LiveDesk::keep_automation() {
    if (settings_.keep_state && settings_.automation.empty())
        automation_->keep_in(state_folder_ / "desk.auto");
}

base::Status LiveDesk::load_automation() {
    if (settings_.automation.empty()) return base::Done{};
    // After a change of the sample rate, what was written meanwhile stays.
    if (!automation_->is_edited())
        if (auto status = automation_->load(settings_.automation); !status) return status;
    transport_->roll_from_start();
    automation_->turn(base::monotonic_ns());
    fed_at_ = 0;
    feed_timeline();
    return base::Done{};
}

// For this rate, with the values of the desk. Audio is held or not yet running.
base::Status LiveDesk::build_console(dsp::Hertz rate) {
    const bool in_flight = flight_ != nullptr || settings_.config.flight_always;
    end_flight();
    tape_.reset();
    monitor_.reset();
    finish_fade();  // time begins anew
    engine::EngineConfig config = engine_config(settings_.config, rate);
    config.on_worker_start = [] { (void)backend::ask_realtime(pthread_self(), 69); };
    console_.reset();
    impulses_ = std::make_unique<Impulses>(settings_.config.file.parent_path(), rate);
    console_ =
        std::make_unique<Console>(layout_, desk_.values(), std::move(config), impulses_.get());
    for (std::size_t e = 0; e < layout_.shape().count(param::Kind::fx); ++e) {
        const param::Slot slot = layout_.slot(param::Kind::fx, e, param::row("convolution/ir"));
        if (const std::string file = desk_.get(slot).text; !file.empty())
            impulses_->request(e, file);
    }
    if (auto status = build_monitor(); !status) return status;
    if (auto status = build_player(); !status) return status;
    recording_->use(*console_);
    soundcheck_->use(console_->rate());
    transport_->use(console_->rate());
    automation_->use(console_->rate());
    console_->hear(
        [this](std::uint64_t batch, std::uint64_t frame) { automation_->heard(batch, frame); });
    audio_.use(console_.get(), player_ ? &*player_ : nullptr, soundcheck_.get());
    show_->use(console_.get());
    if (!in_flight) return base::Done{};
    if (auto status = begin_flight(); !status) log_error(status.error());
    return base::Done{};
}

base::Status LiveDesk::build_player() {
    player_.reset();
    if (settings_.play.empty()) return base::Done{};
    auto player = Player::open(
        settings_.play, make_ports(settings_.config, console_->geometry(), layout_, desk_.values()),
        console_->rate(), settings_.loop);
    if (!player) return player.error();
    player_.emplace(std::move(*player));
    log_.info("play", "plays " + std::to_string(player_->files()) + " files of " +
                          settings_.play.string() + (settings_.loop ? " in a loop" : ""));
    return base::Done{};
}

base::Status LiveDesk::build_monitor() {
    monitor::MonitorConfig config{
        .rate = console_->rate(),
        .xruns = backend_ ? backend_->counters().xruns : 0,
        .make_frame = [this] { return console_->engine().make_meter_frame(); },
        .dearest_strip = [this](std::size_t bank) { return dearest_strip(bank); }};
    const engine::Geometry& geometry = console_->geometry();
    meter_lines_ = silent_meters(layout_.shape());
    for (engine::Strip s = 0; s < geometry.strips.size(); ++s) {
        const engine::StripPlace& place = geometry.strips[s];
        const std::string address = meter_lines_[s].address.substr(std::size("/meters") - 1);
        const std::string name =
            place.kind == param::Kind::master
                ? std::string{}
                : desk_.values().text(layout_.slot(place.kind, place.number, param::row("name")));
        config.strips.push_back({.address = address, .name = name, .stereo = place.stereo});
    }
    auto made = monitor::Monitor::create(console_->link(), log_, std::move(config));
    if (!made) return made.error();
    monitor_ = std::move(*made);
    set_taps();
    monitor_->start();
    return base::Done{};
}

base::Status LiveDesk::open_backend() {
    const backend::LockedMemory memory = backend::lock_memory();
    log_.info("memory", memory.text);
    const session::AudioConfig& audio = settings_.config.audio;
    auto made = backend::make_backend(
        audio.backend,
        {.ports = make_ports(settings_.config, console_->geometry(), layout_, desk_.values()),
         .rate = static_cast<unsigned>(audio.rate.value),
         .block = audio.block,
         .client_name = settings_.config.name,
         .jack_server = audio.jack_server,
         .device = audio.device,
         .api = audio.api,
         .connect_physical = audio.autoconnect});
    if (!made) return made.error();
    backend_ = std::move(*made);
    const auto info = backend_->start(audio_, *this);
    if (!info) {
        log_error(info.error());
        log_.warning("audio", "there is no audio yet; the desk goes on trying");
        monitor::notify_ready("no audio yet");  // all else works: no reason to be restarted
        return base::Done{};
    }
    announce(*info);
    if (static_cast<double>(info->rate) == console_->rate().value) return base::Done{};
    return build_console({static_cast<double>(info->rate)});
}

void LiveDesk::announce(const backend::StreamInfo& info) {
    block_ = info.block;
    const std::string text = info.backend + (info.device.empty() ? "" : " (" + info.device + ")") +
                             ", " + std::to_string(info.rate) + " Hz, " +
                             std::to_string(info.block) + " frames, " + info.realtime;
    log_.info("audio", text);
    monitor::notify_ready(text);
}

void LiveDesk::run(const std::atomic<bool>& stop) {
    while (!stop.load(std::memory_order_relaxed)) {
        osc_->run_once(kTurn);
        try {
            turn();
        } catch (
            const std::exception& error) {  // no memory, no file: the audio goes on all the same
            log_error({error.what()});
        }
    }
    monitor::notify_stopping();
    log_.info("desk", "stops");
}

void LiveDesk::turn() {
    if (behind_fade_) flush();
    if (flush_waits_) flush_waits_ = !console_->flush();
    watch_flight();
    take_impulses();
    const std::int64_t now = base::monotonic_ns();
    turn_x32(now);
    soundcheck_->turn();
    console_->collect();
    if (web_) web_->turn();
    transport_->turn(now);
    automation_->turn(now);
    feed_timeline();
    show_->collect();
    if (taps_dirty_) set_taps();
    recording_->turn(now);
    if (midi_) midi_->turn(now);
    watch_gate(now);
    if (now - polled_ >= kPollEvery) watch_backend(now);
    if (now - saved_ >= kSaveEvery) keep_state(now);
    if (now - fed_ >= kFeedEvery) feed_watchdog(now);
}

void LiveDesk::take_impulses() {
    while (const auto loaded = impulses_->take()) {
        if (!loaded->status) {
            log_error(loaded->status.error());
            continue;
        }
        keep_impulse(loaded->effect);
        console_->renew_unit(loaded->effect);
        flush_waits_ = !console_->flush();
    }
}

void LiveDesk::watch_backend(std::int64_t now) {
    polled_ = now;
    backend_->poll();
    monitor_->set_xruns(backend_->counters().xruns);
    monitor_->snapshot(readings_);
    qa_.add(readings_);
    watch_feedback();
    if (names_dirty_)
        backend_->rename(
            make_ports(settings_.config, console_->geometry(), layout_, desk_.values()));
    names_dirty_ = false;
    const auto& latency = console_->output_latency();
    for (std::size_t o = 0; o < latency.size(); ++o) backend_->set_latency(o, latency[o]);
}

void LiveDesk::keep_state(std::int64_t now) {
    saved_ = now;
    if (!keeper_) return;
    if (const auto error = keeper_->take_error()) {
        log_error(*error);
        state_dirty_ = true;  // again, until the disk takes it
    }
    if (!state_dirty_) return;
    state_dirty_ = false;
    keeper_->save(desk_.values());
}

// Only progress feeds it: blocks that were computed, or a device that is known to be away.
void LiveDesk::feed_watchdog(std::int64_t now) {
    fed_ = now;
    const std::uint64_t position = audio_.position();
    if (position != position_at_feeding_ || !backend_->running()) monitor::notify_watchdog();
    position_at_feeding_ = position;
}

void LiveDesk::started(const backend::StreamInfo& info) {
    if (static_cast<double>(info.rate) != console_->rate().value)
        rate_changed(info.rate);
    else
        backend_->resume();
    announce(info);
}

// The ramp waits in the engine's queue: whatever comes back first begins with silence.
void LiveDesk::stopped(const std::string& reason) {
    console_->ramp_up();
    log_.error("audio", "audio has stopped: " + reason);
}

void LiveDesk::block_changed(std::size_t block) {
    block_ = block;
    log_.info("audio", "blocks are now of " + std::to_string(block) + " frames");
}

void LiveDesk::rate_changed(unsigned rate) {
    backend_->hold();
    log_.warning("audio",
                 "the sample rate is now " + std::to_string(rate) + " Hz; the desk is tuned anew");
    if (auto status = build_console({static_cast<double>(rate)}); !status)
        return log_error(status.error());
    // Time begins anew, for tracks and moves alike.
    if (auto status = load_automation(); !status) log_error(status.error());
    backend_->resume();
}

void LiveDesk::message(const std::string& text) {
    log_.info("backend", text);
}

void LiveDesk::log_error(const base::Error& error) {
    log_.error("desk", error.text());
}

}  // namespace mixrig::app
