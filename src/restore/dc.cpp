// Means under windows.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/restore/dc.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace mixrig::restore {
namespace {

std::vector<double> hann(std::size_t size) {
    std::vector<double> window(size);
    const double step = 2.0 * std::numbers::pi / static_cast<double>(size);
    for (std::size_t n = 0; n < size; ++n)
        window[n] = 0.5 - 0.5 * std::cos(step * (static_cast<double>(n) + 0.5));
    return window;
}

}  // namespace

DcFound remove_dc(std::span<float> samples, dsp::Hertz rate) {
    DcFound found;
    if (static_cast<double>(samples.size()) < std::max(1.0, rate.value)) return found;
    const auto wanted = 2 * static_cast<std::size_t>(kDcWindow.value * rate.value / 2.0);
    const std::size_t size = std::min(std::max<std::size_t>(wanted, 2), samples.size());
    const std::size_t hop = std::max<std::size_t>(size / 2, 1);
    const std::vector<double> window = hann(size);
    std::vector<double> means;
    for (std::size_t begin = 0; begin + size <= samples.size(); begin += hop) {
        double sum = 0.0, weight = 0.0;
        for (std::size_t n = 0; n < size; ++n) {
            sum += window[n] * static_cast<double>(samples[begin + n]);
            weight += window[n];
        }
        means.push_back(sum / weight);
        found.offset += means.back();
        found.largest = std::max(found.largest, std::fabs(means.back()));
    }
    found.offset /= static_cast<double>(means.size());
    found.removed = found.largest >= kLeastOffset;
    if (!found.removed) return found;
    for (std::size_t n = 0; n < samples.size(); ++n) {
        double offset = means.front();
        if (n >= hop) {
            const std::size_t point = (n - hop) / hop, within = (n - hop) % hop;
            offset = means[std::min(point, means.size() - 1)];
            if (point + 1 < means.size())
                offset += window[within] * (means[point + 1] - means[point]);
        }
        samples[n] = static_cast<float>(static_cast<double>(samples[n]) - offset);
    }
    return found;
}

}  // namespace mixrig::restore
