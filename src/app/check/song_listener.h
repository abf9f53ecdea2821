// Hears a bounce from within: the engine's meters and loudness, and every strip's sound on a tape.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/bounce/bounce.h"
#include "src/app/check/bands.h"
#include "src/app/check/facts.h"
#include "src/app/check/sound_listener.h"
#include "src/app/check/streams.h"
#include "src/engine/geometry.h"
#include "src/link/link.h"
#include "src/param/values.h"
#include "src/session/song.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <vector>

namespace mixrig::app::check {

// Levels, loudness and reductions come from the engine's meters, which cost it nothing; spectra
// come from the tape, and are computed on another thread while the engine goes on.
class SongListener {
public:
    // Lives as long as the bounce.
    explicit SongListener(const session::Song& song);
    SongListener(const SongListener&) = delete;
    SongListener& operator=(const SongListener&) = delete;

    BounceWatch watch();
    // Behind the bounce, of which so many frames are the song.
    base::Result<Facts> facts(std::uint64_t frames);

private:
    // Of one strip by the meters.
    struct Levels {
        explicit Levels(dsp::Hertz rate) : loud(rate), loud_mono(rate), crest(rate) {}
        float input_peak = 0.0f, post_peak = 0.0f;
        std::array<std::uint64_t, link::kMeteredTaps> clips{};
        GatedLoudness loud, loud_mono;
        MeanCrest crest;
        double left = 0.0, right = 0.0, cross = 0.0;
        std::array<double, 2> reduced_dB{}, most_dB{};  // sums over the frames that sound
        std::size_t sounding = 0;                       // of them
        float limiter_dB = 0.0f;
    };
    struct Taped {
        engine::Strip strip = 0;
        std::size_t lane = 0;
        BandMeter meter;
    };

    void begin(Console& console);
    void name_strips();
    void begin_tape(Console& console);
    void hear(const float* left, const float* right, std::size_t frames);
    void take_meters();
    void add(const link::MeterFrame& frame);
    void add_reduction(const link::MeterFrame& frame);
    void hand_over(std::size_t frames);
    void analyse(const std::vector<float>& main, std::uint64_t begin, std::uint64_t end);
    void mask();

    StripFacts strip_facts(engine::Strip strip) const;
    void add_chain(Facts& facts) const;
    void add_masking(Facts& facts) const;

    const session::Song& song_;
    param::Layout layout_;
    engine::Geometry geometry_;
    dsp::Hertz rate_;
    std::optional<param::Values> values_;  // at the start
    link::Link* link_ = nullptr;           // while the bounce lasts
    std::vector<link::MeterFrame> frames_;
    std::vector<Levels> levels_;
    std::shared_ptr<link::Tape> tape_;
    std::vector<Taped> taped_;
    std::size_t channels_ = 0;  // of taped_, the first ones
    std::vector<float> main_;   // not handed over yet, interleaved
    std::uint64_t skip_ = 0;    // frames that the look-ahead of the main bus adds
    std::uint64_t heard_ = 0;   // frames of the engine
    std::uint64_t taken_ = 0;   // quanta of the tape
    std::uint64_t kept_ = 0;    // frames that main_ has had
    std::size_t chunk_ = 0;     // frames that are handed over at a time
    std::size_t tail_ = 0;      // frames that are held back: they may be behind the song
    double multiband_dB_ = 0.0, multiband_most_dB_ = 0.0;  // sum over the frames that sound

    // The analysis thread's, while there is one.
    std::optional<BandFft> fft_;
    std::optional<SoundListener> sound_;
    std::optional<MeanCrest> crest_behind_;
    std::vector<float> left_, right_;
    std::vector<double> masked_, loudness_;  // [masked][by], [strip]: K-weighted powers

    struct Reduction {
        Course course;
        float most = 0.0f;
    };
    std::array<Reduction, 6> reduction_{};
    double reduction_frames_ = 0.0;
    std::future<void> analysis_;  // the last member: it ends before what it works on
};

}  // namespace mixrig::app::check
