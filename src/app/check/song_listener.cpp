// What the engine tells while a song is rendered.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/check/song_listener.h"

#include "src/app/check/settings_facts.h"
#include "src/app/console.h"
#include "src/link/event.h"
#include "src/monitor/levels.h"
#include "src/session/scene.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <string>
#include <utility>

namespace mixrig::app::check {

using engine::Strip;
using engine::StripPlace;
using param::Kind;

namespace {

constexpr double kChunk = 1.5;                   // seconds handed over at a time
constexpr double kTail = kDecayedSeconds + 0.1;  // and a block, which is shorter than that
constexpr std::size_t kChunks = 3;       // that the tape holds: written, analysed, and some room
constexpr float kSounds = 1e-3f;         // -60 dBFS at the input: a compressor's reduction counts
constexpr std::size_t kMeterFrames = 8;  // what the queue of the meters holds

std::optional<double> decibels(float amplitude) {
    if (amplitude <= 0.0f) return std::nullopt;
    return 20.0 * std::log10(static_cast<double>(amplitude));
}

// K-weighting (BS.1770-4) at the centres of the third octaves, as factors of power: +4 dB above
// some 3 kHz, and a high-pass at 38 Hz.
const std::array<double, monitor::kThirdOctaves>& ear_weights() {
    static const auto weights = [] {
        std::array<double, monitor::kThirdOctaves> out{};
        for (std::size_t b = 0; b < out.size(); ++b) {
            const double f = monitor::ThirdOctaves::centre(b).value;
            const double low = f * f / (f * f + 38.1 * 38.1);
            const double shelf = 1.0 + 1.512 / (1.0 + std::pow(1682.0 / f, 4.0));
            out[b] = low * low * shelf;
        }
        return out;
    }();
    return weights;
}

// A third octave of a strip counts as masked in a window where another is louder there by so much.
constexpr float kMasks = 3.98f;  // 6 dB

}  // namespace

SongListener::SongListener(const session::Song& song)
    : song_(song),
      layout_(session::shape_of(song.desk)),
      geometry_(layout_.shape()),
      rate_(song.desk.audio.rate) {}

BounceWatch SongListener::watch() {
    return {.begin = [this](Console& console) { begin(console); },
            .block = [this](const float* left, const float* right,
                            std::size_t frames) { hear(left, right, frames); }};
}

void SongListener::begin(Console& console) {
    link_ = &console.link();
    values_ = console.values();
    name_strips();
    const auto& strips = geometry_.strips;
    levels_.assign(strips.size(), Levels(rate_));
    for (std::size_t i = 0; i < kMeterFrames; ++i)
        frames_.push_back(console.engine().make_meter_frame());
    for (link::MeterFrame& frame : frames_) (void)link_->free_meters.try_push(&frame);
    std::vector<link::Event> listen;
    for (Strip s = 0; s < strips.size(); ++s)
        listen.push_back(
            link::Event::make(link::Block::loudness, s, 0,
                              std::uint32_t{1} << static_cast<unsigned>(link::Tap::post)));
    console.engine().begin(listen);
    chunk_ = static_cast<std::size_t>(kChunk * rate_.value) / dsp::kQuantum * dsp::kQuantum;
    tail_ = static_cast<std::size_t>(kTail * rate_.value);
    skip_ = console.output_latency().empty() ? 0 : console.output_latency().front();
    fft_.emplace(rate_);
    if (auto sound = SoundListener::create({.channels = 2, .rate = rate_}))
        sound_.emplace(*std::move(sound));
    crest_behind_.emplace(rate_);
    begin_tape(console);
}

// An engine has no use for names, so they are said once more. A track that is called as another is,
// because both belong to one stem, has the name of its file.
void SongListener::name_strips() {
    session::apply_names(song_.desk, layout_, *values_);
    const auto slot = [this](const session::Track& track) {
        return layout_.slot(Kind::ch, track.channel - 1, param::row("name"));
    };
    for (const session::Track& track : song_.tracks) {
        const auto same = [&](const session::Track& other) { return other.stem == track.stem; };
        if (std::count_if(song_.tracks.begin(), song_.tracks.end(), same) > 1 &&
            values_->text(slot(track)) == track.stem)
            values_->set(slot(track), {0.0f, track.file.stem().string()});
    }
    if (song_.scene.empty()) return;
    const auto scene = session::load_scene(song_.scene, layout_);
    if (!scene) return;  // the bounce has said so
    for (const session::Setting& setting : *scene)
        if (layout_.row(setting.slot).type == param::Type::text)
            values_->set(setting.slot, setting.value);
}

// Channels that have a track, for masking and all else; then groups and effects.
void SongListener::begin_tape(Console& console) {
    std::vector<link::TapeSource> sources;
    std::size_t lane = 0;
    const auto add = [&](Strip strip) {
        const bool stereo = geometry_.strips[strip].stereo;
        sources.push_back({strip, link::TapeTap::post, static_cast<std::uint8_t>(stereo ? 2 : 1)});
        taped_.push_back({strip, lane, BandMeter(*fft_, stereo)});
        lane += stereo ? 2 : 1;
    };
    for (const session::Track& track : song_.tracks)
        add(geometry_.strip(Kind::ch, track.channel - 1));
    channels_ = taped_.size();
    for (const Kind kind : {Kind::sub, Kind::fx})
        for (std::size_t n = 0; n < geometry_.count(kind); ++n) add(geometry_.strip(kind, n));
    masked_.assign(channels_ * channels_, 0.0);
    loudness_.assign(channels_, 0.0);
    tape_ = std::make_shared<link::Tape>(std::move(sources), kChunks * chunk_ / dsp::kQuantum + 2);
    console.use_tape(tape_);
}

void SongListener::hear(const float* left, const float* right, std::size_t frames) {
    take_meters();
    heard_ += frames;
    const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, frames));
    skip_ -= skipped;
    for (std::size_t n = skipped; n < frames; ++n) {
        main_.push_back(left[n]);
        main_.push_back(right[n]);
    }
    kept_ += frames - skipped;
    // A block that is longer than the tape would be overwritten before it is read.
    if (main_.size() >= 2 * (chunk_ + tail_)) hand_over(main_.size() / 2 - tail_);
}

void SongListener::take_meters() {
    link::MeterFrame* frame = nullptr;
    while (link_->meters.try_pop(frame)) {
        add(*frame);
        (void)link_->free_meters.try_push(frame);
    }
}

void SongListener::add(const link::MeterFrame& frame) {
    const double frames = frame.frames;
    constexpr auto kInput = static_cast<std::size_t>(link::Tap::input);
    constexpr auto kPost = static_cast<std::size_t>(link::Tap::post);
    for (Strip s = 0; s < levels_.size(); ++s) {
        Levels& levels = levels_[s];
        const link::StripMeter& meter = frame.strips[s];
        const bool stereo = geometry_.strips[s].stereo;
        const auto& in = meter.tap[kInput];
        const auto& post = meter.tap[kPost];
        const float input = std::max(in[0].peak, stereo ? in[1].peak : 0.0f);
        const float peak = std::max(post[0].peak, stereo ? post[1].peak : 0.0f);
        levels.input_peak = std::max(levels.input_peak, input);
        levels.post_peak = std::max(levels.post_peak, peak);
        for (std::size_t tap = 0; tap < link::kMeteredTaps; ++tap)
            levels.clips[tap] += meter.tap[tap][0].clips + (stereo ? meter.tap[tap][1].clips : 0u);
        const double squares = static_cast<double>(post[0].square_sum) +
                               (stereo ? static_cast<double>(post[1].square_sum) : 0.0);
        levels.crest.add(static_cast<double>(peak), squares / (stereo ? 2.0 : 1.0), frames);
        const link::TapLoudness& k = meter.loudness[kPost];
        const double l = k.left, r = k.right, cross = k.cross;
        levels.loud.add(l + r, frames);
        levels.loud_mono.add(0.5 * (l + r + 2.0 * cross), frames);
        levels.left += l;
        levels.right += r;
        levels.cross += cross;
        const bool sounds = input > kSounds;
        levels.sounding += sounds ? 1u : 0u;
        for (std::size_t c = 0; c < levels.most_dB.size(); ++c) {
            const auto dB = static_cast<double>(meter.reduction_dB[1 + c]);
            levels.most_dB[c] = std::max(levels.most_dB[c], dB);
            if (sounds) levels.reduced_dB[c] += dB;
        }
        levels.limiter_dB = std::max(levels.limiter_dB, meter.limiter_dB);
    }
    add_reduction(frame);
}

void SongListener::add_reduction(const link::MeterFrame& frame) {
    const link::StripMeter& main = frame.strips[geometry_.main()];
    const link::StripMeter& master = frame.strips[geometry_.master()];
    const float band = *std::max_element(frame.bands_dB.begin(), frame.bands_dB.end());
    const auto& in = main.tap[static_cast<std::size_t>(link::Tap::input)];
    if (std::max(in[0].peak, in[1].peak) > kSounds) multiband_dB_ += static_cast<double>(band);
    multiband_most_dB_ = std::max(multiband_most_dB_, static_cast<double>(band));
    const std::array now = {main.reduction_dB[1],
                            main.reduction_dB[2],
                            master.reduction_dB[1],
                            master.reduction_dB[2],
                            band,
                            main.limiter_dB};
    reduction_frames_ += frame.frames;
    const double step = reduction_.front().course.step_s * rate_.value;
    const bool full = reduction_frames_ + 0.5 >= step;
    for (std::size_t i = 0; i < now.size(); ++i) {
        reduction_[i].most = std::max(reduction_[i].most, now[i]);
        if (full) reduction_[i].course.values.push_back(std::exchange(reduction_[i].most, 0.0f));
    }
    if (full) reduction_frames_ = 0.0;
}

// One piece is analysed while the next is rendered.
void SongListener::hand_over(std::size_t frames) {
    if (analysis_.valid()) analysis_.get();
    const std::uint64_t end = heard_ / dsp::kQuantum;
    const auto cut = main_.begin() + static_cast<std::ptrdiff_t>(2 * frames);
    std::vector<float> main(main_.begin(), cut);
    main_.erase(main_.begin(), cut);
    analysis_ = std::async(std::launch::async, [this, main = std::move(main), begin = taken_, end] {
        analyse(main, begin, end);
    });
    taken_ = end;
}

void SongListener::analyse(const std::vector<float>& main, std::uint64_t begin, std::uint64_t end) {
    double peak = 0.0, squares = 0.0;
    const std::size_t meter_frames = 1024;
    for (std::size_t i = 0; i < main.size(); i += 2) {
        const double l = main[i], r = main[i + 1];
        peak = std::max({peak, std::fabs(l), std::fabs(r)});
        squares += 0.5 * (l * l + r * r);
        if (i / 2 % meter_frames == meter_frames - 1) {
            crest_behind_->add(peak, squares, static_cast<double>(meter_frames));
            peak = squares = 0.0;
        }
    }
    if (sound_) sound_->add(main);
    const auto quanta = static_cast<std::size_t>(end - begin);
    left_.resize(quanta * dsp::kQuantum);
    right_.resize(quanta * dsp::kQuantum);
    for (Taped& taped : taped_) {
        const bool stereo = geometry_.strips[taped.strip].stereo;
        const bool there = tape_->read(taped.lane, begin, quanta, left_.data()) &&
                           (!stereo || tape_->read(taped.lane + 1, begin, quanta, right_.data()));
        if (!there) {  // cannot be: the engine waits for us
            std::fill(left_.begin(), left_.end(), 0.0f);
            std::fill(right_.begin(), right_.end(), 0.0f);
        }
        taped.meter.add(*fft_, left_.data(), stereo ? right_.data() : nullptr, left_.size());
    }
    mask();
}

void SongListener::mask() {
    std::vector<std::vector<Window31>> heard;
    for (Taped& taped : taped_) heard.push_back(taped.meter.take_windows());
    const auto& weights = ear_weights();
    for (std::size_t w = 0; channels_ > 0 && w < heard.front().size(); ++w)
        for (std::size_t masked = 0; masked < channels_; ++masked) {
            const Window31& one = heard[masked][w];
            double all = 0.0;
            for (std::size_t b = 0; b < one.size(); ++b)
                all += weights[b] * static_cast<double>(one[b]);
            if (all <= 0.0) continue;
            loudness_[masked] += all;
            for (std::size_t by = 0; by < channels_; ++by) {
                if (by == masked) continue;
                const Window31& other = heard[by][w];
                double lost = 0.0;
                for (std::size_t b = 0; b < one.size(); ++b)
                    if (other[b] >= kMasks * one[b])
                        lost += weights[b] * static_cast<double>(one[b]);
                masked_[masked * channels_ + by] += lost;
            }
        }
}

StripFacts SongListener::strip_facts(Strip strip) const {
    const StripPlace& place = geometry_.strips[strip];
    const Levels& levels = levels_[strip];
    StripFacts out = settings_of(layout_, *values_, place.kind, place.number);
    out.sounds = levels.input_peak > 0.0f;
    out.input_peak_dBFS = decibels(levels.input_peak);
    out.clips = *std::max_element(levels.clips.begin(), levels.clips.end());
    out.lufs = levels.loud.integrated();
    for (std::size_t c = 0; c < out.comps.size(); ++c) {
        out.comps[c].most_dB = levels.most_dB[c];
        if (levels.sounding > 0)
            out.comps[c].mean_dB = levels.reduced_dB[c] / static_cast<double>(levels.sounding);
    }
    if (!place.stereo || !out.lufs) return out;
    if (levels.left > 0.0 && levels.right > 0.0)
        out.correlation = levels.cross / std::sqrt(levels.left * levels.right);
    const auto mono = levels.loud_mono.integrated();
    out.mono_loss_lu = mono ? *out.lufs - *mono : -static_cast<double>(monitor::kFloor_dB);
    return out;
}

void SongListener::add_chain(Facts& facts) const {
    ChainFacts chain = chain_settings(layout_, *values_);
    const Levels& main = levels_[geometry_.main()];
    chain.peak_dBFS = decibels(main.post_peak);
    chain.clips = main.clips[static_cast<std::size_t>(link::Tap::post)];
    chain.lufs = main.loud.integrated();
    chain.crest_dB = main.crest.dB();
    chain.crest_behind_dB = crest_behind_->dB();
    chain.limiter_dB = static_cast<double>(main.limiter_dB);
    chain.comps.back().most_dB = multiband_most_dB_;
    if (main.sounding > 0)
        chain.comps.back().mean_dB = multiband_dB_ / static_cast<double>(main.sounding);
    for (std::size_t c = 0; c < 2 * param::kComps; ++c) {
        const Levels& levels = c < param::kComps ? main : levels_[geometry_.master()];
        const std::size_t which = c % param::kComps;
        chain.comps[c].most_dB = levels.most_dB[which];
        if (main.sounding > 0)
            chain.comps[c].mean_dB =
                levels.reduced_dB[which] / static_cast<double>(std::max<std::size_t>(
                                               1, std::max(main.sounding, levels.sounding)));
    }
    facts.chain = chain;
}

void SongListener::add_masking(Facts& facts) const {
    facts.masking.share.assign(channels_ * channels_, 0.0f);
    for (std::size_t m = 0; m < channels_; ++m) {
        facts.masking.strips.push_back(m);
        StripFacts& strip = facts.strips[m];
        if (loudness_[m] <= 0.0) continue;
        double most = 0.0;
        for (std::size_t by = 0; by < channels_; ++by) {
            const double share = 100.0 * masked_[m * channels_ + by] / loudness_[m];
            facts.masking.share[m * channels_ + by] = static_cast<float>(share);
            // A double lies under the voice that it doubles; they are one stem.
            if (share <= most || song_.tracks[m].stem == song_.tracks[by].stem) continue;
            most = share;
            strip.masker = facts.strips[by].name;
        }
        strip.masked = most;
    }
}

base::Result<Facts> SongListener::facts(std::uint64_t frames) {
    const std::uint64_t behind = kept_ - std::min(kept_, frames);
    const std::size_t held = main_.size() / 2;
    hand_over(held - static_cast<std::size_t>(std::min<std::uint64_t>(held, behind)));
    analysis_.get();
    if (!sound_) return base::Error{"this sample rate cannot be measured"};
    Facts out{.name = song_.title};
    for (const Taped& taped : taped_) {
        StripFacts strip = strip_facts(taped.strip);
        strip.low_side_dB = taped.meter.low_side_dB();
        strip.rumble_dB = taped.meter.rumble_dB();
        if (out.strips.size() < channels_) strip.role = song_.tracks[out.strips.size()].role;
        out.strips.push_back(std::move(strip));
    }
    add_chain(out);
    add_masking(out);
    out.sound = sound_->facts();
    out.sound->name = "mix";
    for (std::size_t i = 0; i < reduction_.size(); ++i) out.reduction[i] = reduction_[i].course;
    return out;
}

}  // namespace mixrig::app::check
