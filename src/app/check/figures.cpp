// What each rule looks at.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/check/figures.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <string_view>

namespace mixrig::app::check {
namespace {

using param::Kind;
using session::Role;

constexpr double kSilence = -144.0;
// Third octaves by number: 20 and 25 Hz; from 50 Hz to 10 kHz; from 6.3 kHz up.
constexpr std::size_t kSubEnd = 2, kSlopeBegin = 4, kSlopeEnd = 28, kAirBegin = 25;
constexpr double kBelow = 1e-6;  // of a whole: nothing that would be missed

Known count(std::size_t n) {
    return static_cast<double>(n);
}
Known finite(double value) {
    return std::isfinite(value) ? Known(value) : std::nullopt;
}
double power(double dB) {
    return std::pow(10.0, dB / 10.0);
}

bool is_channel(const StripFacts& strip) {
    return strip.kind == Kind::ch && strip.sounds;
}
bool is_lead(const StripFacts& strip) {
    return session::is_lead(strip.role) || session::is_voice(strip.role);
}
bool has_bass(Role role) {
    return role == Role::kick || role == Role::bass;
}

double share_of(const BandPowers& powers, std::size_t begin, std::size_t end) {
    const double all = std::accumulate(powers.begin(), powers.end(), 0.0);
    const double part = std::accumulate(powers.begin() + static_cast<std::ptrdiff_t>(begin),
                                        powers.begin() + static_cast<std::ptrdiff_t>(end), 0.0);
    return 10.0 * std::log10(std::max(kBelow, all > 0.0 ? part / all : 0.0));
}

// Mean distance of two spectra that are made equally loud, from 50 Hz to 10 kHz.
double distance(const BandPowers& one, const BandPowers& other) {
    const auto a = shares_dB(one), b = shares_dB(other);
    double offset = 0.0, sum = 0.0;
    for (std::size_t i = kSlopeBegin; i < kSlopeEnd; ++i) offset += a[i] - b[i];
    offset /= static_cast<double>(kSlopeEnd - kSlopeBegin);
    for (std::size_t i = kSlopeBegin; i < kSlopeEnd; ++i) sum += std::fabs(a[i] - b[i] - offset);
    return sum / static_cast<double>(kSlopeEnd - kSlopeBegin);
}

bool is_silent(const SoundFacts& sound) {
    return !std::isfinite(sound.measured.integrated_lufs);
}

template <typename Get>
Known of_chain(const Facts& f, Get get) {
    return f.chain ? Known(get(*f.chain)) : std::nullopt;
}
template <typename Get>
Known of_sound(const Facts& f, Get get) {
    return f.sound && !is_silent(*f.sound) ? Known(get(*f.sound)) : std::nullopt;
}
template <typename Get>
Known of_channel(const Facts& f, std::size_t s, Get get) {
    return is_channel(f.strips[s]) ? Known(get(f.strips[s])) : std::nullopt;
}

double nearest_rate(double rate, std::initializer_list<double> rates) {
    double off = std::numeric_limits<double>::infinity();
    for (const double each : rates) off = std::min(off, std::fabs(rate - each));
    return off;
}

// The means of those that work, of which there must be two.
template <typename Comps>
Known largest_of_several(const Comps& comps) {
    std::size_t on = 0;
    double most = 0.0;
    for (const CompFacts& comp : comps) {
        if (!comp.on || !comp.mean_dB) continue;
        ++on;
        most = std::max(most, *comp.mean_dB);
    }
    return on > 1 ? Known(most) : std::nullopt;
}

}  // namespace

std::array<double, monitor::kThirdOctaves> shares_dB(const BandPowers& powers) {
    const double all = std::max(1e-30, std::accumulate(powers.begin(), powers.end(), 0.0));
    std::array<double, monitor::kThirdOctaves> out{};
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = 10.0 * std::log10(std::max(kBelow, powers[i] / all));
    return out;
}

// A density that falls by 4.5 dB an octave falls by 1.5 dB from one band an octave wide to the
// next, so by 0.5 dB a third octave.
const BandPowers& slope_powers() {
    static const BandPowers powers = [] {
        BandPowers out{};
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = power(-0.5 * static_cast<double>(i));
        return out;
    }();
    return powers;
}

Known input_peak(const Facts& f, std::size_t s) {
    return is_channel(f.strips[s]) ? f.strips[s].input_peak_dBFS : std::nullopt;
}
Known strip_clips(const Facts& f, std::size_t s) {
    const auto& clips = f.strips[s].clips;
    return clips && f.strips[s].sounds ? count(*clips) : std::nullopt;
}
Known hpf_of_bass(const Facts& f, std::size_t s) {
    if (!has_bass(f.strips[s].role)) return std::nullopt;
    return f.strips[s].hpf_Hz.value_or(0.0);
}
Known rumble(const Facts& f, std::size_t s) {
    const Role role = f.strips[s].role;
    const bool judged = is_lead(f.strips[s]) || role == Role::snare || role == Role::other;
    return judged ? f.strips[s].rumble_dB : std::nullopt;
}
Known off_centre(const Facts& f, std::size_t s) {
    const Role role = f.strips[s].role;
    if (!has_bass(role) && role != Role::snare) return std::nullopt;
    return std::fabs(f.strips[s].pan);
}
Known strip_eq(const Facts& f, std::size_t s) {
    return f.strips[s].boldest_eq_dB;
}
Known serial_reduction(const Facts& f, std::size_t s) {
    return largest_of_several(f.strips[s].comps);
}
Known mean_reduction(const Facts& f, std::size_t s) {
    Known most;
    for (const CompFacts& comp : f.strips[s].comps)
        if (comp.on && comp.mean_dB) most = std::max(most.value_or(0.0), *comp.mean_dB);
    return most;
}
Known space_inserted(const Facts& f, std::size_t s) {
    return of_channel(f, s, [](const auto& strip) { return strip.holds_space ? 1.0 : 0.0; });
}
Known strip_low_side(const Facts& f, std::size_t s) {
    return f.strips[s].low_side_dB;
}
Known fx_mono_below(const Facts& f, std::size_t s) {
    return f.strips[s].fx_mono_below_Hz;
}
Known strip_correlation(const Facts& f, std::size_t s) {
    return f.strips[s].correlation;
}
Known strip_mono_loss(const Facts& f, std::size_t s) {
    return f.strips[s].mono_loss_lu;
}
Known masked_share(const Facts& f, std::size_t s) {
    return f.strips[s].masked;
}

// Channels that sound and have no name, or one that another has.
Known badly_named(const Facts& f, std::size_t) {
    if (f.strips.empty()) return std::nullopt;
    std::set<std::string_view> names;
    std::size_t bad = 0;
    for (const StripFacts& strip : f.strips)
        if (is_channel(strip) && (strip.name.empty() || !names.insert(strip.name).second)) ++bad;
    return count(bad);
}
Known leads(const Facts& f, std::size_t) {
    if (!f.tracks) return std::nullopt;
    return count(static_cast<std::size_t>(
        std::count_if(f.strips.begin(), f.strips.end(), [](const auto& s) { return is_lead(s); })));
}
Known lead_over_rest(const Facts& f, std::size_t) {
    double lead = 0.0, rest = 0.0;
    for (const StripFacts& strip : f.strips) {
        if (!is_channel(strip) || !strip.lufs) continue;
        (is_lead(strip) ? lead : rest) += power(*strip.lufs);
    }
    return lead > 0.0 && rest > 0.0 ? Known(10.0 * std::log10(lead / rest)) : std::nullopt;
}
Known gates_share(const Facts& f, std::size_t) {
    std::size_t channels = 0, gates = 0;
    for (const StripFacts& strip : f.strips) {
        if (!is_channel(strip)) continue;
        ++channels;
        gates += strip.gate_on ? 1u : 0u;
    }
    if (channels == 0) return std::nullopt;
    return 100.0 * static_cast<double>(gates) / static_cast<double>(channels);
}
Known faults(const Facts& f, std::size_t) {
    return f.faults ? count(*f.faults) : std::nullopt;
}
Known coarse_tracks(const Facts& f, std::size_t) {
    return f.tracks ? count(f.tracks->coarse) : std::nullopt;
}
Known ends_apart(const Facts& f, std::size_t) {
    return f.tracks ? Known(f.tracks->ends_apart_s) : std::nullopt;
}
Known stems(const Facts& f, std::size_t) {
    return f.tracks ? count(f.tracks->stems) : std::nullopt;
}

Known mix_peak(const Facts& f, std::size_t) {
    if (f.chain) return f.chain->peak_dBFS;
    return file_peak(f, 0);
}
Known mix_clips(const Facts& f, std::size_t) {
    if (f.chain) return f.chain->clips ? count(*f.chain->clips) : std::nullopt;
    return file_clips(f, 0);
}
Known mix_loudness(const Facts& f, std::size_t) {
    return f.chain ? f.chain->lufs : loudness(f, 0);
}
Known crest_lost(const Facts& f, std::size_t) {
    if (!f.chain || !f.chain->crest_dB || !f.chain->crest_behind_dB) return std::nullopt;
    return *f.chain->crest_dB - *f.chain->crest_behind_dB;
}
Known limiting(const Facts& f, std::size_t) {
    return of_chain(f, [](const auto& c) { return c.limiter_on ? c.limiter_dB : 0.0; });
}
Known chain_reduction(const Facts& f, std::size_t) {
    return of_chain(f, [](const auto& chain) {
        double most = 0.0;
        for (const CompFacts& comp : chain.comps)
            if (comp.on) most = std::max(most, comp.most_dB);
        return most;
    });
}
Known chain_serial(const Facts& f, std::size_t) {
    return f.chain ? largest_of_several(f.chain->comps) : std::nullopt;
}
Known chain_eq(const Facts& f, std::size_t) {
    return of_chain(f, [](const auto& chain) { return chain.boldest_eq_dB; });
}
Known chain_cuts(const Facts& f, std::size_t) {
    return of_chain(f, [](const auto& chain) { return static_cast<double>(chain.cuts); });
}
Known chain_reverbs(const Facts& f, std::size_t) {
    return of_chain(f, [](const auto& chain) { return static_cast<double>(chain.reverbs); });
}
Known chain_shapers(const Facts& f, std::size_t) {
    return of_chain(f, [](const auto& chain) { return static_cast<double>(chain.shapers); });
}

Known file_peak(const Facts& f, std::size_t) {
    return f.sound ? finite(f.sound->measured.sample_peak_dBFS) : std::nullopt;
}
Known file_clips(const Facts& f, std::size_t) {
    if (!f.sound) return std::nullopt;
    const monitor::Measurement& m = f.sound->measured;
    return count(m.clipped_samples() + m.samples_over() + m.not_finite());
}
Known peak_to_loudness(const Facts& f, std::size_t) {
    return of_sound(f, [](const auto& sound) { return sound.measured.plr_lu; });
}
Known loudness_range(const Facts& f, std::size_t) {
    return of_sound(f, [](const auto& sound) { return sound.measured.range_lu; });
}
Known loudness(const Facts& f, std::size_t) {
    return f.sound ? finite(f.sound->measured.integrated_lufs) : std::nullopt;
}
Known true_peak(const Facts& f, std::size_t) {
    return f.sound ? finite(f.sound->measured.true_peak_dBTP) : std::nullopt;
}
Known correlation(const Facts& f, std::size_t) {
    return f.sound ? f.sound->measured.correlation : std::nullopt;
}
Known negative_share(const Facts& f, std::size_t) {
    if (!f.sound || !f.sound->measured.correlation) return std::nullopt;
    return 100.0 * f.sound->negative_share;
}
Known mono_loss(const Facts& f, std::size_t) {
    if (!f.sound || !f.sound->measured.mono_loss_lu) return std::nullopt;
    return std::min(*f.sound->measured.mono_loss_lu, -kSilence);  // all of it may be gone
}
Known low_side(const Facts& f, std::size_t) {
    return f.sound ? f.sound->low_side_dB : std::nullopt;
}
Known sub_share(const Facts& f, std::size_t) {
    return of_sound(f, [](const auto& sound) { return share_of(sound.bands, 0, kSubEnd); });
}
Known brightness(const Facts& f, std::size_t) {
    return of_sound(f, [](const auto& sound) {
        return share_of(sound.bands, kAirBegin, sound.bands.size()) -
               share_of(slope_powers(), kAirBegin, slope_powers().size());
    });
}
Known from_slope(const Facts& f, std::size_t) {
    if (f.reference) return std::nullopt;
    return of_sound(f, [](const auto& sound) { return distance(sound.bands, slope_powers()); });
}
Known from_reference(const Facts& f, std::size_t) {
    if (!f.reference || is_silent(*f.reference)) return std::nullopt;
    return of_sound(f,
                    [&](const auto& sound) { return distance(sound.bands, f.reference->bands); });
}
Known dc_offset(const Facts& f, std::size_t) {
    if (!f.sound) return std::nullopt;
    double most = 0.0;
    for (const auto& channel : f.sound->measured.each)
        most = std::max(most, std::fabs(channel.dc_offset));
    return std::max(kSilence, 20.0 * std::log10(std::max(most, 1e-9)));
}
Known rate_off(const Facts& f, std::size_t) {
    if (!f.sound) return std::nullopt;
    return nearest_rate(f.sound->measured.rate.value,
                        {44100.0, 48000.0, 88200.0, 96000.0, 176400.0, 192000.0});
}
Known cd_rate_off(const Facts& f, std::size_t) {
    if (!f.sound) return std::nullopt;
    return nearest_rate(f.sound->measured.rate.value, {44100.0});
}
Known video_rate_off(const Facts& f, std::size_t) {
    if (!f.sound) return std::nullopt;
    return nearest_rate(f.sound->measured.rate.value, {48000.0, 96000.0, 192000.0});
}
Known bits(const Facts& f, std::size_t) {
    if (!f.sound || !f.sound->format) return std::nullopt;
    return 8.0 * static_cast<double>(disk::bytes_per_sample(f.sound->format->coding));
}
Known begins_at(const Facts& f, std::size_t) {
    return of_sound(f, [](const auto& sound) { return sound.begin_dBFS; });
}
Known ends_at(const Facts& f, std::size_t) {
    return of_sound(f, [](const auto& sound) { return sound.end_dBFS; });
}
Known inner_silence(const Facts& f, std::size_t) {
    return of_sound(f, [](const auto& sound) { return sound.longest_silence_s; });
}
// 0: as it is; 1: packed without loss; 2: packed with loss.
Known loss_of_coding(const Facts& f, std::size_t) {
    if (!f.sound || f.sound->suffix.empty()) return std::nullopt;
    for (const std::string_view lossy : {".mp3", ".ogg", ".oga", ".opus", ".m4a", ".aac"})
        if (f.sound->suffix == lossy) return 2.0;
    return f.sound->suffix == ".flac" ? 1.0 : 0.0;
}

}  // namespace mixrig::app::check
