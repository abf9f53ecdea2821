"""Remotes behind a bad wire: clients.py HOST OSC_PORT WEB_PORT PATTERN COUNT. Says, a line each, when a client's view
becomes another: TIME CLIENT HASH. Ends when its input ends."""
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import os
import select
import socket
import struct
import sys
import threading
import time

import osc

RENEW = 4.0
SYNC = osc.message("/sync", 1)


class Client:
    """Over any transport: subscribes, compares hashes, asks again for what differs."""

    def __init__(self, name, pattern):
        self.name, self.pattern = name, pattern
        self.view, self.told, self.renew_at, self.wrong = osc.View(), None, 0.0, 0
        self.joining = None  # the thread that connects again

    def turn(self, now):
        if now >= self.renew_at:
            self.renew_at = now + RENEW
            self.ask()

    def ask(self):
        self.send(SYNC)
        self.send(osc.message("/subscribe", self.pattern, 30))

    def take(self, packet):
        for address, tags, values in osc.messages(packet):
            if address == "/hash":
                self.compare(values)
            elif not address.startswith(("/seq", "/synced", "/meters", "/error")):
                self.view.take(address, tags, values)
        if self.view.sum != self.told:
            self.told = self.view.sum
            print(f"{time.monotonic():.6f} {self.name} {self.told}", flush=True)

    def compare(self, values):
        same = struct.unpack(">I", values[2])[0] == self.view.sum
        self.wrong = 0 if same else self.wrong + 1
        # Once may be what is still on its way.
        if self.wrong >= 2:
            self.wrong = 0
            self.ask()


class Udp(Client):
    def __init__(self, name, pattern, host, port):
        super().__init__(name, pattern)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.connect((host, port))
        self.socket.setblocking(False)

    def send(self, packet):
        try:
            self.socket.send(packet)
        except OSError:
            pass  # asks again soon

    def read(self):
        while True:
            try:
                self.take(self.socket.recv(65536))
            except OSError:
                return


class Web(Client):
    """A WebSocket by hand, RFC 6455: no library that would hide a delay. As the page, it connects again when it is hung up."""

    def __init__(self, name, pattern, host, port):
        super().__init__(name, pattern)
        self.host, self.port = host, port
        self.join()

    def turn(self, now):
        if self.joining is None:
            super().turn(now)
        elif not self.joining.is_alive():
            self.joining, self.renew_at = None, 0.0

    def join(self):
        host, port = self.host, self.port
        self.socket = socket.create_connection((host, port), timeout=30)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET / HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self.buffer += self.socket.recv(4096)
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise SystemExit("no WebSocket: " + head.decode())
        self.socket.setblocking(False)

    def frame(self, kind, data):
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
        try:
            self.socket.sendall(bytes([0x80 | kind]) + size + b"\0\0\0\0" + data)  # a mask of zeros
        except OSError:
            pass

    def send(self, packet):
        self.frame(2, packet)

    def read(self):
        while True:
            try:
                more = self.socket.recv(65536)
            except BlockingIOError:
                break
            except OSError:
                more = b""
            if not more:
                print(self.name + ": the desk hung up", file=sys.stderr, flush=True)
                self.joining = threading.Thread(target=self.join)
                self.joining.start()
                return
            self.buffer += more
        while (whole := self.one()) is not None:
            kind, data = whole
            if kind == 2:
                self.take(data)
            elif kind == 9:
                self.frame(10, data)

    def one(self):
        if len(self.buffer) < 2:
            return None
        kind, size, at = self.buffer[0] & 15, self.buffer[1] & 127, 2
        if size == 126:
            if len(self.buffer) < 4:
                return None
            size, at = struct.unpack(">H", self.buffer[2:4])[0], 4
        if len(self.buffer) < at + size:
            return None
        data, self.buffer = self.buffer[at : at + size], self.buffer[at + size :]
        return kind, data


def main():
    host, osc_port, web_port, pattern, count = sys.argv[1:]
    clients = [Udp(f"udp{n}", pattern, host, int(osc_port)) for n in range(int(count))]
    clients += [Web(f"web{n}", pattern, host, int(web_port)) for n in range(int(count))]
    print("ready", flush=True)
    while True:
        by_socket = {client.socket: client for client in clients if client.joining is None}
        ready, _, _ = select.select([*by_socket, sys.stdin], [], [], 0.05)
        if sys.stdin in ready:
            return
        for one in ready:
            by_socket[one].read()
        for client in clients:
            client.turn(time.monotonic())


main()
