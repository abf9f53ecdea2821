// Hands one signal to three meters.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/analyser.h"

#include "src/monitor/levels.h"

namespace mixrig::monitor {

Analysis::Analysis() {
    bands_dBFS.fill(kFloor_dB);
    spectrum_dBFS.fill(kFloor_dB);
}

Analyser::Analyser(dsp::Hertz rate) : bands_(rate), spectrum_(rate), scope_(rate) {}

void Analyser::add(const link::StereoQuantum& quantum) {
    if (quantum.source != source_) {
        bands_.reset();
        spectrum_.reset();
        scope_.reset();
        source_ = quantum.source;
    }
    const float *left = quantum.left.data(), *right = quantum.right.data();
    bands_.add(left, right, link::kTapFrames);
    spectrum_.add(left, right, link::kTapFrames);
    scope_.add(left, right, link::kTapFrames);
}

void Analyser::use(Averaging averaging) {
    bands_.use(averaging);
    spectrum_.use(averaging);
}

void Analyser::read(Analysis& out) const {
    out.bands_dBFS = bands_.levels_dBFS();
    out.spectrum_dBFS = spectrum_.levels_dBFS();
    out.image = scope_.image();
}

}  // namespace mixrig::monitor
