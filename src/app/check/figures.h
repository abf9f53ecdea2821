// From the facts to the figures that rules judge: pure, one for each rule.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/check/facts.h"

#include <cstddef>
#include <optional>

namespace mixrig::app::check {

using Known = std::optional<double>;

// Of a strip.
Known input_peak(const Facts& f, std::size_t s);
Known strip_clips(const Facts& f, std::size_t s);
Known hpf_of_bass(const Facts& f, std::size_t s);
Known rumble(const Facts& f, std::size_t s);
Known off_centre(const Facts& f, std::size_t s);
Known strip_eq(const Facts& f, std::size_t s);
Known serial_reduction(const Facts& f, std::size_t s);
Known mean_reduction(const Facts& f, std::size_t s);
Known space_inserted(const Facts& f, std::size_t s);
Known strip_low_side(const Facts& f, std::size_t s);
Known fx_mono_below(const Facts& f, std::size_t s);
Known strip_correlation(const Facts& f, std::size_t s);
Known strip_mono_loss(const Facts& f, std::size_t s);
Known masked_share(const Facts& f, std::size_t s);

// Of the song.
Known badly_named(const Facts& f, std::size_t);
Known leads(const Facts& f, std::size_t);
Known lead_over_rest(const Facts& f, std::size_t);
Known gates_share(const Facts& f, std::size_t);
Known faults(const Facts& f, std::size_t);
Known coarse_tracks(const Facts& f, std::size_t);
Known ends_apart(const Facts& f, std::size_t);
Known stems(const Facts& f, std::size_t);

// Of the main bus.
Known mix_peak(const Facts& f, std::size_t);
Known mix_clips(const Facts& f, std::size_t);
Known mix_loudness(const Facts& f, std::size_t);
Known crest_lost(const Facts& f, std::size_t);
Known limiting(const Facts& f, std::size_t);
Known chain_reduction(const Facts& f, std::size_t);
Known chain_serial(const Facts& f, std::size_t);
Known chain_eq(const Facts& f, std::size_t);
Known chain_cuts(const Facts& f, std::size_t);
Known chain_reverbs(const Facts& f, std::size_t);
Known chain_shapers(const Facts& f, std::size_t);

// Of what leaves.
Known file_peak(const Facts& f, std::size_t);
Known file_clips(const Facts& f, std::size_t);
Known peak_to_loudness(const Facts& f, std::size_t);
Known loudness_range(const Facts& f, std::size_t);
Known loudness(const Facts& f, std::size_t);
Known true_peak(const Facts& f, std::size_t);
Known correlation(const Facts& f, std::size_t);
Known negative_share(const Facts& f, std::size_t);
Known mono_loss(const Facts& f, std::size_t);
Known low_side(const Facts& f, std::size_t);
Known sub_share(const Facts& f, std::size_t);
Known brightness(const Facts& f, std::size_t);
Known from_slope(const Facts& f, std::size_t);
Known from_reference(const Facts& f, std::size_t);
Known dc_offset(const Facts& f, std::size_t);
Known rate_off(const Facts& f, std::size_t);
Known cd_rate_off(const Facts& f, std::size_t);
Known video_rate_off(const Facts& f, std::size_t);
Known bits(const Facts& f, std::size_t);
Known begins_at(const Facts& f, std::size_t);
Known ends_at(const Facts& f, std::size_t);
Known inner_silence(const Facts& f, std::size_t);
Known loss_of_coding(const Facts& f, std::size_t);

// Third octaves in dB against the whole: of a spectrum, and of the slope of -4.5 dB an octave that
// it is held against where there is no reference.
std::array<double, monitor::kThirdOctaves> shares_dB(const BandPowers& powers);
const BandPowers& slope_powers();

}  // namespace mixrig::app::check
