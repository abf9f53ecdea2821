#!/usr/bin/env python3
"""Every file of tests/files/bad through the binary: exit code 1 and one message with file and line."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

MIXRIG = os.environ.get("MIXRIG", "mixrig")
BAD = pathlib.Path(__file__).resolve().parent.parent / "files" / "bad"


def run(*words):
    with tempfile.TemporaryDirectory() as home:
        return subprocess.run([MIXRIG, *map(str, words)], capture_output=True, text=True, timeout=20,
                              env={**os.environ, "XDG_STATE_HOME": home})


class BadFiles(unittest.TestCase):
    # What is wrong with these stands in no line: a file that is not there, bytes that are no text.
    WITHOUT_LINE = re.compile(r"missing|unreadable|not-utf8|binary|no-track|newer")

    def check_message(self, file, text):
        lines = text.strip().splitlines()
        self.assertEqual(len(lines), 1, text)
        self.assertIn(file.name, lines[0])
        if not self.WITHOUT_LINE.search(file.name):
            self.assertRegex(lines[0], re.escape(file.name) + r":\d+: ")
        self.assertGreater(len(lines[0].split(": ", 1)[-1]), 10, "says what is wrong")

    def test_there_are_at_least_thirty(self):
        self.assertGreaterEqual(len(list(BAD.iterdir())), 30)
        for kind in ("scene", "cues", "auto"):
            self.assertGreaterEqual(len(list(BAD.glob(f"*.{kind}"))), 15, kind)

    def test_validate_refuses_each(self):
        for file in sorted(BAD.iterdir()):
            with self.subTest(file.name):
                done = run("validate", file)
                self.assertEqual(done.returncode, 1, done.stdout)
                self.check_message(file, done.stdout + done.stderr)

    def test_run_refuses_each_desk(self):
        for file in sorted(BAD.glob("*.desk.toml")):
            with self.subTest(file.name):
                done = run("run", "-c", file, "--backend", "null", "--osc", "0", "--no-state")
                self.assertEqual(done.returncode, 1, done.stderr)
                self.check_message(file, done.stderr)

    def test_run_refuses_each_scene_and_automation(self):
        for option, kind in [("--scene", "scene"), ("--automation", "auto")]:
            for file in sorted(BAD.glob(f"*.{kind}")):
                with self.subTest(file.name):
                    done = run("run", option, file, "--backend", "null", "--osc", "0", "--no-state")
                    self.assertEqual(done.returncode, 1, done.stderr)
                    self.check_message(file, done.stderr.strip().splitlines()[-1])

    def test_bounce_refuses_each_song_and_leaves_nothing(self):
        for file in sorted(BAD.glob("*.song.toml")):
            with self.subTest(file.name), tempfile.TemporaryDirectory() as out:
                done = run("bounce", file, "-o", out)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.check_message(file, done.stderr)
                self.assertEqual(os.listdir(out), [])


if __name__ == "__main__":
    sys.exit(unittest.main())
