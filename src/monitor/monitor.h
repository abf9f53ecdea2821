// The thread beside the audio: takes what the engine tells and makes readings and log lines of it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/link/link.h"
#include "src/monitor/analyser.h"
#include "src/monitor/feedback_guard.h"
#include "src/monitor/load.h"
#include "src/monitor/log.h"
#include "src/monitor/loudness.h"
#include "src/monitor/meters.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace mixrig::monitor {

struct MonitoredStrip {
    std::string address;    // "/ch/1", for the log
    std::string name = {};  // "Kick"; may change by set_name
    bool stereo = false;
};

struct MonitorConfig {
    dsp::Hertz rate = {48000.0};
    std::vector<MonitoredStrip> strips = {};  // as the engine numbers them
    std::uint64_t xruns = 0;                  // the backend's count so far: no news
    std::function<link::MeterFrame()> make_frame = {};
    // Which strip of a bank has the most processors on. Asked within snapshot(), on its thread, so
    // that it may look at the desk without a lock. May be empty.
    std::function<std::string(std::size_t bank)> dearest_strip = {};
};

// Of the main bus behind its chain. Silence is kFloor_dB here, not -infinity.
struct MainLoudness {
    float momentary_lufs = kFloor_dB;
    float short_term_lufs = kFloor_dB;
    // Since the start or the last reset.
    float integrated_lufs = kFloor_dB;
    float range_lu = 0.0f;
    float true_peak_dBTP = kFloor_dB;
    float momentary_max_lufs = kFloor_dB;
    float short_term_max_lufs = kFloor_dB;
};

struct NamedOverload {
    std::uint64_t frame = 0;
    double share = 0.0;  // of the block's time
    std::size_t bank = 0;
    std::string strip = {};
};

struct StripRing {
    std::size_t strip = 0;
    Ring ring = {};
};

struct Readings {
    std::uint64_t frame = 0;  // of the engine, of the newest meters
    std::vector<Reading> strips = {};
    std::vector<StripLoudness> loudness = {};  // by strip
    link::BandReductions bands_dB = {};        // of the multiband compressor
    MainLoudness main = {};
    StereoImage main_image = {};
    Analysis analysis = {};                          // of what link::Taps chose
    LoadFigures last_second = {}, since_start = {};  // of the audio thread's blocks
    std::uint64_t overloads = 0;                     // since the start
    std::optional<NamedOverload> last_overload = {};
    std::uint64_t faults = 0;  // strips silenced, outputs cleaned; since the start
    std::uint64_t xruns = 0;
    std::uint64_t lost = 0;  // messages of the engine for which there was no room
    // Since the last snapshot; the first kMostNotices of them.
    std::vector<link::Notice> notices = {};
};

class Monitor {
public:
    static constexpr std::size_t kMostNotices = 64;

    // [control, no engine running on this link] Link and log must outlive it, and it the engine:
    // the meter frames are its own.
    static base::Result<std::unique_ptr<Monitor>> create(link::Link& link, Log& log,
                                                         MonitorConfig config);
    Monitor(const Monitor&) = delete;
    Monitor& operator=(const Monitor&) = delete;
    ~Monitor();

    // [control] The meter thread; without it, whoever calls turn() does its work.
    void start();
    void stop();
    // [monitor] What the thread does every 10 ms.
    void turn();

    // [control] The newest readings. Also gives overloads their name, and logs them.
    void snapshot(Readings& out);

    // [control] Rings that guarded strips have begun since the last call.
    std::vector<StripRing> take_rings();

    // [any but the audio thread] Done within 10 ms.
    void analyse(Averaging averaging);
    void reset_loudness();
    void reset_clips();
    void reset_clips(std::size_t strip);
    void set_name(std::size_t strip, std::string_view name);

    // [any] The backend's count, which only grows; an increase is logged.
    void set_xruns(std::uint64_t count) { xruns_.store(count, std::memory_order_relaxed); }
    // [any] Blocks of audio that the thread has heard of. For the watchdog: audio and monitor live
    // if it grows.
    std::uint64_t blocks_seen() const { return blocks_.load(std::memory_order_relaxed); }

private:
    struct Requests {
        bool loudness = false;
        std::optional<Averaging> averaging = {};
        std::vector<bool> clips = {};  // by strip
    };

    Monitor(link::Link& link, Log& log, MonitorConfig config, LoudnessMeter loudness);
    void forget_frames();
    void run();
    void serve_requests();
    void take_blocks();
    void take_meters();
    void take_main();
    void take_analysis();
    void take_guarded();
    void take_notices();
    void report(const link::Notice& notice);
    void measure();
    void look_at_counters();
    void publish();
    std::string called(std::size_t strip);
    void log_overload(const NamedOverload& overload);

    link::Link& link_;
    Log& log_;
    const MonitorConfig config_;
    std::vector<link::MeterFrame> frames_;

    // The meter thread's.
    Meters meters_;
    LoudnessMeter loudness_;
    Load load_;
    StereoScope main_scope_;
    Analyser analyser_;
    struct Guarded {
        FeedbackGuard guard;
        std::uint64_t next = 0;   // the frame that goes on from what it has heard
        std::uint64_t turns = 0;  // when it last heard something
    };
    std::vector<std::unique_ptr<Guarded>> guards_;  // [strip], those that are guarded
    Readings now_;                                  // its notices: those since the last turn
    std::uint64_t turns_ = 0;
    std::uint64_t overload_turns_ = 0;  // for which one has waited for its cost

    std::mutex mutex_;  // of the following
    Readings shared_;
    std::vector<StripRing> rings_;
    std::optional<Overload> overload_;  // the worst that has no name yet
    Requests requests_;
    std::vector<std::string> names_;

    std::optional<NamedOverload> last_overload_;  // control's
    std::atomic<std::uint64_t> xruns_{0};
    std::atomic<std::uint64_t> blocks_{0};
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace mixrig::monitor
