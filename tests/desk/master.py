#!/usr/bin/env python3
"""Mixes of different kinds become masters: loudness and true peak by our meter and by another one."""
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

import master_kinds

MIXRIG = os.environ.get("MIXRIG", "mixrig")
RATE = 48000
CHAIN = """# mixrig scene 1
/main/master/ms/on on
/main/master/ms/1/type hpf
/main/master/ms/1/freq 90 Hz
/main/master/ms/1/place side
/main/master/comp/1/on on
/main/master/comp/1/threshold -24 dB
/main/master/multiband/on on
/main/master/multiband/1/threshold -30 dB
/main/master/clipper/on on
/main/master/clipper/drive 3 dB
/main/limiter/release 60 ms
"""


def run(*words):
    return subprocess.run([MIXRIG, *map(str, words)], capture_output=True, text=True, timeout=120)


def write(path, sound, seconds=6.0):
    """16 bit, two channels; sound(t, n) gives both."""
    samples = array.array("h")
    for n in range(round(RATE * seconds)):
        for x in sound(n / RATE, n):
            samples.append(max(-32768, min(32767, round(32767 * x))))
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, RATE, len(samples) // 2, "NONE", ""))
        file.writeframes(samples.tobytes())


def chord(level, beat):
    """Tones and, if there is a beat, drums: short and ten times as loud."""
    def sound(t, n):
        tones = sum(math.sin(2 * math.pi * f * t) for f in (110, 277, 415)) / 3
        phase = t % 0.5
        drum = beat * math.exp(-phase * 60) * math.sin(2 * math.pi * 70 * phase)
        return level * (tones + drum), level * (0.8 * tones + drum)
    return sound


def noise(level, seed=3):
    dice = random.Random(seed)
    return lambda t, n: (level * dice.uniform(-1, 1), level * dice.uniform(-1, 1))


class Master(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.input, self.output = self.folder / "mix.wav", self.folder / "master.wav"

    def master(self, *words, code=0):
        done = run("master", self.input, "-o", self.output, "--json", *words)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(sorted(p.name for p in self.folder.iterdir() if "tmp" in p.name), [])
        return json.loads(done.stdout) if done.stdout else done.stderr

    @unittest.skipUnless(shutil.which("ffmpeg"), "ffmpeg is not installed")
    def test_mixes_of_other_kinds_reach_their_loudness_under_the_ceiling(self):
        for name, lufs in {"left side only": -14.0, "crescendo of 60 dB": -9.0, "very quiet": -14.0}.items():
            with self.subTest(name):  # all thirty: tests/desk/master_kinds.py
                source, codec = master_kinds.KINDS[name]
                master_kinds.generate(source, self.input, codec)
                said = self.master("--lufs", lufs)
                self.assertTrue(said["reached"])
                self.assertAlmostEqual(said["after"]["integrated_lufs"], lufs, delta=0.1)
                self.assertLessEqual(said["after"]["true_peak_dbtp"], -0.9)
                loudness, peak = master_kinds.by_ffmpeg(self.output)
                self.assertAlmostEqual(loudness, lufs, delta=0.1)
                self.assertLessEqual(peak, -0.85)

    def test_a_reference_is_compared_and_followed(self):
        write(self.input, noise(0.2), 4.0)
        gains = (0.8, -0.6, 0.5, -0.7)
        lines = ["low_shelf 120 0.7", "bell 400 0.5", "bell 2500 0.5", "high_shelf 8000 0.7"]
        chain, reference, suggested = (self.folder / name for name in ("chain.scene", "reference.wav", "suggested.scene"))
        chain.write_text("/main/master/ms/on on\n" + "".join(
            f"/main/master/ms/{b}/type {kind}\n/main/master/ms/{b}/freq {hertz} Hz\n/main/master/ms/{b}/q {q}\n"
            f"/main/master/ms/{b}/gain {gain} dB\n"
            for b, (gain, (kind, hertz, q)) in enumerate(zip(gains, map(str.split, lines)), 1)))
        self.master("--lufs", "-22", "--chain", chain)
        self.output.rename(reference)
        said = json.loads(run("master", self.input, "--reference", reference, "--suggest", suggested, "--json").stdout)["comparison"]
        self.assertFalse(self.output.exists())  # it was not asked for
        self.assertEqual([band["gain_db"] for band in said["suggested_eq"]], list(gains))  # in tenths
        self.assertAlmostEqual(said["reference"]["integrated_lufs"], -22.0, delta=0.1)
        self.assertAlmostEqual(said["mix"]["correlation"], 0.0, delta=0.02)
        self.assertGreater(said["distance_db"], 0.3)
        self.assertEqual(run("validate", suggested).returncode, 0)
        text = run("master", self.input, "--reference", reference).stdout
        self.assertIn("third octaves", text)
        self.assertIn(suggested.read_text().strip(), text)
        matched = self.master("--reference", reference, "--match")
        self.assertLess(matched["distance_db"], 0.02)
        self.assertGreater(self.master("--reference", reference)["distance_db"], 0.3)  # not unless asked
        chain.write_text("/main/master/ms/6/gain 1 dB\n")
        self.assertIn("no four bands", self.master("--reference", reference, "--match", "--chain", chain, code=1))
        self.assertEqual(run("master", self.input, "-o", self.output, "--match").returncode, 2)
        self.assertEqual(run("master", self.input).returncode, 2)

    def test_what_cannot_be_had_is_said(self):
        write(self.input, lambda t, n: (0.9 if n % 24000 < 4 else 0.0,) * 2)
        said = self.master("--lufs", "-8", code=1)
        self.assertFalse(said["reached"])
        self.assertLess(said["after"]["integrated_lufs"], -8.5)
        self.assertLessEqual(said["after"]["true_peak_dbtp"], -0.9)
        text = run("master", self.input, "-o", self.output, "--lufs", "-8")
        self.assertIn("cannot be had", text.stdout)
        self.assertGreater(said["reduction_db"], 6.0)

    def test_a_chain_is_heard_and_the_loudness_is_the_same(self):
        write(self.input, chord(0.05, 8))
        plain = self.master()
        first = self.output.read_bytes()
        chain = self.folder / "chain.scene"
        chain.write_text(CHAIN)
        self.assertEqual(run("validate", chain).returncode, 0)
        chained = self.master("--chain", chain)
        self.assertAlmostEqual(chained["after"]["integrated_lufs"], -14.0, delta=0.1)
        self.assertGreater(abs(chained["after"]["crest_db"] - plain["after"]["crest_db"]), 0.1)
        self.assertNotEqual(self.output.read_bytes(), first)
        self.master()
        self.assertEqual(self.output.read_bytes(), first)  # the same input, the same bytes

    def test_a_profile_a_rate_and_a_format_are_kept(self):
        write(self.input, chord(0.1, 2), 4.0)
        self.output = self.folder / "master.flac"
        said = self.master("--profile", "cd", "--rate", "44100", "--format", "flac16", "--lufs", "-12")
        self.assertEqual((said["target_lufs"], said["ceiling_dbtp"]), (-12.0, -0.3))
        self.assertAlmostEqual(said["after"]["duration_s"], 4.0, delta=0.001)
        facts = json.loads(run("measure", "--json", self.output).stdout)
        facts = facts[0] if isinstance(facts, list) else facts
        self.assertEqual(facts["rate_hz"], 44100)
        first = self.output.read_bytes()
        self.master("--profile", "cd", "--rate", "44100", "--format", "flac16", "--lufs", "-12", "--dither", "shaped")
        self.assertNotEqual(self.output.read_bytes(), first)

    def test_what_is_wrong_is_said_and_nothing_is_written(self):
        write(self.input, lambda t, n: (0.0, 0.0), 1.0)
        self.assertIn("silent", self.master(code=1))
        write(self.input, chord(0.1, 0), 2.0)
        chain = self.folder / "chain.scene"
        chain.write_text("/ch/1/fader -6 dB\n")
        self.assertIn("no part of a chain", self.master("--chain", chain, code=1))
        chain.write_text("/main/master/eq/1/gain loud\n")
        self.assertIn("chain.scene:1", self.master("--chain", chain, code=1))
        self.assertIn("no dither", self.master("--dither", "loud", code=1))
        self.assertIn("no profile", self.master("--profile", "tape", code=1))
        self.input = self.folder / "none.wav"
        self.assertIn("none.wav", self.master(code=1))
        self.assertFalse(self.output.exists())


if __name__ == "__main__":
    unittest.main()
