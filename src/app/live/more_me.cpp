// How far the sends of a monitor mix move so that some are heard better and nothing gets louder.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/more_me.h"

#include "dsp/pan.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace mixrig::app {
namespace {

using param::Kind;
using param::row;
using param::Slot;

constexpr double kMostStep_dB = 12.0;
constexpr double kSilent = 1.17e-7;      // -0.691 + 10 log10 of this is -70 LUFS
constexpr float kLowest_dB = -89.9f;     // just heard: what is turned down can come back
constexpr double kStepsOfLevel = 100.0;  // levels are set in hundredths of a dB

struct Send {
    Slot level = 0;
    double power = 0.0;  // in the mix
    bool own = false;
};

double amplitude(double dB) {
    return std::pow(10.0, dB / 20.0);
}

// The power of one strip in the mix: what its tap has, through level and place of the send.
double power_in_mix(const monitor::StripLoudness::Tap& tap, bool from_stereo, bool to_stereo,
                    double pan) {
    if (!from_stereo) return tap.left;  // constant power, whatever the pan
    if (!to_stereo) return 0.25 * (tap.left + tap.right + 2.0 * tap.cross);
    const dsp::PanGains balance = dsp::balance(pan);
    return balance.left * balance.left * tap.left + balance.right * balance.right * tap.right;
}

class Mix {
public:
    Mix(const param::Layout& layout, const param::Values& values, const engine::Geometry& geometry,
        std::span<const monitor::StripLoudness> loudness, std::size_t aux)
        : layout_(layout), values_(values), geometry_(geometry), loudness_(loudness), aux_(aux) {
        for (const Kind kind : {Kind::ch, Kind::sub, Kind::fx})
            for (std::size_t s = 0; s < layout.shape().count(kind); ++s) add(kind, s);
    }

    // Which of the sends these words name.
    base::Status mark(std::string_view own) {
        bool any = false;
        while (!own.empty()) {
            const std::size_t end = std::min(own.find_first_of(" ,"), own.size());
            const std::string_view word = own.substr(0, end);
            own.remove_prefix(std::min(end + 1, own.size()));
            if (word.empty()) continue;
            if (auto status = mark_one(word); !status) return status;
            any = true;
        }
        if (!any) return base::Error{"names no strip", {}, "ch/3, or several: ch/3 ch/4"};
        return base::Done{};
    }

    std::vector<Send>& sends() { return sends_; }

private:
    Slot slot(Kind kind, std::size_t strip, std::size_t r) const {
        return layout_.slot(kind, strip, r, aux_);
    }

    void add(Kind kind, std::size_t strip) {
        const auto get = [&](std::size_t r) { return values_.number(slot(kind, strip, r)); };
        const float level = get(row("send/aux/#/level"));
        if (get(row("send/aux/#/on")) == 0.0f || level <= param::kSilence) return;
        const auto tap = static_cast<std::size_t>(get(row("send/aux/#/tap")));
        const engine::Strip at = geometry_.strip(kind, strip);
        const double power = at < loudness_.size()
                                 ? power_in_mix(loudness_[at].tap[tap], geometry_.strips[at].stereo,
                                                layout_.shape().is_stereo(Kind::aux, aux_),
                                                static_cast<double>(get(row("send/aux/#/pan"))))
                                 : 0.0;
        const double gain = amplitude(static_cast<double>(level));
        sends_.push_back(
            {.level = slot(kind, strip, row("send/aux/#/level")), .power = gain * gain * power});
    }

    base::Status mark_one(std::string_view word) {
        const std::string strip = (word.front() == '/' ? "" : "/") + std::string(word);
        const std::string address = strip + "/send/aux/" + std::to_string(aux_ + 1) + "/level";
        const auto found = layout_.find(address);
        if (!found) return base::Error{"`" + std::string(word) + "` has no send to this mix"};
        const auto send = std::find_if(sends_.begin(), sends_.end(),
                                       [&](const Send& one) { return one.level == *found; });
        if (send == sends_.end())
            return base::Error{
                "`" + std::string(word) + "` is not heard in this mix", {}, "turn up " + address};
        send->own = true;
        return base::Done{};
    }

    const param::Layout& layout_;
    const param::Values& values_;
    const engine::Geometry& geometry_;
    std::span<const monitor::StripLoudness> loudness_;
    std::size_t aux_;
    std::vector<Send> sends_;
};

double heard(const std::vector<Send>& sends, bool own) {
    double power = 0.0;
    for (const Send& send : sends) power += send.own == own ? send.power : 0.0;
    return power < kSilent ? 0.0 : power;
}

// Of the others, in dB.
double share_of_others(const std::vector<Send>& sends, double step_dB) {
    const double own = heard(sends, true), others = heard(sends, false);
    if (own + others == 0.0) return -0.5 * step_dB;
    const double ratio = amplitude(step_dB);
    return 10.0 * std::log10((own + others) / (ratio * ratio * own + others));
}

}  // namespace

base::Result<Rebalanced> more_me(const param::Layout& layout, const param::Values& values,
                                 const engine::Geometry& geometry,
                                 std::span<const monitor::StripLoudness> loudness,
                                 const MoreMe& asked) {
    if (!(std::fabs(asked.step_dB) <= kMostStep_dB)) return base::Error{"a step is at most 12 dB"};
    Mix mix(layout, values, geometry, loudness, asked.aux);
    if (auto marked = mix.mark(asked.own); !marked) return marked.error();
    const std::vector<Send>& sends = mix.sends();
    if (std::all_of(sends.begin(), sends.end(), [](const Send& send) { return send.own; }))
        return base::Error{"nobody else is heard in this mix"};
    Rebalanced out;
    out.others_dB = share_of_others(sends, asked.step_dB);
    out.own_dB = out.others_dB + asked.step_dB;
    for (const Send& send : sends) {
        const double from = static_cast<double>(values.number(send.level));
        const double to = from + (send.own ? out.own_dB : out.others_dB);
        const float wanted = static_cast<float>(std::round(to * kStepsOfLevel) / kStepsOfLevel);
        const float level = std::max(wanted, kLowest_dB);
        if (layout.clamp(send.level, level) != level)
            return base::Error{layout.address(send.level) + " would be " +
                                   layout.format(send.level, {level, {}}) + ", beyond its range",
                               layout.address(send.level),
                               "turn the others of this mix down, and the mix up"};
        out.moves.push_back({send.level, level});
    }
    return out;
}

}  // namespace mixrig::app
