// What the meter thread does.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/monitor.h"

#include "dsp/denormals.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cmath>
#include <exception>
#include <pthread.h>
#include <utility>

namespace mixrig::monitor {
namespace {

constexpr auto kTurn = std::chrono::milliseconds(10);
// Loudness over long times, load and rare counts need not be looked at more often than people do.
constexpr std::uint64_t kTurnsPerLook = 10;
// How long an overload waits for the reading that tells whose it was: a reading comes every 20 ms,
// unless the audio has stopped.
constexpr std::uint64_t kPatienceTurns = 50;
constexpr std::uint64_t kForgetTurns = 500;  // a guard that hears nothing
constexpr std::size_t kFrames = 4;           // being read, on the way here and back, being filled

std::vector<bool> stereo_strips(const MonitorConfig& config) {
    std::vector<bool> out;
    for (const MonitoredStrip& strip : config.strips) out.push_back(strip.stereo);
    return out;
}

float floored(double level) {
    return std::isfinite(level) ? std::max(kFloor_dB, static_cast<float>(level)) : kFloor_dB;
}

std::string plural(std::uint64_t count, const char* what) {
    return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

}  // namespace

base::Result<std::unique_ptr<Monitor>> Monitor::create(link::Link& link, Log& log,
                                                       MonitorConfig config) {
    auto loudness = LoudnessMeter::create({.rate = config.rate, .history = History::endless});
    if (!loudness) return loudness.error();
    return std::unique_ptr<Monitor>(
        new Monitor(link, log, std::move(config), *std::move(loudness)));
}

Monitor::Monitor(link::Link& link, Log& log, MonitorConfig config, LoudnessMeter loudness)
    : link_(link),
      log_(log),
      config_(std::move(config)),
      meters_(config_.rate, stereo_strips(config_)),
      loudness_(std::move(loudness)),
      load_(config_.rate),
      main_scope_(config_.rate),
      analyser_(config_.rate),
      guards_(config_.strips.size()) {
    forget_frames();
    for (std::size_t i = 0; i < kFrames; ++i) frames_.push_back(config_.make_frame());
    for (link::MeterFrame& frame : frames_) {
        assert(frame.strips.size() == config_.strips.size());
        if (!link_.free_meters.try_push(&frame)) break;
    }
    for (const MonitoredStrip& strip : config_.strips) names_.push_back(strip.name);
    requests_.clips.resize(config_.strips.size());
    now_.strips = shared_.strips = meters_.readings();
    now_.xruns = config_.xruns;
    xruns_.store(config_.xruns, std::memory_order_relaxed);
    now_.lost = link_.lost.load(std::memory_order_relaxed);
}

Monitor::~Monitor() {
    stop();
    forget_frames();
}

// Nobody else is at the queues, so this thread may be either end of them.
void Monitor::forget_frames() {
    link::MeterFrame* frame = nullptr;
    while (link_.meters.try_pop(frame) || link_.free_meters.try_pop(frame)) {
    }
}

void Monitor::start() {
    if (thread_.joinable()) return;
    stop_.store(false, std::memory_order_relaxed);  // the thread's creation orders it
    thread_ = std::thread([this] { run(); });
    pthread_setname_np(thread_.native_handle(), "mixrig-meters");
}

void Monitor::stop() {
    stop_.store(true, std::memory_order_relaxed);  // read in run(); carries no data
    if (thread_.joinable()) thread_.join();
}

// An exception here, for want of memory, must not end the process: there is audio in it.
void Monitor::run() {
    while (!stop_.load(std::memory_order_relaxed)) {
        try {
            turn();
        } catch (const std::exception& e) {
            log_.error("monitor", e.what());
        }
        std::this_thread::sleep_for(kTurn);
    }
}

void Monitor::turn() {
    serve_requests();
    take_blocks();  // before the meters, which say whose time it was
    take_meters();
    take_main();
    take_analysis();
    take_guarded();
    take_notices();
    if (turns_++ % kTurnsPerLook == 0) {
        measure();
        look_at_counters();
        log_.tick();
    }
    publish();
}

void Monitor::serve_requests() {
    const std::lock_guard lock(mutex_);
    if (std::exchange(requests_.loudness, false)) {
        loudness_.reset();
        turns_ = 0;  // so that it is seen at once
    }
    if (const auto averaging = std::exchange(requests_.averaging, std::nullopt))
        analyser_.use(*averaging);
    for (std::size_t s = 0; s < requests_.clips.size(); ++s) {
        if (!requests_.clips[s]) continue;
        requests_.clips[s] = false;
        meters_.reset_clips(s);
    }
}

// The loops below end at what a full queue holds: a producer that outruns us must not keep us here.

void Monitor::take_blocks() {
    link::BlockTime block;
    std::uint64_t count = 0;
    while (count < link_.block_times.capacity() && link_.block_times.try_pop(block)) {
        load_.add(block);
        ++count;
    }
    blocks_.fetch_add(count, std::memory_order_relaxed);
    now_.overloads = load_.overloads();
}

void Monitor::take_meters() {
    link::MeterFrame* frame = nullptr;
    for (std::size_t i = 0; i < kFrames && link_.meters.try_pop(frame); ++i) {
        meters_.add(*frame);
        load_.add_ticks(frame->frame, frame->bank_ticks);
        now_.frame = frame->frame;
        // There is room: the queue holds more than there are frames.
        (void)link_.free_meters.try_push(frame);
    }
    now_.strips = meters_.readings();
    now_.loudness = meters_.loudness();
    now_.bands_dB = meters_.bands_dB();
}

void Monitor::take_main() {
    link::StereoQuantum quantum;
    for (std::size_t i = 0; i < link_.main_tap.capacity() && link_.main_tap.try_pop(quantum); ++i) {
        const float* const sides[] = {quantum.left.data(), quantum.right.data()};
        loudness_.add(sides, link::kTapFrames);
        main_scope_.add(sides[0], sides[1], link::kTapFrames);
    }
    now_.main_image = main_scope_.image();
}

void Monitor::take_analysis() {
    const dsp::FlushSubnormals flush;  // of filters that ring out
    link::StereoQuantum quantum;
    for (std::size_t i = 0; i < link_.analysis.capacity() && link_.analysis.try_pop(quantum); ++i)
        analyser_.add(quantum);
    analyser_.read(now_.analysis);
}

void Monitor::take_guarded() {
    link::GuardQuantum quantum;
    for (std::size_t i = 0; i < link_.guarded.capacity() && link_.guarded.try_pop(quantum); ++i) {
        if (quantum.strip >= guards_.size()) continue;
        auto& guarded = guards_[quantum.strip];
        if (!guarded) guarded.reset(new Guarded{.guard = FeedbackGuard(config_.rate)});
        if (quantum.frame != guarded->next) guarded->guard.reset();
        guarded->next = quantum.frame + link::kTapFrames;
        guarded->turns = turns_;
        if (const auto ring = guarded->guard.add(quantum.samples)) {
            const std::lock_guard lock(mutex_);
            if (rings_.size() < kMostNotices) rings_.push_back({quantum.strip, *ring});
        }
    }
    for (auto& guarded : guards_)
        if (guarded && turns_ > guarded->turns + kForgetTurns) guarded.reset();
}

void Monitor::take_notices() {
    now_.notices.clear();
    link::Notice notice;
    for (std::size_t i = 0; i < link_.notices.capacity() && link_.notices.try_pop(notice); ++i)
        report(notice);
}

void Monitor::report(const link::Notice& notice) {
    if (notice.strip >= config_.strips.size()) return;
    if (now_.notices.size() < kMostNotices) now_.notices.push_back(notice);
    const std::string strip = called(notice.strip);
    const LogField where{"strip", config_.strips[notice.strip].address};
    const LogField when{"frame", std::to_string(notice.frame)};
    switch (notice.fault) {
        case link::Fault::not_finite:
            ++now_.faults;
            return log_.warning(
                "fault", strip + " is not a number or absurdly loud; silenced until it is clean",
                {where, when});
        case link::Fault::recovered:
            return log_.info("recovered", strip + " is clean and heard again", {where, when});
        case link::Fault::ceiling:
            ++now_.faults;
            return log_.warning(
                "ceiling",
                "an output of " + strip + " had samples that are not numbers; they became silence",
                {where, when});
    }
}

void Monitor::measure() {
    now_.main = {.momentary_lufs = floored(loudness_.momentary()),
                 .short_term_lufs = floored(loudness_.short_term()),
                 .integrated_lufs = floored(loudness_.integrated()),
                 .range_lu = std::max(0.0f, floored(loudness_.range())),
                 .true_peak_dBTP = floored(loudness_.true_peak()),
                 .momentary_max_lufs = floored(loudness_.momentary_max()),
                 .short_term_max_lufs = floored(loudness_.short_term_max())};
    now_.last_second = load_.last_second();
    now_.since_start = load_.since_start();
}

void Monitor::look_at_counters() {
    const std::uint64_t xruns = xruns_.load(std::memory_order_relaxed);
    if (xruns > now_.xruns)
        log_.warning("xrun", plural(xruns - now_.xruns, "gap") + " in the audio",
                     {{"total", std::to_string(xruns)}});
    now_.xruns = xruns;
    const std::uint64_t lost = link_.lost.load(std::memory_order_relaxed);
    if (lost > now_.lost)
        log_.warning("lost", plural(lost - now_.lost, "message") + " of the engine found no room",
                     {{"total", std::to_string(lost)}});
    now_.lost = lost;
}

void Monitor::publish() {
    overload_turns_ = load_.has_overload() ? overload_turns_ + 1 : 0;
    const auto overload = load_.take_overload(
        overload_turns_ < kPatienceTurns ? Load::Patience::waits : Load::Patience::over);
    const std::lock_guard lock(mutex_);
    if (overload && (!overload_ || overload_->share < overload->share)) overload_ = overload;
    std::vector<link::Notice> notices = std::move(shared_.notices);
    for (const link::Notice& notice : now_.notices)
        if (notices.size() < kMostNotices) notices.push_back(notice);
    shared_ = now_;
    shared_.notices = std::move(notices);
}

std::string Monitor::called(std::size_t strip) {
    const std::lock_guard lock(mutex_);
    const std::string& name = names_[strip];
    return config_.strips[strip].address + (name.empty() ? "" : " \"" + name + '"');
}

void Monitor::snapshot(Readings& out) {
    std::optional<Overload> overload;
    {
        const std::lock_guard lock(mutex_);
        out = shared_;
        shared_.notices.clear();
        overload = std::exchange(overload_, std::nullopt);
    }
    if (overload) {
        last_overload_ = {
            .frame = overload->frame,
            .share = overload->share,
            .bank = overload->bank,
            .strip = config_.dearest_strip ? config_.dearest_strip(overload->bank) : std::string()};
        log_overload(*last_overload_);
    }
    out.last_overload = last_overload_;
}

void Monitor::log_overload(const NamedOverload& overload) {
    const std::string percent = std::to_string(std::lround(overload.share * 100.0));
    const std::string whose = overload.strip.empty() ? "" : ", " + overload.strip + " cost most";
    log_.warning("overload", "a block took " + percent + " % of its time" + whose,
                 {{"percent", percent},
                  {"bank", std::to_string(overload.bank)},
                  {"frame", std::to_string(overload.frame)}});
}

std::vector<StripRing> Monitor::take_rings() {
    const std::lock_guard lock(mutex_);
    return std::exchange(rings_, {});
}

void Monitor::analyse(Averaging averaging) {
    const std::lock_guard lock(mutex_);
    requests_.averaging = averaging;
}

void Monitor::reset_loudness() {
    const std::lock_guard lock(mutex_);
    requests_.loudness = true;
}

void Monitor::reset_clips() {
    const std::lock_guard lock(mutex_);
    requests_.clips.assign(requests_.clips.size(), true);
}

void Monitor::reset_clips(std::size_t strip) {
    const std::lock_guard lock(mutex_);
    if (strip < requests_.clips.size()) requests_.clips[strip] = true;
}

void Monitor::set_name(std::size_t strip, std::string_view name) {
    const std::lock_guard lock(mutex_);
    if (strip < names_.size()) names_[strip] = name;
}

}  // namespace mixrig::monitor
