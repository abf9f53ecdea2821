#!/usr/bin/env python3
"""Whatever OSCQuery says that the desk has, answers by OSC over UDP, of that type and with that value."""
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import pathlib
import re
import socket
import ssl
import struct
import subprocess
import tempfile
import time
import unittest
import urllib.request

MIXRIG = os.environ["MIXRIG"]
DESK = "[desk]\nname = \"asked\"\nchannels = 2\nsubgroups = 1\nauxes = 1\neffects = 1\nmatrices = 1\n"


def padded(data):
    return data + b"\0" * (4 - len(data) % 4)


def message(address, *args):
    tags, data = ",", b""
    for arg in args:
        if isinstance(arg, str):
            tags, data = tags + "s", data + padded(arg.encode())
        elif isinstance(arg, int):
            tags, data = tags + "i", data + struct.pack(">i", arg)
        else:
            tags, data = tags + "f", data + struct.pack(">f", arg)
    return padded(address.encode()) + padded(tags.encode()) + data


def parsed(packet):
    """The messages of a packet: address, tags, arguments."""
    if packet.startswith(b"#bundle\0"):
        at, out = 16, []
        while at < len(packet):
            size = struct.unpack_from(">i", packet, at)[0]
            out += parsed(packet[at + 4 : at + 4 + size])
            at += 4 + size
        return out
    at, args = 0, []

    def text():
        nonlocal at
        end = packet.index(b"\0", at)
        out = packet[at:end].decode()
        at = end + 4 - end % 4
        return out

    address, tags = text(), text()[1:]
    for tag in tags:
        if tag == "s":
            args.append(text())
        elif tag in "if":
            args.append(struct.unpack_from(">" + tag, packet, at)[0])
            at += 4
    return [(address, tags, args)]


def as_float(number):
    return struct.unpack(">f", struct.pack(">f", number))[0]


class Desk(unittest.TestCase):
    def folder(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return pathlib.Path(folder.name)

    def run_desk(self, home, config):
        """What it says at its start."""
        (home / "desk.toml").write_text(config)
        log = home / "log"
        words = ["run", "-c", home / "desk.toml", "--backend", "null", "--osc", "0", "--web", "0", "--no-state"]
        with log.open("w") as said:
            desk = subprocess.Popen([MIXRIG, *words], stdout=said, stderr=subprocess.STDOUT,
                                    env={**os.environ, "XDG_STATE_HOME": str(home)})
        self.addCleanup(desk.wait, 20)
        self.addCleanup(desk.terminate)
        until = time.monotonic() + 20
        while " audio: " not in log.read_text() and time.monotonic() < until:
            time.sleep(0.02)
        return log.read_text()


class OscQuery(Desk):
    def setUp(self):
        text = self.run_desk(self.folder(), DESK)
        found = re.search(r"TCP port (\d+)[\s\S]*(http://127\.0\.0\.1:\d+)", text)
        self.assertTrue(found, text)
        self.web = found.group(2)
        self.osc = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(self.osc.close)
        self.osc.settimeout(1)
        self.osc.connect(("127.0.0.1", int(found.group(1))))

    def get(self, path):
        with urllib.request.urlopen(self.web + path, timeout=10) as answer:
            return json.load(answer)

    def hear(self):
        """What comes next; nothing if that takes a second: UDP may lose."""
        try:
            return parsed(self.osc.recv(65536))
        except TimeoutError:
            return []

    def ask(self, address):
        for _ in range(10):
            self.osc.send(message(address))
            heard = self.hear()
            while heard:
                for said, tags, args in heard:
                    if said in (address, "/error"):
                        return said, tags, args
                heard = self.hear()
        self.fail(f"{address} does not answer")

    def leaves(self, node):
        if "TYPE" in node:
            yield node
        for below in node.get("CONTENTS", {}).values():
            yield from self.leaves(below)

    def test_everything_that_is_advertised_answers(self):
        tree = self.get("/")
        info = self.get("/?HOST_INFO")
        self.assertEqual((info["NAME"], info["OSC_PORT"]), ("asked", self.osc.getpeername()[1]))
        parameters = actions = 0
        meters = {}
        for leaf in self.leaves(tree):
            path, kind, value = leaf["FULL_PATH"], leaf["TYPE"], leaf.get("VALUE")
            if path.startswith("/meters/"):
                meters[path] = kind
            elif leaf["ACCESS"] == 2:
                actions += 1
            else:
                parameters += 1
                said, tags, args = self.ask(path)
                self.assertEqual(said, path, args)
                self.assertEqual(tags, "i" if kind == "T" else kind, path)
                if leaf["ACCESS"] == 3:
                    # JSON has the shortest decimals that read back as the same float.
                    self.assertEqual(args[0], as_float(value[0]) if kind == "f" else value[0], path)
        self.assertGreater(parameters, 1000)
        self.assertGreater(actions, 40)
        told = {}
        until = time.monotonic() + 5
        self.osc.send(message("/meters", 5))
        while told.keys() != meters.keys() and time.monotonic() < until:
            told.update({address: tags for address, tags, _ in self.hear()})
        self.assertEqual(told, meters)

    def test_what_is_set_by_osc_is_what_is_asked_by_http(self):
        self.osc.send(message("/ch/1/fader", -12.5))
        self.osc.send(message("/ch/1/name", "Kick"))
        self.osc.send(message("/ch/1/mute", 1))
        self.ask("/ch/1/mute")
        until = time.monotonic() + 5
        while self.get("/ch/1/mute?VALUE") != {"VALUE": [True]} and time.monotonic() < until:
            time.sleep(0.01)
        # An action that takes nothing is of type N, and takes it.
        self.osc.send(padded(b"/solo/clear") + padded(b",N"))
        while ("/solo/clear", "", []) not in (heard := self.hear()):
            self.assertNotIn("/error", [address for address, _, _ in heard])
        self.assertEqual(self.get("/ch/1/fader?VALUE"), {"VALUE": [-12.5]})
        self.assertEqual(self.get("/")["CONTENTS"]["ch"]["CONTENTS"]["1"]["CONTENTS"]["fader"]["VALUE"], [-12.5])
        self.assertEqual(self.get("/ch/1")["DESCRIPTION"], "Kick")


class Https(Desk):
    def certificate(self, home, name):
        done = subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", home / f"{name}-key.pem",
             "-out", home / f"{name}.pem"], capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_with_a_certificate_the_page_is_https_alone(self):
        home = self.folder()
        self.certificate(home, "desk")
        text = self.run_desk(home, DESK + '[web]\ncertificate = "desk.pem"\nkey = "desk-key.pem"\n')
        found = re.search(r"https://127\.0\.0\.1:(\d+)", text)
        self.assertTrue(found, text)
        trust = ssl.create_default_context(cafile=home / "desk.pem")
        with urllib.request.urlopen(found.group(0) + "/?HOST_INFO", timeout=10, context=trust) as answer:
            self.assertEqual(json.load(answer)["NAME"], "asked")
        old = ssl.create_default_context(cafile=home / "desk.pem")
        old.maximum_version = ssl.TLSVersion.TLSv1_1
        old.set_ciphers("ALL:@SECLEVEL=0")
        for why, scheme, context in [("plain", "http", None), ("TLS 1.1", "https", old)]:
            with self.subTest(why), self.assertRaises(OSError):
                urllib.request.urlopen(f"{scheme}://127.0.0.1:{found.group(1)}/", timeout=10, context=context)

    def test_a_key_of_another_certificate_is_named_and_the_desk_sounds(self):
        home = self.folder()
        self.certificate(home, "desk")
        self.certificate(home, "other")
        for key, wrong in [("other-key.pem", "do certificate and key belong together"), ("none.pem", "none.pem")]:
            text = self.run_desk(home, DESK + f'[web]\ncertificate = "desk.pem"\nkey = "{key}"\n')
            self.assertIn(wrong, text)
            self.assertIn(" audio: ", text)


if __name__ == "__main__":
    unittest.main()
