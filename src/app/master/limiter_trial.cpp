// Reading, gain, limiter, loudness; nothing else, because a solver asks often.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/master/limiter_trial.h"

#include "dsp/denormals.h"
#include "src/disk/sound_file_reader.h"
#include "src/monitor/loudness.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace mixrig::app {
namespace {

constexpr std::size_t kTrialChunk = 4096;  // frames
using Sides = std::array<std::vector<float>, 2>;

void turn(Sides& sides, float gain) {
    for (auto& side : sides)
        for (float& x : side) x = std::isfinite(x) ? x * gain : 0.0f;
}

}  // namespace

base::Result<Trial> try_limiter(const std::filesystem::path& path, double gain_dB,
                                const dsp::LimiterSettings& settings) {
    const dsp::FlushSubnormals as_on_the_desk;
    auto file = disk::SoundFileReader::open(path);
    if (!file) return file.error();
    auto meter = monitor::LoudnessMeter::create(
        {.rate = file->info().rate, .extent = monitor::Extent::integrated});
    if (!meter) return meter.error();
    dsp::Limiter limiter(file->info().rate);
    limiter.set(settings);
    const auto gain = static_cast<float>(std::pow(10.0, gain_dB / 20.0));
    const bool stereo = file->info().channels == 2;
    Sides sides = {std::vector<float>(kTrialChunk), std::vector<float>(kTrialChunk)};
    float* const planar[] = {sides[0].data(), sides[1].data()};
    // What the look-ahead holds back at the end of the file comes out behind it; what it puts out
    // before the beginning is silence, which no gate lets count.
    std::size_t owed = settings.on ? limiter.latency_frames() : 0;
    while (true) {
        const auto read = file->read(planar, kTrialChunk);
        if (!read) return read.error();
        const std::size_t tail = std::min(owed, kTrialChunk - *read), frames = *read + tail;
        owed -= tail;
        for (auto& side : sides)
            std::fill(side.begin() + static_cast<long>(*read), side.end(), 0.0f);
        if (!stereo) sides[1] = sides[0];
        turn(sides, gain);
        limiter.process(planar[0], planar[1], frames);
        meter->add(planar, frames);
        if (*read < kTrialChunk && owed == 0) break;
    }
    return Trial{.lufs = meter->integrated(),
                 .reduction_dB = static_cast<double>(limiter.reduction_dB())};
}

}  // namespace mixrig::app
