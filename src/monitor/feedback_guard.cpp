// Peaks, their past, and what grows with them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/feedback_guard.h"

#include "src/monitor/levels.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mixrig::monitor {
namespace {

constexpr float kLeast_dBFS = -65.0f;  // below it nobody is in a hurry
constexpr float kAboveNeighbours_dB = 15.0f;
constexpr std::size_t kNear = 6, kFar = 10;  // bins: neighbours, beyond the window's main lobe
constexpr std::array<std::size_t, 3> kSpans = {12, 24, 48};  // rows: 0.13, 0.26, 0.51 s
constexpr float kMostScatter = 0.06f;                        // of the rise, RMS about the line
constexpr float kLeastEven = 0.6f, kMostEven = 1.7f;         // newer slope over older
constexpr float kMostDrift = 0.3f;                           // bins, RMS
constexpr float kPartial_dB = 40.0f, kPartialRise = 0.5f;    // below the peak; of its rise
constexpr float kTone_dB = 25.0f, kToneAbove_dB = 10.0f;
constexpr float kCompany_dB = 30.0f, kLeastLike = 0.6f, kMostLike = 1.6f;
constexpr std::size_t kMostAlike = 16;
constexpr std::size_t kPersistence = 3;  // rows
constexpr float kHowl_dBFS = -9.0f, kHowlSteady_dB = 1.5f, kHowlDrift = 0.1f;
constexpr std::size_t kHowlRows = 24;
constexpr double kQuietSeconds = 2.0;
constexpr float kNoiseBandwidth = 1.5f;  // of the Hann window, bins
constexpr double kSameRing = 0.03;       // half a twelfth of an octave

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
        total_dB_ = power_dB(sum / kNoiseBandwidth);
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
    if (here < kLeast_dBFS || here < level(0, bin - 1) || here <= level(0, bin + 1)) return false;
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
    if (older <= 0.0f || newer < kLeastEven * older || newer > kMostEven * older) return false;
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

// A partial of a note has others beside it: a stronger one below, or some that grow as it does.
bool FeedbackGuard::has_company(std::size_t bin, const Growth& growth) const {
    constexpr std::array kRatios = {1.0 / 3.0, 0.5, 2.0 / 3.0, 1.5, 2.0, 3.0};
    const double at = place(0, bin);
    const float here = level(0, bin);
    for (const double ratio : kRatios) {
        const auto other = static_cast<std::size_t>(std::lround(at * ratio));
        if (other < 3 || other + 3 >= bins_ || (other < bin + kFar && bin < other + kFar)) continue;
        const float now = level(0, top(0, other, 2));
        const float then = level(growth.rows - 1, top(growth.rows - 1, other, 2));
        if (ratio <= 0.5 && now > here) return true;
        if (now > here - kTone_dB && is_tone(top(0, other, 2))) return true;
        if (now > here - kPartial_dB && now - then > kPartialRise * growth.rise_dB) return true;
    }
    std::size_t company = 0;
    for (std::size_t k = 4; k + 4 < bins_; ++k) {
        const float now = level(0, k);
        if (now < here - kCompany_dB || now < level(0, k - 1) || now <= level(0, k + 1)) continue;
        if (k < bin + 4 && bin < k + 4) continue;
        const float rise = now - level(growth.rows - 1, top(growth.rows - 1, k, 1));
        if (rise > kLeastLike * growth.rise_dB && rise < kMostLike * growth.rise_dB) ++company;
    }
    return company >= kMostAlike;
}

// It was there before it could be seen to grow: as loud as a microphone gets, and nothing else.
bool FeedbackGuard::howls(std::size_t bin) const {
    const float here = level(0, bin);
    if (here < kHowl_dBFS || here < total_dB_ - 3.0f || filled_ < kHowlRows) return false;
    const double at = place(0, bin);
    for (std::size_t age = 1; age < kHowlRows; ++age) {
        const std::size_t peak = top(age, bin, 1);
        if (std::abs(level(age, peak) - here) > kHowlSteady_dB ||
            std::abs(place(age, peak) - at) > static_cast<double>(kHowlDrift))
            return false;
    }
    return true;
}

bool FeedbackGuard::is_known(double hertz) {
    const auto quiet =
        static_cast<std::size_t>(kQuietSeconds * rate_.value / static_cast<double>(hop_));
    std::erase_if(named_, [&](const Named& n) { return row_ - n.row > quiet; });
    return std::any_of(named_.begin(), named_.end(), [&](const Named& n) {
        return std::abs(n.hertz - hertz) < kSameRing * hertz;
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
        if (is_known(hertz) || (loudest && loudest->level_dBFS >= level(0, bin))) continue;
        const double seconds =
            static_cast<double>(grown->rows - 1) * static_cast<double>(hop_) / rate_.value;
        loudest = Ring{hertz, level(0, bin), static_cast<float>(grown->rise_dB / seconds)};
    }
    suspects_ = still;
    if (loudest) named_.push_back({loudest->hertz, row_});
    return loudest;
}

}  // namespace mixrig::monitor
