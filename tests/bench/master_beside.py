#!/usr/bin/env python3
"""Speed of bounce and master beside ffmpeg doing comparable work, alternating, in one run; by hand, prints a table."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "desk"))
import master_kinds  # noqa: E402
from limiter_beside import write_song  # noqa: E402

MIXRIG = os.environ.get("MIXRIG", "mixrig")
SECONDS = 180
RUNS = 3
CHAIN = """# mixrig scene 1
/main/master/ms/on on
/main/master/ms/1/type hpf
/main/master/ms/1/freq 90 Hz
/main/master/ms/1/place side
/main/master/ms/2/freq 300 Hz
/main/master/ms/2/gain -1 dB
/main/master/ms/3/type high_shelf
/main/master/ms/3/freq 9000 Hz
/main/master/ms/3/gain 1 dB
/main/master/comp/1/on on
/main/master/comp/1/threshold -24 dB
/main/master/comp/2/on on
/main/master/comp/2/threshold -20 dB
/main/master/multiband/on on
/main/master/multiband/1/threshold -30 dB
/main/master/multiband/2/threshold -30 dB
/main/master/multiband/3/threshold -30 dB
/main/master/multiband/4/threshold -30 dB
/main/master/field/on on
/main/master/field/mono_below 100 Hz
/main/master/saturator/on on
/main/master/saturator/drive 2 dB
/main/master/clipper/on on
/main/master/clipper/drive 3 dB
"""
# As near to it as ffmpeg comes; its clipper at four times the rate where ours has sixteen.
FFMPEG_CHAIN = ("equalizer=f=300:t=q:w=1:g=-1,highshelf=f=9000:g=1,acompressor=threshold=-24dB:ratio=3,acompressor=threshold=-20dB:ratio=3,"
                "mcompand=args='0.01,0.15 6 -60/-60\\,-30/-30\\,0/-15 120 | 0.01,0.15 6 -60/-60\\,-30/-30\\,0/-15 600 | "
                "0.01,0.15 6 -60/-60\\,-30/-30\\,0/-15 3000 | 0.01,0.15 6 -60/-60\\,-30/-30\\,0/-15 20000',"
                "volume=-16dB,stereotools=slev=1,asoftclip=type=tanh:oversample=4,asoftclip=type=hard:oversample=4,")
SCENE = """# mixrig scene 1
/ch/1/eq/on on
/ch/1/eq/2/gain 2 dB
/ch/1/eq/4/gain -2 dB
/ch/1/comp/1/on on
/main/limiter/on on
"""


def run(*words):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def loudnorm(folder, before=""):
    """Two passes, as its documentation has them."""
    target = "loudnorm=I=-14:TP=-1:LRA=11"
    said = run("ffmpeg", "-nostats", "-i", folder / "mix.wav", "-af", f"{before}{target}:print_format=json", "-f", "null", "-").stderr
    found = dict(re.findall(r'"(\w+)" : "(-?[\d.inf]+)"', said[said.rindex("{"):]))
    second = (f"{target}:measured_I={found['input_i']}:measured_TP={found['input_tp']}:measured_LRA={found['input_lra']}:"
              f"measured_thresh={found['input_thresh']}:offset={found['target_offset']}:linear=true")
    run("ffmpeg", "-v", "error", "-y", "-i", folder / "mix.wav", "-af", f"{before}{second}", "-ar", "48000", "-c:a", "pcm_s24le", folder / "ffmpeg.wav")


# What is run, and what of ffmpeg it is held against.
JOBS = {
    "bounce: equaliser, compressor, limiter": lambda f: run(MIXRIG, "bounce", f / "song.toml", "-o", f / "bounce"),
    "ffmpeg: equaliser, compressor, alimiter": lambda f: run(
        "ffmpeg", "-v", "error", "-y", "-i", f / "mix.wav", "-af", "equalizer=f=200:t=q:w=1:g=2,equalizer=f=1500:t=q:w=1:g=-2,acompressor,alimiter",
        "-c:a", "pcm_s24le", f / "ffmpeg.wav"),
    "master: gain and limiter": lambda f: run(MIXRIG, "master", f / "mix.wav", "-o", f / "out.wav"),
    "ffmpeg: loudnorm, two passes": loudnorm,
    "master: full chain": lambda f: run(MIXRIG, "master", f / "mix.wav", "-o", f / "out.wav", "--chain", f / "chain.scene"),
    "ffmpeg: chain and loudnorm, two passes": lambda f: loudnorm(f, FFMPEG_CHAIN),
}


def measured(job, folder):
    """Seconds on the clock, and of the processor for us."""
    before, start = os.times(), time.monotonic()
    job(folder)
    after = os.times()
    return time.monotonic() - start, after.children_user - before.children_user


def main():
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        master_kinds.generate(master_kinds.mix(48000, SECONDS), folder / "mix.wav")
        (folder / "chain.scene").write_text(CHAIN)
        (folder / "song.scene").write_text(SCENE)
        write_song(folder, "song.scene", "mix.wav")
        times = {name: [] for name in JOBS}
        for _ in range(RUNS):
            for name, job in JOBS.items():
                times[name].append(measured(job, folder))
    print(f"| {SECONDS} s, median of {RUNS} | wall, s | user, s | times real time (user) |\n|---|---|---|---|")
    for name, found in times.items():
        wall, user = (statistics.median(column) for column in zip(*found))
        print(f"| {name} | {wall:.1f} | {user:.1f} | {SECONDS / user:.0f} |")


if __name__ == "__main__":
    main()
