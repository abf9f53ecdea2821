// What is written beside the tracks of the demo song: the song, its mix, and how that moves.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/demo/demo_song.h"

#include <array>

namespace mixrig::app {
namespace {

constexpr const char* kSong =
    R"toml(# The demo song: sixteen tracks, eight stems, a mix that moves, a master chain. Made by
# `mixrig demo FOLDER --song`; to a file:
#   mixrig bounce FOLDER/song.toml -o out
# Files are found relative to this one. What is not said here has its default.

[song]
artist = "The Oscillators"
title = "One Minute"
scene = "mix.scene"
automation = "mix.auto"

[desk]
subgroups = 3
auxes = 0
effects = 3
matrices = 0

[[subgroup]]
number = 1
name = "Drums"

[[subgroup]]
number = 2
name = "Music"

[[subgroup]]
number = 3
name = "Vocals"

[[track]]
file = "01-kick.wav"
channel = 1
stem = "Kick"
role = "kick"

[[track]]
file = "02-snare.wav"
channel = 2
stem = "SnareDrum"
role = "snare"

[[track]]
file = "03-hats.wav"
channel = 3
stem = "OtherDrums"

[[track]]
file = "04-toms.wav"
channel = 4
stem = "OtherDrums"

[[track]]
file = "05-overheads.wav"
channel = 5
stem = "OtherDrums"

[[track]]
file = "06-percussion.wav"
channel = 6
stem = "OtherDrums"

[[track]]
file = "07-bass.wav"
channel = 7
stem = "BassLine"
role = "bass"

[[track]]
file = "08-guitar-left.wav"
channel = 8
stem = "OtherSounds"

[[track]]
file = "09-guitar-right.wav"
channel = 9
stem = "OtherSounds"

[[track]]
file = "10-keys.wav"
channel = 10
stem = "OtherSounds"

[[track]]
file = "11-strings.wav"
channel = 11
stem = "StringSynth"

[[track]]
file = "12-arpeggio.wav"
channel = 12
stem = "ArpeggiatorSynth"

[[track]]
file = "13-lead.wav"
channel = 13
stem = "Singer"
role = "lead_vocal"

[[track]]
file = "14-double.wav"
channel = 14
stem = "Singer"
role = "vocal"

[[track]]
file = "15-backing.wav"
channel = 15
stem = "Singer"
role = "vocal"

[[track]]
file = "16-effects.wav"
channel = 16
stem = "OtherSounds"
)toml";

constexpr const char* kAutomation = R"auto(# mixrig automation 1
# Rides, a filter that opens, echoes on the ends of lines. One bar is 2.5 s.

0.000s    /ch/12/lpf/freq            600 Hz      # the arpeggio opens through the intro
0.000s    /ch/11/fader               -1 dB
0.000s    /sub/1/fader               0.5 dB
0.500s    /ch/12/lpf/freq            697 Hz
1.000s    /ch/12/lpf/freq            810 Hz
1.500s    /ch/12/lpf/freq            940 Hz
2.000s    /ch/12/lpf/freq            1092 Hz
2.500s    /ch/12/lpf/freq            1269 Hz
3.000s    /ch/12/lpf/freq            1474 Hz
3.500s    /ch/12/lpf/freq            1712 Hz
4.000s    /ch/12/lpf/freq            1989 Hz
4.500s    /ch/12/lpf/freq            2310 Hz
5.000s    /ch/12/lpf/freq            2683 Hz
5.500s    /ch/12/lpf/freq            3117 Hz
6.000s    /ch/12/lpf/freq            3621 Hz
6.500s    /ch/12/lpf/freq            4206 Hz
7.000s    /ch/12/lpf/freq            4885 Hz
7.500s    /ch/12/lpf/freq            5674 Hz
8.000s    /ch/12/lpf/freq            6591 Hz
8.500s    /ch/12/lpf/freq            7656 Hz
9.000s    /ch/12/lpf/freq            8894 Hz
9.500s    /ch/12/lpf/freq            10331 Hz
10.000s   /ch/12/lpf/freq            12000 Hz
10.000s   /ch/11/fader               -4 dB       # strings step back for the voice
10.000s   /ch/13/fader               2.5 dB
17.500s   /ch/13/fader               3.5 dB      # the ends of lines are sung softly
18.200s   /ch/13/send/fx/2/level     -8 dB       # the echo answers
20.000s   /ch/13/fader               2.5 dB
20.000s   /ch/13/send/fx/2/level     -20 dB
27.500s   /ch/13/fader               4 dB
28.900s   /ch/13/send/fx/2/level     -8 dB
30.000s   /ch/11/fader               -1 dB
30.000s   /ch/13/fader               2 dB        # the chorus is high and loud
30.000s   /ch/13/send/fx/2/level     -20 dB
30.000s   /sub/1/fader               1.3 dB      # drums push the chorus
30.000s   /ch/12/pan                 -0.3
38.600s   /ch/13/send/fx/2/level     -8 dB
40.000s   /ch/13/send/fx/2/level     -20 dB
40.000s   /ch/12/pan                 0.3
48.600s   /ch/13/send/fx/2/level     -8 dB
50.000s   /ch/13/fader               3 dB
50.000s   /ch/13/send/fx/2/level     -20 dB
50.000s   /sub/1/fader               0.5 dB
50.000s   /ch/12/pan                 0
50.000s   /ch/15/send/fx/1/level     -6 dB       # the voices move away
50.000s   /ch/12/lpf/freq            12000 Hz    # the arpeggio closes
50.750s   /ch/12/lpf/freq            8485 Hz
51.500s   /ch/12/lpf/freq            6000 Hz
52.250s   /ch/12/lpf/freq            4243 Hz
53.000s   /ch/12/lpf/freq            3000 Hz
53.750s   /ch/12/lpf/freq            2121 Hz
54.500s   /ch/12/lpf/freq            1500 Hz
55.000s   /ch/13/send/fx/2/level     -8 dB
57.500s   /ch/13/send/fx/2/level     -20 dB
)auto";

}  // namespace

std::array<DemoText, 3> demo_song_texts() {
    return {{{"song.toml", kSong}, {"mix.scene", demo_song_scene()}, {"mix.auto", kAutomation}}};
}

}  // namespace mixrig::app
