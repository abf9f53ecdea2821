#!/usr/bin/env python3
"""Calls mixrig as a person or a script would: exit codes, messages, JSON."""
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import math
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import unittest
import wave

PROGRAM = sys.argv.pop(1)
COMMANDS = ["run", "bounce", "album", "verify", "measure", "validate", "params", "set", "get", "watch", "doctor", "bench", "demo", "tune", "template"]


def call(*words):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=60)


def write_sine(path, dB, seconds=5, rate=48000):
    """1 kHz on both channels, 16 bit."""
    amplitude = 32767 * 10 ** (dB / 20)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        for n in range(seconds * rate):
            sample = round(amplitude * math.sin(2 * math.pi * 1000 * n / rate))
            file.writeframesraw(struct.pack("<hh", sample, sample))


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.sine = pathlib.Path(cls.folder.name) / "sine.wav"
        write_sine(cls.sine, -23)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def file(self, name, text):
        path = pathlib.Path(self.folder.name) / name
        path.write_text(text)
        return path

    def test_version(self):
        done = call("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^mixrig \d+\.\d+\.\d+\n$")

    def test_every_command_has_help(self):
        overview = call("--help")
        self.assertEqual(overview.returncode, 0)
        for command in COMMANDS:
            with self.subTest(command):
                self.assertIn(f"\n  {command} ", overview.stdout)
                done = call(command, "--help")
                self.assertEqual(done.returncode, 0)
                self.assertIn(f"mixrig {command}", done.stdout)

    def test_usage_errors_are_2_and_say_why_on_stderr(self):
        for words in [[], ["nothing"], ["measure"], ["validate"], ["get"], ["set"], ["set", "/ch/1/fader"],
                      ["set", "fader", "1"], ["set", "/ch/1/fader", "1", "--prot", "2"], ["bench", "--strips", "x"],
                      ["params", "--json", "--markdown"], ["measure", "--nothing", "a.wav"], ["bench", "--load", "x"]]:
            with self.subTest(words):
                done = call(*words)
                self.assertEqual(done.returncode, 2, done)
                self.assertEqual(done.stdout, "")
                self.assertNotEqual(done.stderr, "")

    def test_measure_tells_what_a_sine_is(self):
        done = call("measure", self.sine, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        (sine,) = json.loads(done.stdout)
        # Tech 3341 case 1: a stereo sine of 1 kHz at -23 dBFS peak reads -23 LUFS +- 0.1.
        self.assertAlmostEqual(sine["integrated_lufs"], -23.0, delta=0.1)
        self.assertAlmostEqual(sine["true_peak_dbtp"], -23.0, delta=0.1)
        self.assertAlmostEqual(sine["rms_dbfs"], -26.01, delta=0.02)
        self.assertAlmostEqual(sine["correlation"], 1.0, delta=1e-6)
        self.assertEqual((sine["channels"], sine["rate_hz"], sine["duration_s"]), (2, 48000, 5))
        self.assertEqual(sine["clipped_samples"], 0)
        text = call("measure", self.sine)
        self.assertEqual(text.returncode, 0)
        self.assertIn("LUFS", text.stdout)

    def test_measure_goes_on_behind_a_file_that_fails(self):
        gone = pathlib.Path(self.folder.name) / "gone.wav"
        done = call("measure", gone, self.sine, "--json")
        self.assertEqual(done.returncode, 1)
        self.assertIn("gone.wav", done.stderr)
        first, second = json.loads(done.stdout)
        self.assertIn("error", first)
        self.assertIn("integrated_lufs", second)

    def test_validate_names_file_and_line(self):
        good = self.file("good.toml", "[desk]\nchannels = 4\n")
        bad = self.file("bad.toml", "[desk]\nchanels = 4\n")
        done = call("validate", good, bad)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"{good}: ok\n", done.stdout)
        self.assertIn(f"{bad}:2: ", done.stdout)
        self.assertIn("channels", done.stdout)
        self.assertEqual(call("validate", good).returncode, 0)

    def test_params_are_complete_and_valid_json(self):
        table = json.loads(call("params", "--json").stdout)
        by_address = {row["address"]: row for row in table["parameters"]}
        fader = by_address["/ch/#/fader"]
        self.assertEqual((fader["unit"], fader["low"], fader["high"], fader["default"]), ("dB", -90, 10, 0))
        self.assertIn("high_shelf", by_address["/main/eq/#/type"]["choices"])
        self.assertTrue(all(row["doc"] for row in table["parameters"]))
        self.assertIn("/scene/recall", [action["address"] for action in table["actions"]])

    def test_without_a_desk_the_client_says_what_to_do(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            # A port on which nobody answers; and after the socket is closed, nobody listens.
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
            silent = call("get", "/ch/1/fader", "--port", port)
        closed = call("set", "/ch/1/fader", "-6 dB", "--port", port)
        watch = call("watch", "--port", port)
        for done in (silent, closed, watch):
            self.assertEqual(done.returncode, 1)
            self.assertEqual(done.stdout, "")
            self.assertIn("mixrig run", done.stderr)

    def test_doctor_says_in_json_what_its_exit_code_says(self):
        done = call("doctor", "--json")
        report = json.loads(done.stdout)
        self.assertEqual(done.returncode, 0 if report["ready"] else 1)
        names = [check["check"] for check in report["checks"]]
        for name in ["realtime priority", "memory lock", "JACK server", "sound cards", "disk"]:
            self.assertIn(name, names)

    def test_bench_measures_one_case(self):
        words = ["bench", "--json", "--strips", 16, "--block", 64, "--load", "off", "--seconds", 0.05]
        report = json.loads(call(*words).stdout)
        (case,) = report["results"]
        self.assertEqual((case["load"], case["strips"], case["block_frames"]), ("off", 16, 64))
        self.assertGreater(case["ns_per_strip_frame"], 0)


if __name__ == "__main__":
    unittest.main()
