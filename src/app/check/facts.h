// What was measured of a song, a file or a running desk, once; rules only judge it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/disk/format.h"
#include "src/monitor/measure.h"
#include "src/monitor/third_octaves.h"
#include "src/param/row.h"
#include "src/session/song.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mixrig::app::check {

// Mean powers of third octaves, 20 Hz to 20 kHz; a full-scale sine on both sides has 0.5.
using BandPowers = std::array<double, monitor::kThirdOctaves>;

// What a compressor took away, in dB.
struct CompFacts {
    bool on = false;
    std::optional<double> mean_dB = {};  // while something is heard
    double most_dB = 0.0;
};

// What is empty was not measured, or has no meaning here.
struct StripFacts {
    std::string address = {}, name = {};
    param::Kind kind = param::Kind::ch;
    session::Role role = session::Role::none;
    bool stereo = false;
    bool sounds = false;  // something came in
    // As it is set at the start.
    std::optional<double> hpf_Hz = {};
    double pan = 0.0;
    double boldest_eq_dB = 0.0;  // of the bands that are on, either sign
    bool gate_on = false;
    std::array<CompFacts, 2> comps = {};
    std::optional<double> fx_mono_below_Hz = {};  // of effects that make two sides of one
    bool holds_space = false;                     // a reverb or an echo stands in its insert
    // As it was heard. Levels of silence are empty.
    std::optional<double> input_peak_dBFS = {};  // behind the trim
    std::optional<std::uint64_t> clips = {};     // at the tap with most
    std::optional<double> lufs = {};             // behind the fader
    std::optional<double> correlation = {}, mono_loss_lu = {};
    std::optional<double> low_side_dB = {};  // side over middle, below 90 Hz
    std::optional<double> rumble_dB = {};    // below 40 Hz over all
    std::optional<double> masked = {};       // share, by the strip that does it most
    std::string masker = {};
};

// The main bus and its chain.
struct ChainFacts {
    // Of the main strip, of the chain, then the multiband one, by the band that works most.
    std::array<CompFacts, 5> comps = {};
    double boldest_eq_dB = 0.0;
    std::size_t cuts = 0;     // high-pass and low-pass filters
    std::size_t reverbs = 0;  // in the insert
    std::size_t shapers = 0;  // saturators and clippers
    double limiter_dB = 0.0;  // the most it took away
    bool limiter_on = false;
    // Before the chain.
    std::optional<double> peak_dBFS = {};
    std::optional<std::uint64_t> clips = {};
    std::optional<double> lufs = {}, crest_dB = {};
    std::optional<double> crest_behind_dB = {};  // the same behind the chain
};

// Values over time, evenly spaced.
struct Course {
    double step_s = 0.1;
    std::vector<float> values = {};
};

// A stereo or mono sound as it leaves.
struct SoundFacts {
    std::string name = {};
    monitor::Measurement measured = {};
    std::optional<disk::Format> format = {};
    std::string suffix = {};  // of its file, lower case
    BandPowers bands = {};
    std::optional<double> low_side_dB = {};
    double begin_dBFS = 0.0, end_dBFS = 0.0;  // peak of the first and the last 10 ms
    double longest_silence_s = 0.0;           // between its first and its last sound
    double negative_share = 0.0;              // of its time, correlation below 0
    Course momentary = {}, short_term = {}, correlation = {};
};

// Tracks as files.
struct TracksFacts {
    std::size_t count = 0;
    std::size_t coarse = 0;  // below 24 bit or 44.1 kHz
    double ends_apart_s = 0.0;
    std::size_t stems = 0;
};

struct Masking {
    std::vector<std::size_t> strips = {};  // indices of Facts::strips
    std::vector<float> share = {};         // [who is masked][by whom]
    float at(std::size_t masked, std::size_t by) const {
        return share[masked * strips.size() + by];
    }
};

struct Facts {
    std::string name = {};  // of the song, the file, the desk
    std::vector<StripFacts> strips = {};
    std::optional<ChainFacts> chain = {};
    std::optional<SoundFacts> sound = {};
    std::optional<TracksFacts> tracks = {};
    std::optional<std::uint64_t> faults = {};  // strips silenced for what was no sound
    std::optional<SoundFacts> reference = {};
    // For the report alone.
    Masking masking = {};
    std::array<Course, 6> reduction = {};  // of the chain's comps, then of the limiter
};

}  // namespace mixrig::app::check
