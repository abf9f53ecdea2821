// The recorder as the control thread sees it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/song/recording.h"

#include "src/app/ports.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <utility>

namespace mixrig::app {

using link::TapeSource;
using param::Kind;

namespace {

// A tape is made when nobody has armed anything for so long, and told of so often.
constexpr std::int64_t kSettled = 100'000'000, kTellEvery = 250'000'000;
// Beyond the look-back the tape holds what a disk may take to answer.
constexpr double kSlackSeconds = 8.0;

std::size_t quanta(double seconds, double rate) {
    return static_cast<std::size_t>(
        std::llround(seconds * rate / static_cast<double>(dsp::kQuantum)));
}

// "2026-11-21_16-30-00", of this place.
std::string stamp(std::chrono::system_clock::time_point when) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(when);
    std::tm local = {};
    ::localtime_r(&seconds, &local);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d_%H-%M-%S", &local)};
}

// What every file system takes: no slash, nothing that a shell or Windows stumbles over.
std::string as_file_name(std::string text) {
    for (char& c : text)
        if (std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos) c = '_';
    return text;
}

// "01-Kick" for a channel, "sub-2-Drums" and "main" for buses.
std::string file_name(const engine::StripPlace& place, const std::string& name) {
    std::array<char, 16> number{};
    std::snprintf(number.data(), number.size(), "%02u", place.number + 1u);
    std::string out(param::kPrefix[static_cast<std::size_t>(place.kind)].substr(1));
    if (place.kind == Kind::ch)
        out = number.data();
    else if (param::is_counted(place.kind))
        out += "-" + std::to_string(place.number + 1);
    return name.empty() ? out : out + "-" + as_file_name(name);
}

}  // namespace

Recording::Recording(const session::DeskConfig& config, std::filesystem::path folder,
                     control::Desk& desk, monitor::Log& log)
    : config_(config), folder_(std::move(folder)), desk_(desk), log_(log) {
    recorder_.watch(folder_);
}

Recording::~Recording() {
    stop();
}

void Recording::stop() {
    if (tape_) recorder_.end(tape_->readable().end);
}

void Recording::use(Console& console) {
    stop();
    console_ = &console;
    tape_.reset();
    sources_.clear();
    arms_changed_ = 0;
}

std::vector<TapeSource> Recording::armed() const {
    std::vector<TapeSource> sources;
    const auto& strips = console_->geometry().strips;
    for (engine::Strip s = 0; s < strips.size(); ++s) {
        if (!desk_.layout().has(strips[s].kind, param::row("record"))) continue;
        const auto word = static_cast<int>(desk_.values().number(
            desk_.layout().slot(strips[s].kind, strips[s].number, param::row("record"))));
        if (word == 0) continue;
        sources.push_back({s, static_cast<link::TapeTap>(word - 1),
                           static_cast<std::uint8_t>(strips[s].lanes())});
    }
    return sources;
}

std::vector<disk::TakeTrack> Recording::tracks() const {
    std::vector<disk::TakeTrack> tracks;
    std::size_t lane = 0;
    for (const TapeSource& source : tape_->sources()) {
        const engine::StripPlace& place = console_->geometry().strips[source.strip];
        const std::string& name =
            desk_.values().text(desk_.layout().slot(place.kind, place.number, param::row("name")));
        tracks.push_back({.file = file_name(place, name),
                          .title = name.empty() ? strip_title(console_->geometry(), desk_.layout(),
                                                              desk_.values(), source.strip)
                                                : name,
                          .lane = lane,
                          .lanes = source.lanes});
        lane += source.lanes;
    }
    return tracks;
}

base::Result<std::vector<control::OscArg>> Recording::act(std::string_view address,
                                                          std::span<const control::OscArg> args) {
    if (address == "/record/stop") {
        if (auto status = end(); !status) return status.error();
        return std::vector<control::OscArg>{};
    }
    const bool is_past = address == "/record/from";
    const auto seconds = begin(is_past ? args[0].as_number() : 0.0);
    if (!seconds) return seconds.error();
    if (!is_past) return std::vector<control::OscArg>{};
    return std::vector{control::OscArg::number(static_cast<float>(*seconds))};
}

base::Result<double> Recording::begin(double seconds) {
    if (recorder_.report().state == disk::RecorderState::recording)
        return base::Error{"a recording runs already", {}, "/record/stop ends it"};
    if (!(seconds >= 0.0)) return base::Error{"takes seconds, 0 or more"};
    if (armed().empty())
        return base::Error{"nothing is armed", {}, "/ch/1/record in, or [recording] arm"};
    const link::Tape::Range range = tape_ ? tape_->readable() : link::Tape::Range{};
    if (is_arming() || range.end == range.begin) {
        begin_when_ready_ = true;  // who has just armed something need not know of tapes
        return 0.0;
    }
    begin_when_ready_ = false;
    seconds = std::min(seconds, lookback_seconds());
    const std::uint64_t back =
        std::min<std::uint64_t>(quanta(seconds, rate()), range.end - range.begin);
    seconds = static_cast<double>(back * dsp::kQuantum) / rate();
    const auto began = std::chrono::system_clock::now() -
                       std::chrono::duration_cast<std::chrono::system_clock::duration>(
                           std::chrono::duration<double>(seconds));
    recorder_.begin({.tape = tape_,
                     .from = range.end - back,
                     .folder = folder_,
                     .name = stamp(began),
                     .tracks = tracks(),
                     .rate = console_->rate(),
                     .coding = config_.recording.is_float ? disk::RecordingCoding::float32
                                                          : disk::RecordingCoding::pcm24,
                     .desk = config_.name,
                     .began = began});
    // Before the answer: who has that may ask, or wait for the end.
    tell(recorder_.report());
    log_.info("record", "records " + std::to_string(sources_.size()) + " strips into " +
                            (folder_ / stamp(began)).string());
    return seconds;
}

base::Status Recording::end() {
    if (std::exchange(begin_when_ready_, false)) return base::Done{};
    if (recorder_.report().state != disk::RecorderState::recording || !tape_)
        return base::Error{"nothing is being recorded"};
    recorder_.end(tape_->readable().end);
    return base::Done{};
}

double Recording::lookback_seconds() const {
    if (!tape_) return 0.0;
    const link::Tape::Range range = tape_->readable();
    // What is older than this may be gone before the disk has it.
    const std::size_t slack = quanta(kSlackSeconds, rate());
    const std::size_t most = tape_->capacity() - std::min(tape_->capacity(), slack);
    const auto there = std::min<std::uint64_t>(range.end - range.begin, most);
    return static_cast<double>(there * dsp::kQuantum) / rate();
}

void Recording::turn(std::int64_t now) {
    take_tape();
    if (begin_when_ready_ && !is_arming() && tape_ && tape_->readable().end != 0) (void)begin(0.0);
    const bool due = arms_changed_ >= 0 && now - arms_changed_ >= kSettled;
    if (!due && now - told_ < kTellEvery) return;
    const disk::RecorderReport report = recorder_.report();
    if (due && report.state != disk::RecorderState::recording) {
        arm();
    } else if (due && !waits_ && armed() != sources_) {
        waits_ = true;
        log_.warning("record", "what is armed changes when the recording has ended");
        tell("/record/message", {.text = "arming waits for the end of this recording"});
    }
    if (now - told_ < kTellEvery) return;
    told_ = now;
    tell(report);
}

void Recording::arm() {
    if (making_) return;  // one after the other
    arms_changed_ = -1;
    if (std::exchange(waits_, false)) tell("/record/message", {});
    const std::vector<TapeSource> now = armed();
    if (now == sources_) return;
    sources_ = now;
    tape_.reset();
    console_->use_tape(nullptr);
    if (now.empty()) return;
    making_ = true;
    const double seconds = config_.recording.lookback.value + kSlackSeconds;
    recorder_.make_tape(now, quanta(seconds, rate()), quanta(kSlackSeconds, rate()));
}

void Recording::take_tape() {
    if (!making_) return;
    auto made = recorder_.take_tape();
    if (!made) return;
    making_ = false;
    if (!*made) {
        log_.error("record", made->error().text());
        tell("/record/message", {.text = made->error().what});
        begin_when_ready_ = false;
        sources_.clear();
        return;
    }
    const std::shared_ptr<link::Tape>& tape = **made;
    const auto is_as_armed = [&] { return std::ranges::equal(tape->sources(), sources_); };
    if (!is_as_armed()) return;  // for another console, or other strips
    tape_ = tape;
    console_->use_tape(tape);
    const double seconds =
        static_cast<double>(tape->capacity() * dsp::kQuantum) / rate() - kSlackSeconds;
    if (seconds < config_.recording.lookback.value - 1.0)
        log_.warning("record", "memory is scarce: the look-back is " +
                                   std::to_string(static_cast<int>(seconds)) + " s");
}

void Recording::tell(std::string_view address, const param::Value& value) {
    const auto slot = desk_.layout().find(address);
    if (slot && desk_.get(*slot) != value) (void)desk_.set(*slot, value, control::kDeskItself);
}

void Recording::tell(const disk::RecorderReport& report) {
    const auto number = [this](std::string_view address, double value) {
        tell(address, {.number = static_cast<float>(value)});
    };
    if (report.ended != ended_) tell_end(report);
    number("/record/state", static_cast<double>(report.state));
    number("/record/seconds", static_cast<double>(report.frames) / rate());
    number("/record/gaps", static_cast<double>(report.gap_frames));
    // In tenths: a tablet need not be told of every quantum.
    number("/record/lookback", std::floor(lookback_seconds() * 10.0) / 10.0);
    if (!report.folder.empty())
        tell("/record/folder", {.text = std::filesystem::path(report.folder).filename().string()});
    std::size_t lanes = 0;
    for (const TapeSource& source : sources_) lanes += source.lanes;
    const double a_second =
        rate() * static_cast<double>(lanes) * (config_.recording.is_float ? 4.0 : 3.0);
    const auto free = static_cast<double>(
        std::max<std::int64_t>(0, report.free_bytes - disk::Recorder::kReserveBytes));
    number("/record/free", a_second > 0.0 ? std::min(std::floor(free / a_second), 1e7) : 0.0);
}

void Recording::tell_end(const disk::RecorderReport& report) {
    ended_ = report.ended;
    const double seconds = static_cast<double>(report.frames) / rate();
    std::array<char, 32> length{};
    std::snprintf(length.data(), length.size(), "%.1f s", seconds);
    std::string text = "recorded " + std::string(length.data()) + " into " + report.folder;
    if (report.gaps > 0)
        text += "; the disk was too slow: " + std::to_string(report.gap_frames) +
                " frames are silence, in " + std::to_string(report.gaps) + " gaps";
    if (report.clipped > 0) text += "; " + std::to_string(report.clipped) + " samples clipped";
    if (report.error) {
        log_.error("record", "the recording has ended: " + report.error->text());
        tell("/record/message", {.text = report.error->hint == disk::kDiskFull
                                             ? "the disk is full: the recording has ended"
                                             : report.error->what});
    } else if (report.state == disk::RecorderState::off) {
        tell("/record/message", {});
    }
    if (report.folder.empty()) return;
    if (report.gaps > 0)
        log_.warning("record", text);
    else
        log_.info("record", text);
}

}  // namespace mixrig::app
