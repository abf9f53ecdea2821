#!/usr/bin/env python3
"""What is forbidden changes nothing, by whatever way it comes; what is malformed ends nothing. MIXRIG_SIEGE=1: a million, and with times."""
# SPDX-License-Identifier: GPL-3.0-or-later
import random
import resource
import socket
import statistics
import struct
import subprocess
import time
import unittest

from siege.storms import Storms
from siege.target import MIXRIG, SIEGE, Load, Target, bundle, framed, message, websocket_frame

MESSAGES = 1_000_000 if SIEGE else 20_000  # over all ways in
CONNECTIONS = 10_000 if SIEGE else 300
# What may wait for the desk's attention, 64 MiB of packets, and as much again for what it takes to keep it.
MOST_GROWTH_MB = 128


class Security(Storms, Target):
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

    def test_commands_beyond_the_rate_of_a_role_are_dropped_too(self):
        peer, status = self.open_websocket(self.musician)
        self.assertIn(b"101", status)
        with peer:
            peer.settimeout(5)
            peer.sendall(websocket_frame(b'{"COMMAND": "LISTEN", "DATA": "/aux/2/fader"}', 1) * 5000)
            heard = peer.recv(65536)
            while b"commands were dropped: no more than 200 a second are heard" not in heard:
                heard += peer.recv(65536)
            self.assertLess(heard.count(b"/aux/2/fader"), 1500)

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
