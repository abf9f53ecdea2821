#!/usr/bin/env python3
"""From tracks to a CD by the commands of the README, confirmed by other programs: ffmpeg, cdrdao, and sums made here."""
# SPDX-License-Identifier: GPL-3.0-or-later
import array
import json
import math
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def commands_of(readme):
    """The lines of the README from the song of a minute to the album, as one script."""
    text = readme.read_text()
    begin = text.index("    mixrig demo minute --song")
    end = text.index("\n\n", text.index("    mixrig verify cd"))
    lines = [line[4:] for line in text[begin:end].splitlines()]
    return "set -eux\n" + "\n".join(lines) + "\n"


def floats_of(path):
    """Samples of a WAV of 24 bits."""
    data, at = path.read_bytes(), 12
    while data[at : at + 4] != b"data":
        at += 8 + (struct.unpack("<I", data[at + 4 : at + 8])[0] + 1) // 2 * 2
    data = data[at + 8 : at + 8 + struct.unpack("<I", data[at + 4 : at + 8])[0]]
    whole = bytearray(len(data) // 3 * 4)
    for byte in range(3):
        whole[byte + 1 :: 4] = data[byte::3]
    return array.array("i", bytes(whole))


def heard_by_ffmpeg(path):
    done = subprocess.run(["ffmpeg", "-nostats", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"], capture_output=True, text=True)
    summary = done.stderr[done.stderr.rindex("Summary") :]
    return [float(re.search(what + r"\s+(-?[\d.]+)", summary).group(1)) for what in ("I:", "Peak:")]


def check(what, holds):
    print(("ok      " if holds else "FAILED  ") + what, flush=True)
    return holds


def main():
    mixrig = pathlib.Path(os.environ.get("MIXRIG", ROOT / "build/src/app/mixrig")).resolve()
    good = True
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        env = os.environ | {"PATH": f"{mixrig.parent}:{os.environ['PATH']}"}
        # What the README has done before.
        before = f"ln -s {ROOT}/configs configs; mixrig demo demo; cp -r {ROOT}/configs/song song; sed -i 's|../../demo|../demo|' song/song.toml; mixrig bounce song/song.toml -o out\n"
        done = subprocess.run(["bash", "-c", before + commands_of(ROOT / "README.md")], cwd=folder, env=env)
        good &= check("the README's commands end well", done.returncode == 0)

        mixes = folder / "mixes"
        mix = floats_of(mixes / "The Oscillators-One Minute-FullMix.wav")
        stems = [floats_of(path) for path in sorted(mixes.glob("*-Stem*.wav"))]
        good &= check(f"{len(stems)} stems", len(stems) == 8)
        good &= check("as long as the mix", {len(x) for x in stems} == {len(mix)})
        worst = max(abs(x - sum(parts)) for x, *parts in zip(mix, *stems)) / 2**31
        good &= check(f"they add up to it within {20 * math.log10(worst):.1f} dBFS", worst < 1e-6)
        certificate = json.loads((mixes / "The Oscillators-One Minute-Null.json").read_text())
        said = certificate["residual_dBFS"]
        good &= check(f"the certificate says {said:.1f} dBFS", abs(said - 20 * math.log10(worst)) < 0.01)
        good &= check("there is a pre-master", (mixes / "The Oscillators-One Minute-PreMaster.wav").is_file())
        good &= check("there is a report", b"<svg" in (folder / "mix.html").read_bytes())
        for name in ("one", "two", "three"):
            loudness, peak = heard_by_ffmpeg(folder / f"{name}.wav")
            # ffmpeg prints one decimal of each.
            good &= check(f"{name}.wav: {loudness} LUFS, {peak} dBTP by ffmpeg", abs(loudness + 14) <= 0.1001 and peak <= -0.9)
        toc = next((folder / "cd").rglob("*.toc"))
        shown = subprocess.run(["cdrdao", "show-toc", toc.name], cwd=toc.parent, capture_output=True, text=True)
        tracks = len(re.findall(r"^TRACK", shown.stdout, re.M))
        good &= check(f"cdrdao reads a TOC of {tracks} tracks", shown.returncode == 0 and tracks == 3)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
