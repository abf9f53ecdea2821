#!/usr/bin/env python3
"""The desk on ALSA's own cards, which vanish and return. Run by sound.sh."""
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import pathlib
import threading
import time
import unittest

from desk import Desk, until

BUS = pathlib.Path("/sys/bus")
CONFIG = '[desk]\nchannels = 2\n[audio]\nbackend = "rtaudio"\napi = "alsa"\ndevice = "{}"\nrate = 48000\nblock = {}\n'


class Card:
    """What goes away and comes back: by words written to files of the system."""

    def __init__(self, name, away, back):
        self.name, self.away, self.back = name, away, back

    def pull(self):
        """The kernel comes back from this when nobody has the card open any more."""
        path, words = self.away()
        thread = threading.Thread(target=path.write_text, args=[words])
        thread.start()
        return thread

    def put_back(self):
        path, words = self.back()
        path.write_text(words)


def dummy():
    driver = BUS / "platform/drivers/snd_dummy"
    return Card("Dummy", lambda: (driver / "unbind", "snd_dummy.0"), lambda: (driver / "bind", "snd_dummy.0"))


def on_pci():
    def device():
        return next((BUS / "pci/drivers/snd_hda_intel").glob("0000:*"))

    return Card("HDA Intel", lambda: (device() / "remove", "1"), lambda: (BUS / "pci/rescan", "1"))


def on_usb():
    def device():
        found = [each for each in (BUS / "usb/devices").glob("*-*") if (each / "product").exists()]
        return next(each for each in found if "Audio" in (each / "product").read_text())

    switch = device() / "authorized"
    return Card("USB Audio", lambda: (switch, "0"), lambda: (switch, "1"))


CARDS = {"dummy": dummy, "PCI": on_pci, "USB": on_usb}


class SoundCards(unittest.TestCase):
    def test_a_card_that_goes_away_is_taken_again(self):
        for kind, find in CARDS.items():
            with self.subTest(kind):
                card = find()
                desk = Desk(CONFIG.format(card.name, 1024), up="audio: rtaudio")
                self.addCleanup(desk.close)  # of what fails; the next card is not tried then
                missed, returned = [], []
                for visit in range(1, 3):
                    began = time.monotonic()
                    pulled = card.pull()
                    self.assertTrue(until(lambda: desk.log().count("audio has stopped") == visit), desk.log())
                    missed.append(time.monotonic() - began)
                    pulled.join(20)
                    self.assertFalse(pulled.is_alive(), "the desk still has the card that is gone\n" + desk.log())
                    self.assertEqual(desk.get("/ch/1/fader"), 0.0)  # it answers
                    time.sleep(6.0)  # the log gathers what comes often
                    began = time.monotonic()
                    card.put_back()
                    self.assertTrue(until(lambda: desk.log().count("audio: rtaudio") == visit + 1), desk.log())
                    returned.append(time.monotonic() - began)
                print(
                    f"{kind}: noticed after {1000 * max(missed):.0f} ms at most, "
                    f"back after {1000 * max(returned):.0f} ms at most, 2 times"
                )
                self.assertEqual(desk.close(), 0)


if __name__ == "__main__":
    print(os.uname().version)
    unittest.main(verbosity=2, failfast=True)
