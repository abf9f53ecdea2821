// A desk under a load.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/tools/bench_desk.h"

#include "src/base/clock.h"
#include "src/disk/recorder.h"
#include "src/engine/retired.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <random>
#include <stdlib.h>  // NOLINT: mkdtemp is POSIX
#include <string>
#include <system_error>

namespace mixrig::app {
namespace {

using param::Kind;
using param::row;

constexpr std::size_t kAuxes = 16;
constexpr std::size_t kEvents = 1u << 17;  // of 1024 strips at once, with their sends
constexpr double kRate = 48000.0;
constexpr std::size_t kSounds = 16;
// Of a show, in the words of the row.
constexpr std::array<std::string_view, 4> kEffects = {"hall", "plate", "echo", "chorus"};

bool is_show(Load load) {
    return load == Load::show || load == Load::recorded_show;
}

param::DeskShape shape_of(Load load, std::size_t strips) {
    if (is_show(load)) return param::DeskShape::of(strips, 0, kAuxes / 2, kEffects.size(), 0);
    param::DeskShape shape = param::DeskShape::of(strips, 0, kAuxes, 0, 0);
    shape.stereo[static_cast<std::size_t>(Kind::aux)].assign(kAuxes, false);
    return shape;
}

// Reading the clock of the thread is a call of the system and takes some 0.3 us itself: short
// blocks go by the clock on the wall, and if something else took the core meanwhile, the quantiles
// leave it out.
constexpr std::int64_t kShort = 30'000;  // ns

std::int64_t core_ns() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

// Noise that is hit every so often and dies away by 60 dB: gates open and close on it, compressors
// take hold and let go, as on drums. 2 s, to be looped.
std::vector<float> make_sound(std::uint32_t seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> uniform(-0.5f, 0.5f);
    std::uniform_int_distribution<std::size_t> gap(8000, 32000);
    const float decay = static_cast<float>(std::pow(10.0, -60.0 / 20.0 / (0.4 * kRate)));
    std::vector<float> sound(96000);
    float envelope = 1.0f;
    std::size_t next = gap(random);
    for (std::size_t n = 0; n < sound.size(); ++n) {
        if (n == next) {
            envelope = 1.0f;
            next = n + gap(random);
        }
        sound[n] = envelope * uniform(random);
        envelope *= decay;
    }
    return sound;
}

}  // namespace

BenchDesk::BenchDesk(Load load, std::size_t strips, std::size_t block)
    : layout_(shape_of(load, strips)),
      geometry_(layout_.shape()),
      link_(kEvents),
      resolver_(layout_, geometry_, {kRate}),
      engine_(std::make_unique<engine::Engine>(geometry_, link_, engine::EngineConfig{})),
      meter_frames_(4),
      block_(block),
      is_sounding_(load != Load::silent && load != Load::empty),
      inputs_(geometry_.inputs, std::vector<float>(block)),
      outputs_(geometry_.outputs.size(), std::vector<float>(block)) {
    for (link::MeterFrame& frame : meter_frames_) {
        frame = engine_->make_meter_frame();
        (void)link_.free_meters.try_push(&frame);
    }
    for (std::uint32_t seed = 1; seed <= kSounds; ++seed) sounds_.push_back(make_sound(seed));
    for (const auto& input : inputs_) in_.push_back(input.data());
    for (auto& output : outputs_) out_.push_back(output.data());
    for (std::size_t strip = 0; strip < strips; ++strip) {
        set_levels(strip, static_cast<float>(strips), load);
        if (load != Load::empty && load != Load::off) switch_on(strip, load);
    }
    choose_effects();
    if (load == Load::recorded_show) mix_automatically();
    std::vector<link::Event> batch;
    resolver_.resolve_all(batch);
    if (load == Load::recorded_show) record(batch);
    engine_->begin(batch);
}

BenchDesk::~BenchDesk() {
    drain();
}

void BenchDesk::set(Kind kind, std::size_t strip, std::size_t row, std::size_t index, float value) {
    resolver_.set(layout_.slot(kind, strip, row, index), value);
}

// So that the sum of all strips stays below full scale: the ceiling at work is no everyday load.
void BenchDesk::set_levels(std::size_t strip, float strips, Load load) {
    const float level = -6.0f - 10.0f * std::log10(strips);
    set(Kind::ch, strip, row("fader"), 0, level - std::fmod(static_cast<float>(strip), 12.0f));
    if (load == Load::off || load == Load::empty) return;
    for (std::size_t aux = 0; aux < layout_.shape().count(Kind::aux); ++aux)
        set(Kind::ch, strip, row("send/aux/#/level"), aux, level - static_cast<float>(aux));
    for (std::size_t effect = 0; effect < layout_.shape().count(Kind::fx); ++effect)
        set(Kind::ch, strip, row("send/fx/#/level"), effect, level - 12.0f);
}

void BenchDesk::switch_on(std::size_t strip, Load load) {
    const auto n = static_cast<float>(strip);
    const auto channel = [&](std::size_t at, float value, std::size_t index = 0) {
        set(Kind::ch, strip, at, index, value);
    };
    channel(row("trim"), std::fmod(n, 7.0f) - 3.0f);
    channel(row("hpf/on"), 1.0f);
    channel(row("hpf/freq"), 60.0f + 5.0f * std::fmod(n, 16.0f));
    channel(row("hpf/slope"), 2.0f);
    channel(row("gate/on"), 1.0f);
    channel(row("gate/threshold"), -40.0f - std::fmod(n, 10.0f));
    channel(row("eq/on"), 1.0f);
    for (std::size_t band = 0; band < param::kBands; ++band) {
        channel(row("eq/#/on"), 1.0f, band);
        channel(row("eq/#/gain"), band % 2 == 0 ? -4.0f : 3.0f, band);
    }
    for (std::size_t comp = 0; comp < (load == Load::one_compressor ? 1u : 2u); ++comp) {
        channel(row("comp/#/on"), 1.0f, comp);
        channel(row("comp/#/threshold"), -28.0f + 6.0f * static_cast<float>(comp), comp);
    }
    channel(row("pan"), std::fmod(n, 9.0f) / 4.0f - 1.0f);
}

void BenchDesk::choose_effects() {
    for (std::size_t effect = 0; effect < layout_.shape().count(Kind::fx); ++effect) {
        const param::Slot slot = layout_.slot(Kind::fx, effect, row("type"));
        if (const auto type = layout_.parse(slot, kEffects[effect]))
            resolver_.set(slot, type->number);
    }
}

void BenchDesk::mix_automatically() {
    for (std::size_t group = 0; group < param::kAutomixes; ++group)
        set(Kind::desk, 0, row("/automix/#/on"), group, 1.0f);
    const std::size_t channels = layout_.shape().count(Kind::ch);
    for (std::size_t strip = 0; strip < std::min<std::size_t>(channels, 16); ++strip)
        set(Kind::ch, strip, row("automix/group"), 0, 1.0f + static_cast<float>(strip % 2));
}

// A real one, onto a real disk. Blocks follow each other faster than in time, so it may be
// overtaken; the audio thread's part is the same.
struct BenchDesk::Recording {
    Recording() {
        std::string name =
            (std::filesystem::temp_directory_path() / "mixrig-bench-XXXXXX").string();
        if (::mkdtemp(name.data()) != nullptr) folder = name;
    }
    ~Recording() {
        recorder.reset();
        std::error_code error;  // what cannot be removed is the system's to clear
        if (!folder.empty()) std::filesystem::remove_all(folder, error);
    }
    std::filesystem::path folder;
    std::shared_ptr<link::Tape> tape;
    std::unique_ptr<disk::Recorder> recorder = std::make_unique<disk::Recorder>();
};

void BenchDesk::record(std::vector<link::Event>& batch) {
    constexpr double kSeconds = 4.0;
    recording_ = std::make_unique<Recording>();
    std::vector<link::TapeSource> sources;
    std::vector<disk::TakeTrack> tracks;
    for (std::uint32_t strip = 0; strip < layout_.shape().count(Kind::ch); ++strip) {
        sources.push_back({strip, link::TapeTap::in, 1});
        tracks.push_back({.file = std::to_string(strip + 1), .lane = strip});
    }
    recording_->tape = std::make_shared<link::Tape>(
        sources, static_cast<std::size_t>(kSeconds * kRate) / dsp::kQuantum);
    batch.push_back(link::Event::make(link::Block::tape, 0, 0, recording_->tape.get()));
    if (recording_->folder.empty()) return;
    recording_->recorder->begin({.tape = recording_->tape,
                                 .from = 0,
                                 .folder = recording_->folder,
                                 .name = "take",
                                 .tracks = tracks,
                                 .rate = {kRate}});
}

void BenchDesk::bring_sound() {
    if (!is_sounding_) return;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
        const std::vector<float>& sound = sounds_[i % kSounds];
        // Channels with the same sound hear it at different moments.
        std::size_t from = (position_ + i * 997) % sound.size();
        for (float& sample : inputs_[i]) {
            sample = sound[from];
            if (++from == sound.size()) from = 0;
        }
    }
}

BenchDesk::Time BenchDesk::process() {
    bring_sound();
    const std::int64_t core_start = core_ns();
    const std::int64_t start = base::monotonic_ns();
    engine_->process(in_.data(), out_.data(), block_);
    const std::int64_t wall = base::monotonic_ns() - start;
    const std::int64_t core = core_ns() - core_start;
    position_ += block_;
    drain();
    return {wall, wall < kShort ? wall : std::min(wall, core)};
}

void BenchDesk::process_for(dsp::Seconds of_audio) {
    const auto frames = static_cast<std::size_t>(of_audio.value * kRate);
    for (const std::size_t end = position_ + frames; position_ < end;) (void)process();
}

void BenchDesk::drain() {
    link::MeterFrame* frame = nullptr;
    while (link_.meters.try_pop(frame)) (void)link_.free_meters.try_push(frame);
    link::StereoQuantum quantum;
    while (link_.main_tap.try_pop(quantum)) {
    }
    engine::free_retired(link_);
}

}  // namespace mixrig::app
