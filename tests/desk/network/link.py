"""Two hosts on one machine: network namespaces, and a wire between them that loses, delays and reorders. Of wires there
are three: one of our own, for any kernel; the kernel's netem, which it may lack; and that of a virtual machine."""
# SPDX-License-Identifier: GPL-3.0-or-later
import fcntl
import heapq
import os
import pathlib
import random
import re
import select
import struct
import subprocess
import threading
import time
import unittest

TUNSETIFF = 0x400454CA
IFF_TAP, IFF_NO_PI = 0x0002, 0x1000
FRAME = 65536


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True)


def can():
    """None, or why this machine cannot."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return "there is no /dev/net/tun"
    probe = subprocess.run(["ip", "netns", "add", f"mixrig-probe-{os.getpid()}"], capture_output=True)
    if probe.returncode != 0:
        return "no network namespaces: " + probe.stderr.decode().strip()
    ip("netns", "del", f"mixrig-probe-{os.getpid()}")
    return None


def netem(one, other):
    """The kernel's netem between two hosts; where it has none, that of a virtual machine."""
    name = f"mixrig-probe-{os.getpid()}"
    ip("netns", "add", name)
    probe = subprocess.run(["tc", "-n", name, "qdisc", "add", "dev", "lo", "root", "netem"], capture_output=True)
    ip("netns", "del", name)
    return Netem(one, other) if probe.returncode == 0 else Machine(one, other)


class Host:
    """A namespace with one interface, and loopback."""

    def __init__(self, name, address):
        self.name, self.address = f"mixrig-{name}-{os.getpid()}", address
        self.device = f"mx{name}{os.getpid() % 100000}"
        ip("netns", "add", self.name)

    def up(self):
        """Its interface has come."""
        ip("link", "set", self.device, "netns", self.name)
        ip("-n", self.name, "addr", "add", self.address + "/24", "dev", self.device)
        for each in (self.device, "lo"):
            ip("-n", self.name, "link", "set", each, "up")

    def start(self, *words, **more):
        return subprocess.Popen(["ip", "netns", "exec", self.name, *words], **more)

    def close(self):
        ip("netns", "del", self.name)


class Netem:
    """A pair of interfaces, each with the kernel's netem before it."""

    def __init__(self, one, other):
        self.ends = one, other
        ip("link", "add", one.device, "type", "veth", "peer", "name", other.device)
        for end in self.ends:
            end.up()

    def worsen(self, words):
        """What tc says after `netem`: of each direction."""
        for end in self.ends:
            self._tc(end, "replace", "root", "netem", "limit", "10000", *words.split())

    def told(self):
        return "; ".join(
            f"{end.name.split('-')[1]}: " + re.search(r"Sent.*?\)", self._tc(end, "show")).group() for end in self.ends
        )

    def close(self):
        pass  # goes with its hosts

    @staticmethod
    def _tc(end, verb, *words):
        command = ["tc", "-s", "-n", end.name, "qdisc", verb, "dev", end.device, *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def tap_of(host):
    tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", host.device.encode(), IFF_TAP | IFF_NO_PI))
    host.up()
    return tap


class Machine:
    """tests/machine/wire.sh, between the two: netem in Debian's kernel, and both hosts on this one."""

    def __init__(self, one, other):
        self._taps = [tap_of(one), tap_of(other)]
        run = pathlib.Path(__file__).resolve().parents[2] / "machine/run"
        words = [str(word) for tap in self._taps for word in ("--tap", tap)]
        self._program = subprocess.Popen(
            [run, *words, "wire"], pass_fds=self._taps, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for line in self._program.stdout:
            if line == "ready\n":
                return
        raise unittest.SkipTest(f"no virtual machine: {self._program.wait()}")

    def worsen(self, words):
        if answer := self._ask(words):
            raise ValueError(answer)

    def told(self):
        return self._ask("told")

    def close(self):
        self._program.stdin.close()
        self._program.wait(60)
        self._program.stdout.close()
        for tap in self._taps:
            os.close(tap)

    def _ask(self, line):
        self._program.stdin.write(line + "\n")
        self._program.stdin.flush()
        return self._program.stdout.readline().strip()


class Wire:
    """Carries frames between two hosts, in a thread. What it does to them may change meanwhile.

    `loss` is a share of the frames of each direction; each frame is late by a time drawn evenly from
    `delay`, in seconds, so that later ones overtake earlier ones."""

    def __init__(self, one, other, seed=1):
        self.loss, self.delay = 0.0, (0.0, 0.0)
        self.carried = self.lost = self.overtaken = 0
        self._random = random.Random(seed)
        one, other = tap_of(one), tap_of(other)
        self._ends = {one: other, other: one}
        self._stop, self._stopped = os.pipe()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def worsen(self, loss, delay):
        self.loss, self.delay = loss, delay

    def told(self):
        return f"of {self.carried + self.lost} frames {self.lost} were lost, {self.overtaken} overtaken"

    def close(self):
        os.write(self._stopped, b"x")
        self._thread.join()
        for end in self._ends:
            os.close(end)

    def _run(self):
        waiting, count, last = [], 0, {end: 0.0 for end in self._ends}
        while True:
            patience = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
            ready, _, _ = select.select([*self._ends, self._stop], [], [], patience)
            if self._stop in ready:
                return
            for end in ready:
                for frame in frames(end):
                    if self._random.random() < self.loss:
                        self.lost += 1
                        continue
                    due = time.monotonic() + self._random.uniform(*self.delay)
                    self.overtaken += due < last[end]
                    last[end] = max(last[end], due)
                    count += 1
                    heapq.heappush(waiting, (due, count, self._ends[end], frame))
            while waiting and waiting[0][0] <= time.monotonic():
                _, _, end, frame = heapq.heappop(waiting)
                self.carried += 1
                try:
                    os.write(end, frame)
                except BlockingIOError:
                    self.lost += 1


def frames(tap):
    while True:
        try:
            yield os.read(tap, FRAME)
        except BlockingIOError:
            return
