// Mastering: rendering and solving.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/master.h"

#include "src/app/bounce.h"
#include "src/app/look_at.h"
#include "src/disk/sound_file_reader.h"
#include "src/session/line_grammar.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <system_error>
#include <utility>

namespace mixrig::app {

namespace {

namespace fs = std::filesystem;
using monitor::Measurement;

constexpr std::array kProfiles = {
    MasterProfile{"streaming", -14.0, -1.0}, MasterProfile{"cd", -14.0, -0.3},
    MasterProfile{"vinyl", -16.0, -3.0}, MasterProfile{"video", -23.0, -1.0}};

// What a trim cannot, the faders of channel and main can.
constexpr double kMostTrim_dB = 30.0, kMostFader_dB = 10.0,
                 kMostGain_dB = kMostTrim_dB + 2.0 * kMostFader_dB;
constexpr double kCloseEnough = 0.03;  // LU: better than asked, for what dither and meters add
constexpr std::size_t kMostPasses = 12;
// Where the limiter works, a dB of gain makes less than one of loudness; below this it is hopeless.
constexpr double kLeastSlope = 0.1;
constexpr double kHeadroom_dB = 40.0;  // between chain and gain nothing is cut off
constexpr disk::Format kExact{disk::Container::wav, disk::Coding::float32};

// Gone when nobody needs it any more.
class TemporaryFile {
public:
    explicit TemporaryFile(fs::path path) : path_(std::move(path)) {}
    ~TemporaryFile() {
        std::error_code ignored;
        fs::remove(path_, ignored);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

base::Result<Measurement> listen(const fs::path& path) {
    auto file = disk::SoundFileReader::open(path);
    if (!file) return file.error();
    const disk::SoundInfo& info = file->info();
    return monitor::measure(
        {.channels = info.channels, .rate = info.rate, .full_scale = info.full_scale},
        [&file](std::span<float> interleaved) { return file->read(interleaved); });
}

// One stereo channel into main, and nothing else.
base::Result<session::Song> desk_for(const fs::path& input, double rate) {
    const std::string text =
        "[desk]\nchannels = 1\nsubgroups = 0\nauxes = 0\neffects = 0\n"
        "matrices = 0\n[[track]]\nchannel = 1\nfile = " +
        session::in_quotes(fs::absolute(input).string()) + "\n";
    auto song =
        session::parse_song(text, fs::absolute(input).parent_path() / "song.toml", look_at_sound);
    if (!song) return base::Error{song.error().what, input.string(), song.error().hint};
    if (rate != 0.0) song->desk.audio.rate = {rate};
    return song;
}

class Mastering {
public:
    Mastering(const MasterSettings& settings, session::Song song)
        : settings_(settings), song_(std::move(song)), layout_(session::shape_of(song_.desk)) {}

    base::Result<Mastered> run();

private:
    base::Status read_chain();
    base::Status run_chain();
    base::Result<Measurement> render(double gain_dB, bool limits, const fs::path& to,
                                     disk::Format format);
    base::Result<double> solve();
    session::Setting setting(std::string_view address, float value) const {
        return {.slot = *layout_.find(address), .value = {value}};
    }
    fs::path beside(const char* suffix) const { return settings_.output.string() + suffix; }

    const MasterSettings& settings_;
    session::Song song_;
    param::Layout layout_;
    session::Scene chain_, limiter_;
    TemporaryFile chained_{beside(".chain.tmp")}, tried_{beside(".pass.tmp")};
    Measurement unlimited_;  // behind the chain, before gain and limiter
    Mastered done_;
};

// What it says of the limiter counts behind the gain, all else before it.
base::Status Mastering::read_chain() {
    if (settings_.chain.empty()) return base::Done{};
    const auto scene = session::load_scene(settings_.chain, layout_);
    if (!scene) return scene.error();
    for (const session::Setting& one : *scene) {
        const std::string address = layout_.address(one.slot);
        if (!address.starts_with("/main/"))
            return base::Error{address + " is no part of a chain", settings_.chain.string(),
                               "a chain is made of /main/master/... and /main/limiter/..."};
        (address.starts_with("/main/limiter/") ? limiter_ : chain_).push_back(one);
    }
    return base::Done{};
}

base::Status Mastering::run_chain() {
    if (chain_.empty()) return base::Done{};
    session::Song song = song_;
    song.desk.engine.ceiling = {kHeadroom_dB};
    const auto done = bounce(
        song,
        {.file = chained_.path(), .also = chain_, .format = kExact, .threads = settings_.threads});
    if (!done) return done.error();
    auto behind = desk_for(chained_.path(), song.desk.audio.rate.value);
    if (!behind) return behind.error();
    song_ = *std::move(behind);
    return base::Done{};
}

base::Result<Measurement> Mastering::render(double gain_dB, bool limits, const fs::path& to,
                                            disk::Format format) {
    session::Scene also = limiter_;
    const double trim = std::clamp(gain_dB, -kMostTrim_dB, kMostTrim_dB);
    also.push_back(setting("/ch/1/trim", static_cast<float>(trim)));
    const double fader = std::clamp(gain_dB - trim, -kMostFader_dB, kMostFader_dB);
    also.push_back(setting("/ch/1/fader", static_cast<float>(fader)));
    also.push_back(setting("/main/fader", static_cast<float>(gain_dB - trim - fader)));
    also.push_back(setting("/main/limiter/on", limits ? 1.0f : 0.0f));
    also.push_back(setting("/main/limiter/ceiling", static_cast<float>(settings_.ceiling_dBTP)));
    song_.desk.engine.ceiling = {limits ? 0.0 : kHeadroom_dB};
    const auto done =
        bounce(song_, {.file = to, .also = also, .format = format, .threads = settings_.threads});
    if (!done) return done.error();
    return listen(to);
}

// By the line through the last two passes: below the ceiling that is right at once.
base::Result<double> Mastering::solve() {
    double gain = settings_.lufs - unlimited_.integrated_lufs, slope = 1.0;
    double last_gain = 0.0, last_lufs = 0.0;
    for (done_.passes = 1; done_.passes <= kMostPasses; ++done_.passes) {
        gain = std::clamp(gain, -kMostGain_dB, kMostGain_dB);
        const auto heard = render(gain, true, tried_.path(), kExact);
        if (!heard) return heard.error();
        const double missing = settings_.lufs - heard->integrated_lufs;
        done_.reached = std::fabs(missing) <= kLoudnessTolerance;
        if (std::fabs(missing) <= kCloseEnough) return gain;
        if (done_.passes > 1 && gain != last_gain)
            slope = std::clamp((heard->integrated_lufs - last_lufs) / (gain - last_gain),
                               kLeastSlope, 1.0);
        if (missing > 0.0 && (gain == kMostGain_dB || slope == kLeastSlope)) return gain;
        last_gain = gain;
        last_lufs = heard->integrated_lufs;
        gain += missing / slope;
    }
    return last_gain;
}

base::Result<Mastered> Mastering::run() {
    auto before = listen(settings_.input);
    if (!before) return before.error();
    done_.before = *std::move(before);
    if (!std::isfinite(done_.before.integrated_lufs))
        return base::Error{"is silent, or too short to have a loudness", settings_.input.string(),
                           "mastering needs some seconds above -70 LUFS"};
    if (auto status = read_chain(); !status) return status.error();
    if (auto status = run_chain(); !status) return status.error();
    auto unlimited = render(0.0, false, tried_.path(), kExact);
    if (!unlimited) return unlimited.error();
    unlimited_ = *std::move(unlimited);
    const auto gain = solve();
    if (!gain) return gain.error();
    auto after = render(*gain, true, settings_.output, settings_.format);
    if (!after) return after.error();
    done_.after = *std::move(after);
    done_.gain_dB = *gain;
    done_.reduction_dB = std::max(0.0, unlimited_.true_peak_dBTP + *gain - settings_.ceiling_dBTP);
    return done_;
}

std::string line(const char* what, double before, double after, const char* unit) {
    std::array<char, 96> text{};
    std::snprintf(text.data(), text.size(), "%-14s %9.2f -> %9.2f %s\n", what, before, after, unit);
    return text.data();
}

}  // namespace

base::Result<MasterProfile> master_profile(std::string_view name) {
    for (const MasterProfile& profile : kProfiles)
        if (profile.name == name) return profile;
    return base::Error{
        "there is no profile `" + std::string(name) + "`", {}, "one of " + master_profile_names()};
}

std::string master_profile_names() {
    std::string out;
    for (const MasterProfile& profile : kProfiles)
        out += (out.empty() ? "" : ", ") + std::string(profile.name);
    return out;
}

base::Result<Mastered> master(const MasterSettings& settings) {
    auto song = desk_for(settings.input, settings.rate);
    if (!song) return song.error();
    return Mastering(settings, *std::move(song)).run();
}

std::string to_text(const Mastered& mastered, const MasterSettings& settings) {
    const Measurement &a = mastered.before, &b = mastered.after;
    std::array<char, 160> text{};
    std::snprintf(text.data(), text.size(),
                  "gain %+.2f dB, the limiter turns down by %.1f dB at most, %zu passes",
                  mastered.gain_dB, mastered.reduction_dB, mastered.passes);
    std::string out = line("loudness", a.integrated_lufs, b.integrated_lufs, "LUFS") +
                      line("range", a.range_lu, b.range_lu, "LU") +
                      line("true peak", a.true_peak_dBTP, b.true_peak_dBTP, "dBTP") +
                      line("crest", a.crest_dB, b.crest_dB, "dB") + text.data();
    if (mastered.reached) return out;
    std::snprintf(
        text.data(), text.size(), "\n%.1f LUFS under %.1f dBTP cannot be had: %.2f LUFS is what %s",
        settings.lufs, settings.ceiling_dBTP, b.integrated_lufs,
        mastered.gain_dB >= kMostGain_dB ? "50 dB of gain make of it" : "the limiter leaves");
    return out + text.data();
}

}  // namespace mixrig::app
