"""Virtual MIDI surfaces for tests in Python: the other end of the stand-in for the sequencer, midi_double.cpp."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import pathlib
import socket
import threading

MODULE = os.environ.get("MIXRIG_MIDI_DOUBLE", "")


class Stage:
    """To and from the stand-in go a letter, a client's number, and what follows, as midi_stage.h has it."""

    def __init__(self, path: pathlib.Path):
        self.path, self.heard, self.desk = path, {}, None
        self.news = threading.Condition()
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(str(path))
        self.listener.listen(1)
        self.listener.settimeout(20)

    @property
    def env(self):
        """For the desk."""
        return {"LD_PRELOAD": MODULE, "MIXRIG_MIDI_STAGE": str(self.path)}

    def up(self, surfaces):
        """Once the desk starts: these are plugged in, number -> name."""
        self.desk, _ = self.listener.accept()
        for number, name in surfaces.items():
            self.desk.send(b"P" + bytes([number]) + name.encode())
        self.desk.send(b"G\0")
        threading.Thread(target=self._listen, daemon=True).start()

    def say(self, surface, message):
        self.desk.send(b"M" + bytes([surface]) + message)

    def answers(self, surface, message, answer, seconds=20):
        """Whether the surface is told this once it has said that."""
        with self.news:
            self.heard.get(surface, set()).discard(answer)
            self.say(surface, message)
            return self.news.wait_for(lambda: answer in self.heard.get(surface, ()), seconds)

    def close(self):
        for each in (self.desk, self.listener):
            if each:
                each.close()

    def _listen(self):
        while True:
            try:
                packet = self.desk.recv(4096)
            except OSError:
                return
            if not packet:
                return
            # Displays and meters are of no interest, and would pile up.
            if packet[:1] == b"M" and packet[2] & 0xF0 == 0x90:
                with self.news:
                    self.heard.setdefault(packet[1], set()).add(packet[2:])
                    self.news.notify_all()
