// Sums over short pieces, and their sum over the last of them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/stereo_scope.h"

#include <algorithm>
#include <cmath>

namespace mixrig::monitor {
namespace {

constexpr double kPieceSeconds = 0.05;
constexpr double kNothing = 1e-14;  // mean square: -140 dB
constexpr double kMostBalance_dB = 60.0;

}  // namespace

StereoScope::StereoScope(dsp::Hertz rate)
    : piece_frames_(static_cast<std::size_t>(std::lround(kPieceSeconds * rate.value))) {}

void StereoScope::reset() {
    pieces_ = {};
    now_ = {};
}

void StereoScope::add(const float* left, const float* right, std::size_t frames) {
    for (std::size_t n = 0; n < frames; ++n) {
        const double l = left[n], r = right[n];
        now_.left += l;
        now_.right += r;
        now_.left_square += l * l;
        now_.right_square += r * r;
        now_.product += l * r;
        now_.peak = std::max({now_.peak, std::abs(left[n]), std::abs(right[n])});
        if (++now_.frames < piece_frames_) continue;
        pieces_[at_] = now_;
        at_ = (at_ + 1) % kPieces;
        now_ = {};
    }
}

StereoImage StereoScope::image() const {
    Piece all;
    for (const Piece& piece : pieces_) {
        all.frames += piece.frames;
        all.left += piece.left;
        all.right += piece.right;
        all.left_square += piece.left_square;
        all.right_square += piece.right_square;
        all.product += piece.product;
        all.peak = std::max(all.peak, piece.peak);
    }
    if (all.frames == 0) return {};
    const auto frames = static_cast<double>(all.frames);
    const double left = all.left_square / frames, right = all.right_square / frames;
    StereoImage out;
    out.dc_left = static_cast<float>(all.left / frames);
    out.dc_right = static_cast<float>(all.right / frames);
    if (left > kNothing && right > kNothing)
        out.correlation = static_cast<float>(
            std::clamp(all.product / frames / std::sqrt(left * right), -1.0, 1.0));
    if (left + right <= kNothing) return out;
    const double balance = 10.0 * std::log10((right + kNothing) / (left + kNothing));
    out.balance_dB = static_cast<float>(std::clamp(balance, -kMostBalance_dB, kMostBalance_dB));
    const double peak = all.peak;
    out.crest_dB = static_cast<float>(10.0 * std::log10(peak * peak / ((left + right) / 2.0)));
    return out;
}

}  // namespace mixrig::monitor
