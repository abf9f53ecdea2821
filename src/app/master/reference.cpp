// Portraits, their difference, and a fit to it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/master/reference.h"

#include "src/app/listen.h"
#include "src/disk/sound_file_reader.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace mixrig::app {
namespace {

using monitor::kThirdOctaves;

constexpr double kNothing_dB = -60.0;  // under the loudest band of the same file
constexpr double kMostCounted_dB = 6.0;
constexpr double kSilent_dB = -200.0;
constexpr BroadEq kCorners = {{{dsp::FilterType::low_shelf, {120.0}, 0.7, {0.0}},
                               {dsp::FilterType::bell, {400.0}, 0.5, {0.0}},
                               {dsp::FilterType::bell, {2500.0}, 0.5, {0.0}},
                               {dsp::FilterType::high_shelf, {8000.0}, 0.7, {0.0}}}};

base::Result<ThirdOctaveLevels> third_octaves(const std::filesystem::path& path) {
    auto file = disk::SoundFileReader::open(path);
    if (!file) return file.error();
    const disk::SoundInfo& info = file->info();
    monitor::WholeOctaves octaves(info.rate);
    const std::size_t parts = monitor::WholeOctaves::parts(info.frames, info.rate);
    std::array<std::vector<float>, 2> sides;
    for (std::size_t part = 0; part < parts; ++part) {
        const auto frames =
            static_cast<std::size_t>(info.frames * (part + 1) / parts - info.frames * part / parts);
        for (auto& side : sides) side.resize(frames);
        float* const planar[] = {sides[0].data(), sides[1].data()};
        const auto read = file->read(planar, frames);
        if (!read) return read.error();
        for (auto& side : sides) {
            side.resize(*read);
            for (float& x : side) x = std::isfinite(x) ? x : 0.0f;
        }
        octaves.add(sides[0], info.channels == 2 ? sides[1] : sides[0]);
    }
    ThirdOctaveLevels levels = octaves.means();
    // Loudness adds channels up, octaves.means() is their mean.
    const auto channels = static_cast<double>(info.channels);
    for (double& level : levels)
        level = level > 0.0 ? 10.0 * std::log10(channels * level) : kSilent_dB;
    return levels;
}

std::optional<double> side_over_mid_dB(const monitor::Measurement& sound) {
    if (sound.channels != 2) return {};
    const double left = std::pow(10.0, sound.each[0].rms_dBFS / 10.0);
    const double right = std::pow(10.0, sound.each[1].rms_dBFS / 10.0);
    const double both = 2.0 * sound.correlation.value_or(0.0) * std::sqrt(left * right);
    const double mid = left + right + both, side = left + right - both;
    if (!(mid > 0.0 && side > 1e-12 * mid)) return {};
    return 10.0 * std::log10(side / mid);
}

bool has_something(const ThirdOctaveLevels& levels, std::size_t band) {
    return levels[band] > *std::max_element(levels.begin(), levels.end()) + kNothing_dB;
}

// dB a dB of gain: within +-1 dB a band's curve goes with its gain to a hundredth.
double shape(const dsp::EqBand& band, std::size_t at) {
    const auto frequency = monitor::ThirdOctaves::centre(at);
    return 20.0 * std::log10(std::abs(
                      dsp::prototype(band.type, band.frequency, band.q, {1.0}, frequency)));
}

// Coordinate descent: the problem is convex and its bounds are a box, so it ends at the best.
class BroadFit {
public:
    explicit BroadFit(const Comparison& comparison) {
        for (std::size_t at = 0; at < kThirdOctaves; ++at)
            if (comparison.counts[at]) {
                left_.push_back(
                    std::clamp(comparison.difference[at], -kMostCounted_dB, kMostCounted_dB));
                for (std::size_t b = 0; b < kCorners.size(); ++b)
                    shapes_[b].push_back(shape(kCorners[b], at));
            }
    }

    BroadEq solve() {
        BroadEq eq = kCorners;
        if (left_.empty()) return eq;
        for (int round = 0; round < 500; ++round) {
            take_off_the_mean();
            for (std::size_t b = 0; b < eq.size(); ++b) step(b, eq[b].gain.value);
        }
        for (dsp::EqBand& band : eq)
            band.gain.value = std::round(band.gain.value * 10.0) / 10.0 + 0.0;  // no -0
        return eq;
    }

private:
    void take_off_the_mean() {
        double mean = 0.0;
        for (const double dB : left_) mean += dB / static_cast<double>(left_.size());
        for (double& dB : left_) dB -= mean;
    }
    void step(std::size_t b, double& gain) {
        double with = 0.0, own = 0.0;
        for (std::size_t i = 0; i < left_.size(); ++i) {
            with += left_[i] * shapes_[b][i];
            own += shapes_[b][i] * shapes_[b][i];
        }
        if (own == 0.0) return;
        const double next = std::clamp(gain + with / own, -kMostBroad_dB, kMostBroad_dB);
        for (std::size_t i = 0; i < left_.size(); ++i) left_[i] -= (next - gain) * shapes_[b][i];
        gain = next;
    }

    std::vector<double> left_;
    std::array<std::vector<double>, kCorners.size()> shapes_;
};

}  // namespace

base::Result<Portrait> portray(const std::filesystem::path& path) {
    auto sound = listen(path);
    if (!sound) return sound.error();
    if (sound->channels > 2)
        return base::Error{"has more than two channels", path.string(),
                           "mono and stereo files can be compared"};
    if (!std::isfinite(sound->integrated_lufs))
        return base::Error{"is silent, or too short to have a loudness", path.string(),
                           "a comparison needs some seconds above -70 LUFS"};
    auto balance = third_octaves(path);
    if (!balance) return balance.error();
    for (double& level : *balance) level -= sound->integrated_lufs;
    Portrait out{.file = path, .sound = *std::move(sound), .balance = *balance};
    out.width_dB = side_over_mid_dB(out.sound);
    return out;
}

Comparison compare(Portrait mix, Portrait reference) {
    Comparison out{.mix = std::move(mix), .reference = std::move(reference)};
    for (std::size_t at = 0; at < kThirdOctaves; ++at) {
        out.difference[at] = out.reference.balance[at] - out.mix.balance[at];
        out.counts[at] =
            has_something(out.mix.balance, at) && has_something(out.reference.balance, at);
    }
    out.suggested = BroadFit(out).solve();
    return out;
}

double distance_dB(const Comparison& comparison) {
    double sum = 0.0, squares = 0.0, count = 0.0;
    for (std::size_t at = 0; at < kThirdOctaves; ++at)
        if (comparison.counts[at]) {
            sum += comparison.difference[at];
            squares += comparison.difference[at] * comparison.difference[at];
            count += 1.0;
        }
    if (count == 0.0) return 0.0;
    return std::sqrt(std::max(0.0, squares / count - sum * sum / (count * count)));
}

}  // namespace mixrig::app
