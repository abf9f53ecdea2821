// Clicks: detection, repair.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/restore/clicks.h"

#include "src/restore/autoregression.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>
#include <vector>

namespace mixrig::restore {
namespace {

constexpr std::size_t kOrder = 40;
constexpr double kClickFrame = 0.086, kAround = 0.005;  // seconds
constexpr std::size_t kLooks = 3, kFiner = 10;
// Between the first sample that its past does not predict and the last that its future does not: of
// most clicks; of pops, which have to be the clearer for it.
constexpr double kShort = 0.0003, kClearer = 2.0;
// Of the magnitudes of normal numbers, in standard deviations.
constexpr double kMedian = 0.6745, kLate = 0.95, kLateOne = 1.96;
// Worth a look: this share of the threshold, by the scale of the frame. The edge of a click is
// where the errors fall to that share of the threshold around it, and a sample further.
constexpr double kSuspicious = 0.5, kEdge = 0.3;
constexpr std::size_t kRim = 1;
// Of the power of the errors, at most, once a click is mended. The pulse of a voice or the attack
// of a note goes on behind it: whatever stood in its place, what follows would come as a surprise.
constexpr double kLeft = 0.15;
// How much of the power two errors may differ by to be the same.
constexpr double kAlike = 0.35;
constexpr std::size_t kRepeatRim = 4;
// A change below this, -70 dBFS and -50 dB of what is around, is none.
constexpr double kLeastChange = 3e-4, kLeastRelativeChange = 3e-3;

struct Stretch {
    std::size_t begin, end;
};

class Clicks {
public:
    Clicks(std::span<float> samples, dsp::Hertz rate, const ClickSettings& settings)
        : samples_(samples),
          threshold_(settings.threshold),
          frame_(std::max(frames(kClickFrame, rate), 16 * kOrder)),
          around_(std::max<std::size_t>(frames(kAround, rate), 16)),
          short_(std::max<std::size_t>(frames(kShort, rate), 2)),
          longest_(std::max<std::size_t>(frames(settings.longest.value, rate), 1)) {}

    ClicksFound run();

private:
    static std::size_t frames(double seconds, dsp::Hertz rate) {
        return static_cast<std::size_t>(seconds * rate.value);
    }
    void look(std::size_t begin, std::size_t first, std::size_t last);
    void refine();
    bool repeats(Stretch at) const;
    bool mend(const std::vector<Stretch>& stretches);
    std::vector<Stretch> detect();
    void detect(std::size_t length, double threshold, double usual, std::vector<Stretch>& out);
    double scale(const std::vector<double>& errors, std::size_t from, std::size_t to);
    double scale_around(Stretch at);
    double error_power(Stretch at);

    std::span<float> samples_;
    double threshold_;
    std::size_t frame_, around_, short_, longest_;
    std::vector<double> x_, a_;
    // Of x_ from kOrder on: what the past does not predict, what the future does not, what lies
    // between both.
    std::vector<double> before_, behind_, between_, sorted_;
    std::vector<bool> mended_;
    Filler filler_;
    ClicksFound found_;
};

// A standard deviation that some clicks and the pulses of a voice do not change much.
double Clicks::scale(const std::vector<double>& errors, std::size_t from, std::size_t to) {
    sorted_.assign(errors.begin() + static_cast<std::ptrdiff_t>(from),
                   errors.begin() + static_cast<std::ptrdiff_t>(to));
    if (sorted_.size() < around_ / 2) return 0.0;
    const auto nth = [&](double share) {
        const auto at = sorted_.begin() + static_cast<std::ptrdiff_t>(
                                              share * static_cast<double>(sorted_.size() - 1));
        std::nth_element(sorted_.begin(), at, sorted_.end());
        return *at;
    };
    return std::max(nth(0.5) / kMedian, nth(kLate) / kLateOne);
}

// What lies before a click is predicted from the past, and what behind it from the future, as if it
// were not there.
double Clicks::scale_around(Stretch at) {
    return std::max(scale(before_, at.begin - std::min(at.begin, around_), at.begin),
                    scale(behind_, at.end, std::min(at.end + around_, behind_.size())));
}

// The largest of each number and the `length` before it.
void running_largest(std::span<const double> in, std::size_t length, std::span<double> out) {
    std::deque<std::size_t> falling;
    for (std::size_t n = 0; n < in.size(); ++n) {
        while (!falling.empty() && in[falling.back()] <= in[n]) falling.pop_back();
        falling.push_back(n);
        if (falling.front() + length < n) falling.pop_front();
        out[n] = in[falling.front()];
    }
}

void Clicks::detect(std::size_t length, double threshold, double usual, std::vector<Stretch>& out) {
    const double suspicious = kSuspicious * threshold * usual;
    const auto quiet = [&](const std::vector<double>& errors) {
        return *std::max_element(errors.begin(), errors.end()) <= suspicious;
    };
    if (quiet(before_) || quiet(behind_)) return;

    between_.resize(before_.size());
    // Behind: the same from the other end.
    std::vector<double> reversed(behind_.rbegin(), behind_.rend()), later(behind_.size());
    running_largest(reversed, length, later);
    running_largest(before_, length, between_);
    for (std::size_t n = 0; n < between_.size(); ++n)
        between_[n] = std::min(between_[n], later[later.size() - 1 - n]);
    for (std::size_t n = 0; n < between_.size(); ++n) {
        if (between_[n] <= suspicious) continue;
        Stretch one{n, n + 1};
        double largest = between_[n];
        for (; one.end < between_.size() && between_[one.end] > suspicious; ++one.end)
            largest = std::max(largest, between_[one.end]);
        n = one.end;
        const double limit = threshold * scale_around(one);
        if (limit <= 0.0 || largest <= limit) continue;
        while (between_[one.begin] <= limit) ++one.begin;
        while (between_[one.end - 1] <= limit) --one.end;
        while (one.begin > 0 && between_[one.begin - 1] > kEdge * limit) --one.begin;
        while (one.end < between_.size() && between_[one.end] > kEdge * limit) ++one.end;
        one = {one.begin - std::min(one.begin, kRim), std::min(one.end + kRim, between_.size())};
        if (one.end - one.begin <= longest_ + 2 * kRim) out.push_back(one);
    }
}

std::vector<Stretch> Clicks::detect() {
    before_.resize(x_.size() - 2 * kOrder);
    behind_.resize(before_.size());
    prediction_error(x_, a_, kOrder, before_);
    backward_prediction_error(x_, a_, kOrder, behind_);
    for (double& error : before_) error = std::fabs(error);
    for (double& error : behind_) error = std::fabs(error);
    std::vector<Stretch> out;
    const double usual =
        std::min(scale(before_, 0, before_.size()), scale(behind_, 0, behind_.size()));
    detect(short_, threshold_, usual, out);
    if (longest_ > short_) detect(longest_, kClearer * threshold_, usual, out);
    return out;
}

// Of all errors that these samples have a part in.
double Clicks::error_power(Stretch at) {
    sorted_.resize(std::min(at.end + kOrder, before_.size()) - at.begin);
    prediction_error(x_, a_, at.begin + kOrder, sorted_);
    double power = 0.0;
    for (const double error : sorted_) power += error * error;
    return power;
}

// Whether the same error stands there again soon before or behind, as large: an edge of a bass's or
// a voice's wave.
bool Clicks::repeats(Stretch at) const {
    const std::size_t begin = at.begin - std::min(at.begin, kRepeatRim),
                      end = std::min(at.end + kRepeatRim, before_.size());
    double power = 0.0;
    for (std::size_t n = begin; n < end; ++n) power += before_[n] * before_[n];
    for (std::size_t other = 0; other + (end - begin) <= before_.size(); ++other) {
        if (other + longest_ / 2 > begin && other < begin + longest_ / 2) continue;
        double apart = 0.0;
        for (std::size_t n = begin; n < end && apart <= kAlike * power; ++n) {
            const double difference = before_[n] - before_[other + n - begin];
            apart += difference * difference;
        }
        if (apart <= kAlike * power) return true;
    }
    return false;
}

bool Clicks::mend(const std::vector<Stretch>& stretches) {
    bool any = false;
    for (const Stretch& one : stretches) {
        if (repeats(one)) continue;
        std::vector<std::size_t> unknown(one.end - one.begin);
        std::iota(unknown.begin(), unknown.end(), one.begin + kOrder);
        const std::vector<double> was(x_.begin() + static_cast<std::ptrdiff_t>(unknown.front()),
                                      x_.begin() + static_cast<std::ptrdiff_t>(unknown.back() + 1));
        const double power = error_power(one);
        filler_.fill(x_, unknown, a_);
        const bool explains = error_power(one) <= kLeft * power;
        double change = 0.0, level = 0.0;
        for (std::size_t i = 0; i < was.size(); ++i)
            change = std::max(change, std::fabs(x_[unknown[i]] - was[i]));
        const std::size_t from = unknown.front() - std::min(unknown.front(), around_),
                          to = std::min(unknown.back() + around_, x_.size());
        for (std::size_t n = from; n < to; ++n) level = std::max(level, std::fabs(x_[n]));
        if (!explains || change < std::max(kLeastChange, kLeastRelativeChange * level)) {
            std::copy(was.begin(), was.end(),
                      x_.begin() + static_cast<std::ptrdiff_t>(unknown.front()));
            continue;
        }
        for (const std::size_t at : unknown) mended_[at] = true;
        any = true;
    }
    return any;
}

// A gap of some ms is longer than what order 40 remembers: a finer model, a tenth of the frame, of
// what is mended now.
void Clicks::refine() {
    std::vector<std::size_t> unknown;
    for (std::size_t n = 0; n < mended_.size(); ++n)
        if (mended_[n]) unknown.push_back(n);
    if (unknown.empty()) return;
    filler_.fill(x_, unknown, burg(x_, x_.size() / kFiner));
}

// Copies samples from `begin` on; keeps what it mends of the copy between `first` and `last`.
void Clicks::look(std::size_t begin, std::size_t first, std::size_t last) {
    const std::size_t count = std::min(frame_, samples_.size() - begin);
    x_.assign(samples_.begin() + static_cast<std::ptrdiff_t>(begin),
              samples_.begin() + static_cast<std::ptrdiff_t>(begin + count));
    mended_.assign(count, false);
    // The frame before is mended, so its model knows no click; a loud one would spoil this one's.
    if (!a_.empty()) mend(detect());
    for (std::size_t times = 0; times < kLooks; ++times) {
        a_ = burg(x_, kOrder);
        if (!mend(detect())) break;
    }
    refine();
    bool inside = false;
    for (std::size_t n = first - begin; n < last - begin; ++n) {
        if (mended_[n]) {
            samples_[begin + n] = static_cast<float>(x_[n]);
            ++found_.samples;
            if (!inside) ++found_.clicks;
        }
        inside = mended_[n];
    }
}

ClicksFound Clicks::run() {
    if (samples_.size() < frame_) return found_;
    const std::size_t hop = frame_ / 2, margin = frame_ / 4, size = samples_.size();
    for (std::size_t begin = 0;; begin += hop) {
        const bool ends = begin + frame_ >= size;
        if (ends) begin = size - frame_;
        look(begin, begin == 0 ? 0 : begin + margin, ends ? size : begin + margin + hop);
        if (ends) return found_;
    }
}

}  // namespace

ClicksFound mend_clicks(std::span<float> samples, dsp::Hertz rate, const ClickSettings& settings) {
    return Clicks(samples, rate, settings).run();
}

}  // namespace mixrig::restore
