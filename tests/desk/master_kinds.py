#!/usr/bin/env python3
"""Thirty mixes of different kinds, and what `mixrig master` makes of them: by hand, in minutes; prints a table."""
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

MIXRIG = os.environ.get("MIXRIG", "mixrig")
TOLERANCE = 0.1  # LU

CHORD = "(sin(2*PI*110*t)+sin(2*PI*277*t)+sin(2*PI*415*t))/3"
KICK = "exp(-60*mod(t,0.5))*sin(2*PI*70*mod(t,0.5))"
SNARE = "exp(-40*mod(t+0.25,0.5))*(2*random(%d)-1)"
DICE = "(2*random(%d)-1)"


def expression(left, right=None, rate=48000, seconds=10):
    """A source of ffmpeg: what both sides play at second t, sample n."""
    sides = "|".join(side.replace(",", "\\,") for side in (left, right) if side is not None)
    return f"aevalsrc=exprs={sides}:s={rate}:d={seconds}"


def noise(colour, level, rate=48000, seconds=10):
    one, other = (f"anoisesrc=c={colour}:a={level}:r={rate}:d={seconds}:seed={seed}" for seed in (1, 2))
    return f"{one}[a];{other}[b];[a][b]amerge"


def both(text, **more):
    return expression(text, text, **more)


def mix(rate, seconds=10):
    return expression(f"0.2*{CHORD}+0.5*{KICK}+0.2*{SNARE % 0}", f"0.16*{CHORD}+0.5*{KICK}+0.2*{SNARE % 1}", rate, seconds)


# Name: source of ffmpeg, and how it is stored.
KINDS = {
    "white noise": (noise("white", 0.5), "pcm_s24le"),
    "pink noise": (noise("pink", 0.5), "pcm_s24le"),
    "brown noise": (noise("brown", 0.5), "pcm_s24le"),
    "violet noise": (noise("violet", 0.5), "pcm_s24le"),
    "sine of 40 Hz": (both("0.5*sin(2*PI*40*t)"), "pcm_s24le"),
    "sine of 1 kHz": (both("0.5*sin(2*PI*1000*t)"), "pcm_s24le"),
    "sine of 15 kHz": (both("0.5*sin(2*PI*15000*t)"), "pcm_s24le"),
    "peaks between samples": (both("0.7*sin(PI*n/2+PI/4)"), "pcm_s24le"),
    "square wave": (both("0.6*gt(sin(2*PI*441*t),0)-0.3"), "pcm_s24le"),
    "sweep": (both("0.4*sin(2*PI*20*10/log(1000)*(exp(t/10*log(1000))-1))"), "pcm_s24le"),
    "chord": (expression(f"0.3*{CHORD}", f"0.24*{CHORD}"), "pcm_s24le"),
    "drums": (expression(f"0.8*{KICK}+0.4*{SNARE % 0}", f"0.8*{KICK}+0.4*{SNARE % 1}"), "pcm_s24le"),
    "drums over a quiet chord": (both(f"0.02*{CHORD}+0.9*{KICK}"), "pcm_s24le"),
    "dense, clipped": (f"{noise('pink', 1.0)},volume=20dB:precision=float,asoftclip=type=hard", "pcm_s16le"),
    "clicks, eight a second": (both("0.9*lt(mod(n,6000),4)"), "pcm_s24le"),
    "clicks, one in two seconds": (both("0.9*lt(mod(n,96000),2)"), "pcm_s24le"),
    "silence, one burst": (both(f"0.3*between(t,4,4.6)*{DICE % 0}"), "pcm_s24le"),
    "very quiet": (both(f"0.0015*{CHORD}"), "pcm_f32le"),
    "at the gate": (both(f"0.00065*{CHORD}"), "pcm_f32le"),
    "20 dB over full scale": (both(f"10*{CHORD}+8*{KICK}"), "pcm_f32le"),
    "mono": (expression(f"0.3*{CHORD}+0.5*{KICK}"), "pcm_s24le"),
    "left side only": (expression(f"0.3*{CHORD}+0.5*{KICK}", "0"), "pcm_s24le"),
    "out of phase": (expression(f"0.3*{CHORD}+0.5*{KICK}", f"-0.3*{CHORD}-0.5*{KICK}"), "pcm_s24le"),
    "asymmetric": (both("0.8*pow(0.5+0.5*sin(2*PI*220*t),8)-0.1"), "pcm_s24le"),
    "offset of 0.3": (both(f"0.3+0.2*{CHORD}"), "pcm_s24le"),
    "crescendo of 60 dB": (both(f"{CHORD}*pow(10,(t-20)*3/20)", seconds=20), "pcm_s24le"),
    "speech-like, crest 25 dB": (both(f"0.9*pow(max(0,sin(2*PI*3.1*t)*sin(2*PI*0.7*t)),6)*{DICE % 0}", seconds=20), "pcm_s24le"),
    "one second": (mix(48000, 1), "pcm_s24le"),
    "44.1 kHz, three minutes": (mix(44100, 180), "pcm_s16le"),
    "192 kHz": (mix(192000), "pcm_s24le"),
}
# Has no loudness: is refused.
NONE = {
    "silence": both("0"),
    "0.3 seconds": mix(48000, 0.3),
    "noise of -80 LUFS": noise("pink", 0.0001),
}


def generate(source, path, codec="pcm_s24le"):
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-filter_complex", source, "-c:a", codec, "-rf64", "never", path],
                   check=True, stdin=subprocess.DEVNULL)


def by_ffmpeg(path):
    """Loudness to a thousandth, and true peak, of ffmpeg's ebur128."""
    said = subprocess.run(["ffmpeg", "-nostats", "-i", path, "-af", "ebur128=metadata=1:peak=true:framelog=verbose,"
                           "ametadata=print:key=lavfi.r128.I:file=-", "-f", "null", "-"],
                          capture_output=True, text=True, stdin=subprocess.DEVNULL)
    loudness = float(re.findall(r"lavfi\.r128\.I=(\S+)", said.stdout)[-1])
    peak = float(re.search(r"Peak:\s+(\S+) dBFS", said.stderr[said.stderr.rindex("Summary:"):]).group(1))
    return loudness, peak


def master(path, output, lufs, *words):
    """What the command said: an object of figures, or the reason."""
    done = subprocess.run([MIXRIG, "master", path, "-o", output, "--json", "--lufs", str(lufs), *words],
                          capture_output=True, text=True, timeout=600)
    if not done.stdout:
        return done.returncode, done.stderr.strip()
    return done.returncode, json.loads(done.stdout)


def row(name, path, output, lufs):
    """A line of the table, and whether it is as promised."""
    code, said = master(path, output, lufs)
    if isinstance(said, str):
        return f"| {name} | refused: {said.split(': ', 2)[-1]} |", code == 1
    loudness, peak = by_ffmpeg(output)
    reached = abs(loudness - lufs) <= TOLERANCE
    honest = (code == 0) == said["reached"] and (reached or code == 1)
    # What the limiter holds other meters see 0.13 dB higher at most (dsp/limiter.h).
    kept = peak <= said["ceiling_dbtp"] + 0.15
    return (f"| {name} | {said['before']['integrated_lufs']:.1f} | {said['gain_db']:+.1f} | {said['reduction_db']:.1f} | "
            f"{said['passes']} | {loudness:.2f} | {peak:.1f} | {'yes' if reached else 'no: ' + said['reason']} |"), honest and kept


def main():
    targets = [float(word) for word in sys.argv[1:]] or [-14.0, -9.0]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        source, output = pathlib.Path(folder) / "mix.wav", pathlib.Path(folder) / "master.wav"
        rows = {lufs: [] for lufs in targets}
        for name, (text, codec) in KINDS.items():
            generate(text, source, codec)
            for lufs in targets:
                line, good = row(name, source, output, lufs)
                rows[lufs].append(line)
                failed += not good
                if not good:
                    print(f"FAILED {line}", file=sys.stderr)
        for name, text in NONE.items():
            generate(text, source)
            line, good = row(name, source, output, targets[0])
            rows[targets[0]].append(line)
            failed += not good
    for lufs, lines in rows.items():
        print(f"\n{lufs:g} LUFS under -1 dBTP:\n\n| mix | LUFS | gain | limiter | tries | LUFS by ffmpeg | dBTP by ffmpeg | reached |")
        print("|---|---|---|---|---|---|---|---|")
        print("\n".join(lines))
    print(f"\n{failed} failed", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
