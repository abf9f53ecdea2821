// A sound card through RtAudio (ALSA or Pulse), open and calling back. The only place that knows
// RtAudio.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/backend/audio_side.h"
#include "src/backend/backend.h"
#include "src/backend/card_choice.h"
#include "src/backend/storm_guard.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mixrig::backend {

// [any] True if there is a card that `config` could open.
bool card_exists(const BackendConfig& config);

class Card {
public:
    // [any] Chooses, opens and starts; falls silent until the AudioSide lets the engine in.
    static base::Result<std::unique_ptr<Card>> open(const BackendConfig& config,
                                                    std::shared_ptr<AudioSide> side);
    ~Card();  // closes; may hang, so let Background do it
    Card(const Card&) = delete;
    Card& operator=(const Card&) = delete;

    void abandon();  // [control] after it, the audio thread of this card leaves the engine alone

    bool stormed() const { return stormed_.load(std::memory_order_acquire); }
    std::string last_error() const;  // that RtAudio reported; empty: none
    // After so long without a call, the card is dead.
    std::int64_t longest_silence_ns() const { return longest_silence_ns_; }
    const StreamInfo& info() const { return info_; }
    const std::string& note() const { return note_; }  // what was not got as wished, or empty

private:
    struct Driver;  // RtAudio, and the functions that it calls

    explicit Card(std::shared_ptr<AudioSide> side);
    base::Status open_on(const BackendConfig& config, const std::string& api);
    void map_channels(const Ports& ports, std::size_t card_inputs, std::size_t card_outputs);
    int process(float* card_out, const float* card_in, std::size_t frames) MIXRIG_REALTIME;
    void run_engine(float* card_out, const float* card_in, std::size_t frames) MIXRIG_REALTIME;

    std::shared_ptr<AudioSide> side_;
    std::unique_ptr<Driver> driver_;
    StreamInfo info_;
    std::string note_;
    std::int64_t longest_silence_ns_ = 0;

    // For each port of the engine the channel of the card, from 0; kNone: silence, or nowhere.
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
    std::vector<std::size_t> input_channel_;
    std::vector<std::size_t> output_channel_;
    std::size_t card_outputs_ = 0;
    std::vector<const float*> in_;
    std::vector<float*> out_;
    std::vector<float> silence_;
    std::vector<float> nowhere_;

    StormGuard guard_;  // audio thread
    std::atomic<bool> stormed_{false};
    std::atomic<bool> inside_{false};
    std::atomic<bool> abandoned_{false};
};

}  // namespace mixrig::backend
