#!/usr/bin/env python3
"""What is forbidden changes nothing, by whatever way it comes; what is malformed ends nothing. MIXRIG_SIEGE=1: a million, and with times."""
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import json
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import tempfile
import threading
import time
import unittest

import midi_stand_in

MIXRIG = os.environ.get("MIXRIG", "mixrig")
SIEGE = os.environ.get("MIXRIG_SIEGE") == "1"
MESSAGES = 1_000_000 if SIEGE else 20_000  # over all ways in
CONNECTIONS = 10_000 if SIEGE else 300
# What may wait for the desk's attention, 64 MiB of packets, and as much again for what it takes to keep it.
MOST_GROWTH_MB = 128

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


def pad(text):
    data = text.encode()
    return data + bytes(4 - len(data) % 4)


def message(address, *args):
    tags, data = ",", b""
    for arg in args:
        if isinstance(arg, float):
            tags, data = tags + "f", data + struct.pack(">f", arg)
        elif isinstance(arg, int):
            tags, data = tags + "i", data + struct.pack(">i", arg)
        else:
            tags, data = tags + "s", data + pad(arg)
    return pad(address) + pad(tags) + data


def bundle(*elements):
    return pad("#bundle") + struct.pack(">Q", 1) + b"".join(struct.pack(">I", len(e)) + e for e in elements)


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


class Security(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="mixrig-security-"))
        cls.desk_file = cls.folder / "desk.toml"
        cls.desk_file.write_text(DESK.replace("MIDI", "true" if midi_stand_in.MODULE else "false"))
        (cls.folder / "knobs.toml").write_text(KNOBS)
        cls.stage = midi_stand_in.Stage(cls.folder / "stage") if midi_stand_in.MODULE else None
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
        if cls.stage:
            cls.stage.up({UNIT: "unit", KEYS: "knobs"})
        cls.osc = cls.found(r"listens to OSC on .* port (\d+)")
        cls.web = cls.found(r"the page is at http://[^ ]*:(\d+)")
        cls.x32 = cls.found(r"is an X32 on .* port (\d+)")
        cls.found(r"audio: (null)")
        time.sleep(0.3)

    @classmethod
    def tearDownClass(cls):
        cls.desk.send_signal(signal.SIGTERM)
        try:
            cls.code = cls.desk.wait(20)
        except subprocess.TimeoutExpired:
            cls.desk.kill()
            cls.code = "does not end"
        if cls.stage:
            cls.stage.close()
        shutil.rmtree(cls.folder)
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

    # What none of these may do: every kind of set there is, by address and pattern, and actions.
    def forbidden(self, prefix=""):
        one = [message(f"{prefix}/{kind}/{n}/{row}", value)
               for kind, n in [("ch", c) for c in range(1, 17)] + [("aux", 1), ("aux", 2), ("sub", 1), ("fx", 1), ("mtx", 1)]
               for row, value in [("fader", -33.0), ("mute", 1), ("name", "mine"), ("eq/1/gain", "12 dB"), ("pan", 1.0), ("dca", "1,2")]]
        one += [message(f"{prefix}{a}", *args) for a, *args in [
            ("/main/fader", 10.0), ("/ch/*/fader", 10.0), ("/ch/[1-4]/mute", 1), ("/{ch,sub}/1/trim", 30.0), ("/main/master/eq/on", 1),
            ("/scene/save", "mine"), ("/scene/recall", "mine"), ("/scene/delete", "mine"), ("/undo",), ("/solo/clear",), ("/record/start",),
            ("/ch/1/freeze_gain", 6.0), ("/aux/1/more", "ch/1"), ("/flight", 1), ("/transport/play",), ("/oscillator/on", 1),
            ("/touch", "/ch/1/fader", 1), ("/cue/next",), ("/automation/clear",), ("/qa/reset",),
            ("/midi/learn", "/ch/1/fader"), ("/midi/forget", "/ch/1/fader"), ("/automation/touch", "/ch/1/fader", 1)]]
        return one

    def storm_udp(self, count):
        sets = self.forbidden("/" + self.onlooker)
        sets += [bundle(*sets[:4])] * 4
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
            peer.connect(("127.0.0.1", self.osc))
            peer.settimeout(60)
            sent = 0
            while sent < count:
                for _ in range(8):  # as many as the system's buffer holds, then the desk's answer
                    for packet in sets[: min(len(sets), count - sent)]:
                        peer.send(packet)
                        sent += 1
                self.drain(peer, message("/" + self.onlooker + "/ping"), b"/pong")
        return sent

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

    def storm_tcp(self, count):
        sets = b"".join(framed(p) for p in self.forbidden())
        each = len(self.forbidden())
        with socket.create_connection(("127.0.0.1", self.osc)) as peer:
            peer.sendall(framed(message("/login", self.onlooker)))
            self.assertIn(b"onlooker", peer.recv(4096))
            return self.pour(peer, sets, each, count, framed(message("/ping")), b"/pong")

    def pour(self, peer, chunk, each, count, question, answer):
        """Sends chunks of so many messages, reads meanwhile, and waits for the answer to what stands last. So many bytes were
        heard until then: self.heard."""
        peer.settimeout(60)
        heard, over, self.heard = bytearray(), threading.Event(), 0

        def listen():
            while not over.is_set():
                data = peer.recv(65536)
                if not data:
                    return
                heard.extend(data)
                self.heard += len(data)
                if answer in heard:
                    over.set()
                del heard[:-64]

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        sent = 0
        while sent < count:
            peer.sendall(chunk)
            sent += each
        peer.sendall(question)
        self.assertTrue(over.wait(120), "no answer behind the storm")
        listener.join(5)
        return sent

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

    def storm_websocket(self, count):
        sets = b"".join(websocket_frame(p) for p in self.forbidden())
        peer, status = self.open_websocket(self.onlooker)
        self.assertIn(b"101", status)
        with peer:
            return self.pour(peer, sets, len(self.forbidden()), count, websocket_frame(message("/ping")), b"/pong")

    def storm_x32(self, count):
        sets = [message(f"/ch/{c:02}/mix/{leaf}", value) for c in range(1, 17) for leaf, value in
                [("fader", 0.9), ("on", 0), ("pan", 1.0), ("01/level", 1.0)]]
        sets += [message("/main/st/mix/fader", 1.0), message("/ch/01/config/name", "mine"), message("/-action/goscene", 0),
                 message("/", "ch/01/mix OFF -12.0 ON +0 OFF   -oo"), message("/-action/clearsolo", 1), message("/dca/1/fader", 0.0),
                 message("/fx/1/type", 10), message("/fx/1/par/02", 0.9), message("/copy", "scene", 0, 1)]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
            peer.connect(("127.0.0.1", self.x32))
            peer.settimeout(60)
            sent = 0
            while sent < count:
                for _ in range(8):
                    for packet in sets[: min(len(sets), count - sent)]:
                        peer.send(packet)
                        sent += 1
                self.drain(peer, message("/xinfo"), b"/xinfo")
        return sent

    def storm_commands(self, count):
        """Text on a WebSocket: of who may not hear it, of a kind that there is not, or no JSON at all."""
        said = [json.dumps({"COMMAND": command, "DATA": path}) for command in ("LISTEN", "IGNORE")
                for path in [f"/ch/{c}/{row}" for c in range(1, 17) for row in ("fader", "mute", "eq/1/gain")] + ["/main/fader", "/meters/load/x"]]
        said += [json.dumps({"COMMAND": command, "DATA": data}) for command, data in [
            ("PATH_RENAMED", {"OLD": "/ch/1", "NEW": "/ch/2"}), ("PATH_ADDED", "/ch/99"), ("PATH_REMOVED", "/ch/1"), ("SET", "/ch/1/fader"),
            ("LISTEN", ["/ch/1/fader"]), ("LISTEN", {}), ("", ""), ("LISTEN", "/ch/*/fader"), ("LISTEN", "//"), ("LISTEN", "/" * 4000)]]
        said += ["", "{", "[" * 5000, '{"a":' * 2000, '{"COMMAND": "LISTEN", "DATA": "\\ud800"}', "1e999", '"' + "x" * 8000, "\0" * 100]
        peer, status = self.open_websocket(self.listener)
        self.assertIn(b"101", status)
        with peer:
            sent = self.pour(peer, b"".join(websocket_frame(text.encode(), 1) for text in said), len(said), count,
                             websocket_frame(message("/ping")), b"/pong")
        self.assertLess(self.heard, 1000)  # nothing but the answer: no value of what may not be read
        return sent

    def storm_http(self, count):
        """What OSCQuery has no word for, on connections that are kept."""
        paths = [f"/ch/{c}/fader?VALUE=-33" for c in range(1, 17)] + ["/main/fader?VALUE&SET=1", "/scene/recall?s=mine", "/?HOST_INFO", "/table.json"]
        asked = [f"{method} {path}{'&' if '?' in path else '?'}token={self.onlooker} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n".encode()
                 for method in ("PUT", "POST", "DELETE", "PATCH", "OPTIONS", "FADER") for path in paths]
        asked += [f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() for path in
                  (f"/ch/1/fader?VALUE=-33&token={'f' * 32}", f"/ch/1/fader?SET&token={self.onlooker}", f"/ch/99?token={self.onlooker}")]
        peers, sent, statuses = [None] * 8, 0, set()
        while sent < count:
            for n in range(len(peers)):
                peers[n] = peers[n] or socket.create_connection(("127.0.0.1", self.web), 20)
                peers[n].sendall(asked[(sent + n) % len(asked)])
            sent += len(peers)
            for n, peer in enumerate(peers):
                status = self.http_answer(peer)
                statuses.add(status)
                if status != b"405" and status[:1] != b"4":  # whatever else it says, it hangs up
                    self.assertEqual(status, b"")
                if status == b"":
                    peer.close()
                    peers[n] = None
        for peer in peers:
            if peer:
                peer.close()
        self.assertIn(b"405", statuses)
        return sent

    def http_answer(self, peer):
        """The status, once all of it has come; empty if the connection is closed."""
        data = b""
        try:
            while b"\r\n\r\n" not in data:
                more = peer.recv(65536)
                if not more:
                    return b""
                data += more
            head, body = data.split(b"\r\n\r\n", 1)
            length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
            while len(body) < (int(length[1]) if length else 0):
                more = peer.recv(65536)
                if not more:
                    return b""
                body += more
        except ConnectionError:
            return b""
        return b"" if b"connection: close" in head.lower() else head.split(b" ")[1]

    def storm_midi(self, count):
        """Every control of a unit, and of a controller with maps."""
        if not self.stage:
            self.skipTest("no stand-in for the sequencer")
        unit = [bytes([0x90, 104 + f, 127]) for f in range(9)]
        unit += [bytes([0xE0 + f, n, 8 * n]) for f in range(9) for n in range(16)]
        unit += [bytes([0x90, note, value]) for note in range(SCRUB) for value in (127, 0)]
        unit += [bytes([0xB0, controller, value]) for controller in [*range(16, 24), 60] for value in (1, 10, 65, 74)]
        unit += [bytes([0x90, 104 + f, 0]) for f in range(9)]
        keys = [bytes([0xB0, c, n]) for n in range(0, 128, 9) for c in (7, 10, 20, 52)]
        keys += [bytes([0x90, note, value]) for note in (36, 37, 38, 39) for value in (100, 0)]
        keys += [bytes([0xE0, n, n]) for n in range(0, 128, 9)]
        keys += [bytes([0xB0, c, v]) for v in range(0, 128, 9) for c, v in ((99, 2), (98, 44), (6, v))]
        sent, lit = 0, 127
        while sent < count:
            for _ in range(12):
                for surface, messages in ((UNIT, unit), (KEYS, keys)):
                    for packet in messages:
                        self.stage.say(surface, packet)
                    sent += len(messages)
            self.press_scrub(lit)
            lit = 127 - lit
        if lit == 0:
            self.press_scrub(0)
        return sent

    def press_scrub(self, lit):
        """When its lamp has followed, what was said before has been done."""
        time.sleep(0.06)  # what comes sooner behind the lamp is an echo of it
        self.assertTrue(self.stage.answers(UNIT, bytes([0x90, SCRUB, 127]), bytes([0x90, SCRUB, lit])), "the unit is not heard any more")

    def test_forbidden_messages_change_nothing(self):
        before, memory = self.values(), self.memory_kb()
        self.assertGreater(len(before), 3000)
        load = Load(self.osc) if SIEGE else None
        ways = [self.storm_udp, self.storm_tcp, self.storm_websocket, self.storm_x32, self.storm_commands, self.storm_http]
        ways += [self.storm_midi] if self.stage else []
        quiet, stormy, total = [], [], 0
        for way in ways:
            for _ in range(3 if SIEGE else 1):
                late, begin = load.late() if SIEGE else 0, time.monotonic()
                sent = way(MESSAGES // len(ways) // (3 if SIEGE else 1) + 1)
                total += sent
                took = time.monotonic() - begin
                print(f"{way.__name__}: {sent} forbidden messages in {took:.1f} s", flush=True)
                if SIEGE:  # and as long without them, so that what else the machine does meets both
                    after = load.late()
                    stormy.append(after - late)
                    time.sleep(took)
                    quiet.append(load.late() - after)
        self.assertGreaterEqual(total, MESSAGES)
        changed = {a: (before[a], v) for a, v in self.values().items() if before[a] != v}
        self.assertEqual(changed, {})
        self.assertEqual(list((self.folder / "state").glob("scenes/*")), [])
        self.assertFalse((self.folder / "state" / "midi.toml").exists())  # nothing was learnt
        growth = (self.memory_kb("VmHWM") - memory) / 1024
        print(f"{total} forbidden messages changed 0 of {len(before)} values; memory grew by {growth:.1f} MB at most")
        self.assertLess(growth, MOST_GROWTH_MB)
        if SIEGE:
            load.over = True
            print(f"late blocks, quiet {quiet}, stormy {stormy}; longest block {max(r[2] for r in load.rows):.2f} of its time")
            self.assertLessEqual(statistics.median(stormy), statistics.median(quiet) + 1)

    def test_roles_beyond_their_rate_lose_messages_and_bounds_hold(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
            peer.connect(("127.0.0.1", self.osc))
            peer.settimeout(5)
            for n in range(2000):
                peer.send(message(f"/{self.musician}/aux/2/fader", -n / 100.0))
            heard = peer.recv(4096)
            while b"may send 200 a second" not in heard:
                heard = peer.recv(4096)
            time.sleep(1.1)
            peer.send(message(f"/{self.musician}/aux/2/fader", 9.0))
            self.drain(peer, message(f"/{self.musician}/aux/2/fader"), b"/aux/2/fader\0\0\0\0,f\0\0" + struct.pack(">f", 0.0))

    def test_who_may_not_read_all_finds_by_oscquery_what_he_may(self):
        for token, found in ((self.viewer, {"/ch/1/fader", "/ch/1/send/aux/1/level", "/ch/1/send/aux/2/level", "/main/name"}),
                             (self.musician, {"/ch/1/send/aux/2/level", "/main/name"}), ("f" * 32, None)):
            for path in ("/ch/1/fader", "/ch/1/send/aux/2/level", "/ch/1/send/aux/1/level", "/main/name", "/undo"):
                with socket.create_connection(("127.0.0.1", self.web)) as peer:
                    peer.settimeout(5)
                    peer.sendall(f"GET {path}?VALUE&token={token} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
                    status = peer.recv(4096).split(b" ")[1]
                expected = b"403" if found is None else b"200" if path in found else b"404"
                self.assertEqual(status, expected, path)
        for token, hears in ((self.viewer, True), (self.musician, False)):
            peer, status = self.open_websocket(token)
            with peer:
                self.assertIn(b"101", status)
                peer.sendall(websocket_frame(b'{"COMMAND": "LISTEN", "DATA": "/ch/1/fader"}', 1) + websocket_frame(message("/ch/1/fader")))
                peer.settimeout(1)
                heard = b""
                try:
                    while heard.count(b"/ch/1/fader") < 2:
                        heard += peer.recv(4096)
                except socket.timeout:
                    pass
                self.assertEqual(b"may not read this" not in heard, hears)
                self.assertEqual(heard.count(b"/ch/1/fader"), 2 if hears else 1)

    def test_a_token_is_written_nowhere(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
            peer.connect(("127.0.0.1", self.osc))
            for token in (self.viewer, "f" * 32):
                for address in ("/nowhere", "/ch/1/fader", "/ch/[1/fader", "/flight"):
                    peer.send(message(f"/{token}{address}", "x"))
        for token in (self.viewer, "f" * 32):
            peer, _ = self.open_websocket(token)
            peer.close()
        subprocess.run([MIXRIG, "set", "--port", str(self.osc), "/flight", "1"], check=True, capture_output=True)
        with socket.create_connection(("127.0.0.1", self.osc)) as peer:
            peer.sendall(framed(message("/login", self.musician)) + framed(message("/aux/2/fader", -7.0)))
            self.assertIn(b"musician 2", peer.recv(4096))
        time.sleep(0.7)
        subprocess.run([MIXRIG, "set", "--port", str(self.osc), "/flight", "0"], check=True, capture_output=True)
        files = [p for p in self.folder.rglob("*") if p.is_file() and "tracks" not in p.parts]
        self.assertTrue(any(p.name == "access.tokens" for p in files))
        self.assertTrue(any("flights" in p.parts for p in files))
        for path in files:
            data = path.read_bytes()
            for token in (self.onlooker, self.viewer, self.musician, "f" * 32):
                self.assertNotIn(token.encode(), data, path)
        self.assertEqual((self.folder / "state" / "access.tokens").stat().st_mode & 0o077, 0)

    def test_who_is_revoked_loses_the_rights_within_a_second(self):
        token = self.invite("musician 1", "Ben")
        time.sleep(0.6)
        with socket.create_connection(("127.0.0.1", self.osc)) as peer:
            peer.settimeout(5)
            peer.sendall(framed(message("/login", token)))
            self.assertIn(b"musician 1", peer.recv(4096))
            page, status = self.open_websocket(token)
            self.assertIn(b"101", status)
            subprocess.run([MIXRIG, "invite", "-c", str(self.desk_file), "--revoke", "Ben"], check=True, capture_output=True)
            begin = time.monotonic()
            self.assertEqual(peer.recv(4096), b"")
            print(f"a revoked guest was disconnected after {time.monotonic() - begin:.2f} s")
            self.assertLess(time.monotonic() - begin, 1.0)
            with page:
                page.settimeout(5)
                while page.recv(4096):
                    pass
        again, status = self.open_websocket(token)
        again.close()
        self.assertIn(b"403", status)

    def test_malformed_and_oversize_packets_end_nothing(self):
        rng = random.Random(5)
        memory = self.memory_kb()
        rounds = 20_000 if SIEGE else 500
        whole = [message("/ch/1/fader", -6.0), bundle(message("/ping"), message("/ch/1/mute")), message(f"/{self.viewer}/ping"), b"#bundle\0"]

        def mutant():
            data = bytearray(rng.choice(whole))
            for _ in range(rng.randrange(1, 8)):
                data[rng.randrange(len(data))] = rng.randrange(256)
            return bytes(data[: rng.randrange(1, len(data) + 1)]) if rng.random() < 0.5 else bytes(data)

        # What happens to be whole may be done by nobody but a viewer: this machine would be an engineer.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
            for n in range(rounds):
                data = mutant()
                for port in (self.osc, self.x32):
                    peer.sendto(b"/" + self.viewer.encode() + data if port == self.osc else data, ("127.0.0.1", port))
                if n % 100 == 99:
                    time.sleep(0.005)
            peer.sendto(bytes(65507), ("127.0.0.1", self.osc))
            peer.sendto(b"/" * 65507, ("127.0.0.1", self.x32))
        for data in (struct.pack(">I", 0x7FFFFFFF), struct.pack(">I", 70000) + bytes(70000), b"\xc0" + b"/" * 100000, b"\xff" * 100,
                     struct.pack(">I", 3) + b"abc", b"GET / HTTP/1.1\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", self.osc)) as peer:
                try:
                    peer.sendall(data)
                    peer.settimeout(0.05)
                    peer.recv(4096)
                except OSError:
                    pass  # it may have hung up
        for frame in (websocket_frame(bytes(70000)), websocket_frame(bytes(1_000_000)), b"\x82\xff" + b"\x7f" + b"\xff" * 7 + bytes(4),
                      b"\x83\x80" + bytes(4), b"\x02\x05hello", websocket_frame(b"\xff\xfe", 1), websocket_frame(b"x" * 200, 9)):
            peer, status = self.open_websocket(self.viewer)
            with peer:
                self.assertIn(b"101", status)
                try:
                    peer.sendall(frame)
                    peer.settimeout(0.05)
                    peer.recv(4096)
                except OSError:
                    pass
        for head in (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n", b"\0" * 5000, b"GET / HTTP/9.9\r\n" + b"A: b\r\n" * 20000 + b"\r\n",
                     b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n" + bytes(70000)):
            with socket.create_connection(("127.0.0.1", self.web)) as peer:
                try:
                    peer.sendall(head)
                    peer.settimeout(0.05)
                    peer.recv(4096)
                except OSError:
                    pass
        self.assert_alive()
        self.assertLess((self.memory_kb("VmHWM") - memory) / 1024, MOST_GROWTH_MB)

    def test_connections_without_end_neither_stop_nor_fill_the_desk(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 20_000), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        most = min(resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 200, CONNECTIONS)
        memory = self.memory_kb()
        load = Load(self.osc) if SIEGE else None
        late = load.late() if SIEGE else 0
        opened, began, kept = 0, time.monotonic(), []
        while opened < CONNECTIONS:
            for peer in kept:
                peer.close()
            kept = []
            while opened < CONNECTIONS and len(kept) < most:
                peer = socket.socket()
                peer.settimeout(2)
                try:
                    peer.connect(("127.0.0.1", self.osc if opened % 2 else self.web))
                    # Slowly: a byte of a size, a line of a request.
                    peer.send(b"\0" if opened % 2 else b"GET / HTTP/1.1\r\nX-A: b\r\n")
                except OSError:
                    pass
                kept.append(peer)
                opened += 1
        took = time.monotonic() - began
        self.assert_alive()  # UDP, while they are open
        if SIEGE:
            for _ in range(20):  # slow loris: a byte more each second for 20 s
                time.sleep(1)
                for peer in kept:
                    try:
                        peer.send(b"\0" if peer.getpeername()[1] == self.osc else b"X")
                    except OSError:
                        pass
            self.assert_alive()
        growth = (self.memory_kb("VmHWM") - memory) / 1024
        print(f"{opened} connections in {took:.1f} s, {len(kept)} at once: memory grew by {growth:.1f} MB at most")
        if SIEGE:
            print(f"{load.late() - late:.0f} late blocks meanwhile")
            load.over = True
        for peer in kept:
            peer.close()
        self.assertLess(growth, MOST_GROWTH_MB)
        # And there is room again.
        end = time.monotonic() + 20
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.osc), 2) as peer:
                    peer.settimeout(2)
                    peer.sendall(framed(message("/ping")))
                    if b"/pong" in peer.recv(4096):
                        break
            except OSError:
                pass
            self.assertLess(time.monotonic(), end, "no connection is taken any more")
        page, status = self.open_websocket(self.viewer)
        page.close()
        self.assertIn(b"101", status)


if __name__ == "__main__":
    unittest.main(verbosity=2)
