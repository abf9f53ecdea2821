#!/usr/bin/env python3
"""The command line as a user meets it: help, exit codes, formats, set and get, and the unity path."""
# SPDX-License-Identifier: GPL-3.0-or-later
import array
import json
import os
import pathlib
import random
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import time
import unittest
import wave

MIXRIG = os.environ.get("MIXRIG", "mixrig")
COMMANDS = ["run", "bounce", "master", "album", "verify", "measure", "validate", "params", "set", "get", "watch", "invite", "doctor", "bench", "demo", "tune", "template"]
FRAMES = 24000


def run(*words, **options):
    return subprocess.run([MIXRIG, *map(str, words)], capture_output=True, text=True, timeout=60, **options)


def noise_24(path, channels, seed):
    """A WAV of 24-bit noise; its sample data."""
    data = bytearray(random.Random(seed).randbytes(3 * channels * FRAMES))
    data[2::3] = bytes((b >> 2) | (0xC0 if b & 0x80 else 0) for b in data[2::3])  # -12 dB: no ceiling
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, 3, 48000, FRAMES, "NONE", ""))
        file.writeframes(data)
    return bytes(data)


def chunks(data, at, order):
    """Name -> content of a RIFF or IFF file."""
    out = {}
    while at + 8 <= len(data):
        name, size = data[at : at + 4].decode(), struct.unpack(order + "I", data[at + 4 : at + 8])[0]
        out[name] = data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    return out


class Desk(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mixrig-cli-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def song(self, channels, more=""):
        """A song of one track; the track's samples."""
        data = noise_24(self.folder / "track.wav", channels, 7)
        text = '[song]\ntitle = "T"\n[[track]]\nfile = "track.wav"\nchannel = 1\n'
        (self.folder / "song.toml").write_text(text + more)
        return data

    def bounce(self, *words):
        out = self.folder / "out"
        done = run("bounce", self.folder / "song.toml", "-o", out, *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        (file,) = out.iterdir()
        return file


class ExitCodes(Desk):
    def test_every_command_has_help(self):
        top = run("--help")
        self.assertEqual(top.returncode, 0)
        for command in COMMANDS:
            with self.subTest(command):
                self.assertIn(command, top.stdout)
                done = run(command, "--help")
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertIn("Usage", done.stdout)

    def test_a_wrong_command_line_is_2(self):
        for words in [[], ["sing"], ["bounce"], ["bounce", "x.toml"], ["run", "--block", "many"], ["run", "--block", "1"],
                      ["params", "--xml"], ["bounce", "x.toml", "-o", "y", "--threads", "0"], ["measure"], ["set"], ["get"],
                      ["demo", "x", "--song", "--seconds", "9"], ["tune", "x.wav", "-o", "y.wav"]]:
            with self.subTest(words):
                done = run(*words)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertNotEqual(done.stderr, "")
                self.assertEqual(done.stdout, "")

    def test_what_fails_is_1_and_says_what_and_where(self):
        missing = self.folder / "missing.toml"
        for words, where in [(["bounce", missing, "-o", self.folder], "missing.toml"), (["run", "-c", missing], "missing.toml"),
                             (["measure", self.folder / "no.wav"], "no.wav"),
                             (["run", "--backend", "null", "--play", self.folder / "none", "--osc", "0", "--no-state"], "none"),
                             (["run", "--backend", "tape", "--osc", "0", "--no-state"], "tape"),
                             (["get", "/ch/1/fader", "--port", "9"], "9")]:
            with self.subTest(words):
                done = run(*words)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn(where, done.stderr)
                said = [line for line in done.stderr.splitlines() if " info " not in line]  # without the log of the start
                self.assertEqual(len(said), 1, done.stderr)

    def test_version(self):
        done = run("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"\d+\.\d+\.\d+")

    def test_params_as_json_lists_the_table(self):
        rows = json.loads(run("params", "--json").stdout)
        text = json.dumps(rows)
        for address in ["fader", "eq/#/gain", "comp/#/threshold", "send/aux/#/level"]:
            self.assertIn(address, text)


class Bounce(Desk):
    FORMATS = {"wav16": 2, "wav24": 3, "wav32": 4, "wav32f": 4, "aiff16": 2, "aiff24": 3, "aiff32": 4, "aiff32f": 4}

    def test_every_format_is_read_by_others_with_the_right_length(self):
        self.song(2)
        for name, size in self.FORMATS.items():
            with self.subTest(name):
                shutil.rmtree(self.folder / "out", ignore_errors=True)
                file = self.bounce("--format", name)
                self.assertEqual(file.suffix, ".aiff" if name.startswith("aiff") else ".wav")
                self.assertEqual(file.name, "T-FullMix" + file.suffix)
                self.check_chunks(file.read_bytes(), size, name)
                if name in ["wav16", "wav24", "wav32"]:  # Python's own reader knows whole numbers only
                    with wave.open(str(file), "rb") as read:
                        self.assertEqual((read.getnchannels(), read.getsampwidth(), read.getframerate(), read.getnframes()),
                                         (2, size, 48000, FRAMES))
                if shutil.which("soxi"):
                    self.assertEqual(subprocess.run(["soxi", "-s", file], capture_output=True, text=True).stdout.strip(), str(FRAMES))

    def check_chunks(self, data, size, name):
        if name.startswith("wav"):
            self.assertEqual((data[:4], data[8:12]), (b"RIFF", b"WAVE"))
            self.assertEqual(struct.unpack("<I", data[4:8])[0] + 8, len(data))
            self.assertEqual(len(chunks(data, 12, "<")["data"]), FRAMES * 2 * size)
        else:
            self.assertEqual(data[:4], b"FORM")
            parts = chunks(data, 12, ">")
            self.assertEqual(len(parts["SSND"]) - 8, FRAMES * 2 * size)
            self.assertEqual(struct.unpack(">hIh", parts["COMM"][:8]), (2, FRAMES, 8 * size))

    def test_the_unity_path_is_bit_exact(self):
        data = self.song(2)
        for words in [[], ["--block", "33"], ["--threads", "2"]]:
            with self.subTest(words):
                shutil.rmtree(self.folder / "out", ignore_errors=True)
                file = self.bounce("--format", "wav24", *words)
                self.assertEqual(chunks(file.read_bytes(), 12, "<")["data"], data)

    def test_another_rate_keeps_the_duration(self):
        self.song(2)
        for rate in [44100, 96000]:
            with self.subTest(rate):
                shutil.rmtree(self.folder / "out", ignore_errors=True)
                with wave.open(str(self.bounce("--rate", rate)), "rb") as file:
                    self.assertEqual(file.getframerate(), rate)
                    self.assertAlmostEqual(file.getnframes() / rate, FRAMES / 48000, delta=0.001)

    def test_16_bit_is_dithered(self):
        """Silence stays silence or noise of one step; a tone below a step is not lost."""
        samples = array.array("f", [0.3 / 32768] * (2 * FRAMES))
        header = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + 4 * len(samples), b"WAVE", b"fmt ", 16, 3, 2, 48000, 48000 * 8,
                             8, 32, b"data", 4 * len(samples))
        self.song(2)
        (self.folder / "track.wav").write_bytes(header + samples.tobytes())
        out = array.array("h", chunks(self.bounce("--format", "wav16").read_bytes(), 12, "<")["data"])
        self.assertAlmostEqual(sum(out) / len(out), 0.3, delta=0.02)  # sigma of the mean 0.003
        self.assertLessEqual(max(map(abs, out)), 2)

    def test_a_failed_bounce_leaves_nothing(self):
        self.song(2)
        (self.folder / "track.wav").write_bytes(b"RIFF")
        done = run("bounce", self.folder / "song.toml", "-o", self.folder / "out")
        self.assertEqual(done.returncode, 1)
        self.assertIn("track.wav", done.stderr)
        self.assertFalse((self.folder / "out").exists() and list((self.folder / "out").iterdir()))


class Automation(Desk):
    def automated(self, channels, moves, more=""):
        self.song(channels, more)
        song = self.folder / "song.toml"
        song.write_text(song.read_text().replace('title = "T"', 'title = "T"\nautomation = "mix.auto"'))
        (self.folder / "mix.auto").write_text(moves)

    def test_a_move_that_closes_a_loop_is_named_with_its_line(self):
        self.automated(2, "0.1s /sub/1/to sub/2\n0.2s /sub/2/to sub/1\n")
        for words in [["bounce", self.folder / "song.toml", "-o", self.folder / "out"], ["validate", self.folder / "mix.auto"]]:
            with self.subTest(words[0]):
                done = run(*words)
                self.assertEqual(done.returncode, 1)
                self.assertIn("mix.auto:2: ", done.stdout + done.stderr)
                self.assertIn("loop", done.stdout + done.stderr)

    def test_more_moves_than_the_queue_holds_change_nothing_with_the_block(self):
        moves = (f"{n * 32}f /ch/{c}/fader {-(n % 9)} dB\n" for n in range(700) for c in range(1, 17))
        self.automated(2, "".join(moves))
        results = set()
        for block in [64, 65536]:
            shutil.rmtree(self.folder / "out", ignore_errors=True)
            results.add(self.bounce("--block", block).read_bytes())
        self.assertEqual(len(results), 1)

    def test_a_limiter_switched_on_by_a_move_cuts_no_end(self):
        data = self.song(2)
        self.automated(2, "0.1s /main/limiter/on on\n0.1s /main/limiter/ceiling 0 dB\n")
        out = chunks(self.bounce("--format", "wav24").read_bytes(), 12, "<")["data"]
        self.assertEqual(out[-600:], data[-600:])

    def test_a_mono_track_on_a_stereo_channel_plays_on_both_sides(self):
        data = self.song(1, "[[channel]]\nnumber = 1\nstereo = true\n")
        out = chunks(self.bounce("--format", "wav24").read_bytes(), 12, "<")["data"]
        self.assertEqual(out[0::6] + out[1::6] + out[2::6], data[0::3] + data[1::3] + data[2::3])
        self.assertEqual(out[3::6] + out[4::6] + out[5::6], data[0::3] + data[1::3] + data[2::3])


class Remote(Desk):
    """set, get and watch against a running desk."""

    def setUp(self):
        super().setUp()
        log = open(self.folder / "log", "w+")
        self.addCleanup(log.close)
        self.desk = subprocess.Popen([MIXRIG, "run", "--backend", "null", "--osc", "0", "--web", "0", "--no-state"], stdout=log, stderr=log,
                                     env={**os.environ, "XDG_STATE_HOME": str(self.folder)})
        self.addCleanup(self.desk.kill)  # if it does not stop
        self.addCleanup(self.stop)
        until = time.monotonic() + 20
        while not (found := re.search(r"TCP port (\d+)", (self.folder / "log").read_text())):
            self.assertLess(time.monotonic(), until)
            time.sleep(0.02)
        self.port = found.group(1)

    def stop(self):
        self.desk.send_signal(signal.SIGTERM)
        self.assertEqual(self.desk.wait(20), 0)

    def test_set_then_get(self):
        for address, value, answer in [("/ch/1/fader", "-6", "-6"), ("/ch/1/fader", "3 dB", "3"), ("/ch/1/mute", "on", None),
                                       ("/ch/1/to", "sub/2", "sub/2"), ("/ch/1/name", "Kick", "Kick")]:
            with self.subTest(address):
                done = run("set", address, value, "--port", self.port)
                self.assertEqual(done.returncode, 0, done.stderr)
                got = run("get", address, "--port", self.port)
                self.assertEqual(got.returncode, 0, got.stderr)
                self.assertIn(answer or "", got.stdout)

    def test_a_wrong_address_is_1_and_the_nearest_is_named(self):
        done = run("get", "/ch/1/fadre", "--port", self.port)
        self.assertEqual(done.returncode, 1)
        self.assertIn("/ch/1/fader", done.stderr)
        self.assertEqual(run("set", "/ch/1/fader", "loud", "--port", self.port).returncode, 1)

    def test_watch_prints_changes(self):
        watch = subprocess.Popen([MIXRIG, "watch", "/ch/1/fader", "--port", self.port], stdout=subprocess.PIPE, text=True)
        self.addCleanup(watch.stdout.close)
        try:
            self.assertIn("/ch/1/fader", watch.stdout.readline())  # its value now
            run("set", "/ch/1/fader", "-12", "--port", self.port)
            self.assertIn("-12", watch.stdout.readline())
        finally:
            watch.send_signal(signal.SIGINT)
            watch.wait(10)


if __name__ == "__main__":
    unittest.main()
