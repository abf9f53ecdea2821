// Peaks, their past, and what grows with them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/feedback_guard.h"

#include "src/monitor/levels.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mixrig::monitor {
namespace {

constexpr float kLeast_dBFS = -62.0f;  // below it nobody is in a hurry
constexpr float kAboveNeighbours_dB = 15.0f;
constexpr std::size_t kNear = 6, kFar = 10;  // bins: neighbours, beyond the window's main lobe
constexpr std::array<std::size_t, 5> kSpans = {12, 18, 24, 36, 48};  // rows: 0.13 to 0.51 s
constexpr float kMostScatter = 0.05f;  // of the rise, RMS about the line
constexpr float kMostBend = 0.25f;     // 1 over the power of time that it may rise with
constexpr float kNeper_dB = 8.686f;    // 20 log10(e)
constexpr float kMostEven = 1.7f;      // newer slope over older: out of what hid it
constexpr float kMostDrift = 0.15f;    // bins, RMS
constexpr float kPartial_dB = 40.0f;   // below the peak
constexpr float kTone_dB = 25.0f, kToneAbove_dB = 5.0f;
constexpr float kCompany_dB = 30.0f, kLeastLike = 0.6f, kMostLike = 1.6f;  // of its rise
constexpr float kSure_dB = 30.0f;                    // of rise: no steady tone matters any more
constexpr double kInTune = 0.25, kInTuneMore = 0.2;  // bins, and as many a whole ratio
constexpr std::size_t kMostAlike = 16;
constexpr std::size_t kPersistence = 4;  // rows
constexpr float kHowl_dBFS = -8.0f, kHowlSteady_dB = 2.5f, kHowlDrift = 0.06f;
constexpr float kAlone_dB = 4.5f, kHeard_dB = 20.0f;  // below all that is heard
constexpr std::size_t kHowlRows = 24;
constexpr double kQuietSeconds = 2.0, kLouderSeconds = 0.5, kHowlSeconds = 1.0;
constexpr float kLouder_dB = 6.0f;
constexpr double kSameRing = 0.03;  // half a twelfth of an octave

std::size_t size_for(dsp::Hertz rate) {
    if (rate.value <= 50000.0) return 4096;
    return rate.value <= 100000.0 ? 8192 : 16384;
}

}  // namespace

FeedbackGuard::FeedbackGuard(dsp::Hertz rate)
    : rate_(rate),
      fft_(size_for(rate)),
      hop_(fft_.size() / 8),
      bins_(fft_.size() / 2 + 1),
      window_(fft_.size()),
      heard_(fft_.size()),
      rows_(kRows * bins_, kFloor_dB) {
    const auto size = static_cast<double>(fft_.size());
    const double scale = 4.0 / (size * std::numbers::sqrt2);  // so that a sine reads its RMS
    for (std::size_t n = 0; n < window_.size(); ++n)
        window_[n] = static_cast<float>(
            scale * 0.5 * (1.0 - std::cos(2.0 * std::numbers::pi * static_cast<double>(n) / size)));
}

void FeedbackGuard::reset() {
    std::fill(heard_.begin(), heard_.end(), 0.0f);
    suspects_ = {};
    named_.clear();
    waiting_ = filled_ = 0;
}

std::optional<Ring> FeedbackGuard::add(std::span<const float> in) {
    std::optional<Ring> found;
    for (const float sample : in) {
        heard_[at_] = sample;
        at_ = (at_ + 1) % heard_.size();
        if (++waiting_ < hop_) continue;
        waiting_ = 0;
        const auto frame = fft_.input();
        for (std::size_t n = 0; n < frame.size(); ++n)
            frame[n] = window_[n] * heard_[(at_ + n) % heard_.size()];
        const auto power = fft_.run();
        ++row_;
        filled_ = std::min(filled_ + 1, kRows);
        float sum = 0.0f;
        for (std::size_t k = 0; k < bins_; ++k) {
            rows_[(row_ % kRows) * bins_ + k] = power_dB(power[k]);
            sum += power[k];
        }
        total_dB_ = power_dB(sum / fft::kHannBandwidth);
        if (const auto ring = look()) found = ring;
    }
    return found;
}

// The loudest bin within reach.
std::size_t FeedbackGuard::top(std::size_t age, std::size_t bin, std::size_t reach) const {
    std::size_t best = bin;
    for (std::size_t k = bin - reach; k <= bin + reach; ++k)
        if (level(age, k) > level(age, best)) best = k;
    return best;
}

// Where the top of a parabola through three bins lies, in bins.
double FeedbackGuard::place(std::size_t age, std::size_t bin) const {
    const double low = level(age, bin - 1), mid = level(age, bin), high = level(age, bin + 1);
    const double bend = low - 2.0 * mid + high;
    if (bend >= 0.0) return static_cast<double>(bin);
    return static_cast<double>(bin) + std::clamp(0.5 * (low - high) / bend, -0.5, 0.5);
}

bool FeedbackGuard::stands_out(std::size_t bin) const {
    const float here = level(0, bin);
    if (here < kLeast_dBFS || here < total_dB_ - kHeard_dB || !is_peak(bin)) return false;
    for (std::size_t d = kNear; d <= kFar; ++d) {
        const std::size_t below = bin > d ? bin - d : 0, above = std::min(bin + d, bins_ - 1);
        if (here - std::max(level(0, below), level(0, above)) < kAboveNeighbours_dB) return false;
    }
    return true;
}

bool FeedbackGuard::grows_evenly(std::size_t bin, std::size_t rows, float& rise) const {
    std::array<float, kRows> dB{};
    double sum = 0.0, sum_square = 0.0, at = place(0, bin);
    for (std::size_t j = 0; j < rows; ++j) {
        const std::size_t age = rows - 1 - j, peak = top(age, bin, 1);
        dB[j] = level(age, peak);
        const double drift = place(age, peak) - at;
        sum += drift;
        sum_square += drift * drift;
    }
    const auto n = static_cast<double>(rows);
    if (sum_square / n - sum / n * (sum / n) > static_cast<double>(kMostDrift * kMostDrift))
        return false;
    const auto slope = [&](std::size_t first, std::size_t count) {
        const float middle = static_cast<float>(count - 1) / 2.0f;
        float top_sum = 0.0f, bottom = 0.0f;
        for (std::size_t j = 0; j < count; ++j) {
            const float x = static_cast<float>(j) - middle;
            top_sum += x * dB[first + j];
            bottom += x * x;
        }
        return top_sum / bottom;
    };
    const float all = slope(0, rows);
    rise = all * static_cast<float>(rows - 1);
    if (rise < kLeastRise_dB) return false;
    const float older = slope(0, rows / 2), newer = slope(rows / 2, rows / 2);
    const float bend = kMostBend * rise / (4.0f * kNeper_dB);
    if (older <= 0.0f || newer * (1.0f + bend) < older * (1.0f - bend) || newer > kMostEven * older)
        return false;
    float mean = 0.0f, scatter = 0.0f;
    for (std::size_t j = 0; j < rows; ++j) mean += dB[j] / static_cast<float>(rows);
    for (std::size_t j = 0; j < rows; ++j) {
        const float off =
            dB[j] - mean - all * (static_cast<float>(j) - static_cast<float>(rows - 1) / 2.0f);
        scatter += off * off / static_cast<float>(rows);
    }
    return std::sqrt(scatter) < kMostScatter * rise;
}

std::optional<FeedbackGuard::Growth> FeedbackGuard::growth(std::size_t bin) const {
    Growth out;
    for (const std::size_t rows : kSpans)
        if (rows <= filled_ && grows_evenly(bin, rows, out.rise_dB)) {
            out.rows = rows;
            return out;
        }
    return std::nullopt;
}

// A line in the spectrum, and not the noise beside the ring.
bool FeedbackGuard::is_tone(std::size_t bin) const {
    for (std::size_t d = 5; d <= 7; ++d) {
        const std::size_t below = bin > d ? bin - d : 0, above = std::min(bin + d, bins_ - 1);
        if (level(0, bin) - std::max(level(0, below), level(0, above)) < kToneAbove_dB)
            return false;
    }
    return true;
}

// A partial of a note has others beside it, at whole ratios: a steady one, or one that grows as
// it does. What grows at twice its slope or more is its own distortion.
bool FeedbackGuard::has_company(std::size_t bin, const Growth& growth) const {
    constexpr std::array kRatios = {0.25,      1.0 / 3.0, 0.5, 2.0 / 3.0, 0.75,
                                    4.0 / 3.0, 1.5,       2.0, 3.0,       4.0};
    const double at = place(0, bin);
    const float here = level(0, bin);
    const auto grows_alike = [&](std::size_t peak) {
        const std::size_t first = growth.rows - 1;
        const float rise = level(0, peak) - level(first, top(first, peak, 1));
        return rise > kLeastLike * growth.rise_dB && rise < kMostLike * growth.rise_dB;
    };
    for (const double ratio : kRatios) {
        const auto other = static_cast<std::size_t>(std::lround(at * ratio));
        if (other < 4 || other + 4 >= bins_ || (other < bin + 4 && bin < other + 4)) continue;
        const std::size_t peak = top(0, other, 1);
        if (std::abs(place(0, peak) - at * ratio) > kInTune + kInTuneMore * ratio) continue;
        if (!is_peak(peak)) continue;
        const float now = level(0, peak);
        if (now > here - kPartial_dB && grows_alike(peak)) return true;
        if (now > here - kTone_dB && growth.rise_dB < kSure_dB && is_tone(peak)) return true;
    }
    std::size_t alike = 0;
    for (std::size_t k = 4; k + 4 < bins_; ++k) {
        const bool apart = k >= bin + 4 || bin >= k + 4;
        if (apart && level(0, k) >= here - kCompany_dB && is_peak(k) && grows_alike(k)) ++alike;
    }
    return alike >= kMostAlike;
}

// It was there before it could be seen to grow: as loud as a microphone gets, and nothing else.
bool FeedbackGuard::howls(std::size_t bin) const {
    const float here = level(0, bin);
    if (here < kHowl_dBFS || here < total_dB_ - kAlone_dB || filled_ < kHowlRows) return false;
    const double at = place(0, bin);
    for (std::size_t age = 1; age < kHowlRows; ++age) {
        const std::size_t peak = top(age, bin, 1);
        if (std::abs(level(age, peak) - here) > kHowlSteady_dB ||
            std::abs(place(age, peak) - at) > static_cast<double>(kHowlDrift))
            return false;
    }
    return true;
}

std::size_t FeedbackGuard::rows(double seconds) const {
    return static_cast<std::size_t>(seconds * rate_.value / static_cast<double>(hop_));
}

bool FeedbackGuard::is_known(double hertz, float level_dBFS) {
    std::erase_if(named_, [&](const Named& n) { return row_ - n.row > rows(kQuietSeconds); });
    return std::any_of(named_.begin(), named_.end(), [&](const Named& n) {
        if (std::abs(n.hertz - hertz) >= kSameRing * hertz) return false;
        if (level_dBFS > n.level_dBFS + kLouder_dB) return row_ - n.row < rows(kLouderSeconds);
        return level_dBFS < kHowl_dBFS || row_ - n.row < rows(kHowlSeconds);
    });
}

std::optional<Ring> FeedbackGuard::look() {
    const double bin_Hz = rate_.value / static_cast<double>(fft_.size());
    const auto first = static_cast<std::size_t>(std::ceil(kLowest_Hz / bin_Hz));
    const auto last = std::min(static_cast<std::size_t>(kHighest_Hz / bin_Hz), bins_ - 4);
    std::optional<Ring> loudest;
    std::array<Suspect, 8> still{};
    std::size_t count = 0;
    for (std::size_t bin = std::max<std::size_t>(first, 4); bin <= last; ++bin) {
        if (!stands_out(bin)) continue;
        auto grown = growth(bin);
        if (grown && has_company(bin, *grown)) grown.reset();
        if (!grown && howls(bin)) grown = Growth{.rise_dB = 0.0f, .rows = kHowlRows};
        if (!grown || count == still.size()) continue;
        Suspect& suspect = still[count++];
        suspect = {bin, 1};
        for (const Suspect& before : suspects_)
            if (before.bin != kNone && before.bin <= bin + 1 && bin <= before.bin + 1)
                suspect.seen = before.seen + 1;
        if (suspect.seen < kPersistence) continue;
        const double hertz = place(0, bin) * bin_Hz;
        if (is_known(hertz, level(0, bin)) || (loudest && loudest->level_dBFS >= level(0, bin)))
            continue;
        const double seconds =
            static_cast<double>(grown->rows - 1) * static_cast<double>(hop_) / rate_.value;
        loudest = Ring{hertz, level(0, bin), static_cast<float>(grown->rise_dB / seconds),
                       static_cast<double>(row_ * hop_) / rate_.value};
    }
    suspects_ = still;
    if (loudest) named_.push_back({loudest->hertz, loudest->level_dBFS, row_});
    return loudest;
}

}  // namespace mixrig::monitor
