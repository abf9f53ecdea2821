// Moves a voice by a curve: Rubber Band's finer engine, in the mode in which the pitch may change.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/tune/tune.h"

#include <algorithm>
#include <cmath>
#include <rubberband/RubberBandStretcher.h>

namespace mixrig::tune {
namespace {

using RubberBand::RubberBandStretcher;
using Channels = std::vector<std::vector<float>>;

constexpr std::size_t kBlock = 128;  // frames between two changes of the pitch
constexpr double kCross = 0.006;     // seconds from what is sung to what is not, and back
constexpr float kNothing = 0.003f;   // keys: 0.3 cents
// A pitch that is set is heard in what came in so many start pads before: half a window, and what
// the library looks ahead. Measured by flattening a vibrato of 49 cents: 4 to 7 are left, 8 with
// 1.75, 15 with 2, 25 with 1.5.
constexpr double kBehind = 1.8;

class Shifter {
public:
    Shifter(std::size_t channels, dsp::Hertz rate, const Settings& settings)
        : rate_(rate.value),
          stretcher_(static_cast<std::size_t>(rate.value), channels, options(settings)),
          pad_(stretcher_.getPreferredStartPad()),
          skip_(stretcher_.getStartDelay()) {
        stretcher_.setMaxProcessSize(kBlock);
    }

    Channels run(const Channels& in, const std::vector<float>& moved) {
        const std::size_t frames = in.front().size();
        Channels out(in.size());
        for (auto& channel : out) channel.reserve(frames + skip_ + kBlock);
        const Channels silence(in.size(), std::vector<float>(kBlock, 0.0f));
        feed(silence, 0, pad_, 0.0, moved, out);
        feed(in, 0, frames, 0.0, moved, out);
        while (out.front().size() < frames + skip_)
            feed(silence, 0, kBlock, static_cast<double>(frames), moved, out);
        for (auto& channel : out) {
            channel.erase(channel.begin(), channel.begin() + static_cast<std::ptrdiff_t>(skip_));
            channel.resize(frames);
        }
        return out;
    }

private:
    static RubberBandStretcher::Options options(const Settings& settings) {
        return RubberBandStretcher::OptionProcessRealTime | RubberBandStretcher::OptionEngineFiner |
               RubberBandStretcher::OptionPitchHighConsistency |
               RubberBandStretcher::OptionChannelsTogether |
               (settings.keeps_formants ? RubberBandStretcher::OptionFormantPreserved
                                        : RubberBandStretcher::OptionFormantShifted);
    }

    void set_pitch(double frame, const std::vector<float>& moved) {
        const double at = (frame - kBehind * static_cast<double>(pad_)) / (kHop * rate_);
        const auto reading =
            static_cast<std::size_t>(std::clamp(at, 0.0, static_cast<double>(moved.size() - 1)));
        stretcher_.setPitchScale(std::exp2(static_cast<double>(moved[reading]) / 12.0));
    }

    void feed(const Channels& from, std::size_t first, std::size_t frames, double place,
              const std::vector<float>& moved, Channels& out) {
        const std::size_t length = from.front().size();
        std::vector<const float*> in(from.size());
        for (std::size_t done = first; done < frames; done += kBlock) {
            const std::size_t count = std::min(kBlock, frames - done);
            set_pitch(place + static_cast<double>(done + count), moved);
            for (std::size_t c = 0; c < from.size(); ++c)
                in[c] = from[c].data() + (length <= kBlock ? 0 : done);
            stretcher_.process(in.data(), count, false);
            take(out);
        }
    }

    void take(Channels& out) {
        const int there = stretcher_.available();
        if (there <= 0) return;
        const std::size_t had = out.front().size();
        std::vector<float*> to;
        for (auto& channel : out) {
            channel.resize(had + static_cast<std::size_t>(there));
            to.push_back(channel.data() + had);
        }
        stretcher_.retrieve(to.data(), static_cast<std::size_t>(there));
    }

    double rate_;
    RubberBandStretcher stretcher_;
    std::size_t pad_, skip_;
};

// How much of the shifted sound is heard: all of it where there is a pitch, none elsewhere.
std::vector<float> weights(const std::vector<float>& moved, const PitchCurve& curve,
                           std::size_t frames, dsp::Hertz rate) {
    std::vector<float> out(frames, 0.0f);
    const double hop = kHop * rate.value;
    for (std::size_t i = 0; i < curve.size();) {
        std::size_t end = i;
        bool is_moved = false;
        for (; end < curve.size() && curve[end] != kUnvoiced; ++end)
            is_moved = is_moved || std::fabs(moved[end]) > kNothing;
        if (is_moved) {
            const auto from = static_cast<std::size_t>(static_cast<double>(i) * hop);
            const auto to =
                std::min(frames, static_cast<std::size_t>(static_cast<double>(end) * hop));
            std::fill(out.begin() + static_cast<std::ptrdiff_t>(std::min(from, to)),
                      out.begin() + static_cast<std::ptrdiff_t>(to), 1.0f);
        }
        i = end + 1;
    }
    // Inwards, so that an `s` before the vowel is not touched.
    const auto step = static_cast<float>(1.0 / (kCross * rate.value));
    float most = 0.0f;
    for (float& w : out) w = most = std::min(w, most + step);
    most = 0.0f;
    std::for_each(out.rbegin(), out.rend(), [&](float& w) { w = most = std::min(w, most + step); });
    return out;
}

}  // namespace

PitchCurve find_pitch(const Channels& channels, dsp::Hertz rate) {
    std::vector<float> mean(channels.front().size(), 0.0f);
    for (const auto& channel : channels)
        for (std::size_t i = 0; i < mean.size(); ++i)
            mean[i] += channel[i] / static_cast<float>(channels.size());
    return find_pitch(mean, rate);
}

Tuned tune(Channels& channels, dsp::Hertz rate, const Settings& settings) {
    const std::size_t frames = channels.front().size();
    Tuned done{.before = find_pitch(channels, rate)};
    done.moved = correction(done.before, settings);
    const std::vector<float> heard = weights(done.moved, done.before, frames, rate);
    const Channels shifted = Shifter(channels.size(), rate, settings).run(channels, done.moved);
    for (std::size_t c = 0; c < channels.size(); ++c)
        for (std::size_t i = 0; i < frames; ++i)
            if (heard[i] > 0.0f) channels[c][i] += heard[i] * (shifted[c][i] - channels[c][i]);
    return done;
}

}  // namespace mixrig::tune
