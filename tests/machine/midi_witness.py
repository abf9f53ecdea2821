#!/usr/bin/env python3
"""The desk at the kernel's sequencer, with alsa-utils looking on: aconnect, amidi, aseqdump. Run by midi.sh."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import pathlib
import re
import subprocess
import tempfile
import time
import unittest

from desk import Desk, run, until

DRIVER = pathlib.Path("/sys/bus/platform/drivers/snd_virmidi")
CARD = "virmidi"


def desk_with(surface):
    return Desk(f'[midi]\nenabled = true\nsurfaces = ["{surface}"]\n', "--backend", "null", "--block", "1024")


class Listener:
    """A program that prints what it hears, until it is stopped."""

    def __init__(self, *words):
        self.file = tempfile.TemporaryFile("w+")
        self.program = subprocess.Popen(["stdbuf", "-oL", *words], stdout=self.file)

    def heard(self):
        self.file.seek(0)
        return self.file.read()

    def close(self):
        self.program.terminate()
        self.program.wait(10)
        self.file.close()


class Witness(unittest.TestCase):
    def virmidi(self):
        """The raw MIDI side of the card: hw:N,0."""
        number = pathlib.Path("/proc/asound", CARD)
        return f"hw:{os.readlink(number)[4:]},0" if number.is_symlink() else None

    def test_a_raw_midi_card_plays_the_desk_and_goes_and_comes(self):
        subprocess.run(["modprobe", "snd-virmidi", "midi_devs=1", "id=" + CARD], check=True)
        desk = desk_with("Virtual Raw MIDI")
        self.addCleanup(desk.close)
        for visit in range(1, 6):
            self.assertTrue(until(lambda: desk.log().count("is Mackie Control unit 1") == visit), desk.log())
            wires = run("aconnect", "-l")
            own = wires.split("client ")
            own = next(part for part in own if "'mixrig'" in part)
            client = re.search(r"Connecting To: (\d+):0", own).group(1)
            self.assertRegex(own, f"Connected From: .*{client}:0", wires)
            cable = self.virmidi()
            lamps = Listener("amidi", "-p", cable, "-d")
            self.assertTrue(until(lambda: "Owner PID" in pathlib.Path("/proc/asound", CARD, "midi0").read_text()))
            for on in (1, 0):
                run("amidi", "-p", cable + ",1", "-S", "90 10 7F 90 10 00")  # MUTE of the first strip
                self.assertTrue(until(lambda: desk.get("/ch/1/mute") == on))
                lamp = "107F" if on else "1000"  # the card has running status
                self.assertTrue(until(lambda: lamp in re.sub(r"\s", "", lamps.heard())), lamps.heard())
            lamps.close()
            (DRIVER / "unbind").write_text("snd_virmidi.0")
            self.assertTrue(until(lambda: desk.log().count("is gone") == visit), desk.log())
            self.assertNotIn("Connecting To: " + client, run("aconnect", "-l"))
            (DRIVER / "bind").write_text("snd_virmidi.0")
        self.assertEqual(desk.close(), 0)

    def test_what_goes_round_ends(self):
        """Midi Through sends all that it is told back to whoever listens, the desk among them."""
        subprocess.run(["modprobe", "snd-seq-dummy"], check=True)
        desk = desk_with("Midi Through")
        self.addCleanup(desk.close)
        self.assertTrue(until(lambda: "is Mackie Control unit 1" in desk.log()), desk.log())
        dump = Listener("aseqdump", "-p", "Midi Through")
        self.addCleanup(dump.close)
        time.sleep(3.0)  # its echo of the question, and 2 s of knowing it
        for step in range(40):
            desk.set("/ch/1/fader", float(-step))
            desk.set("/ch/2/mute", step % 2)
        time.sleep(1.0)
        lines = dump.heard().splitlines()
        self.assertTrue(any("Pitch bend" in line for line in lines), lines[:20])
        self.assertEqual(desk.get("/ch/1/fader"), -39.0)
        time.sleep(2.0)
        later = dump.heard().splitlines()[len(lines):]
        print(f"Midi Through: {len(lines)} messages by aseqdump, {len(later)} in 2 s of rest")
        self.assertEqual(later, [])


if __name__ == "__main__":
    unittest.main(verbosity=2, failfast=True)
