"""OSC for the tests: messages, bundles, and the desk's hash of a state."""
# SPDX-License-Identifier: GPL-3.0-or-later
import struct


def padded(data):
    return data + b"\0" * (4 - len(data) % 4)


def message(address, *args):
    tags, body = ",", b""
    for arg in args:
        if isinstance(arg, str):
            tags, body = tags + "s", body + padded(arg.encode())
        elif isinstance(arg, float):
            tags, body = tags + "f", body + struct.pack(">f", arg)
        else:
            tags, body = tags + "i", body + struct.pack(">i", arg)
    return padded(address.encode()) + padded(tags.encode()) + body


def text_at(data, at):
    end = data.index(b"\0", at)
    return data[at:end], (end + 4) & ~3


def messages(packet):
    """Yields (address, tags, [raw bytes of each argument])."""
    if packet.startswith(b"#bundle\0"):
        at = 16
        while at < len(packet):
            (size,) = struct.unpack_from(">i", packet, at)
            yield from messages(packet[at + 4 : at + 4 + size])
            at += 4 + size
        return
    address, at = text_at(packet, 0)
    tags, at = text_at(packet, at)
    values = []
    for tag in tags[1:].decode():
        if tag == "s":
            value, at = text_at(packet, at)
        else:
            value, at = packet[at : at + 4], at + 4
        values.append(value)
    yield address.decode(), tags[1:].decode(), values


def fnv(data):
    value = 2166136261
    for byte in data:
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value


class View:
    """What a client believes, and its hash (docs/osc.md, "To be sure")."""

    def __init__(self):
        self._hashes, self.sum = {}, 0

    def take(self, address, tags, values):
        if len(values) != 1:
            return
        new = fnv(address.encode() + b"\0" + tags[0].encode() + values[0])
        self.sum = (self.sum + new - self._hashes.get(address, 0)) & 0xFFFFFFFF
        self._hashes[address] = new

    def __len__(self):
        return len(self._hashes)
