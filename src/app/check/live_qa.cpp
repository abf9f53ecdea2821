// Readings and values as facts, verdicts as answers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/check/live_qa.h"

#include "src/app/check/settings_facts.h"
#include "src/monitor/levels.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

namespace mixrig::app::check {

using control::Answer;
using control::OscArg;
using monitor::MeterField;
using param::Kind;

namespace {

constexpr float kSounds_dB = -60.0f;  // at the input: then a compressor's reduction counts

std::optional<double> if_measured(float dB) {
    return dB > monitor::kFloor_dB ? std::optional(static_cast<double>(dB)) : std::nullopt;
}

double or_silence(float lufs) {
    return lufs > monitor::kFloor_dB ? static_cast<double>(lufs)
                                     : -std::numeric_limits<double>::infinity();
}

// The worst of several, the first of those.
const Verdict& worst_of(const std::vector<Verdict>& verdicts) {
    return *std::max_element(verdicts.begin(), verdicts.end(),
                             [](const Verdict& a, const Verdict& b) { return a.grade < b.grade; });
}

}  // namespace

LiveQa::LiveQa(const param::Layout& layout)
    : layout_(layout), geometry_(layout.shape()), held_(geometry_.strips.size()) {}

void LiveQa::reset() {
    held_.assign(held_.size(), Held{});
    bands_dB_ = 0.0f;
}

void LiveQa::add(const monitor::Readings& readings) {
    for (const float band : readings.bands_dB) bands_dB_ = std::max(bands_dB_, band);
    for (std::size_t s = 0; s < std::min(held_.size(), readings.strips.size()); ++s) {
        const monitor::Reading& now = readings.strips[s];
        Held& held = held_[s];
        held.input_dB = std::max(held.input_dB, now[MeterField::input_peak]);
        held.post_dB = std::max(held.post_dB, now[MeterField::peak_hold]);
        held.limiter_dB = std::max(held.limiter_dB, now[MeterField::limiter]);
        const bool sounds = now[MeterField::input_peak] > kSounds_dB;
        held.sounding += sounds ? 1u : 0u;
        const std::array reduced = {now[MeterField::comp_1], now[MeterField::comp_2]};
        for (std::size_t c = 0; c < reduced.size(); ++c) {
            const auto dB = static_cast<double>(reduced[c]);
            held.most_dB[c] = std::max(held.most_dB[c], dB);
            if (sounds) held.reduced_dB[c] += dB;
        }
    }
}

ChainFacts LiveQa::chain(const param::Values& values, const monitor::Readings& readings) const {
    ChainFacts out = chain_settings(layout_, values);
    const Held& main = held_[geometry_.main()];
    out.peak_dBFS = if_measured(main.post_dB);
    out.limiter_dB = static_cast<double>(main.limiter_dB);
    out.lufs = if_measured(readings.main.integrated_lufs);
    if (geometry_.main() < readings.strips.size())
        out.clips =
            static_cast<std::uint64_t>(readings.strips[geometry_.main()][MeterField::clips]);
    out.comps.back().most_dB = static_cast<double>(bands_dB_);
    for (std::size_t c = 0; c < 2 * param::kComps; ++c) {
        const Held& held = c < param::kComps ? main : held_[geometry_.master()];
        out.comps[c].most_dB = held.most_dB[c % param::kComps];
    }
    return out;
}

Facts LiveQa::facts(const param::Values& values, const monitor::Readings& readings) const {
    Facts out;
    for (std::size_t s = 0; s < std::min(held_.size(), readings.strips.size()); ++s) {
        const engine::StripPlace& place = geometry_.strips[s];
        if (place.kind != Kind::ch && place.kind != Kind::sub && place.kind != Kind::fx) continue;
        const Held& held = held_[s];
        StripFacts strip = settings_of(layout_, values, place.kind, place.number);
        strip.sounds = held.input_dB > monitor::kFloor_dB;
        strip.input_peak_dBFS = if_measured(held.input_dB);
        strip.clips = static_cast<std::uint64_t>(readings.strips[s][MeterField::clips]);
        for (std::size_t c = 0; c < strip.comps.size(); ++c) {
            strip.comps[c].most_dB = held.most_dB[c];
            if (held.sounding > 0)
                strip.comps[c].mean_dB = held.reduced_dB[c] / static_cast<double>(held.sounding);
        }
        out.strips.push_back(std::move(strip));
    }
    out.chain = chain(values, readings);
    out.faults = readings.faults;
    SoundFacts sound;
    monitor::Measurement& m = sound.measured;
    m.integrated_lufs = or_silence(readings.main.integrated_lufs);
    m.true_peak_dBTP = or_silence(readings.main.true_peak_dBTP);
    m.range_lu = static_cast<double>(readings.main.range_lu);
    m.plr_lu = m.true_peak_dBTP - m.integrated_lufs;
    if (readings.main_image.crest_dB > 0.0f)
        m.correlation = static_cast<double>(readings.main_image.correlation);
    out.sound = std::move(sound);
    return out;
}

Answer LiveQa::list(std::string_view address, const Facts& facts) const {
    std::vector<control::OscMessage> lines;
    for (const Rule& rule : rules()) {
        if (!rule.live || bounds_of(rule, profile_) == nullptr) continue;
        const auto verdicts = judge(facts, profile_, rule);
        const std::string_view result =
            verdicts.empty() ? "none" : grade_name(worst_of(verdicts).grade);
        lines.push_back({std::string(address),
                         {OscArg::text(std::string(rule.key)), OscArg::text(std::string(result)),
                          OscArg::text(std::string(rule.title))}});
    }
    return control::list_answer(address, std::move(lines));
}

base::Result<Answer> LiveQa::answer(const Rule& rule, const control::ActionCall& call,
                                    const Facts& facts) const {
    if (!rule.live)
        return base::Error{"not judged live", {}, "`mixrig check` judges it in a song or a file"};
    if (bounds_of(rule, profile_) == nullptr)
        return base::Error{
            "the profile " + std::string(profile_name(profile_)) + " has no such rule",
            {},
            "/qa/profile chooses another"};
    auto verdicts = judge(facts, profile_, rule);
    if (!call.args.empty()) {
        const std::string& strip = call.args.front().as_text();
        std::erase_if(verdicts, [&](const Verdict& verdict) {
            return verdict.where != strip && !verdict.where.starts_with(strip + " ");
        });
    }
    std::vector<OscArg> args = {OscArg::text("none"), OscArg::number(0.0f),
                                OscArg::text("nothing to judge yet")};
    if (!verdicts.empty()) {
        const Verdict& worst = worst_of(verdicts);
        args = {OscArg::text(std::string(grade_name(worst.grade))),
                OscArg::number(static_cast<float>(worst.figure)), OscArg::text(described(worst))};
    }
    return Answer{.args = std::move(args)};
}

base::Result<Answer> LiveQa::set_profile(std::span<const OscArg> args) {
    if (!args.empty()) {
        const auto profile = profile_named(args.front().as_text());
        if (!profile) return profile.error();
        profile_ = *profile;
    }
    return Answer{.args = std::vector{OscArg::text(std::string(profile_name(profile_)))}};
}

base::Result<Answer> LiveQa::act(const control::ActionCall& call, const param::Values& values,
                                 const monitor::Readings& readings) {
    if (call.address == "/qa/profile") return set_profile(call.args);
    add(readings);
    const Facts now = facts(values, readings);
    if (call.address == "/qa/list") return list(call.address, now);
    const Rule* const rule = find_rule(call.address.substr(std::string_view("/qa/").size()));
    if (rule == nullptr) return base::Error{"there is no such rule", {}, "/qa/list names them"};
    return answer(*rule, call, now);
}

}  // namespace mixrig::app::check
