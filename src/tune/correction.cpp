// From the pitch that was sung to the way it is moved.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/tune/tune.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace mixrig::tune {
namespace {

// A note is what is heard over this time: vibrato has 5 to 7 Hz and must not change it.
constexpr double kNote = 0.06;    // seconds, of the smoothing to either side
constexpr double kSticks = 0.15;  // keys: another note must be nearer by so much
// A slide is no note. Vibrato of a quarter tone, smoothed, moves by 3 keys a second, a step of one
// key by 8.
constexpr double kSlide = 5.0;
constexpr double kAway = 0.6;     // keys from the note that is heard: a slide as well, or an error
constexpr double kCertain = 0.3;  // below that weight a moment counts for less

// One pole forwards and one backwards: no delay.
void smooth(std::span<double> curve, double seconds) {
    if (seconds <= 0.0) return;
    const double share = 1.0 - std::exp(-kHop / seconds);
    double now = curve.front();
    for (double& x : curve) x = now += share * (x - now);
    now = curve.back();
    std::for_each(curve.rbegin(), curve.rend(), [&](double& x) { x = now += share * (x - now); });
}

struct Moment {
    double off = 0.0;     // keys, from the note that is meant
    double weight = 0.0;  // 1: of a note; 0: of a slide
    double meant = 0.0;
};

std::vector<Moment> moments(std::span<const float> sung, const Scale& scale) {
    std::vector<double> note(sung.begin(), sung.end());
    smooth(note, kNote);
    std::vector<Moment> out(sung.size());
    double meant = nearest(scale, note.front());
    for (std::size_t i = 0; i < sung.size(); ++i) {
        const double other = nearest(scale, note[i]);
        if (std::fabs(other - note[i]) + kSticks < std::fabs(meant - note[i])) meant = other;
        const std::size_t before = i > 0 ? i - 1 : i, behind = std::min(i + 1, sung.size() - 1);
        const double slope =
            (note[behind] - note[before]) /
            (kHop * static_cast<double>(std::max<std::size_t>(1, behind - before)));
        const double away = static_cast<double>(sung[i]) - note[i];
        out[i] = {static_cast<double>(sung[i]) - meant,
                  1.0 / (1.0 + std::pow(slope / kSlide, 4.0) + std::pow(away / kAway, 4.0)), meant};
    }
    return out;
}

// One note, by itself: its neighbours are off by something else.
void correct_note(std::span<const Moment> note, const Settings& settings, std::span<float> moved) {
    std::vector<double> off, weight;
    for (const Moment& moment : note) {
        off.push_back(moment.weight * moment.off);
        weight.push_back(moment.weight);
    }
    smooth(off, settings.speed.value);
    smooth(weight, settings.speed.value);
    for (std::size_t i = 0; i < note.size(); ++i)
        moved[i] = static_cast<float>(-settings.strength * off[i] / std::max(weight[i], kCertain));
}

void correct(std::span<const float> sung, const Settings& settings, std::span<float> moved) {
    const std::vector<Moment> all = moments(sung, settings.scale);
    for (std::size_t i = 0; i < all.size();) {
        std::size_t end = i;
        while (end < all.size() && all[end].meant == all[i].meant) ++end;
        correct_note(std::span(all).subspan(i, end - i), settings, moved.subspan(i, end - i));
        i = end;
    }
}

}  // namespace

std::vector<float> correction(const PitchCurve& curve, const Settings& settings) {
    std::vector<float> moved(curve.size(), 0.0f);
    for (std::size_t i = 0; i < curve.size();) {
        std::size_t end = i;
        while (end < curve.size() && curve[end] != kUnvoiced) ++end;
        if (end > i)
            correct(std::span(curve).subspan(i, end - i), settings,
                    std::span(moved).subspan(i, end - i));
        i = end + 1;
    }
    return moved;
}

}  // namespace mixrig::tune
