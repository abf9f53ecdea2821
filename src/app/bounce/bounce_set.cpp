// The desks of a bounce and the files that come out of them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/bounce/bounce_set.h"

#include "dsp/limiter.h"
#include "src/app/bounce/stem_map.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

namespace mixrig::app {

using base::Status;
using engine::Strip;
using param::Kind;

namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// Rules H10 and F11: what mends a track is left to whoever mixes it anew, what makes its sound is
// printed.
constexpr std::size_t kCorrective[] = {param::row("hpf/on"), param::row("lpf/on"),
                                       param::row("gate/on"), param::row("eq/on"),
                                       param::row("comp/#/on")};

bool is_corrective(const param::Layout& layout, param::Slot slot) {
    const param::Place place = layout.place(slot);
    return place.kind == Kind::ch && std::find(std::begin(kCorrective), std::end(kCorrective),
                                               place.row) != std::end(kCorrective);
}

bool is_creative(std::string_view effect) {
    return effect != "none" && effect != "de_esser";
}

std::string two_digits(std::size_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace

BounceSet::BounceSet(const BounceMix& mix, const BounceSettings& settings)
    : mix_(mix),
      settings_(settings),
      clean_values_(mix.values),
      workers_(settings.threads - 1, {}) {}

base::Result<std::unique_ptr<BounceSet>> BounceSet::open(const BounceMix& mix,
                                                         const BounceSettings& settings) {
    std::unique_ptr<BounceSet> set(new BounceSet(mix, settings));
    engine::EngineConfig config = mix.engine();
    config.threads = settings.threads;
    config.tells = settings.wishes.stems || settings.wishes.no_limiter;
    set->add(mix, config);
    for (auto open : {&BounceSet::open_mixes, &BounceSet::open_stems, &BounceSet::open_tracks,
                      &BounceSet::open_exact})
        if (auto status = ((*set).*open)(); !status) return status.error();
    return set;
}

// Frames that a file has at most, as far as can be said before it is written.
std::uint64_t BounceSet::longest() const {
    double seconds = 0.0;
    for (const session::Track& track : mix_.song.tracks)
        seconds = std::max(seconds, track.start.value + static_cast<double>(track.facts.frames) /
                                                            track.facts.rate.value);
    seconds += settings_.pre_roll_seconds +
               (settings_.tail_decays ? kLongestTailSeconds : settings_.tail_seconds);
    return static_cast<std::uint64_t>(seconds * mix_.rate().value) + 1;
}

BounceDesk& BounceSet::add(const BounceMix& mix, engine::EngineConfig config,
                           std::vector<bool> silent) {
    desks_.push_back(std::make_unique<BounceDesk>(mix, std::move(config), std::move(silent)));
    return *desks_.back();
}

float BounceSet::value(Kind kind, std::size_t strip, std::size_t row) const {
    return mix_.values.number(mix_.layout.slot(kind, strip, row));
}

Status BounceSet::open_file(const std::string& what, std::size_t channels, std::uint64_t late,
                            BounceFile::Source source) {
    std::filesystem::path path = settings_.file;
    if (path.empty())
        path = settings_.folder / (session::output_name(mix_.song, what) +
                                   std::string(disk::extension(settings_.format)));
    return open_file(what, path,
                     {.format = settings_.format,
                      .channels = channels,
                      .rate = mix_.rate(),
                      .dither = settings_.dither},
                     late, std::move(source));
}

Status BounceSet::open_exact() {
    if (settings_.exact.empty()) return base::Done{};
    return open_file("FullMix", settings_.exact,
                     {.format = {disk::Container::wav, disk::Coding::float32}, .rate = mix_.rate()},
                     first().main_latency(),
                     [this](std::size_t side, float* out) { first().copy_main(side, out); });
}

Status BounceSet::open_file(const std::string& what, const std::filesystem::path& path,
                            disk::WriterSettings writer, std::uint64_t late,
                            BounceFile::Source source) {
    const BounceWishes& wishes = settings_.wishes;
    for (const BounceFile& other : files_)
        if (other.path() == path)
            return base::Error{"two files would have this name", path.string(),
                               "give tracks and stems different names"};
    if (wishes.stems || wishes.tracks) writer.tags = {.title = what, .time_reference = 0};
    writer.format = disk::for_length(writer.format, longest(), writer.channels);
    const double pre_roll = settings_.pre_roll_seconds * mix_.rate().value;
    auto file = BounceFile::open({.path = path,
                                  .writer = std::move(writer),
                                  .late = late,
                                  .pre_roll = static_cast<std::uint64_t>(std::llround(pre_roll)),
                                  .source = std::move(source)},
                                 settings_.block);
    if (!file) return file.error();
    files_.push_back(std::move(*file));
    return base::Done{};
}

Status BounceSet::open_main(const std::string& what, const BounceDesk& desk) {
    return open_file(what, 2, desk.main_latency(),
                     [&desk](std::size_t side, float* out) { desk.copy_main(side, out); });
}

BounceFile::Source BounceSet::tap_of(const BounceDesk& desk, Strip strip, link::Tap tap) {
    return [&engine = desk.console().engine(), strip, tap](std::size_t side, float* out) {
        engine.copy_tap(strip, tap, side, out);
    };
}

Status BounceSet::open_mixes() {
    const BounceWishes& wishes = settings_.wishes;
    const Console& console = first().console();
    const Strip main = console.geometry().main();
    if (wishes.full_mix || wishes.stems) {
        if (auto status = open_main("FullMix", first()); !status) return status;
        full_mix_ = files_.size() - 1;
    }
    if (wishes.premaster) {
        auto status = open_file("PreMaster", 2, console.latency().inserted[main],
                                tap_of(first(), main, link::Tap::post));
        if (!status) return status;
    }
    if (wishes.no_limiter) {
        const bool limits = value(Kind::main, 0, param::row("limiter/on")) != 0.0f;
        const std::size_t look_ahead = limits ? dsp::Limiter(mix_.rate()).latency_frames() : 0;
        auto status = open_file("NoLimiter", 2, first().main_latency() - look_ahead,
                                [&engine = console.engine()](std::size_t side, float* out) {
                                    engine.copy_unlimited(side, out);
                                });
        if (!status) return status;
    }
    if (!wishes.instrumental) return base::Done{};
    std::vector<bool> voices = vocals_of(mix_.song);
    if (voices.empty())
        return base::Error{"no track is a voice, so an instrumental would be the full mix",
                           mix_.song.file.string(), "give the voices `role = \"vocal\"`"};
    return open_main("Instrumental", add(mix_, mix_.engine(), std::move(voices)));
}

Status BounceSet::open_stems() {
    if (!settings_.wishes.stems) return base::Done{};
    auto stems = stems_of(mix_.song);
    if (!stems) return stems.error();
    for (std::size_t s = 0; s < stems->size(); ++s) {
        engine::EngineConfig config = mix_.engine();
        config.leader = &first().engine();
        config.part = (*stems)[s].channels;
        config.hears_beside = s + 1 == stems->size();
        const std::string what = "Stem" + std::to_string(s + 1) + "-" + (*stems)[s].name;
        if (auto status = open_main(what, add(mix_, config)); !status) return status;
        stems_.push_back(files_.size() - 1);
    }
    return base::Done{};
}

// Where the track comes in, behind trim, polarity and delay.
Status BounceSet::open_tracks() {
    if (!settings_.wishes.tracks) return base::Done{};
    const Console& console = first().console();
    for (const session::Track& track : mix_.song.tracks) {
        const Strip strip = console.geometry().strip(Kind::ch, track.channel - 1);
        const std::string what = track_name(track);
        auto status =
            open_file(what, console.geometry().strips[strip].lanes(),
                      console.latency().arrival[strip], tap_of(first(), strip, link::Tap::input));
        if (!status) return status;
    }
    if (auto status = open_inserts(); !status) return status;
    return open_effects();
}

std::string BounceSet::track_name(const session::Track& track) const {
    const param::Slot slot = mix_.layout.slot(Kind::ch, track.channel - 1, param::row("name"));
    const std::string& name = mix_.values.text(slot);
    return "Track" + two_digits(track.channel) + "-" + (name.empty() ? track.stem : name);
}

std::size_t BounceSet::inserted(Kind kind, std::size_t strip) const {
    const float insert = value(kind, strip, param::row("insert"));
    return insert == param::kInsertNone
               ? kNone
               : static_cast<std::size_t>(insert - param::kInsertFirstEffect);
}

bool BounceSet::stands_in_a_strip(std::size_t effect) const {
    const engine::Geometry& geometry = desks_.front()->console().geometry();
    return std::any_of(geometry.strips.begin(), geometry.strips.end(),
                       [&](const engine::StripPlace& place) {
                           return mix_.layout.has(place.kind, param::row("insert")) &&
                                  inserted(place.kind, place.number) == effect;
                       });
}

std::string BounceSet::effect_name(std::size_t effect) const {
    const param::Slot slot = mix_.layout.slot(Kind::fx, effect, param::row("type"));
    return std::string(
        param::choices(mix_.layout.row(slot))[static_cast<std::size_t>(mix_.values.number(slot))]);
}

// Channels with a creative effect in them, a second time: with that, and without the rest.
Status BounceSet::open_inserts() {
    const BounceDesk* desk = nullptr;
    for (const session::Track& track : mix_.song.tracks) {
        const std::size_t effect = inserted(Kind::ch, track.channel - 1);
        if (effect == kNone || !is_creative(effect_name(effect))) continue;
        if (desk == nullptr) {
            for (param::Slot slot = 0; slot < mix_.layout.size(); ++slot)
                if (is_corrective(mix_.layout, slot)) clean_values_.set(slot, {0.0f});
            std::copy_if(mix_.moves.begin(), mix_.moves.end(), std::back_inserter(clean_moves_),
                         [this](const session::Move& move) {
                             return !is_corrective(mix_.layout, move.setting.slot);
                         });
            clean_.emplace(
                BounceMix{mix_.song, mix_.layout, clean_values_, clean_moves_, mix_.impulses});
            desk = &add(*clean_, mix_.engine());
        }
        const Console& console = desk->console();
        const Strip strip = console.geometry().strip(Kind::ch, track.channel - 1);
        const std::string what = track_name(track) + "-" + effect_name(effect);
        auto status =
            open_file(what, console.geometry().strips[strip].lanes(),
                      console.latency().inserted[strip], tap_of(*desk, strip, link::Tap::pre));
        if (!status) return status;
    }
    return base::Done{};
}

// What comes back from each effect bus, as the mix feeds it.
Status BounceSet::open_effects() {
    const Console& console = first().console();
    for (std::size_t e = 0; e < console.geometry().count(Kind::fx); ++e) {
        if (stands_in_a_strip(e) || !is_creative(effect_name(e))) continue;
        const Strip strip = console.geometry().strip(Kind::fx, e);
        const std::string what = "FX" + std::to_string(e + 1) + "-" + effect_name(e);
        auto status = open_file(what, 2, console.latency().arrival[strip],
                                tap_of(first(), strip, link::Tap::input));
        if (!status) return status;
    }
    return base::Done{};
}

base::Result<std::size_t> BounceSet::send(std::uint64_t position, std::size_t frames) {
    for (const auto& desk : desks_) {
        const auto possible = desk->send(position, frames);
        if (!possible) return possible.error();
        frames = std::min(frames, *possible);
    }
    return frames;
}

void BounceSet::process(const float* const* inputs, std::uint64_t position, std::size_t frames) {
    inputs_ = inputs;
    for (offset_ = 0; offset_ < frames; offset_ += slice_) {
        const std::size_t into = (position + offset_) % dsp::kQuantum;
        slice_ = std::min(dsp::kQuantum - into, frames - offset_);
        first().process(inputs, offset_, slice_);
        workers_.run(
            [](void* self, std::size_t i) noexcept {
                auto& set = *static_cast<BounceSet*>(self);
                set.desks_[1 + i]->process(set.inputs_, set.offset_, set.slice_);
            },
            this, desks_.size() - 1);
        for (BounceFile& file : files_) file.take(offset_);
        if (settings_.watch.block) watch(frames);
    }
    if (settings_.watch.block)
        settings_.watch.block(watched_[0].data(), watched_[1].data(), frames);
    for (const auto& desk : desks_) desk->collect();
}

void BounceSet::watch(std::size_t frames) {
    for (std::size_t side = 0; side < watched_.size(); ++side) {
        watched_[side].resize(frames);
        first().copy_main(side, watched_[side].data() + offset_);
    }
}

Status BounceSet::write(std::uint64_t position, std::size_t frames, std::uint64_t length) {
    for (BounceFile& file : files_)
        if (auto status = file.write(position, frames, length); !status) return status;
    return base::Done{};
}

Status BounceSet::close() {
    for (std::size_t f = 0; f < files_.size(); ++f) {
        auto status = files_[f].close();
        if (status) continue;
        std::error_code ignored;
        for (std::size_t whole = 0; whole < f; ++whole)
            std::filesystem::remove(files_[whole].path(), ignored);
        return status;
    }
    return base::Done{};
}

std::vector<bool> BounceSet::loud(float level, std::size_t frames) const {
    std::vector<bool> loud(frames, false);
    for (const BounceFile& file : files_) file.mark_loud(level, loud);
    for (const std::vector<float>& side : watched_) mark_loud(side, level, loud);
    return loud;
}

std::uint64_t BounceSet::latest() const {
    std::uint64_t latest = files_.empty() ? desks_.front()->main_latency() : 0;
    for (const BounceFile& file : files_) latest = std::max(latest, file.late());
    return latest;
}

}  // namespace mixrig::app
