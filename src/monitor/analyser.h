// The real-time analyser: bands, spectrum and image of one stereo signal.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"
#include "src/link/notice.h"
#include "src/monitor/spectrum.h"
#include "src/monitor/stereo_scope.h"
#include "src/monitor/third_octaves.h"

#include <array>
#include <cstdint>

namespace mixrig::monitor {

struct Analysis {
    std::array<float, kThirdOctaves> bands_dBFS;
    std::array<float, kSpectrumPoints> spectrum_dBFS;
    StereoImage image = {};

    Analysis();  // silence
};

// [monitor]
class Analyser {
public:
    explicit Analyser(dsp::Hertz rate);

    // Begins anew when the quantum comes from elsewhere than the one before it.
    void add(const link::StereoQuantum& quantum);
    // A peak that was held is let go.
    void use(Averaging averaging);
    void read(Analysis& out) const;

private:
    ThirdOctaves bands_;
    Spectrum spectrum_;
    StereoScope scope_;
    std::uint32_t source_ = 0;
};

}  // namespace mixrig::monitor
