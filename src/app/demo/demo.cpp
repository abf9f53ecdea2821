// The demo song: what the band plays, bar by bar, and where it is written.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/demo/demo.h"

#include "src/app/demo/demo_band.h"
#include "src/app/demo/demo_voices.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace mixrig::app {
namespace {

constexpr double kBar = 3.0;  // seconds: four beats at 80 a minute
constexpr double kSixteenth = kBar / 16.0;
constexpr std::size_t kLeft = 0, kRight = 1;

// D minor, eight bars: Dm Bb F C, Dm Bb Gm A. Keys are MIDI's.
constexpr std::array<Chord, 8> kChords = {{{38, {62, 65, 69}},
                                           {34, {62, 65, 70}},
                                           {41, {60, 65, 69}},
                                           {36, {60, 64, 67}},
                                           {38, {62, 65, 69}},
                                           {34, {62, 65, 70}},
                                           {43, {62, 67, 70}},
                                           {33, {61, 64, 69}}}};

struct Sung {
    double sixteenth, length, key;  // within its bar, in sixteenths
    const Vowel &from, &to;
};

// Two bars that ask and two that answer.
constexpr std::array<std::array<Sung, 4>, 4> kMelody = {{
    {{{0, 3, 57, kAh, kAh}, {3, 3, 60, kEh, kEe}, {6, 6, 62, kAh, kOh}, {13, 2, 60, kOh, kOo}}},
    {{{0, 5, 58, kOh, kAh}, {5, 3, 57, kEh, kEh}, {8, 4, 53, kOo, kOh}, {12, 3, 55, kAh, kEe}}},
    {{{0, 4, 57, kEe, kEh}, {4, 2, 60, kAh, kAh}, {6, 7, 65, kAh, kOh}, {14, 2, 64, kEh, kEe}}},
    {{{0, 3, 62, kOh, kOo}, {3, 3, 60, kAh, kAh}, {6, 3, 57, kEh, kEe}, {10, 5, 55, kOh, kOo}}},
}};

void kick(Tape& tape, const Bar& bar) {
    for (const auto& [step, velocity] : {std::pair{0.0, 1.0}, {7.0, 0.7}, {8.0, 0.9}, {14.0, 0.5}})
        play_kick(tape, {.at = bar.on(step), .velocity = velocity, .seed = bar.seed(0)});
}

void snare(Tape& tape, const Bar& bar) {
    for (const auto& [step, velocity] :
         {std::pair{4.0, 0.95}, {9.0, 0.12}, {12.0, 1.0}, {15.0, 0.15}})
        play_snare(tape, {.at = bar.on(step), .velocity = velocity, .seed = bar.seed(1)});
}

void hat(Tape& tape, const Bar& bar) {
    for (std::size_t step = 0; step < 16; ++step) {
        const bool open = step == 14 && bar.number % 2 == 1;
        const double velocity = step % 4 == 0 ? 0.9 : step % 2 == 0 ? 0.6 : 0.3;
        play_hat(tape, {.at = bar.on(static_cast<double>(step)),
                        .length = open ? 0.12 : 0.03,
                        .velocity = velocity,
                        .seed = bar.seed(step)});
    }
}

// Two microphones above the kit hear all of it, each at its own distance.
void overheads(Tape& tape, const Bar& bar) {
    Tape kit(tape.left.size(), {tape.rate});
    kick(kit, bar);
    snare(kit, bar);
    hat(kit, bar);
    const auto from = static_cast<std::size_t>(bar.at * tape.rate);
    const auto frames = static_cast<std::size_t>(1.3 * kBar * tape.rate);
    const auto near = static_cast<std::size_t>(0.0031 * tape.rate);
    const auto far = static_cast<std::size_t>(0.0039 * tape.rate);
    for (std::size_t i = from; i < from + std::min(frames, kit.left.size()); ++i) {
        const double x = kit.left[i % kit.left.size()];
        tape.add(i + near, 0.25 * x, kLeft);
        tape.add(i + far, 0.2 * x, kRight);
    }
    if (bar.number % 4 == 0)
        play_cymbal(
            tape,
            {.at = bar.at, .length = 0.9, .velocity = 0.7, .place = 0.3, .seed = bar.seed(2)});
    for (const double step : {0.0, 4.0, 8.0, 12.0})
        play_cymbal(tape, {.at = bar.on(step),
                           .length = 0.25,
                           .velocity = 0.25,
                           .place = 0.7,
                           .seed = bar.seed(3)});
}

void bass(Tape& tape, const Bar& bar) {
    struct Step {
        double on, length, above, velocity;
    };
    for (const Step& s :
         {Step{0, 5, 0, 1.0}, {6, 1.5, 0, 0.7}, {8, 3, 0, 0.9}, {11, 2, 12, 0.6}, {13, 3, 7, 0.75}})
        play_bass(tape, {.at = bar.on(s.on),
                         .length = s.length * kSixteenth,
                         .key = bar.chord.bass + s.above,
                         .velocity = s.velocity});
}

void keys(Tape& tape, const Bar& bar) {
    for (const auto& [step, length] : {std::pair{0.0, 5.0}, {6.0, 2.0}, {10.0, 5.0}})
        for (std::size_t i = 0; i < 3; ++i)
            play_keys(tape, {.at = bar.on(step) + 0.006 * static_cast<double>(i),
                             .length = length * kSixteenth,
                             .key = bar.chord.keys[i],
                             .velocity = step == 0.0 ? 0.9 : 0.65,
                             .place = 0.25 + 0.25 * static_cast<double>(i)});
}

void pad(Tape& tape, const Bar& bar) {
    for (std::size_t i = 0; i < 3; ++i)
        for (const double octave : {0.0, 12.0})
            play_pad(tape, {.at = bar.at,
                            .length = kBar,
                            .key = bar.chord.keys[i] + octave - 12.0,
                            .place = octave > 0.0 ? 0.8 - 0.1 * static_cast<double>(i)
                                                  : 0.2 + 0.1 * static_cast<double>(i),
                            .seed = bar.seed(i)});
}

void lead(Tape& tape, const Bar& bar) {
    double before = 55.0;
    for (const Sung& sung : kMelody[bar.number % kMelody.size()]) {
        // Singers lean on long notes: uneven on purpose, so that there is something to compress.
        const double velocity = 0.45 + 0.55 * std::min(1.0, sung.length / 6.0);
        sing(tape,
             {.at = bar.on(sung.sixteenth),
              .length = 0.92 * sung.length * kSixteenth,
              .key = sung.key,
              .velocity = velocity,
              .seed = bar.seed(static_cast<std::size_t>(sung.sixteenth))},
             before, sung.from, sung.to);
        before = sung.key;
    }
}

void backing(Tape& tape, const Bar& bar) {
    if (bar.number % 2 == 0) return;
    for (std::size_t i = 0; i < 3; ++i)
        for (const double twin : {-0.04, 0.05})
            sing(tape,
                 {.at = bar.on(4) + 0.02 * static_cast<double>(i) + 0.3 * std::abs(twin),
                  .length = 11.0 * kSixteenth,
                  .key = bar.chord.keys[i] + twin,
                  .velocity = 0.6,
                  .place = twin < 0.0 ? 0.1 + 0.1 * static_cast<double>(i)
                                      : 0.9 - 0.1 * static_cast<double>(i),
                  .seed = bar.seed(i)},
                 bar.chord.keys[i] - 1.0, kOo, kAh);
}

struct BandTrack {
    const char* file;
    bool stereo;
    double peak_dB;
    void (*play)(Tape&, const Bar&);
};
constexpr std::array<BandTrack, 9> kBand = {{{"01-kick.wav", false, -12, kick},
                                             {"02-snare.wav", false, -12, snare},
                                             {"03-hat.wav", false, -18, hat},
                                             {"04-overheads.wav", true, -15, overheads},
                                             {"05-bass.wav", false, -12, bass},
                                             {"06-keys.wav", true, -14, keys},
                                             {"07-pad.wav", true, -16, pad},
                                             {"08-lead.wav", false, -12, lead},
                                             {"09-backing.wav", true, -15, backing}}};

}  // namespace

base::Status render_demo(const std::filesystem::path& folder, dsp::Seconds length,
                         dsp::Hertz rate) {
    if (base::Status made = make_folder(folder); !made) return made;
    const auto bars = static_cast<std::size_t>(std::max(1.0, std::round(length.value / kBar)));
    const auto frames = static_cast<std::size_t>(static_cast<double>(bars) * kBar * rate.value);
    for (const BandTrack& track : kBand) {
        const auto play = [&](Tape& tape) {
            for (std::size_t i = 0; i < bars; ++i)
                track.play(tape, {static_cast<double>(i) * kBar, kSixteenth, i,
                                  kChords[i % kChords.size()]});
        };
        const BandPart part{track.file, track.stereo, track.peak_dB, play};
        if (base::Status status = write_part(part, folder, frames, rate); !status) return status;
    }
    return base::Done{};
}

}  // namespace mixrig::app
