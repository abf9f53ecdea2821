"""A desk under siege: its configuration, how to speak to it, what it has and takes."""
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(HERE), str(HERE / "network")]
import midi_stand_in
from osc import message, padded

MIXRIG = os.environ.get("MIXRIG", "mixrig")
SIEGE = os.environ.get("MIXRIG_SIEGE") == "1"

DESK = """
[state]
folder = "state"
[osc]
port = 0
[web]
port = 0
announce = false
[x32]
enabled = true
port = 0
rights = "onlooker"
[midi]
enabled = MIDI
surfaces = ["unit"]
controllers = ["knobs"]
maps = ["knobs.toml"]
rights = "onlooker"
# A viewer without a limit: what it says is looked at and refused, not only dropped.
[[access.role]]
name = "onlooker"
rate = 0
# And one who may not read most of it either.
[[access.role]]
name = "listener"
allow = ["/aux/2/fader"]
read = ["/aux/2//*"]
rate = 0
"""
KNOBS = 'device = "knobs"\n' + "".join(
    f'[[map]]\ncontrol = "{control}"\naddress = "{address}"\nmode = "{mode}"\n'
    for control, address, mode in [
        ("cc 7", "/ch/1/fader", "absolute"), ("cc 10", "/ch/1/pan", "relative"), ("cc14 20", "/main/fader", "absolute"),
        ("note 36", "/ch/1/mute", "toggle"), ("note 37", "/ch/2/solo", "momentary"), ("bend", "/ch/2/fader", "pickup"),
        ("note 38", "/solo/clear", "toggle"), ("note 39", "/cue/next", "toggle"), ("nrpn 300", "/ch/3/eq/1/gain", "absolute")])
UNIT, KEYS = 20, 21  # the surfaces' numbers
SCRUB = 101  # a button of the unit's own, with a lamp


def bundle(*elements):
    return padded(b"#bundle") + struct.pack(">Q", 1) + b"".join(struct.pack(">I", len(e)) + e for e in elements)


def framed(packet):
    return struct.pack(">I", len(packet)) + packet


def websocket_frame(packet, opcode=2):
    size = len(packet)
    if size < 126:
        head = bytes([0x80 | opcode, 0x80 | size])
    elif size < 65536:
        head = bytes([0x80 | opcode, 0x80 | 126]) + struct.pack(">H", size)
    else:
        head = bytes([0x80 | opcode, 0x80 | 127]) + struct.pack(">Q", size)
    return head + bytes(4) + packet  # masked with zeros, which RFC 6455 allows


def read(path):
    try:
        return pathlib.Path(path).read_text()
    except OSError:
        return ""


class Load(threading.Thread):
    """The audio thread's own time, as /meters/load has it."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.rows, self.over = [], False
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", port))
        self.socket.settimeout(0.5)
        self.start()

    def run(self):
        again = 0.0
        while not self.over:
            if time.monotonic() >= again:
                self.socket.send(message("/meters", "/meters/load", 4.0, 60))
                again = time.monotonic() + 20
            try:
                packet = self.socket.recv(65536)
            except socket.timeout:
                continue
            at = packet.find(b"/meters/load")
            if at < 0:
                continue
            # mean, 99th percentile, longest (shares of a block), late blocks, gaps
            self.rows.append(struct.unpack(">5f", packet[at + 16 + 8 : at + 16 + 8 + 20]))
        self.socket.close()

    def late(self):
        """Blocks that were late since the start, as told from now on."""
        count = len(self.rows)
        end = time.monotonic() + 10
        while len(self.rows) < count + 2 and time.monotonic() < end:
            time.sleep(0.05)
        return self.rows[-1][3]


class Target(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="mixrig-security-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.desk_file = cls.folder / "desk.toml"
        cls.desk_file.write_text(DESK.replace("MIDI", "true" if midi_stand_in.MODULE else "false"))
        (cls.folder / "knobs.toml").write_text(KNOBS)
        cls.stage = midi_stand_in.Stage(cls.folder / "stage") if midi_stand_in.MODULE else None
        if cls.stage:
            cls.addClassCleanup(cls.stage.close)
        play = []
        if SIEGE:  # so that the strips have something to do
            subprocess.run([MIXRIG, "demo", str(cls.folder / "tracks")], check=True, capture_output=True)
            play = ["--play", str(cls.folder / "tracks")]
        cls.onlooker = cls.invite("onlooker", "onlooker")
        cls.viewer = cls.invite("viewer", "viewer")
        cls.listener = cls.invite("listener", "listener")
        cls.musician = cls.invite("musician 2", "Anna")
        cls.log = cls.folder / "log"
        with cls.log.open("w") as log:
            cls.desk = subprocess.Popen([MIXRIG, "run", "-c", str(cls.desk_file), "--backend", "null", "--block", "64", *play],
                                        stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **(cls.stage.env if cls.stage else {})})
        cls.addClassCleanup(cls.end_desk)
        if cls.stage:
            cls.stage.up({UNIT: "unit", KEYS: "knobs"})
        cls.osc = cls.found(r"listens to OSC on .* port (\d+)")
        cls.web = cls.found(r"the page is at http://[^ ]*:(\d+)")
        cls.x32 = cls.found(r"is an X32 on .* port (\d+)")
        cls.found(r"audio: (null)")
        time.sleep(0.3)

    # And not tearDownClass, which is not called where setUpClass fails.
    @classmethod
    def end_desk(cls):
        cls.desk.send_signal(signal.SIGTERM)
        try:
            cls.code = cls.desk.wait(20)
        except subprocess.TimeoutExpired:
            cls.desk.kill()
            cls.desk.wait()
            cls.code = "does not end"
        if cls.code != 0:
            raise AssertionError(f"the desk ended with {cls.code}")

    @classmethod
    def found(cls, pattern):
        end = time.monotonic() + 20
        while time.monotonic() < end:
            match = re.search(pattern, read(cls.log))
            if match:
                return int(match[1]) if match[1].isdigit() else match[1]
            time.sleep(0.05)
        raise AssertionError(f"the log does not say {pattern}:\n{read(cls.log)}")

    @classmethod
    def invite(cls, role, name):
        out = subprocess.run([MIXRIG, "invite", "-c", str(cls.desk_file), "--role", role, "--name", name],
                             capture_output=True, text=True, check=True).stdout
        return re.search(r"\?token=([0-9a-f]{32})", out)[1]

    def values(self):
        """Address -> value, but for what the desk tells of itself."""
        out = subprocess.run([MIXRIG, "get", "--port", str(self.osc), "//*", "--json"], capture_output=True, text=True, check=True).stdout
        told = ("/record/", "/transport/", "/soundcheck/", "/feedback/")
        return {row["address"]: row.get("value", row.get("text")) for row in json.loads(out) if not row["address"].startswith(told)}

    def memory_kb(self, what="VmRSS"):
        return int(re.search(what + r":\s+(\d+)", read(f"/proc/{self.desk.pid}/status"))[1])

    def assert_alive(self):
        self.assertIsNone(self.desk.poll(), read(self.log)[-2000:])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
            peer.connect(("127.0.0.1", self.osc))
            peer.settimeout(20)
            peer.send(message("/ping"))
            self.assertTrue(peer.recv(4096).startswith(b"/pong"))

    def drain(self, peer, question, answer):
        """Asks, and reads up to the answer: what was said before has been done. Asks again: UDP may lose either."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            peer.send(question)
            peer.settimeout(1)
            try:
                while not peer.recv(65536).startswith(answer):
                    pass
                return
            except socket.timeout:
                pass
        self.fail("no answer in time: " + read(self.log)[-1000:])

    def open_websocket(self, token):
        peer = socket.create_connection(("127.0.0.1", self.web))
        key = base64.b64encode(random.randbytes(16)).decode()
        peer.sendall((f"GET /?token={token} HTTP/1.1\r\nHost: localhost:{self.web}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        peer.settimeout(20)
        head = b""
        while b"\r\n\r\n" not in head:
            data = peer.recv(4096)
            if not data:
                break
            head += data
        return peer, head.split(b"\r\n")[0]
