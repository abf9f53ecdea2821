// Mastering: rendering and solving.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/master/master.h"

#include "dsp/master/mid_side_eq.h"
#include "src/app/bounce/bounce.h"
#include "src/app/listen.h"
#include "src/app/look_at.h"
#include "src/app/master/chain_file.h"
#include "src/app/master/limiter_trial.h"
#include "src/app/master/restoration.h"
#include "src/session/line_grammar.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <future>
#include <system_error>
#include <utility>
#include <vector>

namespace mixrig::app {

namespace {

namespace fs = std::filesystem;
using monitor::Measurement;

constexpr std::array kMasterProfiles = {
    MasterProfile{"streaming", -14.0, -1.0}, MasterProfile{"cd", -14.0, -0.3},
    MasterProfile{"vinyl", -16.0, -3.0}, MasterProfile{"video", -23.0, -1.0}};

// What a trim cannot, the faders of channel and main can.
constexpr double kMostTrim_dB = 30.0, kMostFader_dB = 10.0,
                 kMostGain_dB = kMostTrim_dB + 2.0 * kMostFader_dB;
constexpr double kCloseEnough = 0.03;  // LU: better than asked, for what dither and meters add
constexpr std::size_t kMostPasses = 20;
// What is written may differ from what was tried by its dither alone: the second is the exception.
constexpr std::size_t kMostRenders = 3;
constexpr double kLeastSlope = 0.1;  // LU a dB: where the limiter works hard a step is ten dB a LU
constexpr double kMostReduction_dB = 30.0;  // of the limiter: nobody wants more
constexpr double kNear = 0.5;               // LU
constexpr double kGainStep_dB = 0.01;       // what is nearer is the same gain

// In bands behind those that the chain speaks of.
base::Result<std::string> lines_behind(const Chain& chain, const BroadEq& eq, const fs::path& file,
                                       const param::Layout& layout) {
    std::size_t first = 1;
    for (std::size_t band = 1; band <= dsp::MidSideEqSettings::kBands; ++band) {
        const std::string prefix = "/main/master/ms/" + std::to_string(band) + "/";
        for (const session::Setting& one : chain.blocks)
            if (layout.address(one.slot).starts_with(prefix)) first = band + 1;
    }
    if (first + eq.size() > dsp::MidSideEqSettings::kBands + 1)
        return base::Error{"leaves no four bands of /main/master/ms for the reference",
                           file.string(), "keep to bands 1 to 4 there"};
    return chain_lines(eq, first);
}

struct Tried {
    double gain_dB;
    Trial heard;
};

class Mastering {
public:
    Mastering(const MasterSettings& settings, session::Song song)
        : settings_(settings),
          song_(std::move(song)),
          layout_(with_restoration(session::shape_of(song_.desk))),
          source_(settings.input) {}

    base::Result<Mastered> run();

private:
    base::Status make_chain();
    base::Status restore();
    base::Status run_chain();
    base::Result<Trial> try_gain(double gain_dB) const;
    base::Status render(double gain_dB);
    base::Result<double> solve();
    double gentlest(const std::vector<Tried>& tried);
    bool hopeless(double gain_dB) const { return gain_dB == kMostGain_dB || slope_ == kLeastSlope; }
    session::Setting setting(std::string_view address, float value) const {
        return {.slot = *layout_.find(address), .value = {value}};
    }
    fs::path beside(const char* suffix) const { return settings_.output.string() + suffix; }

    const MasterSettings& settings_;
    session::Song song_;
    param::Layout layout_;
    Chain chain_;
    TemporaryFile restored_{beside(".restored.tmp")}, chained_{beside(".chain.tmp")};
    fs::path source_;     // what comes next works on: the input, restored_ or chained_
    double slope_ = 1.0;  // LU of loudness a dB of gain, where the solver ended
    Mastered done_;
};

base::Status Mastering::make_chain() {
    auto chain = read_chain(settings_.chain, layout_);
    if (!chain) return chain.error();
    chain_ = *std::move(chain);
    if (!settings_.match) return base::Done{};
    const auto lines = lines_behind(chain_, *settings_.match, settings_.chain, layout_);
    if (!lines) return lines.error();
    const auto scene = session::parse_scene(*lines, layout_, {});
    if (!scene) return scene.error();
    chain_.blocks.insert(chain_.blocks.end(), scene->begin(), scene->end());
    return base::Done{};
}

base::Status Mastering::restore() {
    const auto blocks = restoration_of(layout_, chain_.restoration);
    if (!blocks)
        return base::Error{blocks.error().what, settings_.chain.string(), blocks.error().hint};
    if (!blocks->any()) return base::Done{};
    source_ = restored_.path();
    auto done = restore_file(
        {.input = settings_.input, .output = source_, .blocks = *blocks, .format = kExact});
    if (!done) return done.error();
    done_.restored = *std::move(done);
    auto behind = desk_for(source_, song_.desk.audio.rate.value);
    if (!behind) return behind.error();
    song_ = *std::move(behind);
    return base::Done{};
}

base::Status Mastering::run_chain() {
    const double rate = song_.desk.audio.rate.value;
    const auto facts = look_at_sound(source_);
    if (!facts) return facts.error();
    if (chain_.blocks.empty() && rate == facts->rate.value) return base::Done{};
    source_ = chained_.path();
    session::Song song = song_;
    song.desk.engine.ceiling = {kHeadroom_dB};
    const auto done = bounce(song, {.file = source_,
                                    .also = chain_.blocks,
                                    .format = kExact,
                                    .refuses_damage = true,
                                    .threads = settings_.threads});
    if (!done) return done.error();
    auto behind = desk_for(source_, rate);
    if (!behind) return behind.error();
    song_ = *std::move(behind);
    return base::Done{};
}

base::Result<Trial> Mastering::try_gain(double gain_dB) const {
    dsp::LimiterSettings limiter{.ceiling = {settings_.ceiling_dBTP}, .on = true};
    const param::Slot release = *layout_.find("/main/limiter/release");
    for (const session::Setting& one : chain_.limiter)
        if (one.slot == release) limiter.release = {1e-3 * static_cast<double>(one.value.number)};
    return try_limiter(source_, gain_dB, limiter);
}

// What is delivered comes out of the desk.
base::Status Mastering::render(double gain_dB) {
    session::Scene also = chain_.limiter;
    const double trim = std::clamp(gain_dB, -kMostTrim_dB, kMostTrim_dB);
    also.push_back(setting("/ch/1/trim", static_cast<float>(trim)));
    const double fader = std::clamp(gain_dB - trim, -kMostFader_dB, kMostFader_dB);
    also.push_back(setting("/ch/1/fader", static_cast<float>(fader)));
    also.push_back(setting("/main/fader", static_cast<float>(gain_dB - trim - fader)));
    also.push_back(setting("/main/limiter/on", 1.0f));
    also.push_back(setting("/main/limiter/ceiling", static_cast<float>(settings_.ceiling_dBTP)));
    song_.desk.engine.ceiling = {0.0};
    const auto done = bounce(song_, {.file = settings_.output,
                                     .also = also,
                                     .format = settings_.format,
                                     .dither = settings_.dither,
                                     .refuses_damage = true,
                                     .threads = settings_.threads});
    if (!done) return done.error();
    auto after = listen(settings_.output);
    if (!after) return after.error();
    done_.after = *std::move(after);
    done_.gain_dB = gain_dB;
    done_.reached = std::fabs(settings_.lufs - done_.after.integrated_lufs) <= kLoudnessTolerance;
    return base::Done{};
}

// Where loudness and ceiling cannot both be had. The last decibels of limiting make next to no
// loudness: the least gain that comes near the most will do.
double Mastering::gentlest(const std::vector<Tried>& tried) {
    const Tried& most = tried.back();
    std::array<char, 96> text{};
    std::snprintf(text.data(), text.size(), "%.0f dB of %s would make %.2f LUFS of it",
                  most.gain_dB == kMostGain_dB ? kMostGain_dB : kMostReduction_dB,
                  most.gain_dB == kMostGain_dB ? "gain" : "limiting", most.heard.lufs);
    done_.reason = text.data();
    const Tried* chosen = &most;
    for (const Tried& one : tried)
        if (one.heard.lufs >= most.heard.lufs - kNear && one.gain_dB < chosen->gain_dB)
            chosen = &one;
    done_.reduction_dB = chosen->heard.reduction_dB;
    return chosen->gain_dB;
}

// By the line through the last two trials: below the ceiling that is right at once. Where the line
// leads out of what is known to hold the answer, the middle of that.
base::Result<double> Mastering::solve() {
    const auto unlimited = try_limiter(source_, 0.0, {});
    if (!unlimited) return unlimited.error();
    if (!std::isfinite(unlimited->lufs))
        return base::Error{"is silent behind the chain", settings_.chain.string(),
                           "what of it mutes everything?"};
    double gain = settings_.lufs - unlimited->lufs;
    double low = -kMostGain_dB, high = kMostGain_dB, last_gain = 0.0, last_lufs = 0.0;
    std::vector<Tried> tried;
    bool too_loud = false;  // once: `high` is a gain that was tried
    for (done_.passes = 1;; ++done_.passes) {
        gain = std::clamp(gain, -kMostGain_dB, kMostGain_dB);
        const auto heard = try_gain(gain);
        if (!heard) return heard.error();
        done_.reduction_dB = heard->reduction_dB;
        const double missing = settings_.lufs - heard->lufs;
        if (std::fabs(missing) <= kCloseEnough || done_.passes == kMostPasses) return gain;
        if (heard->reduction_dB > 0.0)  // goes with the gain, dB for dB
            high = std::min(high, gain + kMostReduction_dB - heard->reduction_dB);
        tried.push_back({gain, *heard});
        if (missing > 0.0 && std::fabs(gain - high) < kGainStep_dB) return gentlest(tried);
        (missing > 0.0 ? low : high) = std::min(gain, high);
        if (done_.passes > 1 && gain != last_gain)
            slope_ = std::clamp((heard->lufs - last_lufs) / (gain - last_gain), kLeastSlope, 1.0);
        last_gain = gain;
        last_lufs = heard->lufs;
        gain += missing / slope_;
        too_loud |= missing < 0.0;
        if (!too_loud)
            gain = std::min(gain, high);
        else if (gain <= low || gain >= high)
            gain = 0.5 * (low + high);
    }
}

base::Result<Mastered> Mastering::run() {
    if (auto status = make_chain(); !status) return status.error();
    // On a thread of its own: the input's figures are not needed before the end.
    auto hearing = std::async(std::launch::async, [this] { return listen(settings_.input); });
    if (auto status = restore(); !status) return status.error();
    if (auto status = run_chain(); !status) return status.error();
    auto gain = solve();
    auto before = hearing.get();
    if (!before) return before.error();
    done_.before = *std::move(before);
    if (!std::isfinite(done_.before.integrated_lufs))
        return base::Error{"is silent, or too short to have a loudness", settings_.input.string(),
                           "mastering needs some seconds above -70 LUFS"};
    if (!gain) return gain.error();
    for (std::size_t again = 0; again < kMostRenders; ++again) {
        if (auto status = render(*gain); !status) return status.error();
        if (done_.reached || !done_.reason.empty()) break;
        *gain += (settings_.lufs - done_.after.integrated_lufs) / slope_;
    }
    if (!done_.reached && done_.reason.empty()) done_.reason = "no gain does it";
    return done_;
}

std::string line(const char* what, double before, double after, const char* unit) {
    std::array<char, 96> text{};
    std::snprintf(text.data(), text.size(), "%-14s %9.2f -> %9.2f %s\n", what, before, after, unit);
    return text.data();
}

}  // namespace

base::Result<MasterProfile> master_profile(std::string_view name) {
    for (const MasterProfile& profile : kMasterProfiles)
        if (profile.name == name) return profile;
    return base::Error{
        "there is no profile `" + std::string(name) + "`", {}, "one of " + master_profile_names()};
}

std::string master_profile_names() {
    std::string out;
    for (const MasterProfile& profile : kMasterProfiles)
        out += (out.empty() ? "" : ", ") + std::string(profile.name);
    return out;
}

base::Result<Mastered> master(const MasterSettings& settings) {
    if (auto status = not_onto_itself(settings.input, settings.output); !status)
        return status.error();
    if (auto input = look_at_sound(settings.input); !input) {
        base::Error error = input.error();
        if (error.where.empty()) error.where = settings.input.string();
        return error;
    }
    auto song = desk_for(settings.input, settings.rate);
    if (!song) return song.error();
    return Mastering(settings, *std::move(song)).run();
}

base::Result<std::string> lines_behind_chain(const MasterSettings& settings, const BroadEq& eq) {
    auto song = desk_for(settings.input, settings.rate);
    if (!song) return song.error();
    const param::Layout layout = with_restoration(session::shape_of(song->desk));
    const auto chain = read_chain(settings.chain, layout);
    if (!chain) return chain.error();
    return lines_behind(*chain, eq, settings.chain, layout);
}

std::string to_text(const Mastered& mastered, const MasterSettings& settings) {
    const Measurement &a = mastered.before, &b = mastered.after;
    std::array<char, 160> text{};
    std::snprintf(text.data(), text.size(),
                  "gain %+.2f dB, the limiter turns down by %.1f dB at most, %zu passes",
                  mastered.gain_dB, mastered.reduction_dB, mastered.passes);
    std::string out = mastered.restored ? to_text(*mastered.restored) + "\n" : "";
    out += line("loudness", a.integrated_lufs, b.integrated_lufs, "LUFS") +
           line("range", a.range_lu, b.range_lu, "LU") +
           line("true peak", a.true_peak_dBTP, b.true_peak_dBTP, "dBTP") +
           line("crest", a.crest_dB, b.crest_dB, "dB") + text.data();
    if (mastered.reached) return out;
    std::snprintf(text.data(), text.size(),
                  "\n%.1f LUFS under %.1f dBTP cannot be had: %s; what is written has %.2f LUFS",
                  settings.lufs, settings.ceiling_dBTP, mastered.reason.c_str(), b.integrated_lufs);
    return out + text.data();
}

}  // namespace mixrig::app
