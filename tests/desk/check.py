#!/usr/bin/env python3
"""The mix doctor as a program: songs and files of known faults, exit codes, JSON, the report, a running desk."""
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import math
import os
import pathlib
import random
import shutil
import socket
import subprocess
import tempfile
import unittest
import wave
import xml.dom.minidom

MIXRIG = os.environ.get("MIXRIG", "mixrig")
RATE = 48000


def run(*words):
    return subprocess.run([MIXRIG, *map(str, words)], capture_output=True, text=True, timeout=120)


def write(path, sound, seconds=3.0, channels=1, width=3):
    """sound(t) gives one value a channel; the first and the last 20 ms are silent."""
    frames = round(RATE * seconds)
    data = bytearray()
    scale, edge = 2 ** (8 * width - 1) - 1, RATE // 50
    for n in range(frames):
        values = sound(n / RATE) if edge <= n < frames - edge else (0.0,) * channels
        for x in values:
            data += round(scale * max(-1.0, min(1.0, x))).to_bytes(width, "little", signed=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, width, RATE, frames, "NONE", ""))
        file.writeframes(bytes(data))


def tone(hertz, level):
    return lambda t: (level * math.sin(2 * math.pi * hertz * t),)


def wide(hertz, level):
    """Mono but for the low end, which is turned on one side."""
    def sound(t):
        low, high = (level * math.sin(2 * math.pi * f * t) for f in (55, hertz))
        return high + low, high - low
    return sound


TRACK = '[[track]]\nfile = "{0}.wav"\nchannel = {1}\nstem = "{0}"\nrole = "{2}"\n'


class Check(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        write(cls.folder / "bass.wav", tone(70, 0.2))
        write(cls.folder / "voice.wav", tone(440, 0.16))
        write(cls.folder / "pad.wav", wide(452, 0.1), channels=2)
        cls.tracks = "".join(TRACK.format(name, n + 1, role) for n, (name, role) in
                             enumerate([("bass", "bass"), ("voice", "vocal"), ("pad", "other")]))

    def song(self, scene):
        (self.folder / "mix.scene").write_text(scene)
        path = self.folder / "song.toml"
        path.write_text(f'[song]\ntitle = "One"\nscene = "mix.scene"\n{self.tracks}')
        return path

    def verdicts(self, *words, code=0):
        done = run("check", "--json", *words)
        self.assertEqual(done.returncode, code, done.stderr)
        checked = json.loads(done.stdout)
        self.assertEqual(len(checked), 1)
        return {(v["rule"], v["where"]): v for v in checked[0]["findings"]}, checked[0]

    def test_a_song_is_heard_at_every_strip(self):
        found, whole = self.verdicts(self.song(""))
        self.assertEqual(whole["profile"], "classic")
        peak = found["A01", "/ch/1 bass"]
        self.assertAlmostEqual(peak["figure"], 20 * math.log10(0.2), delta=0.05)
        self.assertEqual(peak["result"], "pass")
        self.assertGreater(found["F08", "/ch/3 pad"]["figure"], 40)  # all of its low end is side
        self.assertEqual(found["F08", "/ch/3 pad"]["result"], "fail")
        self.assertEqual(found["H01", ""]["figure"], 3)
        self.assertEqual(found["N06", ""]["result"], "pass")
        self.assertNotIn(("K12", ""), found)
        self.assertGreater(whole["failed"], 0)

    def test_settings_and_processors_are_judged(self):
        scene = """/ch/1/hpf/on on\n/ch/1/hpf/freq 150 Hz\n/ch/1/pan 0.5\n/ch/2/trim -30 dB
/ch/2/comp/1/on on\n/ch/2/comp/1/threshold -60 dB\n/ch/2/comp/1/ratio 20\n/main/limiter/on on\n/main/limiter/ceiling -20 dB
/main/master/comp/1/on on\n/main/master/comp/1/threshold -40 dB\n/main/master/eq/on on\n/main/master/eq/2/gain 6 dB\n"""
        report = self.folder / "song.html"
        found, _ = self.verdicts(self.song(scene), "--gate", "--report", report, code=1)
        for rule, where in [("A01", "/ch/2 voice"), ("D01", "/ch/1 bass"), ("C02", "/ch/1 bass"), ("E07", "/ch/2 voice"),
                            ("J01", ""), ("E05", ""), ("J03", "")]:
            self.assertEqual(found[rule, where]["result"], "fail", (rule, where))
            self.assertTrue(found[rule, where]["todo"])
        self.assertEqual(found["D01", "/ch/1 bass"]["figure"], 150)
        # 30 dB down the pad, a few hertz away, covers the voice.
        self.assertEqual(found["B09", "/ch/2 voice"]["note"], "by pad")
        self.assertGreater(found["B09", "/ch/2 voice"]["figure"], 90)
        page = report.read_text(encoding="utf-8")
        xml.dom.minidom.parseString(page.split("\n", 1)[1].encode())
        for plot in ["loudness over time", "spectrum in third octaves", "correlation over time", "gain reduction over time",
                     "which strip masks which"]:
            self.assertIn(f'aria-label="{plot}"', page)
        for foreign in ["<script", "<link", "<img", "url(", "@import"]:
            self.assertNotIn(foreign, page)
        self.assertNotRegex(page.replace("http://www.w3.org/1999/xhtml", ""), r"https?://")

    def test_files_are_judged_as_masters_or_as_mixes(self):
        dice = random.Random(2)
        noise = self.folder / "noise.wav"
        write(noise, lambda t: (dice.uniform(-1, 1),) * 2, 1.5, channels=2, width=2)
        found, _ = self.verdicts(noise)
        self.assertEqual([found[rule, ""]["result"] for rule in ("K12", "K13", "N03")], ["fail"] * 3)
        found, _ = self.verdicts(noise, "--profile", "cd")
        self.assertEqual(found["N03", ""]["result"], "pass")
        self.assertEqual(found["N05-cd", ""]["result"], "fail")
        found, _ = self.verdicts(noise, "--profile", "classic", "--reference", noise)
        self.assertEqual(found["B03", ""]["result"], "fail")
        self.assertEqual(found["I07", ""]["figure"], 0)
        self.assertNotIn(("B08", ""), found)

    def test_what_is_wrong_is_said(self):
        self.assertEqual(run("check").returncode, 2)
        for words in [["none.wav"], ["none.toml"], [self.folder / "bass.wav", "--profile", "tape"],
                      [self.folder / "bass.wav", "--reference", "none.wav"]]:
            done = run("check", *words)
            self.assertEqual(done.returncode, 1, words)
            self.assertRegex(done.stderr, "none|tape")
        two = run("check", self.folder / "bass.wav", "none.wav", "--json")
        self.assertEqual((two.returncode, len(json.loads(two.stdout))), (1, 1))

    def test_a_running_desk_answers(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        desk = self.folder / "desk.toml"
        desk.write_text(f'[osc]\nport = {port}\n[state]\nfolder = "{self.folder}/state"\n')
        live = subprocess.Popen([MIXRIG, "run", "-c", desk, "--backend", "null"], stderr=subprocess.PIPE, text=True)
        try:
            for line in live.stderr:
                if "audio: null" in line:
                    break
            def ask(*words):
                return run("set", "--port", port, *words)
            self.assertIn("none", ask("/qa/A01").stdout)
            ask("/main/master/eq/on", "on")
            ask("/main/master/eq/1/gain", "9")
            self.assertRegex(ask("/qa/J03").stdout, r"/qa/J03 fail 9.*boldest band of the main bus: 9\.0 dB")
            self.assertGreater(len(ask("/qa/list").stdout.splitlines()), 10)
            self.assertIn("no such rule", ask("/qa/Z99").stderr)
            self.assertEqual(ask("/qa/reset").returncode, 0)
        finally:
            live.terminate()
            live.communicate(timeout=20)


if __name__ == "__main__":
    unittest.main()
