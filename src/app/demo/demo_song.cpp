// The demo song: who plays what in it, and where it is written.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/demo/demo_song.h"

#include "src/app/demo/demo_instruments.h"
#include "src/app/demo/demo_score.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <initializer_list>

namespace mixrig::app {
namespace {

bool is_fill(std::size_t bar) {
    return bar + 1 == kVerse || bar + 1 == kChorus || bar + 1 == kEnd;
}
bool has_beat(std::size_t bar) {
    return bar >= kVerse && bar < kLastBlow;
}
bool in_chorus(std::size_t bar) {
    return bar >= kChorus && bar < kEnd;
}

// Hands are never on time to the sample: up to 8 ms late.
double late(const Bar& bar, std::size_t step) {
    return 0.001 * static_cast<double>(bar.seed(step) * 2654435761u % 9u);
}

struct Hit {
    double step, velocity;
};
void strike(Tape& tape, const Bar& bar, void (*play)(Tape&, const Note&),
            std::initializer_list<Hit> hits, Note like = {}) {
    for (const Hit& hit : hits) {
        like.at = bar.on(hit.step);
        like.velocity = hit.velocity;
        like.seed = bar.seed(static_cast<std::size_t>(hit.step));
        play(tape, like);
    }
}

template <typename Play>
void each_bar(std::size_t from, std::size_t to, Play play) {
    for (std::size_t i = from; i < to; ++i) play(song_bar(i));
}

void beat_kick(Tape& tape) {
    each_bar(kVerse, kLastBlow, [&](const Bar& bar) {
        if (in_chorus(bar.number))
            strike(tape, bar, play_kick, {{0, 1.0}, {6, 0.75}, {8, 0.95}, {11, 0.6}});
        else
            strike(tape, bar, play_kick, {{0, 1.0}, {7, 0.6}, {10, 0.85}});
    });
    strike(tape, song_bar(kLastBlow), play_kick, {{0, 1.0}});
}

void beat_snare(Tape& tape) {
    each_bar(kVerse - 1, kLastBlow, [&](const Bar& bar) {
        if (has_beat(bar.number)) strike(tape, bar, play_snare, {{4, 0.95}, {12, 1.0}});
        if (is_fill(bar.number))
            strike(tape, bar, play_snare, {{8, 0.4}, {9, 0.5}, {10, 0.6}, {14, 0.9}, {15, 0.95}});
        else
            strike(tape, bar, play_snare, {{7, 0.1}, {9, 0.14}});
    });
    strike(tape, song_bar(kLastBlow), play_snare, {{0, 0.9}});
}

void beat_hats(Tape& tape) {
    each_bar(kVerse - 2, kLastBlow, [&](const Bar& bar) {
        const std::size_t every = in_chorus(bar.number) ? 1 : 2;
        for (std::size_t step = 0; step < 16; step += every)
            play_hat(tape, {.at = bar.on(static_cast<double>(step)) + 0.3 * late(bar, step),
                            .length = step == 14 && bar.number % 2 == 1 ? 0.12 : 0.03,
                            .velocity = step % 4 == 0   ? 0.9
                                        : step % 2 == 0 ? 0.6
                                                        : 0.3,
                            .seed = bar.seed(step)});
    });
}

void beat_toms(Tape& tape) {
    for (const std::size_t number : {kVerse - 1, kChorus - 1, kEnd - 1}) {
        const Bar bar = song_bar(number);
        strike(tape, bar, play_tom, {{11, 0.7}}, {.key = 48});
        strike(tape, bar, play_tom, {{12, 0.8}, {13, 0.6}}, {.key = 44});
        strike(tape, bar, play_tom, {{14, 0.9}, {15, 1.0}}, {.key = 39});
    }
    strike(tape, song_bar(kLastBlow), play_tom, {{0, 1.0}}, {.key = 39});
}

// What a microphone hears of the drums beside its own; `gain` at the distance of `seconds`.
void hear(Tape& tape, const Tape& drum, double gain, double seconds, double place) {
    const auto way = static_cast<std::size_t>(seconds * tape.rate);
    for (std::size_t i = 0; i + way < drum.left.size(); ++i)
        tape.add(i + way, gain * drum.left[i], place);
}

void kick(Tape& tape) {
    Tape snare(tape.left.size(), {tape.rate});
    beat_snare(snare);
    beat_kick(tape);
    hear(tape, snare, 0.03, 0.0018, 0.5);
}

void snare(Tape& tape) {
    Tape others(tape.left.size(), {tape.rate});
    beat_kick(others);
    beat_hats(others);
    beat_snare(tape);
    hear(tape, others, 0.05, 0.0016, 0.5);
}

void overheads(Tape& tape) {
    Tape kit(tape.left.size(), {tape.rate});
    for (const auto beat : {beat_kick, beat_snare, beat_hats, beat_toms}) beat(kit);
    hear(tape, kit, 0.4, 0.0031, 0.0);
    hear(tape, kit, 0.32, 0.0039, 1.0);
    const Note crash{.length = 0.9, .place = 0.3};
    for (const std::size_t number : {kVerse, kChorus, kChorus + 4, kEnd, kLastBlow})
        strike(tape, song_bar(number), play_cymbal, {{0, 0.8}}, crash);
    each_bar(kChorus, kEnd, [&](const Bar& bar) {
        strike(tape, bar, play_cymbal, {{0, 0.25}, {4, 0.3}, {8, 0.25}, {12, 0.3}},
               {.length = 0.25, .place = 0.72});
    });
}

void percussion(Tape& tape) {
    each_bar(kVerse + 4, kEnd + 2, [&](const Bar& bar) {
        for (std::size_t step = 0; step < 16; ++step)
            play_shaker(tape, {.at = bar.on(static_cast<double>(step)) + late(bar, step),
                               .velocity = step % 4 == 2 ? 0.9 : 0.5,
                               .seed = bar.seed(step)});
        if (in_chorus(bar.number))
            strike(tape, bar, play_tambourine, {{4, 0.6}, {12, 0.7}, {14, 0.3}});
    });
}

void bass(Tape& tape) {
    struct Step {
        double on, length, above, velocity;
    };
    each_bar(kVerse - 2, kLastBlow, [&](const Bar& bar) {
        const auto play = [&](const Step& s) {
            play_bass(tape, {.at = bar.on(s.on) + 0.3 * late(bar, static_cast<std::size_t>(s.on)),
                             .length = s.length * bar.sixteenth,
                             .key = bar.chord.bass + s.above,
                             .velocity = s.velocity});
        };
        if (in_chorus(bar.number))
            for (const double on : {0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0})
                play({on, 1.8, on == 14.0 ? 7.0 : on == 6.0 ? 12.0 : 0.0, on == 0.0 ? 1.0 : 0.75});
        else
            for (const Step& s :
                 {Step{0, 6, 0, 1.0}, {7, 2, 0, 0.6}, {10, 4, 0, 0.9}, {14, 2, 7, 0.7}})
                play(s);
    });
    play_bass(tape, {.at = song_bar(kLastBlow).at, .length = 2.2, .key = 33});
}

// All strings of a chord, one after the other as the hand passes.
void strum(Tape& tape, const Bar& bar, double step, double length, double velocity, double shift) {
    const auto& keys = bar.chord.keys;
    const std::array<double, 4> strings = {keys[0] - 12.0, keys[1], keys[2], keys[0] + 12.0};
    for (std::size_t i = 0; i < strings.size(); ++i)
        play_guitar(tape, {.at = bar.on(step) + shift + 0.011 * static_cast<double>(i),
                           .length = length * bar.sixteenth,
                           .key = strings[i],
                           .velocity = velocity,
                           .seed = bar.seed(static_cast<std::size_t>(step) * 4 + i)});
}

void picked_guitar(Tape& tape) {
    constexpr std::array<std::size_t, 8> kOrder = {0, 1, 2, 1, 3, 2, 1, 2};
    each_bar(kIntro, kLastBlow, [&](const Bar& bar) {
        if (in_chorus(bar.number)) {
            for (const double step : {0.0, 4.0, 6.0, 10.0, 12.0})
                strum(tape, bar, step, 3.5, step == 0.0 ? 1.0 : 0.75, late(bar, 3));
            return;
        }
        const auto& keys = bar.chord.keys;
        const std::array<double, 4> strings = {keys[0] - 12.0, keys[1], keys[2], keys[0] + 12.0};
        for (std::size_t i = 0; i < kOrder.size(); ++i)
            play_guitar(tape, {.at = bar.on(2.0 * static_cast<double>(i)) + late(bar, i),
                               .length = 5.0 * bar.sixteenth,
                               .key = strings[kOrder[i]],
                               .velocity = i % 4 == 0 ? 0.7 : 0.5,
                               .seed = bar.seed(i)});
    });
    strum(tape, song_bar(kLastBlow), 0, 16, 0.9, 0.0);
}

void struck_guitar(Tape& tape) {
    each_bar(kVerse, kLastBlow, [&](const Bar& bar) {
        if (in_chorus(bar.number))
            for (const double step : {0.0, 3.0, 6.0, 8.0, 11.0, 14.0})
                strum(tape, bar, step, 2.6, 0.85, 0.004 + late(bar, 5));
        else
            for (const double step : {4.0, 12.0}) strum(tape, bar, step, 1.0, 0.6, late(bar, 7));
    });
    strum(tape, song_bar(kLastBlow), 0, 16, 0.9, 0.009);
}

void keys(Tape& tape) {
    each_bar(kVerse, kLastBlow + 1, [&](const Bar& bar) {
        const bool last = bar.number == kLastBlow;
        for (const double step : {0.0, 6.0, 10.0}) {
            if (last && step > 0.0) break;
            for (std::size_t i = 0; i < 3; ++i)
                play_keys(tape, {.at = bar.on(step) + 0.006 * static_cast<double>(i),
                                 .length = (last          ? 14.0
                                            : step == 6.0 ? 2.0
                                                          : 5.0) *
                                           bar.sixteenth,
                                 .key = bar.chord.keys[i] + (in_chorus(bar.number) ? 12.0 : 0.0),
                                 .velocity = step == 0.0 ? 0.9 : 0.65,
                                 .place = 0.25 + 0.25 * static_cast<double>(i)});
        }
    });
}

void strings(Tape& tape) {
    each_bar(kIntro, kLastBlow + 1, [&](const Bar& bar) {
        for (std::size_t i = 0; i < 3; ++i)
            for (const double octave : {0.0, 12.0}) {
                if (octave > 0.0 && !in_chorus(bar.number)) continue;
                const double side = 0.15 * static_cast<double>(i);
                play_pad(tape, {.at = bar.at,
                                .length = kSongBar,
                                .key = bar.chord.keys[i] + octave,
                                .velocity = in_chorus(bar.number) ? 1.0 : 0.8,
                                .place = octave > 0.0 ? 0.85 - side : 0.15 + side,
                                .seed = bar.seed(i)});
            }
    });
}

void arpeggio(Tape& tape) {
    constexpr std::array<std::size_t, 8> kOrder = {0, 1, 2, 0, 2, 1, 0, 2};
    each_bar(kIntro, kLastBlow, [&](const Bar& bar) {
        if (bar.number >= kVerse && bar.number < kChorus) return;
        for (std::size_t step = 0; step < 16; ++step)
            play_arpeggio(tape,
                          {.at = bar.on(static_cast<double>(step)),
                           .length = 0.8 * bar.sixteenth,
                           .key = bar.chord.keys[kOrder[step % 8]] + (step % 8 < 4 ? 12.0 : 24.0),
                           .velocity = step % 4 == 0 ? 0.9 : 0.6,
                           .place = step % 2 == 0 ? 0.2 : 0.8});
    });
}

struct Singer {
    std::size_t from;    // the bar where it begins
    double above, late;  // keys, seconds
    double place;
    std::size_t breath;  // seed
};
void sing_melody(Tape& tape, const Singer& singer) {
    double before = 57.0;
    for (const SungNote& sung : song_melody()) {
        if (sung.bar < singer.from) continue;
        const Bar bar = song_bar(sung.bar);
        // Singers lean on long and on high notes: uneven, so that there is something to compress.
        const double velocity =
            (0.45 + 0.4 * std::min(1.0, sung.length / 6.0)) * std::exp2((sung.key - 64.0) / 24.0);
        const std::uint32_t seed = bar.seed(static_cast<std::size_t>(sung.step) + singer.breath);
        const double at = bar.on(sung.step) + singer.late;
        if (sung.hissed)
            hiss(tape, {.at = at - 0.08,
                        .length = 0.09,
                        .velocity = 0.5 * velocity,
                        .place = singer.place,
                        .seed = seed + 7});
        sing(tape,
             {.at = at,
              .length = 0.92 * sung.length * bar.sixteenth,
              .key = sung.key + singer.above,
              .velocity = velocity,
              .place = singer.place,
              .seed = seed},
             before + singer.above, sung.from, sung.to);
        before = sung.key;
    }
}

void lead(Tape& tape) {
    sing_melody(tape, {kVerse, 0.0, 0.0, 0.5, 0});
}

void doubled(Tape& tape) {
    sing_melody(tape, {kChorus, 0.07, 0.018, 0.5, 17});
}

void backing(Tape& tape) {
    each_bar(kVerse + 4, kLastBlow, [&](const Bar& bar) {
        if (!in_chorus(bar.number) && bar.number % 2 == 0) return;
        for (std::size_t i = 0; i < 3; ++i)
            for (const double twin : {-0.04, 0.05}) {
                const double side = 0.12 * static_cast<double>(i);
                sing(tape,
                     {.at = bar.on(in_chorus(bar.number) ? 0 : 4) + 0.02 * static_cast<double>(i) +
                            0.3 * std::abs(twin),
                      .length = (in_chorus(bar.number) ? 14.0 : 10.0) * bar.sixteenth,
                      .key = bar.chord.keys[i] + twin,
                      .velocity = 0.6,
                      .place = twin < 0.0 ? 0.08 + side : 0.92 - side,
                      .seed = bar.seed(i)},
                     bar.chord.keys[i] - 1.0, kOo, kAh);
            }
    });
}

void effects(Tape& tape) {
    for (const std::size_t number : {kVerse, kChorus, kLastBlow}) {
        const Bar bar = song_bar(number);
        for (const double place : {0.2, 0.8}) {
            const auto side = static_cast<std::size_t>(10.0 * place);
            play_impact(tape, {.at = bar.at, .place = place, .seed = bar.seed(side)});
            if (number != kLastBlow)
                play_sweep(tape, {.at = bar.at - 1.5 * kSongBar,
                                  .length = 1.5 * kSongBar,
                                  .velocity = 0.5,
                                  .place = place,
                                  .seed = bar.seed(side + 1)});
        }
    }
}

struct Player {
    const char* file;
    bool stereo;
    double peak_dB;
    void (*play)(Tape&);
};
// clang-format off
constexpr std::array<Player, 16> kPlayers = {{
    {"01-kick.wav", false, -12, kick},
    {"02-snare.wav", false, -12, snare},
    {"03-hats.wav", false, -18, beat_hats},
    {"04-toms.wav", false, -13, beat_toms},
    {"05-overheads.wav", true, -14, overheads},
    {"06-percussion.wav", false, -18, percussion},
    {"07-bass.wav", false, -13, bass},
    {"08-guitar-left.wav", false, -14, picked_guitar},
    {"09-guitar-right.wav", false, -14, struck_guitar},
    {"10-keys.wav", true, -15, keys},
    {"11-strings.wav", true, -17, strings},
    {"12-arpeggio.wav", true, -15, arpeggio},
    {"13-lead.wav", false, -12, lead},
    {"14-double.wav", false, -14, doubled},
    {"15-backing.wav", true, -15, backing},
    {"16-effects.wav", true, -15, effects},
}};
// clang-format on

base::Status write_text(const std::filesystem::path& file, const char* text) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out) return base::Error{"cannot be written", file.string(), "is there room on the disk?"};
    return base::Done{};
}

}  // namespace

base::Status render_demo_song(const std::filesystem::path& folder, dsp::Hertz rate) {
    if (base::Status made = make_folder(folder); !made) return made;
    const auto frames =
        static_cast<std::size_t>(static_cast<double>(kSongBars) * kSongBar * rate.value);
    for (const Player& player : kPlayers) {
        const BandPart part{player.file, player.stereo, player.peak_dB, player.play};
        if (base::Status status = write_part(part, folder, frames, rate); !status) return status;
    }
    for (const DemoText& text : demo_song_texts())
        if (base::Status status = write_text(folder / text.file, text.text); !status) return status;
    return base::Done{};
}

}  // namespace mixrig::app
