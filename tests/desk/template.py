#!/usr/bin/env python3
"""Layouts for other remotes: every address in them is one of the desk that they were made for."""
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time
import unittest

MIXRIG = os.environ["MIXRIG"]
DESK = """
[desk]
channels = 20
auxes = 3
effects = 1
matrices = 0

[[channel]]
number = 2
name = "Sn\\"are <b>"

[[aux]]
number = 1
name = "Singer"
"""


def mixrig(*words):
    return subprocess.run([MIXRIG, *words], capture_output=True, text=True, timeout=60)


def widgets(node):
    yield node
    for child in node.get("widgets", []) + node.get("tabs", []):
        yield from widgets(child)


def spread(address):
    """/ch/1-2/eq/1-2/on: all four of them."""
    found = re.search(r"(?<=/)(\d+)-(\d+)(?=/|$)", address)
    if not found:
        return [address]
    out = []
    for n in range(int(found[1]), int(found[2]) + 1):
        out += spread(address[: found.start()] + str(n) + address[found.end() :])
    return out


class Template(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.desk = pathlib.Path(cls.folder.name) / "desk.toml"
        cls.desk.write_text(DESK)
        log = pathlib.Path(cls.folder.name) / "log"
        # What the desk of this file has, as it says itself.
        words = [MIXRIG, "run", "-c", cls.desk, "--backend", "null", "--osc", "0", "--no-state"]
        with log.open("w") as out, subprocess.Popen(words, stdout=out, stderr=out) as desk:
            try:
                for _ in range(400):
                    port = re.search(r"TCP port (\d+)", log.read_text())
                    if port and " audio: " in log.read_text():
                        break
                    time.sleep(0.05)
                got = mixrig("get", "//*", "--port", port[1]).stdout
            finally:
                desk.terminate()
        cls.addresses = {line.split()[0] for line in got.splitlines() if line.startswith("/")}
        cls.actions = {a["address"] for a in json.loads(mixrig("params", "--json").stdout)["actions"]}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_open_stage_control(self):
        done = mixrig("template", "open-stage-control", "-c", str(self.desk))
        self.assertEqual(done.returncode, 0, done.stderr)
        session = json.loads(done.stdout)
        self.assertEqual(session["type"], "session")
        self.assertEqual(session["content"]["type"], "root")
        everything = list(widgets(session["content"]))
        ids = [w["id"] for w in everything]
        self.assertEqual(len(ids), len(set(ids)))
        steered = [w for w in everything if "address" in w]
        kinds = {w["type"] for w in steered}
        self.assertEqual(kinds, {"fader", "knob", "button", "text"})
        addresses = {w["address"] for w in steered}
        self.assertGreater(len(self.addresses), 3000)
        self.assertEqual(addresses - self.addresses - self.actions, set())
        for n in range(1, 21):
            for row in ("fader", "mute", "solo", "pan", "name", "send/aux/3/level"):
                self.assertIn(f"/ch/{n}/{row}", addresses)
        self.assertTrue({"/main/fader", "/dca/8/mute", "/undo", "/cue/next"} <= addresses)
        faders = [w for w in steered if w["address"] == "/ch/1/fader"]
        self.assertEqual(faders[0]["range"]["min"], -90)
        self.assertEqual(faders[0]["range"]["max"], 10)
        self.assertEqual(faders[0]["range"]["75%"], 0)
        self.assertEqual([w["default"] for w in steered if w["address"] == "/ch/2/name"][0], 'Sn"are <b>')

    def test_sheet(self):
        done = mixrig("template", "sheet", "-c", str(self.desk))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("| `/ch/1-20/eq/1-6/freq` | f 20 Hz to 20000 Hz |", done.stdout)
        self.assertIn("| `/ch/2` | Sn\"are <b> |", done.stdout)
        self.assertNotIn("/mtx/", re.sub(r"## Actions.*", "", done.stdout, flags=re.S))
        listed = []
        for line in done.stdout.split("## Actions")[0].splitlines():
            if line.startswith("| `/") and line.count("|") == 4:
                listed += spread(line.split("`")[1])
        self.assertEqual(len(listed), len(set(listed)))
        self.assertEqual(set(listed), self.addresses)

    def test_wrong_words(self):
        self.assertEqual(mixrig("template", "paper").returncode, 2)
        self.assertEqual(mixrig("template").returncode, 2)


if __name__ == "__main__":
    unittest.main()
