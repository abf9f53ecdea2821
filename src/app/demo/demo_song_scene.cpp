// The mix of the demo song, as it is written beside its tracks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/demo/demo_song.h"

namespace mixrig::app {

const char* demo_song_scene() {
    return R"scene(# mixrig scene 1
# The mix of the demo song: EQ, gates and compressors, two effect buses, a master chain.

/ch/1/name                      "Kick"
/ch/2/name                      "Snare"
/ch/3/name                      "Hats"
/ch/4/name                      "Toms"
/ch/5/name                      "Overheads"
/ch/6/name                      "Percussion"
/ch/7/name                      "Bass"
/ch/8/name                      "Guitar L"
/ch/9/name                      "Guitar R"
/ch/10/name                     "Keys"
/ch/11/name                     "Strings"
/ch/12/name                     "Arpeggio"
/ch/13/name                     "Lead"
/ch/14/name                     "Double"
/ch/15/name                     "Backing"
/ch/16/name                     "Effects"
/fx/1/name                      "Plate"
/fx/2/name                      "Echo"
/fx/3/name                      "De-esser"

# Drums, music and voices meet in subgroups; bass and effects go their own way.
/ch/1/to                        sub/1
/ch/2/to                        sub/1
/ch/3/to                        sub/1
/ch/4/to                        sub/1
/ch/5/to                        sub/1
/ch/6/to                        sub/1
/ch/8/to                        sub/2
/ch/9/to                        sub/2
/ch/10/to                       sub/2
/ch/11/to                       sub/2
/ch/12/to                       sub/2
/ch/13/to                       sub/3
/ch/14/to                       sub/3
/ch/15/to                       sub/3

# Kick: the box goes, the beater comes; the gate keeps the snare out.
/ch/1/gate/on                   on
/ch/1/gate/threshold            -30 dB
/ch/1/gate/range                30 dB
/ch/1/gate/hold                 80 ms
/ch/1/gate/release              120 ms
/ch/1/eq/on                     on
/ch/1/eq/2/freq                 300 Hz
/ch/1/eq/2/gain                 -3 dB
/ch/1/eq/2/q                    1.2
/ch/1/eq/4/freq                 3.5 kHz
/ch/1/eq/4/gain                 2.5 dB
/ch/1/eq/4/q                    1
/ch/1/comp/1/on                 on
/ch/1/comp/1/threshold          -18 dB
/ch/1/comp/1/ratio              3
/ch/1/comp/1/attack             20 ms
/ch/1/comp/1/release            120 ms
/ch/1/comp/1/makeup             1 dB
/ch/1/fader                     -2 dB

# Snare: the gate leaves the ghost notes.
/ch/2/gate/on                   on
/ch/2/gate/threshold            -34 dB
/ch/2/gate/range                14 dB
/ch/2/gate/hold                 60 ms
/ch/2/gate/release              150 ms
/ch/2/hpf/on                    on
/ch/2/hpf/freq                  90 Hz
/ch/2/eq/on                     on
/ch/2/eq/2/freq                 190 Hz
/ch/2/eq/2/gain                 1.5 dB
/ch/2/eq/2/q                    1.2
/ch/2/eq/3/freq                 450 Hz
/ch/2/eq/3/gain                 -2.5 dB
/ch/2/eq/3/q                    1.5
/ch/2/eq/5/freq                 5 kHz
/ch/2/eq/5/gain                 2 dB
/ch/2/eq/5/q                    0.8
/ch/2/comp/1/on                 on
/ch/2/comp/1/threshold          -22 dB
/ch/2/comp/1/ratio              3.5
/ch/2/comp/1/attack             5 ms
/ch/2/comp/1/release            120 ms
/ch/2/comp/1/makeup             1.5 dB
/ch/2/send/fx/1/level           -14 dB
/ch/2/fader                     -1.5 dB

# Hats, toms, overheads, percussion.
/ch/3/hpf/on                    on
/ch/3/hpf/freq                  400 Hz
/ch/3/pan                       0.3
/ch/3/fader                     -4 dB
/ch/4/gate/on                   on
/ch/4/gate/threshold            -36 dB
/ch/4/gate/range                40 dB
/ch/4/gate/hold                 200 ms
/ch/4/gate/release              300 ms
/ch/4/eq/on                     on
/ch/4/eq/3/freq                 400 Hz
/ch/4/eq/3/gain                 -3 dB
/ch/4/eq/3/q                    1
/ch/4/pan                       -0.2
/ch/4/send/fx/1/level           -18 dB
/ch/4/fader                     -6 dB
/ch/5/hpf/on                    on
/ch/5/hpf/freq                  220 Hz
/ch/5/eq/on                     on
/ch/5/eq/6/type                 high_shelf
/ch/5/eq/6/freq                 10 kHz
/ch/5/eq/6/gain                 1.5 dB
/ch/5/eq/6/q                    0.7
/ch/5/fader                     -3 dB
/ch/6/hpf/on                    on
/ch/6/hpf/freq                  500 Hz
/ch/6/pan                       -0.4
/ch/6/fader                     -5 dB

# Bass: even, and out of the way of the kick when it strikes.
/ch/7/eq/on                     on
/ch/7/eq/2/freq                 250 Hz
/ch/7/eq/2/gain                 -1.5 dB
/ch/7/eq/2/q                    1
/ch/7/eq/4/freq                 900 Hz
/ch/7/eq/4/gain                 1.5 dB
/ch/7/eq/4/q                    1
/ch/7/comp/1/on                 on
/ch/7/comp/1/threshold          -26 dB
/ch/7/comp/1/ratio              4
/ch/7/comp/1/attack             6 ms
/ch/7/comp/1/release            160 ms
/ch/7/comp/1/makeup             4 dB
/ch/7/comp/2/on                 on
/ch/7/comp/2/threshold          -28 dB
/ch/7/comp/2/ratio              2
/ch/7/comp/2/attack             3 ms
/ch/7/comp/2/release            90 ms
/ch/7/comp/2/key                ch/1
/ch/7/comp/2/max_reduction      3 dB

# Guitars to the sides, keys and strings between them, the arpeggio from side to side.
/ch/8/hpf/on                    on
/ch/8/hpf/freq                  110 Hz
/ch/8/eq/on                     on
/ch/8/eq/3/freq                 350 Hz
/ch/8/eq/3/gain                 -2 dB
/ch/8/eq/3/q                    1
/ch/8/eq/5/freq                 2.8 kHz
/ch/8/eq/5/gain                 1.5 dB
/ch/8/eq/5/q                    1
/ch/8/comp/1/on                 on
/ch/8/comp/1/threshold          -30 dB
/ch/8/comp/1/ratio              3.5
/ch/8/comp/1/attack             3 ms
/ch/8/comp/1/release            140 ms
/ch/8/comp/1/makeup             3 dB
/ch/8/pan                       -0.75
/ch/8/send/fx/1/level           -20 dB
/ch/8/fader                     -1 dB
/ch/9/hpf/on                    on
/ch/9/hpf/freq                  110 Hz
/ch/9/eq/on                     on
/ch/9/eq/3/freq                 350 Hz
/ch/9/eq/3/gain                 -2 dB
/ch/9/eq/3/q                    1
/ch/9/eq/5/freq                 4.2 kHz
/ch/9/eq/5/gain                 1.5 dB
/ch/9/eq/5/q                    1
/ch/9/comp/1/on                 on
/ch/9/comp/1/threshold          -30 dB
/ch/9/comp/1/ratio              3.5
/ch/9/comp/1/attack             3 ms
/ch/9/comp/1/release            140 ms
/ch/9/comp/1/makeup             3 dB
/ch/9/pan                       0.75
/ch/9/send/fx/1/level           -20 dB
/ch/9/fader                     -1 dB
/ch/10/hpf/on                   on
/ch/10/hpf/freq                 140 Hz
/ch/10/eq/on                    on
/ch/10/eq/4/freq                1.2 kHz
/ch/10/eq/4/gain                -1.5 dB
/ch/10/eq/4/q                   0.8
/ch/10/comp/1/on                on
/ch/10/comp/1/threshold         -24 dB
/ch/10/comp/1/ratio             2
/ch/10/comp/1/attack            20 ms
/ch/10/comp/1/release           200 ms
/ch/10/comp/1/makeup            1 dB
/ch/10/fader                    -3 dB
/ch/11/hpf/on                   on
/ch/11/hpf/freq                 180 Hz
/ch/11/width                    1.2
/ch/11/send/fx/1/level          -16 dB
/ch/11/fader                    -1 dB
/ch/12/hpf/on                   on
/ch/12/hpf/freq                 200 Hz
/ch/12/lpf/on                   on
/ch/12/lpf/freq                 12 kHz
/ch/12/send/fx/2/level          -12 dB
/ch/12/fader                    -4 dB

# Voices: two compressors of few dB each, a de-esser between them and the fader.
/ch/13/hpf/on                   on
/ch/13/hpf/freq                 100 Hz
/ch/13/eq/on                    on
/ch/13/eq/3/freq                320 Hz
/ch/13/eq/3/gain                -2 dB
/ch/13/eq/3/q                   1.2
/ch/13/eq/5/freq                3 kHz
/ch/13/eq/5/gain                2 dB
/ch/13/eq/5/q                   0.9
/ch/13/eq/6/type                high_shelf
/ch/13/eq/6/freq                11 kHz
/ch/13/eq/6/gain                2 dB
/ch/13/eq/6/q                   0.7
/ch/13/comp/1/on                on
/ch/13/comp/1/threshold         -22 dB
/ch/13/comp/1/ratio             2.5
/ch/13/comp/1/attack            5 ms
/ch/13/comp/1/release           120 ms
/ch/13/comp/1/makeup            2 dB
/ch/13/comp/2/on                on
/ch/13/comp/2/threshold         -18 dB
/ch/13/comp/2/ratio             2
/ch/13/comp/2/attack            20 ms
/ch/13/comp/2/release           300 ms
/ch/13/comp/2/makeup            1 dB
/ch/13/comp/2/detector          rms
/ch/13/insert                   fx/3
/ch/13/send/fx/1/level          -13 dB
/ch/13/send/fx/2/level          -20 dB
/ch/13/fader                    2.5 dB
/ch/14/hpf/on                   on
/ch/14/hpf/freq                 140 Hz
/ch/14/comp/1/on                on
/ch/14/comp/1/threshold         -24 dB
/ch/14/comp/1/ratio             4
/ch/14/comp/1/attack            4 ms
/ch/14/comp/1/release           120 ms
/ch/14/comp/1/makeup            2 dB
/ch/14/pan                      -0.15
/ch/14/send/fx/1/level          -14 dB
/ch/14/fader                    -4 dB
/ch/15/hpf/on                   on
/ch/15/hpf/freq                 180 Hz
/ch/15/eq/on                    on
/ch/15/eq/3/freq                400 Hz
/ch/15/eq/3/gain                -2 dB
/ch/15/eq/3/q                   1
/ch/15/comp/1/on                on
/ch/15/comp/1/threshold         -24 dB
/ch/15/comp/1/ratio             3
/ch/15/comp/1/attack            8 ms
/ch/15/comp/1/release           180 ms
/ch/15/comp/1/makeup            1.5 dB
/ch/15/width                    1.3
/ch/15/send/fx/1/level          -12 dB
/ch/15/fader                    -1 dB

# Sweeps and blows.
/ch/16/fader                    -7 dB

# Effects: a plate, an echo in dotted eighths, the de-esser of the lead voice.
/fx/1/type                      plate
/fx/1/reverb/decay              1600 ms
/fx/1/reverb/predelay           30 ms
/fx/1/reverb/locut              250 Hz
/fx/1/reverb/hicut              9 kHz
/fx/1/fader                     -3 dB
/fx/2/type                      echo
/fx/2/echo/note                 1/8d
/fx/2/echo/feedback             0.3
/fx/2/echo/pingpong             on
/fx/2/echo/locut                300 Hz
/fx/2/echo/hicut                5 kHz
/fx/2/fader                     -4 dB
/fx/3/type                      de_esser
/fx/3/de_esser/freq             5.5 kHz
/fx/3/de_esser/threshold        -34 dB
/fx/3/de_esser/range            8 dB

# Subgroups.
/sub/1/comp/1/on                on
/sub/1/comp/1/threshold         -20 dB
/sub/1/comp/1/ratio             2.5
/sub/1/comp/1/attack            8 ms
/sub/1/comp/1/release           140 ms
/sub/1/comp/1/makeup            1.5 dB
/sub/1/fader                    0.5 dB
/sub/2/eq/on                    on
/sub/2/eq/4/freq                2.5 kHz
/sub/2/eq/4/gain                -1 dB
/sub/2/eq/4/q                   0.7
/sub/2/comp/1/on                on
/sub/2/comp/1/threshold         -20 dB
/sub/2/comp/1/ratio             2
/sub/2/comp/1/attack            15 ms
/sub/2/comp/1/release           200 ms
/sub/2/fader                    1.5 dB
/sub/3/comp/1/on                on
/sub/3/comp/1/threshold         -18 dB
/sub/3/comp/1/ratio             1.8
/sub/3/comp/1/attack            15 ms
/sub/3/comp/1/release           200 ms
/sub/3/fader                    1 dB
/main/fader                     2 dB

# The master chain, all of it on: broad strokes, small figures.
/main/master/ms/on              on
/main/master/ms/1/type          hpf
/main/master/ms/1/freq          90 Hz
/main/master/ms/1/q             0.7071
/main/master/ms/1/place         side
/main/master/ms/2/type          bell
/main/master/ms/2/freq          3 kHz
/main/master/ms/2/gain          0.7 dB
/main/master/ms/2/q             0.7
/main/master/ms/2/place         mid
/main/master/ms/3/type          high_shelf
/main/master/ms/3/freq          9 kHz
/main/master/ms/3/gain          0.8 dB
/main/master/ms/3/q             0.7071
/main/master/ms/3/place         side
/main/master/eq/on              on
/main/master/eq/1/type          low_shelf
/main/master/eq/1/freq          60 Hz
/main/master/eq/1/gain          0.5 dB
/main/master/eq/1/q             0.7071
/main/master/eq/6/type          high_shelf
/main/master/eq/6/freq          12 kHz
/main/master/eq/6/gain          0.8 dB
/main/master/eq/6/q             0.7071
/main/master/comp/1/on          on
/main/master/comp/1/threshold   -16 dB
/main/master/comp/1/ratio       1.5
/main/master/comp/1/attack      30 ms
/main/master/comp/1/release     250 ms
/main/master/comp/1/makeup      2 dB
/main/master/comp/1/max_reduction 2 dB
/main/master/comp/1/keyfilter/on on
/main/master/comp/1/keyfilter/type hpf
/main/master/comp/1/keyfilter/freq 100 Hz
/main/master/comp/2/on          on
/main/master/comp/2/threshold   -12 dB
/main/master/comp/2/ratio       2
/main/master/comp/2/attack      10 ms
/main/master/comp/2/release     120 ms
/main/master/comp/2/makeup      2 dB
/main/master/comp/2/max_reduction 2 dB
/main/master/multiband/on       on
/main/master/multiband/bands    4
/main/master/multiband/1/threshold -20 dB
/main/master/multiband/1/ratio  2
/main/master/multiband/1/attack 25 ms
/main/master/multiband/1/release 180 ms
/main/master/multiband/1/max_reduction 3 dB
/main/master/multiband/2/threshold -22 dB
/main/master/multiband/2/ratio  1.8
/main/master/multiband/2/attack 15 ms
/main/master/multiband/2/release 140 ms
/main/master/multiband/2/max_reduction 3 dB
/main/master/multiband/3/threshold -26 dB
/main/master/multiband/3/ratio  1.8
/main/master/multiband/3/attack 8 ms
/main/master/multiband/3/release 100 ms
/main/master/multiband/3/max_reduction 3 dB
/main/master/multiband/4/threshold -32 dB
/main/master/multiband/4/ratio  1.8
/main/master/multiband/4/attack 4 ms
/main/master/multiband/4/release 80 ms
/main/master/multiband/4/max_reduction 3 dB
/main/master/field/on           on
/main/master/field/mono_below   90 Hz
/main/master/field/2/width      1.05
/main/master/field/3/width      1.15
/main/master/saturator/on       on
/main/master/saturator/drive    2 dB
/main/master/saturator/curve    tube
/main/master/saturator/mix      0.3
/main/master/clipper/on         on
/main/master/clipper/drive      3 dB
/main/master/clipper/ceiling    -1.5 dB
/main/master/clipper/knee       0.25
/main/limiter/on                on
/main/limiter/ceiling           -1 dB
/main/limiter/release           120 ms
)scene";
}

}  // namespace mixrig::app
