// What is played in the demo song: its form, its chords and its tune.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/demo/demo_score.h"

namespace mixrig::app {
namespace {

constexpr Chord kAm = {33, {57, 60, 64}}, kF = {29, {57, 60, 65}}, kC = {36, {55, 60, 64}},
                kG = {31, {55, 59, 62}}, kDm = {38, {57, 62, 65}}, kE = {28, {56, 59, 64}};

constexpr std::array<Chord, kSongBars> kSongChords = {
    kAm, kF, kC,  kG,                     // intro
    kAm, kF, kC,  kG,  kAm, kF, kDm, kE,  // verse
    kF,  kC, kG,  kAm, kF,  kC, kDm, kE,  // chorus
    kAm, kF, kAm, kAm};                   // end

// clang-format off
constexpr SungNote kSongMelody[] = {
    {4, 2, 2, 64, kEh, kEh, true}, {4, 4, 4, 64, kAh, kAh}, {4, 8, 2, 62, kEe, kEe}, {4, 10, 5, 60, kOh, kOo},
    {5, 2, 2, 60, kAh, kAh}, {5, 4, 4, 62, kEh, kEe}, {5, 8, 6, 57, kOh, kAh},
    {6, 2, 2, 60, kAh, kEh, true}, {6, 4, 4, 64, kEe, kEe}, {6, 8, 4, 67, kAh, kAh}, {6, 12, 3, 64, kOh, kOh},
    {7, 0, 8, 62, kEh, kEe}, {7, 10, 2, 59, kAh, kAh, true}, {7, 12, 3, 60, kOo, kOh},
    {8, 2, 2, 64, kOh, kOh}, {8, 4, 4, 64, kEe, kEh, true}, {8, 8, 2, 65, kAh, kAh}, {8, 10, 5, 64, kAh, kOh},
    {9, 2, 2, 60, kEh, kEh}, {9, 4, 4, 62, kOh, kAh}, {9, 8, 7, 60, kAh, kEe},
    {10, 0, 3, 62, kAh, kAh, true}, {10, 4, 3, 65, kEh, kEe}, {10, 8, 7, 62, kOh, kOo},
    {11, 0, 6, 64, kAh, kEh}, {11, 6, 2, 62, kEe, kEe, true}, {11, 8, 6, 59, kOo, kOh},

    {12, 0, 7, 69, kAh, kAh, true}, {12, 8, 3, 67, kOh, kOh}, {12, 12, 3, 65, kEh, kEe},
    {13, 0, 8, 67, kAh, kOh}, {13, 10, 2, 64, kEe, kEe, true}, {13, 12, 3, 64, kEh, kAh},
    {14, 0, 6, 67, kEe, kEh}, {14, 8, 3, 65, kAh, kAh, true}, {14, 12, 3, 62, kOh, kOo},
    {15, 0, 12, 64, kAh, kOh},
    {16, 0, 7, 69, kAh, kAh, true}, {16, 8, 3, 72, kEh, kEe}, {16, 12, 3, 69, kOh, kAh},
    {17, 0, 10, 67, kAh, kEe}, {17, 12, 3, 67, kOh, kOh, true},
    {18, 0, 5, 65, kEh, kEe}, {18, 6, 3, 64, kAh, kAh}, {18, 10, 5, 62, kOh, kOo, true},
    {19, 0, 13, 64, kAh, kEh},

    {20, 0, 5, 64, kEe, kEh, true}, {20, 6, 8, 60, kAh, kOh}, {21, 0, 12, 57, kOo, kAh},
    {22, 0, 12, 57, kOh, kOo, true},
};
// clang-format on

}  // namespace

Bar song_bar(std::size_t number) {
    return {static_cast<double>(number) * kSongBar, kSongBar / 16.0, number, kSongChords[number]};
}

std::span<const SungNote> song_melody() {
    return kSongMelody;
}

}  // namespace mixrig::app
