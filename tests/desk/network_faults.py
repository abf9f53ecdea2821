#!/usr/bin/env python3
"""Remotes behind a wire that loses, delays and reorders: all come to the same state within a second of the last change."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "network"))
import link

PROGRAM = os.environ["MIXRIG"]
DESK, REMOTES = "10.91.7.1", "10.91.7.2"
PATTERN = "/ch/*/*"
# MIXRIG_NETWORK=all: more of everything.
ALL = os.environ.get("MIXRIG_NETWORK") == "all"
CLIENTS, PAGES, SECONDS, ROUNDS = (8, 8, 5.0, 10) if ALL else (2, 0, 1.0, 2)
# MIXRIG_NETEM="loss 20% delay 100ms 50ms": netem does that instead of our own wire.
NETEM = os.environ.get("MIXRIG_NETEM")
# By datagrams; worse wires take longer.
WITHIN = float(os.environ.get("MIXRIG_WITHIN", "1"))


def ended(process):
    process.terminate()
    process.wait(20)


def told_to_end(process):
    process.stdin.close()
    process.wait(20)
    process.stdout.close()


class Crowd:
    """Remotes in a process of their own, which says what they know; `since` is its clock's zero."""

    def __init__(self, since, process, later):
        self.since, self.process, self.said = since, process, ""
        later(told_to_end, process)
        for line in process.stdout:
            if line == "ready\n":
                os.set_blocking(process.stdout.fileno(), False)
                return
            self.said += line
        raise AssertionError("the remotes did not start")

    def views(self, views):
        """Takes in when each came to which hash."""
        try:
            self.said += os.read(self.process.stdout.fileno(), 1 << 20).decode()
        except BlockingIOError:
            pass
        lines, _, self.said = self.said.rpartition("\n")
        for line in lines.splitlines():
            when, name, seen = line.split()
            views[name] = float(when) - self.since, int(seen)


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Whatever goes wrong on the way, nothing of it stays.
        later = cls.addClassCleanup
        cls.folder = tempfile.TemporaryDirectory()
        later(cls.folder.cleanup)
        cls.desk, cls.remotes = link.Host("d", DESK), link.Host("r", REMOTES)
        later(cls.desk.close)
        later(cls.remotes.close)
        cls.wire = link.netem(cls.desk, cls.remotes) if NETEM else link.Wire(cls.desk, cls.remotes)
        later(cls.wire.close)
        config = pathlib.Path(cls.folder.name, "desk.toml")
        config.write_text(
            f'[osc]\nport = 9000\nlisten = "0.0.0.0"\nallow = ["127.0.0.1", "10.91.7.0/24"]\n'
            f'[web]\nport = 8080\nlisten = "0.0.0.0"\nannounce = false\nhosts = ["{DESK}"]\n'
        )
        cls.log = open(pathlib.Path(cls.folder.name, "log"), "w+")
        later(cls.log.close)
        cls.program = cls.desk.start(
            PROGRAM, "run", "-c", str(config), "--backend", "null", "--no-state", stdout=cls.log, stderr=cls.log
        )
        later(ended, cls.program)
        cls.wait_for_log("audio: null")
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        clients = sys.executable, str(HERE / "network/clients.py"), DESK, "9000", "8080", PATTERN, str(CLIENTS)
        cls.crowds = [Crowd(0.0, cls.remotes.start(*clients, **pipes), later)]
        if PAGES:
            subprocess.run([HERE.parent / "web/run.sh", "packages"], check=True)
            pages = "node", str(HERE / "network/pages.mjs"), f"http://{DESK}:8080/", PATTERN, str(PAGES)
            cls.crowds.append(Crowd(time.time() - time.monotonic(), cls.remotes.start(*pages, **pipes), later))
        # Who sits at the desk itself: a process in its namespace, which sends and asks on loopback.
        cls.hand = cls.desk.start(
            sys.executable, str(HERE / "network/hand.py"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        later(told_to_end, cls.hand)

    @classmethod
    def wait_for_log(cls, text):
        for _ in range(400):
            if text in pathlib.Path(cls.log.name).read_text():
                return
            time.sleep(0.05)
        raise AssertionError(pathlib.Path(cls.log.name).read_text())

    def ask_hand(self, line):
        self.hand.stdin.write(line + "\n")
        self.hand.stdin.flush()
        return self.hand.stdout.readline().split()

    def wait_for_all(self, views, truth, patience):
        until = time.monotonic() + patience
        while time.monotonic() < until:
            for crowd in self.crowds:
                crowd.views(views)
            if len(views) == 2 * CLIENTS + PAGES and all(seen == truth for _, seen in views.values()):
                return True
            time.sleep(0.01)
        return False

    def test_every_remote_has_the_state_within_a_second_of_the_last_change(self):
        views, delays = {}, {"udp": [], "web": []} | ({"pag": []} if PAGES else {})
        _, truth = self.ask_hand("hash")
        self.assertTrue(self.wait_for_all(views, int(truth), 20.0), views)
        if NETEM:
            self.wire.worsen(NETEM)
        else:
            # A round trip of 200 ms on average, each way 50 to 150: frames overtake one another.
            self.wire.worsen(loss=0.2, delay=(0.05, 0.15))
        for n in range(ROUNDS):
            moved, truth = self.ask_hand(f"move {n} {SECONDS}")
            self.assertTrue(self.wait_for_all(views, int(truth), 40.0), (truth, views, self.wire.told()))
            late = {name: when - float(moved) for name, (when, _) in views.items()}
            for name, seconds in late.items():
                delays[name[:3]].append(seconds)
        for kind, seconds in delays.items():
            seconds.sort()
            print(
                f"{kind}, {len(seconds) // ROUNDS} clients, {ROUNDS} rounds: the same hash {seconds[len(seconds) // 2] * 1000:.0f} ms after the "
                f"last change (median), {seconds[-1] * 1000:.0f} at most, {sum(s >= 1 for s in seconds)} later than 1 s",
                file=sys.stderr,
            )
        print(self.wire.told(), file=sys.stderr)
        for kind in delays.keys() - {"web"}:
            self.assertLess(delays[kind][-1], WITHIN, kind)


if __name__ == "__main__":
    why = link.can()
    if why:
        print("skipped: " + why)
        sys.exit(77)
    unittest.main(verbosity=2)
