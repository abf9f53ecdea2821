"""A running desk and what else a test in the virtual machine needs."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "desk/network"))
import osc

PROGRAM = os.environ["MIXRIG"]
PORT = 9100


def until(what, seconds=30.0):
    """What it gives in the end; at once if that is true."""
    end = time.monotonic() + seconds
    while not (found := what()) and time.monotonic() < end:
        time.sleep(0.02)
    return found


def run(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


class Desk:
    def __init__(self, config, *options, up="audio: "):
        self.folder = tempfile.TemporaryDirectory()
        home = pathlib.Path(self.folder.name)
        (home / "desk.toml").write_text(config)
        self.log_path = home / "log"
        self.log_file = open(self.log_path, "w")
        self.program = subprocess.Popen(
            [PROGRAM, "run", "-c", home / "desk.toml", "--no-state", "--osc", str(PORT), "--web", "0", *options],
            stdout=self.log_file, stderr=self.log_file,
        )
        assert until(lambda: up in self.log()), self.log()

    def log(self):
        return self.log_path.read_text()

    def ask(self, packet, answer):
        """The values of the first answer to this address."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
            door.settimeout(10)
            door.connect(("127.0.0.1", PORT))
            door.send(packet)
            while True:
                for address, tags, values in osc.messages(door.recv(65536)):
                    if address == answer:
                        return [struct.unpack(">" + tag, value)[0] if tag in "fi" else value for tag, value in zip(tags, values)]

    def get(self, address):
        return self.ask(osc.message(address), address)[0]

    def set(self, address, value):
        """Returns when the desk has it."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
            door.sendto(osc.message(address, value), ("127.0.0.1", PORT))
        self.get(address)

    def meter(self, name):
        """One reading of `/meters/NAME`."""
        return self.ask(osc.message("/meters", "/" + name, 20.0, 1), "/meters/" + name)

    def close(self):
        if self.program.poll() is None:
            self.program.terminate()
        code = self.program.wait(20)
        self.log_file.close()
        self.folder.cleanup()
        return code
