// Virtual soundcheck: a recording feeds the channels in place of the interface.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "control/osc_message.h"
#include "dsp/realtime.h"
#include "src/disk/playback.h"
#include "src/engine/geometry.h"
#include "src/monitor/log.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mixrig::app {

// The audio side: what an engine's inputs get. Each input fades between what comes from outside and
// its track within 10 ms; one that is not fading gets the samples of either as they are. Tracks
// move from one frame of the engine up to another, and fade in and out there.
class SoundcheckFeed {
public:
    // [control] `lane_of_input`: of the playback, for each input of the engine; negative if none.
    SoundcheckFeed(std::unique_ptr<disk::Playback> playback, std::vector<int> lane_of_input,
                   dsp::Hertz rate);

    // [control]
    void want(std::size_t input, bool on) {
        wanted_[input].store(on && lane_of_input_[input] >= 0, std::memory_order_relaxed);
    }
    disk::Playback& playback() { return *playback_; }
    // [control] From this frame of the engine on what was sought plays; it must not play now. If
    // the audio thread is there already, it leaves out what it has missed.
    void play_from(std::uint64_t frame);
    // [control] Up to this frame; the last 10 ms before it fade.
    void play_until(std::uint64_t frame) { until_.store(frame, std::memory_order_release); }
    // [any] Behind `until`, it may take so many frames more if that was said late.
    std::uint64_t fade_frames() const { return fade_frames_; }
    // [any] Nothing of it is heard any more.
    bool is_dry() const { return dry_.load(std::memory_order_acquire); }

    static constexpr std::size_t kMostFrames = disk::Playback::kBlock;
    // [audio] At most kMostFrames of every input, from this frame of the engine on.
    const float* const* mix(std::uint64_t position, const float* const* in, std::size_t frames)
        MIXRIG_REALTIME;

private:
    void read(std::uint64_t position, std::size_t frames) MIXRIG_REALTIME;
    void play(std::uint64_t position, std::size_t at, std::size_t frames) MIXRIG_REALTIME;
    void fade(std::size_t input, const float* live, float to, std::size_t frames) MIXRIG_REALTIME;

    std::unique_ptr<disk::Playback> playback_;
    std::vector<int> lane_of_input_;
    float step_;  // of a fade, a frame
    std::uint64_t fade_frames_;
    // Release with the acquires in read().
    std::atomic<std::uint64_t> from_{UINT64_MAX}, until_{UINT64_MAX};
    std::uint64_t begun_ = UINT64_MAX;       // the last `from` that was seen
    float level_ = 0.0f;                     // of all tracks: 0 to 1, before the curve
    std::vector<std::atomic<bool>> wanted_;  // [input]
    std::vector<float> shares_;              // [input] of the track: 0 to 1, before the curve
    std::vector<std::vector<float>> tracks_, mixed_;  // [lane], [input]
    std::vector<float*> track_pointers_;
    std::vector<float> levels_;
    std::vector<const float*> pointers_;  // [input]
    std::atomic<bool> dry_{true};
};

// [control] all but feed().
class Soundcheck {
public:
    // All must outlive it. Recordings are looked for in `folder`.
    Soundcheck(std::filesystem::path folder, control::Desk& desk, monitor::Log& log);
    ~Soundcheck();
    Soundcheck(const Soundcheck&) = delete;
    Soundcheck& operator=(const Soundcheck&) = delete;

    // Audio is held. What was loaded is let go: it may be of another rate.
    void use(dsp::Hertz rate);
    // A row of it has changed.
    void changed() { changed_ = true; }
    // `/soundcheck/load`.
    base::Result<std::vector<control::OscArg>> act(std::span<const control::OscArg> args);
    void turn();

    // What a transport asks of it. Without tracks all of it is done at once.
    std::uint64_t length() const { return now_ ? now_->playback().length() : 0; }
    // How often other tracks have come in their place.
    unsigned loads() const { return loads_; }
    void cue(std::uint64_t song, base::Loop loop);
    bool is_ready() const { return !now_ || now_->playback().is_ready(); }
    void set_loop(base::Loop loop);
    void play_from(std::uint64_t frame);
    void play_until(std::uint64_t frame);
    // Whether the first channel was switched to the recording, or the last one back.
    enum class Wish : std::uint8_t { none, play, stop };
    Wish take_wish() { return std::exchange(wish_, Wish::none); }

    // [audio] Once at the beginning of a block; null if nothing is loaded.
    SoundcheckFeed* feed() MIXRIG_REALTIME {
        // Said before it is used, and looked at again: whoever replaced it in between would not
        // have seen it said. One order of all four accesses, here and in swap() and free_old().
        for (int tries = 0; tries < 3; ++tries) {
            SoundcheckFeed* const now = offered_.load();
            used_.store(now);
            if (offered_.load() == now) return now;
        }
        used_.store(nullptr);
        return nullptr;
    }

private:
    using Opened = base::Result<std::unique_ptr<SoundcheckFeed>>;

    base::Result<std::string> find(const std::string& name) const;
    base::Status load(const std::string& name);
    Opened open(const std::filesystem::path& recording) const;
    void take_opened();
    void swap();
    void free_old();
    void update_wanted();
    bool is_on(std::size_t channel) const;
    bool is_any_on() const;
    void switch_off(const base::Error& why);
    float number(std::string_view address) const;
    void tell_folder(const std::string& name);

    std::filesystem::path folder_;
    control::Desk& desk_;
    monitor::Log& log_;
    const engine::Geometry geometry_;
    dsp::Hertz rate_{48000.0};
    std::future<Opened> opening_;
    std::string opening_name_;
    std::unique_ptr<SoundcheckFeed> next_, now_;  // next_ waits for now_ to be dry
    std::vector<std::unique_ptr<SoundcheckFeed>> old_;
    bool changed_ = false;
    bool was_on_ = false;
    unsigned loads_ = 0;
    Wish wish_ = Wish::none;
    std::atomic<SoundcheckFeed*> offered_{nullptr}, used_{nullptr};
};

}  // namespace mixrig::app
