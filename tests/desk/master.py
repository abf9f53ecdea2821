#!/usr/bin/env python3
"""Mixes of different kinds become masters: loudness and true peak by our meter and by another one."""
# SPDX-License-Identifier: GPL-3.0-or-later
import array
import json
import math
import os
import pathlib
import random
import re
import shutil
import subprocess
import tempfile
import unittest
import wave

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

    def ebur128(self):
        """Loudness and true peak by ffmpeg."""
        if not shutil.which("ffmpeg"):
            self.skipTest("ffmpeg is not installed")
        said = subprocess.run(["ffmpeg", "-nostats", "-i", self.output, "-af", "ebur128=peak=true", "-f", "null", "-"],
                              capture_output=True, text=True).stderr
        said = said[said.rindex("Summary:"):]
        return (float(re.search(r"I:\s+(-?[\d.]+) LUFS", said).group(1)),
                float(re.search(r"Peak:\s+(-?[\d.]+) dBFS", said).group(1)))

    def test_mixes_of_all_kinds_reach_their_loudness_under_the_ceiling(self):
        kinds = {"even": chord(0.3, 0), "drums": chord(0.04, 10), "quiet": chord(0.004, 3), "noise": noise(0.5)}
        for name, sound in kinds.items():
            with self.subTest(name):
                write(self.input, sound)
                said = self.master()
                self.assertTrue(said["reached"])
                self.assertAlmostEqual(said["after"]["integrated_lufs"], -14.0, delta=0.1)
                self.assertLessEqual(said["after"]["true_peak_dbtp"], -0.9)
                loudness, peak = self.ebur128()
                self.assertAlmostEqual(loudness, -14.0, delta=0.15)  # it tells tenths
                self.assertLessEqual(peak, -0.9)

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

    def test_what_is_wrong_is_said_and_nothing_is_written(self):
        write(self.input, lambda t, n: (0.0, 0.0), 1.0)
        self.assertIn("silent", self.master(code=1))
        write(self.input, chord(0.1, 0), 2.0)
        chain = self.folder / "chain.scene"
        chain.write_text("/ch/1/fader -6 dB\n")
        self.assertIn("no part of a chain", self.master("--chain", chain, code=1))
        chain.write_text("/main/master/eq/1/gain loud\n")
        self.assertIn("chain.scene:1", self.master("--chain", chain, code=1))
        self.assertIn("no profile", self.master("--profile", "tape", code=1))
        self.input = self.folder / "none.wav"
        self.assertIn("none.wav", self.master(code=1))
        self.assertFalse(self.output.exists())


if __name__ == "__main__":
    unittest.main()
