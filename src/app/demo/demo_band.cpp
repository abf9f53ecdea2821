// How a part of the demo gets from its score into a file.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/demo/demo_band.h"

#include "src/disk/sound_file_writer.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mixrig::app {
namespace {

void scale_to_peak(Tape& tape, double peak_dB) {
    float peak = 0.0f;
    for (const auto* side : {&tape.left, &tape.right})
        for (const float x : *side) peak = std::max(peak, std::abs(x));
    if (peak == 0.0f) return;
    const float gain = static_cast<float>(std::pow(10.0, peak_dB / 20.0)) / peak;
    for (auto* side : {&tape.left, &tape.right})
        for (float& x : *side) x *= gain;
}

}  // namespace

base::Status make_folder(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        return base::Error{"cannot be made: " + error.message(), folder.string(),
                           "choose another folder"};
    return base::Done{};
}

base::Status write_part(const BandPart& part, const std::filesystem::path& folder,
                        std::size_t frames, dsp::Hertz rate) {
    Tape tape(frames, rate);
    part.play(tape);
    scale_to_peak(tape, part.peak_dB);
    disk::Sound sound{.rate = rate};
    sound.tracks.push_back(std::move(tape.left));
    if (part.stereo) sound.tracks.push_back(std::move(tape.right));
    return disk::write_whole(folder / part.file, sound,
                             {disk::Container::wav, disk::Coding::pcm24});
}

}  // namespace mixrig::app
