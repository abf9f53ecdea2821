// A running desk: its MIDI surfaces.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/live_desk.h"

namespace mixrig::app {

base::Status LiveDesk::open_midi() {
    const session::MidiConfig& config = settings_.config.midi;
    if (!config.enabled) return base::Done{};
    auto midi = MidiDesk::open(
        config, settings_.keep_state ? state_folder_ / "midi.toml" : std::filesystem::path{}, desk_,
        log_,
        {.meters = [this] { return meter_lines(); },
         .answer = show_hooks().answer,
         .wake = [this] { osc_->wake(); }});
    if (!midi) return midi.error();
    midi_ = std::move(*midi);
    return base::Done{};
}

base::Result<control::Answer> LiveDesk::act_midi(const control::ActionCall& call) {
    if (!midi_) return base::Error{"MIDI is off", {}, "[midi] enabled = true in desk.toml"};
    return midi_->act(call);
}

}  // namespace mixrig::app
