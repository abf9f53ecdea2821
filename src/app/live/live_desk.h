// A running desk: backend, console, OSC, meters and state, held together by the control thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "control/osc_server.h"
#include "src/app/check/live_qa.h"
#include "src/app/console.h"
#include "src/app/flight/flight.h"
#include "src/app/live/feedback_watch.h"
#include "src/app/live/gate.h"
#include "src/app/live/keeper.h"
#include "src/app/live/live_audio.h"
#include "src/app/live/midi_desk.h"
#include "src/app/live/web_surface.h"
#include "src/app/show/show.h"
#include "src/app/song/automation.h"
#include "src/app/song/moves.h"
#include "src/app/song/player.h"
#include "src/app/song/recording.h"
#include "src/app/song/soundcheck.h"
#include "src/app/song/transport.h"
#include "src/backend/backend.h"
#include "src/monitor/log.h"
#include "src/monitor/monitor.h"
#include "src/session/desk_config.h"
#include "src/web/announce.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace mixrig::control::x32 {
class Server;
}

namespace mixrig::app {

class X32Memory;

struct RunSettings {
    session::DeskConfig config = {};
    std::filesystem::path scene = {};  // in place of the state
    std::filesystem::path automation = {};
    std::filesystem::path play = {};  // a folder of sound files in place of the interface's inputs
    bool loop = true;
    bool keep_state = true;
};

// [control] everything; audio and meters have threads of their own.
class LiveDesk : private backend::BackendEvents {
public:
    // The desk stands and, if its device is there, sounds. An error leaves nothing running.
    static base::Result<std::unique_ptr<LiveDesk>> open(RunSettings settings);
    ~LiveDesk() override;
    LiveDesk(const LiveDesk&) = delete;
    LiveDesk& operator=(const LiveDesk&) = delete;

    // Until `stop` is set (by a signal).
    void run(const std::atomic<bool>& stop);

private:
    explicit LiveDesk(RunSettings settings);
    base::Status load_values();
    base::Status load_state(param::Values& values);
    void keep_automation();
    base::Status load_automation();
    base::Status open_osc();  // live_desk_access.cpp
    // live_desk_web.cpp
    void open_web();
    void announce_services();
    web::ServerConfig server_config();
    base::Status open_backend();
    base::Status build_console(dsp::Hertz rate);
    base::Status build_player();
    base::Status build_monitor();
    void announce(const backend::StreamInfo& info);

    // Hooks of the control layer.
    control::DeskHooks desk_hooks();
    control::OscHooks osc_hooks();
    base::Result<std::vector<control::OscArg>> act(const control::ActionCall& call);
    ShowHooks show_hooks();
    AutomationHooks automation_hooks();
    base::Status check_together(const session::Scene& scene) const;
    base::Status set_together(const session::Scene& scene);
    std::span<const control::MeterLine> meter_lines();
    void add_frozen_gain();

    // live_desk_strips.cpp
    base::Result<control::Answer> act_qa(const control::ActionCall& call);
    static bool is_of_strip(std::string_view address);
    base::Result<std::vector<control::OscArg>> act_on_strip(const control::ActionCall& call);
    base::Result<std::vector<control::OscArg>> act_freeze(std::string_view address, double dB);
    base::Status move(const Moves& moves, control::Origin from);

    // live_desk_access.cpp
    std::string who_may_speak() const;
    void watch_gate(std::int64_t now);

    // live_desk_midi.cpp
    base::Status open_midi();
    base::Result<control::Answer> act_midi(const control::ActionCall& call);

    // live_desk_flight.cpp
    base::Result<std::vector<control::OscArg>> act_flight(std::span<const control::OscArg> args);
    base::Status begin_flight();
    void end_flight();
    void watch_flight();
    void keep_impulse(std::size_t effect);
    void request_impulse(std::size_t effect, const std::string& file);

    // Analysis and the feedback guard (live_desk_analysis.cpp).
    static bool chooses_taps(const param::Row& row);
    void set_taps();
    void watch_feedback();
    void fill_analysis_lines(std::span<control::MeterLine> lines) const;

    // live_desk_x32.cpp
    void open_x32();
    void turn_x32(std::int64_t now);
    void answer(control::Origin to, std::string_view address,
                const base::Result<control::Answer>& answer);

    // What a turn of the loop does, each as often as it needs.
    void turn();
    void take_impulses();
    // live_desk_timeline.cpp: what is sent to the engine ahead of its time.
    void feed_timeline();
    void send_timeline(std::uint64_t now);
    void tell_automation(std::uint64_t now);
    void tell_move(const session::Setting& setting);
    void tell_fade(std::uint64_t position);
    void finish_fade();
    std::optional<std::uint64_t> fade_from();
    std::uint64_t earliest() const;
    void note_pace(std::uint64_t now);
    bool says_freewheel() const;
    std::uint64_t ahead(double least_seconds) const;
    void flush();
    std::uint32_t strip_key(param::Slot slot) const;
    void watch_backend(std::int64_t now);
    void keep_state(std::int64_t now);
    void feed_watchdog(std::int64_t now);

    void started(const backend::StreamInfo& info) override;
    void stopped(const std::string& reason) override;
    void block_changed(std::size_t block) override;
    void rate_changed(unsigned rate) override;
    void message(const std::string& text) override;

    std::string dearest_strip(std::size_t bank) const;
    void log_error(const base::Error& error);

    RunSettings settings_;
    monitor::Log log_;
    param::Layout layout_;
    control::Desk desk_;
    check::LiveQa qa_{layout_};
    std::unique_ptr<Impulses> impulses_;
    FeedbackWatch feedback_watch_{desk_, log_};
    std::unique_ptr<Console> console_;
    std::unique_ptr<monitor::Monitor> monitor_;
    std::unique_ptr<Recording> recording_;
    std::unique_ptr<Soundcheck> soundcheck_;
    std::optional<Player> player_;
    std::unique_ptr<Transport> transport_;
    std::unique_ptr<Automation> automation_;
    LiveAudio audio_;
    std::shared_ptr<FlightTape> tape_;             // made for the first flight of a console
    std::unique_ptr<Flight> flight_;               // under way
    std::vector<std::unique_ptr<Flight>> landed_;  // their disks have not done yet
    std::unique_ptr<backend::Backend> backend_;
    std::unique_ptr<Gate> gate_;
    std::unique_ptr<control::OscServer> osc_;
    std::unique_ptr<WebSurface> web_;
    std::unique_ptr<web::Announcer> announcer_;
    std::vector<std::unique_ptr<control::x32::Server>> x32_;
    std::vector<std::unique_ptr<X32Memory>> x32_memories_;
    std::filesystem::path state_folder_;
    std::unique_ptr<session::StateFile> state_file_;
    std::unique_ptr<Keeper> keeper_;
    std::vector<control::MeterLine> meter_lines_;
    monitor::Readings readings_;
    std::unique_ptr<Show> show_;
    std::unique_ptr<MidiDesk> midi_;

    bool flush_waits_ = false;      // the engine had no room
    bool behind_fade_ = false;      // what was set waits for the steps of a fade that were sent
    std::uint64_t fed_at_ = 0;      // the position at the last feeding,
    std::uint64_t fed_frames_ = 0;  // and how far that was behind the one before;
    std::int64_t fed_moment_ = 0;   // when, ns
    bool is_freewheeling_ = false;
    std::size_t block_ = 0;            // of the backend
    std::set<std::uint32_t> touched_;  // strips that were moved while moves of them were on the way
    bool in_engine_ = false;           // what is set now, the engine has already
    bool checked_ = false;             // what is set now is possible as a whole
    bool state_dirty_ = false;
    bool names_dirty_ = false;
    bool taps_dirty_ = false;
    std::int64_t polled_ = 0, saved_ = 0, fed_ = 0, fade_told_ = 0, looked_ = 0;  // moments, ns
    std::uint64_t position_at_feeding_ = 0;
};

}  // namespace mixrig::app
