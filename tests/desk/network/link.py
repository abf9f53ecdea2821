"""Two hosts on one machine: network namespaces, and a wire between them that loses, delays and reorders."""
# SPDX-License-Identifier: GPL-3.0-or-later
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import threading
import time

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


class Host:
    """A namespace with one interface, and loopback."""

    def __init__(self, name, address):
        self.name, self.address = f"mixrig-{name}-{os.getpid()}", address
        device = f"mx{name}{os.getpid() % 100000}"
        ip("netns", "add", self.name)
        self.tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self.tap, TUNSETIFF, struct.pack("16sH22x", device.encode(), IFF_TAP | IFF_NO_PI))
        ip("link", "set", device, "netns", self.name)
        ip("-n", self.name, "addr", "add", address + "/24", "dev", device)
        for each in (device, "lo"):
            ip("-n", self.name, "link", "set", each, "up")

    def start(self, *words, **more):
        return subprocess.Popen(["ip", "netns", "exec", self.name, *words], **more)

    def close(self):
        os.close(self.tap)
        ip("netns", "del", self.name)


class Wire:
    """Carries frames between two hosts, in a thread. What it does to them may change meanwhile.

    `loss` is a share of the frames of each direction; each frame is late by a time drawn evenly from
    `delay`, in seconds, so that later ones overtake earlier ones."""

    def __init__(self, one, other, seed=1):
        self.loss, self.delay = 0.0, (0.0, 0.0)
        self.carried = self.lost = self.overtaken = 0
        self._random = random.Random(seed)
        self._ends = {one.tap: other.tap, other.tap: one.tap}
        self._stop, self._stopped = os.pipe()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self):
        os.write(self._stopped, b"x")
        self._thread.join()

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
