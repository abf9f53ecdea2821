"""Forbidden messages over every way into the desk: a mixin for tests of a siege.Target."""
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import re
import socket
import threading
import time

from siege.target import KEYS, SCRUB, UNIT, bundle, framed, message, websocket_frame


class Storms:
    """Each storm sends so many messages of who may not, waits until the desk has done them, and returns how many it were."""

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
