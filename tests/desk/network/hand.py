"""Who sits at the desk itself. On its input: `hash`, or `move SEED SECONDS`; answers the time of the last change and the hash
of the desk behind it."""
# SPDX-License-Identifier: GPL-3.0-or-later
import random
import socket
import struct
import sys
import time

import osc

ROWS = ("fader", -60.0, 10.0), ("pan", -1.0, 1.0), ("trim", -20.0, 20.0)

door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
door.connect(("127.0.0.1", 9000))
door.settimeout(5)


def truth():
    door.send(osc.message("/hash", "/ch/*/*"))
    return struct.unpack(">I", next(osc.messages(door.recv(65536)))[2][2])[0]


def move(seed, seconds):
    draw, until = random.Random(seed), time.monotonic() + seconds
    while time.monotonic() < until:
        row, low, high = draw.choice(ROWS)
        door.send(osc.message(f"/ch/{draw.randint(1, 16)}/{row}", draw.uniform(low, high)))
        time.sleep(0.005)


for line in sys.stdin:
    words = line.split()
    if words[0] == "move":
        move(int(words[1]), float(words[2]))
    print(time.monotonic(), truth(), flush=True)
