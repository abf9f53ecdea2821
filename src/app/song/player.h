// Recorded tracks in place of the interface: held in memory, so that no disk stands between them
// and the audio thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/realtime.h"
#include "dsp/units.h"
#include "src/backend/backend.h"
#include "src/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace mixrig::app {

class Player {
public:
    // [control] Every sound file of a folder, in the order of their names: their channels, one
    // after the other, stand for the capture channels 1, 2, 3... that the ports name. Resampled
    // where needed.
    static base::Result<Player> open(const std::filesystem::path& folder,
                                     const backend::Ports& ports, dsp::Hertz rate, bool loop);

    static constexpr std::size_t kMostFrames = 1024;
    // [audio] The inputs at this frame of the desk; at most kMostFrames.
    const float* const* read(std::uint64_t position, std::size_t frames) MIXRIG_REALTIME;

    std::size_t files() const { return files_; }
    double seconds() const { return seconds_; }

private:
    std::vector<std::vector<float>> tracks_;   // one a capture channel, all of one length
    std::vector<const float*> sources_;        // by engine input; null is silence
    std::vector<std::vector<float>> buffers_;  // by engine input
    std::vector<const float*> pointers_;
    std::size_t length_ = 0;
    std::size_t files_ = 0;
    double seconds_ = 0.0;
    bool loop_ = true;
};

}  // namespace mixrig::app
