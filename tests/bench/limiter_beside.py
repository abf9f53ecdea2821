#!/usr/bin/env python3
"""Our limiter beside ffmpeg's alimiter on the same material: distortion, pumping, overshoot; by hand, prints tables."""
# SPDX-License-Identifier: GPL-3.0-or-later
import array
import json
import math
import os
import pathlib
import random
import subprocess
import tempfile

MIXRIG = os.environ.get("MIXRIG", "mixrig")
RATE = 48000
CEILING = -1.0  # dB
RELEASE = 0.1  # s
SCENE = """# mixrig scene 1
/main/limiter/on on
/main/limiter/ceiling {ceiling} dB
/main/limiter/release {release} ms
"""
def write_song(folder, scene, file):
    """song.toml: one stereo channel into main."""
    (folder / "song.toml").write_text("[desk]\nchannels = 1\n" + "".join(
        f"{kind} = 0\n" for kind in ("subgroups", "auxes", "effects", "matrices")) +
        f'[song]\nscene = "{scene}"\n[[track]]\nchannel = 1\nfile = "{file}"\n')


def write(path, samples):
    """Mono float, so that what is over full scale stays."""
    raw = array.array("f", samples)
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "f32le", "-ar", str(RATE), "-ac", "1", "-i", "-",
                    "-af", "pan=stereo|c0=c0|c1=c0", "-c:a", "pcm_f32le", path], input=raw.tobytes(), check=True)


def read(path):
    done = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-af", "pan=mono|c0=c0", "-f", "f32le", "-"],
                          capture_output=True, check=True)
    return array.array("f", done.stdout)


def ours(folder, release=RELEASE):
    (folder / "limiter.scene").write_text(SCENE.format(ceiling=CEILING, release=1000 * release))
    write_song(folder, "limiter.scene", "in.wav")
    subprocess.run([MIXRIG, "bounce", folder / "song.toml", "-o", folder / "bounce", "--format", "wav32f"],
                   check=True, capture_output=True)
    next((folder / "bounce").glob("*.wav")).rename(folder / "out.wav")


def alimiter(folder, before="", after=""):
    limit = f"alimiter=limit={10 ** (CEILING / 20)}:attack=5:release={1000 * RELEASE}:level=disabled:latency=1"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", folder / "in.wav", "-af", before + limit + after,
                    "-c:a", "pcm_f32le", folder / "out.wav"], check=True)


LIMITERS = {
    "ours": ours,
    "ours, 40 ms": lambda folder: ours(folder, 0.04),
    "alimiter": alimiter,
    "alimiter at 192 kHz": lambda folder: alimiter(folder, "aresample=192000:resampler=soxr:precision=28,",
                                                   ",aresample=48000:resampler=soxr:precision=28"),
}


def tone(samples, hertz):
    """Amplitude of a tone that fits a whole number of times."""
    turn = 2 * math.pi * hertz / RATE
    real = sum(x * math.cos(turn * n) for n, x in enumerate(samples))
    imaginary = sum(x * math.sin(turn * n) for n, x in enumerate(samples))
    return 2 * math.hypot(real, imaginary) / len(samples)


def decibels(ratio):
    return 20 * math.log10(max(ratio, 1e-12))


def limited(folder, name, samples):
    write(folder / "in.wav", samples)
    LIMITERS[name](folder)
    return read(folder / "out.wav")


def distortion(folder, name, hertz, over):
    """THD in dB of the second second of a sine, harmonics 2 to 10."""
    level = 10 ** ((CEILING + over) / 20)
    out = limited(folder, name, [level * math.sin(2 * math.pi * hertz * n / RATE) for n in range(5 * RATE // 2)])
    steady = out[RATE:2 * RATE]
    harmonics = [tone(steady, k * hertz) for k in range(2, 11)]
    return decibels(math.sqrt(sum(h * h for h in harmonics)) / tone(steady, hertz))


def pumping(folder, name, over):
    """How far a steady tone goes down under kicks that are `over` dB over the ceiling, and its mean loss."""
    level = 10 ** ((CEILING + over) / 20)

    def sample(n):
        t = n / RATE % 0.5
        return 0.05 * math.sin(2 * math.pi * 3000 * n / RATE) + level * math.exp(-t * 30) * math.cos(2 * math.pi * 60 * t)
    out = limited(folder, name, [sample(n) for n in range(5 * RATE // 2)])
    window = RATE // 100  # 10 ms: thirty periods
    levels = [decibels(tone(out[n:n + window], 3000) / 0.05) for n in range(RATE, 2 * RATE, window)]
    back = [n for n, dB in enumerate(levels[:50]) if dB < -1.0]
    return max(levels) - min(levels), 10.0 * len(back), sum(levels) / len(levels)


def materials():
    dice = random.Random(1)
    return {
        "noise, 12 dB over": [4 * dice.uniform(-1, 1) for _ in range(2 * RATE)],
        "sine of a quarter of the rate": [2 * math.sin(math.pi * n / 2 + math.pi / 4) for n in range(2 * RATE)],
        "square wave, 6 dB over": [2.0 if n // 54 % 2 else -2.0 for n in range(2 * RATE)],
        "clicks, 12 dB over": [4.0 if n % 5000 < 2 else 0.0 for n in range(2 * RATE)],
        "sweep, 6 dB over": [2 * math.sin(2 * math.pi * 20 * 2 / math.log(1000) * (1000 ** (n / RATE / 2) - 1))
                             for n in range(2 * RATE)],
    }


def overshoot(folder, name, samples):
    """Samples, and the peaks between them by libebur128, over the ceiling in dB."""
    limited(folder, name, samples)
    out = json.loads(subprocess.run([MIXRIG, "measure", "--json", folder / "out.wav"], capture_output=True, check=True).stdout)[0]
    return out["sample_peak_dbfs"] - CEILING, out["true_peak_dbtp"] - CEILING


def main():
    names = list(LIMITERS)
    head = " | ".join(names)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        print(f"| THD, dB | {head} |\n|{'---|' * (len(names) + 1)}")
        for hertz in (1000, 100, 40):
            for over in (3, 6, 12):
                found = " | ".join(f"{distortion(folder, name, hertz, over):.1f}" for name in names)
                print(f"| {hertz} Hz, {over} dB over | {found} |", flush=True)
        print(f"\n| kicks: depth dB, ms below -1 dB, mean dB | {head} |\n|{'---|' * (len(names) + 1)}")
        for over in (3, 6, 12):
            found = " | ".join("{:.1f}, {:.0f}, {:.1f}".format(*pumping(folder, name, over)) for name in names)
            print(f"| {over} dB over | {found} |", flush=True)
        print(f"\n| over the ceiling, dB: samples, true peak | {head} |\n|{'---|' * (len(names) + 1)}")
        for what, samples in materials().items():
            found = " | ".join("{:+.2f}, {:+.2f}".format(*overshoot(folder, name, samples)) for name in names)
            print(f"| {what} | {found} |", flush=True)


if __name__ == "__main__":
    main()
