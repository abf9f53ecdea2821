#!/usr/bin/env python3
"""Sound files that are none, or not what they say, through every command that reads sound: one message, exit code 1, nothing left."""
# SPDX-License-Identifier: GPL-3.0-or-later
import array
import math
import os
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

MIXRIG = os.environ.get("MIXRIG", "mixrig")
RATE, FRAMES, HOURS = 48000, 24000, 10 * 3600
UNKNOWN = 0xFFFFFFFF


def run(*words):
    return subprocess.run([MIXRIG, *map(str, words)], capture_output=True, text=True, timeout=20, errors="replace")


def samples(channels=2, frames=FRAMES):
    return array.array("f", (0.25 * math.sin(i // channels * 0.05) for i in range(channels * frames)))


def wav(data, channels=2, rate=RATE, tag=3, bits=32, promised=None):
    """A WAV of these bytes, whatever the header says of them."""
    size = len(data) if promised is None else promised & UNKNOWN
    width = channels * bits // 8 & 0xFFFF
    head = struct.pack("<HHIIHH", tag, channels, rate & UNKNOWN, rate * width & UNKNOWN, width, bits)
    body = b"WAVEfmt " + struct.pack("<I", 16) + head + b"data" + struct.pack("<I", size)
    return b"RIFF" + struct.pack("<I", len(body) + size & UNKNOWN) + body + data


def rf64(data, promised):
    sizes = struct.pack("<QQQI", promised + 80, promised, promised // 8, 0)
    head = struct.pack("<HHIIHH", 3, 2, RATE, RATE * 8, 8, 32)
    return (b"RF64\xff\xff\xff\xffWAVEds64" + struct.pack("<I", 28) + sizes + b"fmt " + struct.pack("<I", 16) + head
            + b"data\xff\xff\xff\xff" + data)


def aiff(data, frames):
    common = struct.pack(">hIh", 2, frames, 16) + bytes.fromhex("400ebb80000000000000")
    sound = b"SSND" + struct.pack(">III", frames * 4 + 8 & UNKNOWN, 0, 0) + data
    return b"FORM" + struct.pack(">I", len(sound) + 30 & UNKNOWN) + b"AIFFCOMM" + struct.pack(">I", 18) + common + sound


def spoilt(value, count):
    out = samples()
    for i in range(count):
        out[FRAMES + i] = value
    return wav(out.tobytes())


def flac(folder, good):
    """One that others have made, if they are there."""
    if not shutil.which("ffmpeg"):
        return {}
    (folder / "good.wav").write_bytes(good)
    subprocess.run(["ffmpeg", "-loglevel", "error", "-i", folder / "good.wav", "-metadata", "title=", folder / "good.flac"], check=True)
    data = (folder / "good.flac").read_bytes()
    ten_hours, nobody_knows = bytearray(data), bytearray(data)
    for out, frames in [(ten_hours, HOURS * RATE), (nobody_knows, 0)]:
        out[21] &= 0xF0  # of the 36 bits of the number of frames the first four
        out[22:26] = struct.pack(">I", frames)
    return {"cut.flac": data[: len(data) * 2 // 3], "ten-hours.flac": bytes(ten_hours), "streamed.flac": bytes(nobody_knows)}


def bad_files(folder):
    """Name -> bytes, and what the message must speak of."""
    data = samples().tobytes()
    good = wav(data)
    noise = random.Random(1).randbytes(5000)
    out = {
        "empty.wav": (b"", "empty"),
        "text.wav": (b"this is no sound\n" * 50, "not a readable"),
        "noise.flac": (noise, "not a readable"),
        "head-only.wav": (good[:30], "not a readable"),
        "no-data.wav": (good[:36], "not a readable"),
        "no-frames.wav": (wav(b""), "no sound"),
        "cut.wav": (good[: len(good) // 2], "ends early"),
        "a-frame-short.wav": (good[:-8], "8 bytes"),
        "ten-hours.wav": (wav(data, promised=HOURS * RATE * 8), "ends early"),
        "ten-hours.rf64": (rf64(data, HOURS * RATE * 8), "ends early"),
        "ten-hours.aiff": (aiff(data, HOURS * RATE), "ends early"),
        "no-channel.wav": (wav(data, channels=0), "not a readable"),
        "2000-channels.wav": (wav(data, channels=2000), "not a readable"),
        "no-rate.wav": (wav(data, rate=0), "not a readable"),
        "slow-rate.wav": (wav(data, rate=1), "1 Hz"),
        "high-rate.wav": (wav(data, rate=4_000_000_000), "not a readable"),
        "no-bits.wav": (wav(data, tag=1, bits=0), "not a readable"),
        "mp3-in-wav.wav": (wav(noise, tag=0x55), "not a readable"),
    }
    says = {"cut.flac": "damaged", "ten-hours.flac": "ends early", "streamed.flac": "how long"}
    out.update({name: (data, says[name]) for name, data in flac(folder, good).items()})
    return out


class BadSounds(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mixrig-bad-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.out = self.folder / "out"
        self.out.mkdir()

    def commands(self, file):
        """Every command that reads sound, with this file."""
        (self.folder / "song.toml").write_text(f'[[track]]\nfile = "{file}"\nchannel = 1\n')
        (self.folder / "other.toml").write_text(f'[audio]\nrate = 44100\n[[track]]\nfile = "{file}"\nchannel = 1\n')
        (self.folder / "album.toml").write_text(f'[album]\nartist = "A"\ntitle = "B"\n[[song]]\nfile = "{file}"\ntitle = "x"\n')
        play = self.folder / "play"
        shutil.rmtree(play, ignore_errors=True)
        play.mkdir()
        (play / file.name.replace(".rf64", ".wav")).write_bytes(file.read_bytes())
        return {
            "measure": ["measure", file],
            "bounce": ["bounce", self.folder / "song.toml", "-o", self.out],
            "bounce, resampled": ["bounce", self.folder / "other.toml", "-o", self.out],
            "master": ["master", file, "-o", self.out / "m.wav"],
            "album": ["album", self.folder / "album.toml", "-o", self.out],
            "tune": ["tune", file, "-o", self.out / "t.wav", "--scale", "chromatic"],
            "run": ["run", "--backend", "null", "--play", play, "--osc", "0", "--no-state"],
        }

    def refuses(self, words, name, fragment):
        done = run(*words)
        said = [line for line in done.stderr.splitlines() if " info " not in line and " is resampled to " not in line]
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(len(said), 1, done.stderr)
        self.assertIn(name, said[0])
        self.assertIn(fragment, said[0])
        left = [path for path in self.out.rglob("*") if path.is_file()]
        self.assertEqual(left, [])

    def test_measure_refuses_each(self):
        for name, (data, fragment) in bad_files(self.folder).items():
            with self.subTest(name):
                (self.folder / name).write_bytes(data)
                self.refuses(["measure", self.folder / name], name, fragment)

    def test_every_command_refuses_what_lies_of_its_length(self):
        # What reads a header only would go on to read, and to write, for ten hours.
        files = bad_files(self.folder)
        for name in ["cut.wav", "no-frames.wav", "slow-rate.wav", "ten-hours.rf64", "ten-hours.flac", "cut.flac"]:
            if name not in files:
                continue
            data, fragment = files[name]
            file = self.folder / name
            file.write_bytes(data)
            for command, words in self.commands(file).items():
                with self.subTest(name=name, command=command):
                    self.refuses(words, file.stem, fragment)

    def test_nine_channels_are_measured_but_not_mixed(self):
        file = self.folder / "nine.wav"
        file.write_bytes(wav(samples(9, 4800).tobytes(), channels=9))
        self.assertEqual(run("measure", file).returncode, 0)
        commands = self.commands(file)
        for command in ["bounce", "master", "album", "tune"]:
            with self.subTest(command):
                self.refuses(commands[command], "nine.wav", "9 channels")

    def test_samples_that_are_no_numbers_are_counted_or_refused(self):
        for name, data in [("nan.wav", spoilt(math.nan, 1)), ("inf.wav", spoilt(math.inf, 100)), ("huge.wav", spoilt(1e30, 10))]:
            file = self.folder / name
            file.write_bytes(data)
            commands = self.commands(file)
            self.refuses(commands["master"], name, "not a number")
            for command in ["bounce", "bounce, resampled"]:  # the other tracks are not to blame
                with self.subTest(name=name, command=command):
                    done = run(*commands[command])
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.assertRegex(done.stderr, name + r".* not a number.*silent there")
            shutil.rmtree(self.folder / "out", ignore_errors=True)
            if name != "huge.wav":
                self.refuses(commands["album"], name, "not numbers")
                self.refuses(commands["tune"], name, "not numbers")
                self.assertRegex(run("measure", file, "--json").stdout, r'"not_finite": ?[1-9]')

    def test_what_came_through_a_pipe_is_read_to_its_end(self):
        file = self.folder / "piped.wav"
        file.write_bytes(wav(samples().tobytes(), promised=UNKNOWN))
        done = run("measure", file)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("0.500 s", done.stdout)

    def test_what_is_no_file_is_not_waited_for(self):
        pipe = self.folder / "pipe.wav"
        os.mkfifo(pipe)
        self.refuses(["measure", pipe], "pipe.wav", "not a file")
        self.refuses(["measure", "/dev/zero"], "/dev/zero", "not a file")


if __name__ == "__main__":
    sys.exit(unittest.main())
