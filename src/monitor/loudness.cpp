// libebur128 behind our meter.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/loudness.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <ebur128.h>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace mixrig::monitor {
namespace {

constexpr unsigned long kHopMs = 10;
constexpr std::size_t kHopsPerSecond = 100;
constexpr std::size_t kMomentaryHops = 40;
constexpr std::size_t kShortTermHops = 300;
// Of BS.1770-4: loudness is this much below 10 lg of the K-weighted power.
constexpr double kOffset = 0.691;
constexpr double kSilence = -std::numeric_limits<double>::infinity();

double decibels(double amplitude) {
    return amplitude > 0.0 ? 20.0 * std::log10(amplitude) : kSilence;
}
double loudness(double power) {
    return power > 0.0 ? 10.0 * std::log10(power) - kOffset : kSilence;
}

}  // namespace

// libebur128 looks back over 0.4 s or 3 s whenever it is asked, which costs that many samples. We
// ask it for the last 10 ms only, once each 10 ms, and sum these ourselves: one pass over the
// audio.
class SlidingPower {
public:
    void add(double power) {
        hops_[next_] = power;
        next_ = (next_ + 1) % hops_.size();
    }
    double mean_of_last(std::size_t count) const {
        double sum = 0.0;
        for (std::size_t i = 0; i < count; ++i)
            sum += hops_[(next_ + hops_.size() - 1 - i) % hops_.size()];
        return sum / static_cast<double>(count);
    }

private:
    std::array<double, kShortTermHops> hops_ = {};
    std::size_t next_ = 0;
};

struct LoudnessMeter::State {
    LoudnessSettings settings;
    ebur128_state* library = nullptr;
    std::size_t hop_frames = 0;
    std::size_t in_hop = 0;  // frames since the last multiple of a hop
    SlidingPower power;
    double momentary_max = kSilence;
    double short_term_max = kSilence;
    std::vector<float> scratch;

    explicit State(const LoudnessSettings& s) : settings(s) {
        int mode = EBUR128_MODE_I;
        if (s.extent == Extent::all) mode |= EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK;
        if (s.history == History::endless) mode |= EBUR128_MODE_HISTOGRAM;
        const auto rate = static_cast<unsigned long>(std::lround(s.rate.value));
        library = ebur128_init(static_cast<unsigned>(s.channels), rate, mode);
        if (library == nullptr) return;
        hop_frames = rate / kHopsPerSecond;
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (library != nullptr) ebur128_destroy(&library);
    }

    void add(const float* interleaved, std::size_t frames) {
        while (frames > 0) {
            const std::size_t now = std::min(frames, hop_frames - in_hop);
            ebur128_add_frames_float(library, interleaved, now);
            interleaved += now * settings.channels;
            frames -= now;
            in_hop += now;
            if (in_hop == hop_frames) end_hop();
        }
    }

    void end_hop() {
        in_hop = 0;
        if (settings.extent == Extent::integrated) return;
        double lufs = kSilence;
        ebur128_loudness_window(library, kHopMs, &lufs);
        power.add(std::isfinite(lufs) ? std::pow(10.0, (lufs + kOffset) / 10.0) : 0.0);
        momentary_max = std::max(momentary_max, loudness(power.mean_of_last(kMomentaryHops)));
        short_term_max = std::max(short_term_max, loudness(power.mean_of_last(kShortTermHops)));
    }
};

LoudnessMeter::LoudnessMeter(std::unique_ptr<State> state) : state_(std::move(state)) {}
LoudnessMeter::LoudnessMeter(LoudnessMeter&&) noexcept = default;
LoudnessMeter& LoudnessMeter::operator=(LoudnessMeter&&) noexcept = default;
LoudnessMeter::~LoudnessMeter() = default;

base::Result<LoudnessMeter> LoudnessMeter::create(const LoudnessSettings& settings) {
    // Below 1 kHz a hop would be a handful of frames; above, the K filter is undefined territory.
    if (!(settings.rate.value >= 1000.0 && settings.rate.value <= 2'000'000.0))
        return base::Error{.what = "loudness cannot be measured at this sample rate"};
    if (settings.channels < 1 || settings.channels > 64)
        return base::Error{.what = "loudness cannot be measured on " +
                                   std::to_string(settings.channels) + " channels",
                           .hint = "1 to 64"};
    auto state = std::make_unique<State>(settings);
    if (state->library == nullptr) return base::Error{.what = "the loudness meter found no memory"};
    return LoudnessMeter(std::move(state));
}

void LoudnessMeter::add(std::span<const float> interleaved) {
    state_->add(interleaved.data(), interleaved.size() / state_->settings.channels);
}

void LoudnessMeter::add(const float* const* planar, std::size_t frames) {
    const std::size_t channels = state_->settings.channels;
    std::vector<float>& scratch = state_->scratch;
    scratch.resize(state_->hop_frames * channels);
    for (std::size_t done = 0; done < frames; done += state_->hop_frames) {
        const std::size_t now = std::min(state_->hop_frames, frames - done);
        for (std::size_t c = 0; c < channels; ++c)
            for (std::size_t i = 0; i < now; ++i) scratch[i * channels + c] = planar[c][done + i];
        state_->add(scratch.data(), now);
    }
}

double LoudnessMeter::integrated() const {
    double lufs = kSilence;
    ebur128_loudness_global(state_->library, &lufs);
    return lufs;
}

double LoudnessMeter::range() const {
    double lu = 0.0;
    ebur128_loudness_range(state_->library, &lu);
    return lu;
}

double LoudnessMeter::momentary() const {
    return loudness(state_->power.mean_of_last(kMomentaryHops));
}
double LoudnessMeter::short_term() const {
    return loudness(state_->power.mean_of_last(kShortTermHops));
}
double LoudnessMeter::momentary_max() const {
    return state_->momentary_max;
}
double LoudnessMeter::short_term_max() const {
    return state_->short_term_max;
}

double LoudnessMeter::true_peak(std::size_t channel) const {
    double peak = 0.0;
    ebur128_true_peak(state_->library, static_cast<unsigned>(channel), &peak);
    return decibels(peak);
}

double LoudnessMeter::sample_peak(std::size_t channel) const {
    double peak = 0.0;
    ebur128_sample_peak(state_->library, static_cast<unsigned>(channel), &peak);
    return decibels(peak);
}

double LoudnessMeter::true_peak() const {
    double highest = kSilence;
    for (std::size_t c = 0; c < state_->settings.channels; ++c)
        highest = std::max(highest, true_peak(c));
    return highest;
}

double LoudnessMeter::sample_peak() const {
    double highest = kSilence;
    for (std::size_t c = 0; c < state_->settings.channels; ++c)
        highest = std::max(highest, sample_peak(c));
    return highest;
}

void LoudnessMeter::reset() {
    state_ = std::make_unique<State>(state_->settings);
}

}  // namespace mixrig::monitor
