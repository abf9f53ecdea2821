#!/usr/bin/env python3
"""Damaged files are mended by the command and by a chain file; what is whole keeps its samples."""
# SPDX-License-Identifier: GPL-3.0-or-later
import array
import json
import math
import os
import pathlib
import random
import shutil
import subprocess
import tempfile
import unittest
import wave

MIXRIG = os.environ.get("MIXRIG", "mixrig")
RATE = 24000  # less to compute than at 48 kHz


def run(*words):
    return subprocess.run([MIXRIG, *map(str, words)], capture_output=True, text=True, timeout=120)


def tones(seconds):
    """Two sides of notes with a soft beginning, as floats."""
    sides = []
    for base in (196.0, 247.0):
        side = []
        for n in range(round(RATE * seconds)):
            t = n / RATE
            beat = t % 0.53
            level = 0.3 * min(1.0, beat / 0.01) * math.exp(-4 * beat)
            side.append(level * sum(math.sin(2 * math.pi * base * h * t) / h for h in (1, 2, 3)))
        sides.append(side)
    return sides


def write(path, sides):
    samples = array.array("h")
    for frame in zip(*sides):
        samples.extend(max(-32768, min(32767, round(32767 * x))) for x in frame)
    with wave.open(str(path), "wb") as file:
        file.setparams((len(sides), 2, RATE, 0, "NONE", ""))
        file.writeframes(samples.tobytes())


def read(path):
    with wave.open(str(path), "rb") as file:
        assert file.getsampwidth() == 2
        samples = array.array("h", file.readframes(file.getnframes()))
        return [samples[side::file.getnchannels()] for side in range(file.getnchannels())]


def distance(a, b):
    """Root of the mean square of the difference, dBFS."""
    power = sum((x - y) ** 2 for x, y in zip(a, b)) / len(a)
    return 10 * math.log10(power / 32768**2 + 1e-20)


class Restore(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.input, self.output = self.folder / "in.wav", self.folder / "out.wav"
        self.clean = self.folder / "clean.wav"

    def restore(self, *words, code=0):
        done = run("restore", self.input, "-o", self.output, "--json", *words)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual([p.name for p in self.folder.iterdir() if p.name.startswith(".")], [])
        return json.loads(done.stdout) if done.stdout else done.stderr

    def damaged(self, seconds=4.5):
        """Clicks and an offset left, clipping right, hum and noise on both; the first half second has only these."""
        clean = tones(seconds)
        dice = random.Random(1)
        for side in clean:
            side[: RATE // 2] = [0.0] * (RATE // 2)
        write(self.clean, clean)
        left, right = ([x + 0.004 * dice.gauss(0, 1) + 0.01 * math.sin(2 * math.pi * 50 * n / RATE)
                        + 0.005 * math.sin(2 * math.pi * 150 * n / RATE) for n, x in enumerate(side)] for side in clean)
        for at in range(RATE, len(left) - 100, RATE // 4):
            for n in range(3):
                left[at + n] += 0.5
        write(self.input, ([x + 0.02 for x in left], [max(-0.25, min(0.25, x)) for x in right]))

    def test_all_of_it_is_mended_and_told(self):
        self.damaged()
        said = self.restore("--clicks", "--clipping", "--hum", "--dc", "--noise", "0.05-0.45")
        left, right = said["channels"]
        self.assertGreaterEqual(left["clicks"]["clicks"], 12)  # of 14
        self.assertLessEqual(left["clicks"]["clicks"], 15)
        self.assertEqual(left["clipping"]["runs"], 0)
        self.assertGreater(right["clipping"]["runs"], 10)
        self.assertAlmostEqual(right["clipping"]["above_dbfs"], 20 * math.log10(0.25), delta=0.01)
        self.assertAlmostEqual(left["dc"]["offset_dbfs"], 20 * math.log10(0.02), delta=0.3)
        self.assertFalse(right["dc"]["removed"])
        for side in left, right:
            self.assertAlmostEqual(side["hum"]["hz"], 50.0, delta=0.02)
            self.assertLess(side["noise"]["after_dbfs"], side["noise"]["floor_dbfs"] - 9)
        before, after, clean = read(self.input), read(self.output), read(self.clean)
        for side in 0, 1:
            gained = distance(before[side], clean[side]) - distance(after[side], clean[side])
            self.assertGreater(gained, 6.0, f"side {side}")

    def test_what_is_whole_keeps_its_samples(self):
        write(self.input, tones(3.0))
        said = self.restore("--clicks", "--clipping", "--hum", "auto", "--dc")
        self.assertEqual(read(self.output), read(self.input))
        self.assertEqual((said["format"], said["gain_db"]), ("wav16", 0.0))
        for side in said["channels"]:
            self.assertEqual((side["clicks"]["clicks"], side["clipping"]["runs"]), (0, 0))
            self.assertFalse(side["hum"]["found"] or side["dc"]["removed"])

    def test_the_demo_band_has_no_clicks(self):
        run("demo", self.folder / "band", "--seconds", "3")
        false = {}
        for track in sorted((self.folder / "band").glob("*.wav")):
            self.input = track
            for side in self.restore("--clicks")["channels"]:
                false[track.stem] = false.get(track.stem, 0) + side["clicks"]["clicks"]
        self.assertEqual(len(false), 9)
        self.assertLessEqual(sum(false.values()), 0, false)

    def test_what_does_not_fit_is_turned_down_and_told(self):
        side = [max(-1.0, min(1.0, 1.3 * math.sin(2 * math.pi * 300 * n / RATE))) for n in range(RATE)]
        write(self.input, [side])
        said = self.restore("--clipping")
        self.assertAlmostEqual(said["peak_dbfs"], 20 * math.log10(1.3), delta=0.3)
        self.assertAlmostEqual(said["gain_db"], -said["peak_dbfs"], delta=0.01)
        self.assertEqual(self.restore("--clipping", "--format", "wav32f")["gain_db"], 0.0)
        self.assertIn("turned down", run("restore", self.input, "-o", self.output, "--clipping").stdout)

    def test_a_chain_says_the_same_to_restore_and_to_master(self):
        self.damaged(3.0)
        chain = self.folder / "chain.scene"
        chain.write_text("/restore/clicks/on on\n/restore/clicks/threshold 8\n/restore/dc/on on\n")
        self.assertEqual(run("validate", chain).returncode, 0)
        said = self.restore("--chain", chain)["channels"][0]
        self.assertGreater(said["clicks"]["clicks"], 5)
        self.assertTrue(said["dc"]["removed"])
        masters = []
        for words in ([self.input, "--chain", chain], [self.output]):
            made = self.folder / "master.wav"
            self.assertEqual(run("master", *words, "-o", made, "--format", "wav16").returncode, 0)
            masters.append(read(made))
        # But for the 16 bit that the file between them has.
        self.assertLess(distance(masters[0][0], masters[1][0]), -85)

    def test_what_is_wrong_is_said_and_nothing_is_written(self):
        write(self.input, tones(1.0))
        self.assertIn("nothing to do", self.restore(code=1))
        self.assertIn("learn the noise", self.restore("--noise", "0.5-3", code=1))
        self.assertIn("learn the noise", self.restore("--noise", "0.5", code=1))
        chain = self.folder / "chain.scene"
        chain.write_text("/ch/1/fader -6 dB\n")
        self.assertIn("no part of a restoration", self.restore("--chain", chain, code=1))
        chain.write_text("/restore/hum/mains 55\n")
        self.assertIn("chain.scene:1", self.restore("--chain", chain, code=1))
        self.restore("--hum", "55", code=2)
        self.input = self.folder / "none.wav"
        self.assertIn("none.wav", self.restore("--dc", code=1))
        self.assertFalse(self.output.exists())


if __name__ == "__main__":
    unittest.main()
