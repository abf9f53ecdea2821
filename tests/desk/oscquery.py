#!/usr/bin/env python3
"""Whatever OSCQuery says that the desk has, answers by OSC over UDP, of that type and with that value."""
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import pathlib
import re
import socket
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


class OscQuery(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        home = pathlib.Path(folder.name)
        (home / "desk.toml").write_text(DESK)
        log = home / "log"
        said = log.open("w")
        self.addCleanup(said.close)
        self.desk = subprocess.Popen(
            [MIXRIG, "run", "-c", home / "desk.toml", "--backend", "null", "--osc", "0", "--web", "0", "--no-state"],
            stdout=said, stderr=subprocess.STDOUT, env={**os.environ, "XDG_STATE_HOME": str(home)})
        self.addCleanup(self.desk.wait, 20)
        self.addCleanup(self.desk.terminate)
        found = None
        until = time.monotonic() + 20
        while not found and time.monotonic() < until:
            time.sleep(0.02)
            found = re.search(r"TCP port (\d+)[\s\S]*(http://127\.0\.0\.1:\d+)", log.read_text())
        self.assertTrue(found, log.read_text())
        self.web = found.group(2)
        self.osc = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(self.osc.close)
        self.osc.settimeout(5)
        self.osc.connect(("127.0.0.1", int(found.group(1))))

    def get(self, path):
        with urllib.request.urlopen(self.web + path, timeout=10) as answer:
            return json.load(answer)

    def ask(self, address):
        self.osc.send(message(address))
        while True:
            for said, tags, args in parsed(self.osc.recv(65536)):
                if said in (address, "/error"):
                    return said, tags, args

    def leaves(self, node):
        if "TYPE" in node:
            yield node
        for below in node.get("CONTENTS", {}).values():
            yield from self.leaves(below)

    def test_everything_that_is_advertised_answers(self):
        tree = self.get("/")
        info = self.get("/?HOST_INFO")
        self.assertEqual((info["NAME"], info["OSC_PORT"]), ("asked", self.osc.getpeername()[1]))
        parameters = meters = actions = 0
        told = {}
        self.osc.send(message("/meters", 100.0, 1))
        for address, tags, args in parsed(self.osc.recv(65536)):
            told[address] = tags
        for leaf in self.leaves(tree):
            path, kind, value = leaf["FULL_PATH"], leaf["TYPE"], leaf.get("VALUE")
            if path.startswith("/meters/"):
                meters += 1
                until = time.monotonic() + 5
                while path not in told and time.monotonic() < until:
                    told.update({a: t for a, t, _ in parsed(self.osc.recv(65536))})
                self.assertEqual(told.get(path), kind, path)
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
        with self.subTest("enough"):
            self.assertGreater(parameters, 1000)
            self.assertGreater(meters, 10)
            self.assertGreater(actions, 40)

    def test_what_is_set_by_osc_is_what_is_asked_by_http(self):
        self.osc.send(message("/ch/1/fader", -12.5))
        self.osc.send(message("/ch/1/name", "Kick"))
        self.osc.send(message("/ch/1/mute", 1))
        self.ask("/ch/1/mute")
        until = time.monotonic() + 5
        while self.get("/ch/1/mute?VALUE") != {"VALUE": [True]} and time.monotonic() < until:
            time.sleep(0.01)
        self.assertEqual(self.get("/ch/1/fader?VALUE"), {"VALUE": [-12.5]})
        self.assertEqual(self.get("/ch/1")["DESCRIPTION"], "Kick")


if __name__ == "__main__":
    unittest.main()
