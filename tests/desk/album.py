#!/usr/bin/env python3
"""Three generated songs become an album, and every kind of damage to a delivery is named."""
# SPDX-License-Identifier: GPL-3.0-or-later
import array
import hashlib
import json
import math
import os
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
import unittest
import wave
import zipfile

MIXRIG = os.environ.get("MIXRIG", "mixrig")
# Name, rate, seconds, base of the chord in Hz, amplitude: rates and levels differ on purpose.
SONGS = [("one", 44100, 4.5, 110, 0.25), ("two", 48000, 5.003, 165, 0.12), ("three", 44100, 4.2, 220, 0.18)]
ALBUM = """[album]
artist = "ARTIST"
title = "Grüße"
upc = "4006381333931"
genre = "Rock"
year = 2026
[[song]]
file = "one.wav"
title = "Intro"
isrc = "DE-ABC-26-00001"
fade_out = 1.0
[[song]]
file = "two.wav"
title = "Yeah"
mix = "OriginalMix"
isrc = "DE-ABC-26-00002"
gap = 1.5
[[song]]
file = "three.wav"
title = "Last"
isrc = "DE-ABC-26-00003"
gap = 0.75
fade_in = 0.5
"""
NAMES = ["01-ARTIST-Intro.wav", "02-ARTIST-Yeah(OriginalMix).wav", "03-ARTIST-Last.wav"]
IMAGE = "ARTIST-Gr__e.wav"


def run(*words):
    return subprocess.run([MIXRIG, *map(str, words)], capture_output=True, text=True, timeout=120)


def write_song(path, rate, seconds, base, level):
    """A chord that swells in and decays: 16 bit, two channels that differ."""
    frames = round(rate * seconds)
    samples = array.array("h")
    for n in range(frames):
        t, x = n / rate, 2 * math.pi * base * n / rate
        envelope = min(1.0, t / 0.01, (seconds - t) / 0.3) * level * 32767
        chord = 0.5 * math.sin(x) + 0.1 * math.sin(5 * x)
        samples.append(round(envelope * (chord + 0.05 * math.sin(19 * x))))
        samples.append(round(envelope * chord))
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, rate, frames, "NONE", ""))
        file.writeframes(samples.tobytes())


def frames_of(path):
    """Sample data, frames and format of a WAV, whatever other chunks there are."""
    data, at = path.read_bytes(), 12
    while data[at : at + 4] != b"data":
        if data[at : at + 4] == b"fmt ":
            channels, rate, _, align, bits = struct.unpack("<HIIHH", data[at + 10 : at + 24])
        at += 8 + (struct.unpack("<I", data[at + 4 : at + 8])[0] + 1) // 2 * 2
    size = struct.unpack("<I", data[at + 4 : at + 8])[0]
    return data[at + 8 : at + 8 + size], size // align, (channels, rate, bits)


def cd_frames(text):
    minutes, seconds, frames = map(int, text.split(":"))
    return (minutes * 60 + seconds) * 75 + frames


def ebur128(path):
    """Integrated loudness and true peak as ffmpeg measures them."""
    said = subprocess.run(["ffmpeg", "-nostats", "-i", path, "-filter_complex", "ebur128=peak=true", "-f", "null", "-"],
                          capture_output=True, text=True, timeout=120).stderr
    return [float(re.findall(rf"^\s+{key}:\s+(-?[\d.]+)", said, re.M)[-1]) for key in ("I", "Peak")]


class Album(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="mixrig-album-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        for name, *rest in SONGS:
            write_song(cls.folder / f"{name}.wav", *rest)
        (cls.folder / "album.toml").write_text(ALBUM)
        cls.cd, cls.stream = cls.folder / "cd", cls.folder / "stream"
        cls.made = {}
        for medium, out, more in [("cd", cls.cd, ["--preview", "--preview-seconds", "2"]), ("streaming", cls.stream, ["--zip"])]:
            done = run("album", cls.folder / "album.toml", "-o", out, "--medium", medium, "--json", *more)
            assert done.returncode == 0, done.stderr
            cls.made[medium] = json.loads(done.stdout)

    def verify(self, folder, *words):
        done = run("verify", folder, "--json", *words)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        answer = json.loads(done.stdout)
        self.assertEqual(answer["result"] == "fail", done.returncode == 1)
        return answer

    def fails(self, folder, *words):
        return [(f["rule"], f["file"]) for f in self.verify(folder, *words)["findings"] if f["result"] == "fail"]

    def test_a_chain_of_a_song_has_the_bits_of_its_bounce(self):
        """Once by the album, once by a song of one track with that scene and an album of what comes of it."""
        (self.folder / "chain.scene").write_text(
            "# mixrig scene 1\n/main/master/multiband/on on\n/main/master/multiband/1/threshold -40 dB\n"
            "/main/master/saturator/on on\n/main/master/saturator/drive 6 dB\n/main/limiter/on on\n/main/limiter/ceiling -14 dB\n")
        head = '[album]\nartist = "A"\ntitle = "T"\nlevels = "none"\n[[song]]\ntitle = "S"\n'
        (self.folder / "song.toml").write_text('[song]\ntitle = "S"\nscene = "chain.scene"\n[[track]]\nfile = "two.wav"\nchannel = 1\n')
        done = run("bounce", self.folder / "song.toml", "-o", self.folder / "chained", "--format", "wav32f", "--tail", "0")
        self.assertEqual(done.returncode, 0, done.stderr)
        heard = []
        for name, song in (("by-album", 'file = "two.wav"\nchain = "chain.scene"\n'), ("by-bounce", 'file = "chained/S-FullMix.wav"\n')):
            (self.folder / f"{name}.toml").write_text(head + song)
            out = self.folder / name
            done = run("album", self.folder / f"{name}.toml", "-o", out, "--medium", "hires")
            self.assertEqual(done.returncode, 0, done.stderr)
            heard.append(frames_of(out / "01-A-S.wav"))
        self.assertEqual(heard[0], heard[1])
        plain = frames_of(self.folder / "two.wav")
        self.assertEqual(heard[0][1], plain[1])
        (self.folder / "bad.toml").write_text(head + 'file = "two.wav"\nchain = "nowhere.scene"\n')
        done = run("validate", self.folder / "bad.toml")
        self.assertEqual(done.returncode, 1)
        self.assertIn("nowhere.scene", done.stderr + done.stdout)

    def test_a_fresh_delivery_passes(self):
        for folder in (self.cd, self.stream):
            with self.subTest(folder.name):
                answer = self.verify(folder)
                self.assertEqual([f for f in answer["findings"] if f["result"] != "pass"], [])
                self.assertGreater(answer["passed"], 30)

    def test_the_manifest_has_the_fingerprint_of_every_file(self):
        for folder in (self.cd, self.stream):
            files = json.loads((folder / "manifest.json").read_text())["files"]
            self.assertEqual({f["name"] for f in files} | {"manifest.json"}, {p.name for p in folder.iterdir()})
            for file in files:
                self.assertEqual(hashlib.sha256((folder / file["name"]).read_bytes()).hexdigest(), file["sha256"])

    def test_the_image_is_gaps_and_songs_and_nothing_else(self):
        data, frames, shape = frames_of(self.cd / IMAGE)
        self.assertEqual(shape, (2, 44100, 16))
        self.assertEqual(frames % 588, 0)
        songs = self.made["cd"]["manifest"]["songs"]
        at = 0
        for song, name, gap in zip(songs, NAMES, (0, 112, 56)):  # 1.5 s and 0.75 s: 112.5 and 56.25 CD frames
            gap = 588 * (113 if gap == 112 else gap)
            self.assertEqual(data[4 * at : 4 * (at + gap)], bytes(4 * gap), "a gap is silent")
            part, length, shape = frames_of(self.cd / name)
            self.assertEqual(shape, (2, 44100, 16))
            self.assertEqual(song["mark"], at + gap)
            self.assertEqual(data[4 * (at + gap) : 4 * (at + gap + length)], part, "bit for bit")
            at += gap + length
        self.assertEqual(at, frames)

    def test_streams_have_their_gap_behind_them(self):
        lengths = [frames_of(self.stream / name) for name in NAMES]
        self.assertEqual({shape for _, _, shape in lengths}, {(2, 48000, 24)})
        wanted = [round(seconds * rate) * 48000 / rate for _, rate, seconds, *_ in SONGS]
        for (_, frames, _), song, gap in zip(lengths, wanted, (72000, 36000, 0)):
            self.assertEqual(frames, round(song) + gap)

    def test_cue_and_toc_say_the_same(self):
        cue = (self.cd / IMAGE).with_suffix(".cue").read_text(encoding="latin-1")
        self.assertIn('TITLE "Grüße"', cue)
        self.assertIn("CATALOG 4006381333931", cue)
        self.assertEqual(re.findall(r"ISRC (\w+)", cue), [f"DEABC260000{n}" for n in (1, 2, 3)])
        marks = [cd_frames(t) for t in re.findall(r"INDEX 01 (\S+)", cue)]
        self.assertEqual(marks, [s["mark"] // 588 for s in self.made["cd"]["manifest"]["songs"]])
        if not shutil.which("cdrdao"):
            self.skipTest("cdrdao is not installed")
        frames = frames_of(self.cd / IMAGE)[1]
        for sheet in (".toc", ".cue"):
            done = subprocess.run(["cdrdao", "show-toc", IMAGE.replace(".wav", sheet)], cwd=self.cd, capture_output=True, text=True,
                                  timeout=60)
            said = done.stdout + done.stderr
            self.assertEqual(done.returncode, 0, said)
            self.assertNotRegex(said, "ERROR|WARNING")
            self.assertEqual([int(n) for n in re.findall(r"START +\S+\( *(\d+)\)", said)], marks)
            self.assertEqual(int(re.findall(r"END +\S+\( *(\d+)\)", said)[-1]) * 588, frames)
            self.assertIn("CATALOG NUMBER: 4006381333931", said)
            self.assertEqual(len(re.findall(r"ISRC DE ABC 26 0000[123]", said)), 3)

    def test_the_preview_is_both_sides_of_each_gap(self):
        songs = self.made["cd"]["manifest"]["songs"]
        frames = frames_of(self.cd / "ARTIST-Grüße-Spacing.wav")[1]
        self.assertEqual(frames, sum(s["start"] - s["gap_start"] + 4 * 44100 for s in songs[1:]) + 44100)

    def test_each_zip_holds_its_song(self):
        for name in NAMES:
            with zipfile.ZipFile((self.stream / name).with_suffix(".zip")) as archive:
                self.assertEqual(archive.namelist(), [name])
                self.assertEqual(archive.read(name), (self.stream / name).read_bytes())

    def test_loudness_and_peaks_are_what_another_meter_finds(self):
        manifest = self.made["cd"]["manifest"]
        self.assertAlmostEqual(manifest["integrated_lufs"], -14, delta=0.01)
        self.assertEqual(len({s["gain_db"] for s in manifest["songs"]}), 1)
        if not shutil.which("ffmpeg"):
            self.skipTest("ffmpeg is not installed")
        loudness, peak = ebur128(self.cd / IMAGE)
        self.assertAlmostEqual(loudness, -14, delta=0.1)  # it prints tenths
        self.assertLessEqual(peak, -0.3 + 0.1)
        for song in manifest["songs"]:
            self.assertAlmostEqual(ebur128(self.cd / song["file"])[0], song["integrated_lufs"], delta=0.1)

    def test_by_track_every_song_comes_to_the_target(self):
        (self.folder / "track.toml").write_text(ALBUM.replace('year = 2026', 'levels = "track"\ntarget = -20'))
        out = self.folder / "track"
        done = run("album", self.folder / "track.toml", "-o", out, "--format", "flac24")
        self.assertEqual(done.returncode, 0, done.stderr)
        manifest = json.loads((out / "manifest.json").read_text())
        for song in manifest["songs"]:
            self.assertAlmostEqual(song["integrated_lufs"], -20, delta=0.01)
        self.assertAlmostEqual(manifest["integrated_lufs"], -20, delta=0.5)  # fades are not gated alike
        self.assertEqual(self.fails(out), [])
        if shutil.which("ffprobe"):
            said = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "format_tags", out / "02-ARTIST-Yeah(OriginalMix).flac"],
                                  capture_output=True, text=True).stdout
            for tag in ("title=Yeah(OriginalMix)", "artist=ARTIST", "album=Grüße", "track=2"):
                self.assertIn(tag.lower(), said.lower())

    def test_untouched_16_bit_passes_bit_for_bit(self):
        (self.folder / "plain.toml").write_text(
            '[album]\nartist = "A"\ntitle = "T"\nlevels = "none"\n[[song]]\nfile = "one.wav"\n[[song]]\nfile = "three.wav"\ngap = 0\n')
        done = run("album", self.folder / "plain.toml", "-o", self.folder / "plain", "--medium", "cd")
        self.assertEqual(done.returncode, 0, done.stderr)
        songs = frames_of(self.folder / "one.wav")[0] + frames_of(self.folder / "three.wav")[0]
        image = frames_of(self.folder / "plain/A-T.wav")[0]
        self.assertEqual(image[: len(songs)], songs)
        self.assertEqual(image[len(songs) :].strip(b"\0"), b"")

    def test_parts_of_one_recording_join_without_a_seam(self):
        head = '[album]\nartist = "A"\ntitle = "T"\nlevels = "none"\n'
        part = '[[song]]\nfile = "one.wav"\n'
        data = []
        for name, songs in [("whole", part), ("parts", part + "end = 2.1\n" + part + "start = 2.1\ngap = 0\n")]:
            (self.folder / f"{name}.toml").write_text(head + songs)
            out = self.folder / name
            done = run("album", self.folder / f"{name}.toml", "-o", out)
            self.assertEqual(done.returncode, 0, done.stderr)
            data.append(b"".join(frames_of(file)[0] for file in sorted(out.glob("*.wav"))))
        self.assertEqual(len(list(out.glob("*.wav"))), 2)
        self.assertEqual(data[0], data[1])
        self.assertNotIn("N11", [f["rule"] for f in self.verify(out)["findings"] if f["result"] != "pass"])

    def copy_of(self, source):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder)) / "pack"
        shutil.copytree(source, folder)
        return folder

    def test_every_damage_is_named(self):
        def change_a_byte(file):
            data = bytearray(file.read_bytes())
            data[len(data) // 2] ^= 1
            file.write_bytes(data)

        def wrong_rate(file):
            data = bytearray(file.read_bytes())
            at = data.index(b"fmt ")
            data[at + 12 : at + 16] = struct.pack("<I", 96000)
            file.write_bytes(data)

        def clip(file):
            data = bytearray(file.read_bytes())
            at = len(data) - len(frames_of(file)[0]) + 6 * 20000
            data[at : at + 60] = b"\xff\xff\x7f" * 20
            file.write_bytes(data)

        def other_title(file):
            file.write_bytes(file.read_bytes().replace(b"Yeah", b"Nope", 1))

        def move_a_mark(file):
            file.write_bytes(file.read_bytes().replace(b"INDEX 01 00:00:00", b"INDEX 01 00:00:01"))

        def no_sound(file):
            file.write_bytes(b"RIFF")

        toc, cue = IMAGE.replace(".wav", ".toc"), IMAGE.replace(".wav", ".cue")
        gone = pathlib.Path.unlink
        for source, damages, named in [
            (self.stream, {NAMES[0]: change_a_byte, NAMES[1]: gone, NAMES[2]: clip},
             {("J07", NAMES[0]), ("O09", NAMES[1]), ("N01", NAMES[1]), ("J07", NAMES[2]), ("B04", NAMES[2]), ("K12", NAMES[2])}),
            (self.stream, {NAMES[0]: wrong_rate, NAMES[1]: other_title, NAMES[2]: no_sound},
             {("N02", NAMES[0]), ("P08", NAMES[1]), ("N01", NAMES[2])}),
            (self.cd, {cue: move_a_mark, toc: gone}, {("P05", cue), ("O09", toc)}),
            (self.stream, {"manifest.json": gone}, {("O09", "manifest.json")}),
            (self.stream, {"manifest.json": no_sound}, {("O09", "manifest.json")}),
        ]:
            with self.subTest(damages=[(name, damage.__name__) for name, damage in damages.items()]):
                folder = self.copy_of(source)
                for name, damage in damages.items():
                    damage(folder / name)
                found = set(self.fails(folder))
                self.assertLessEqual(named, found)
                self.assertEqual({name for _, name in found} - {""}, set(damages), "and nothing else is blamed")

    def test_a_stranger_is_a_warning(self):
        folder = self.copy_of(self.stream)
        (folder / "notes.txt").write_text("hello")
        self.assertEqual([(f["rule"], f["file"]) for f in self.verify(folder)["findings"] if f["result"] == "warn"], [("O05", "notes.txt")])

    def test_another_profile_is_another_judgement(self):
        self.assertIn(("N05", ""), self.fails(self.stream, "--profile", "cd"))
        self.assertEqual(run("verify", self.stream, "--profile", "tape").returncode, 1)

    def test_the_same_album_gives_the_same_bytes(self):
        out = self.folder / "again"
        self.assertEqual(run("album", self.folder / "album.toml", "-o", out, "--medium", "cd", "--preview", "--preview-seconds", "2").returncode, 0)
        for file in self.cd.iterdir():
            self.assertEqual(file.read_bytes(), (out / file.name).read_bytes(), file.name)

    def test_the_table_names_the_songs_and_what_to_do(self):
        cohesion = self.made["streaming"]["cohesion"]
        self.assertEqual([s["title"] for s in cohesion["songs"]], ["Intro", "Yeah(OriginalMix)", "Last"])
        for song in cohesion["songs"]:
            for value in [song["suggested_gain_db"], *song["suggested_eq_db"].values()]:
                self.assertLessEqual(abs(value), 1.0)
        self.assertNotEqual(cohesion["songs"][0]["suggested_gain_db"], 0)

    def test_a_song_is_never_written_over(self):
        folder = self.folder / "inside"
        folder.mkdir()
        shutil.copy(self.folder / "one.wav", folder / "01-A-Intro.wav")
        (folder / "album.toml").write_text('[album]\nartist = "A"\ntitle = "T"\n[[song]]\nfile = "01-A-Intro.wav"\ntitle = "Intro"\n')
        done = run("album", folder / "album.toml", "-o", folder)
        self.assertEqual(done.returncode, 1)
        self.assertIn("01-A-Intro.wav", done.stderr)
        self.assertEqual((folder / "01-A-Intro.wav").read_bytes(), (self.folder / "one.wav").read_bytes())
        self.assertEqual(len(list(folder.iterdir())), 2)

    def test_what_cannot_be_is_refused_and_leaves_no_manifest(self):
        (self.folder / "short.toml").write_text(ALBUM.replace('title = "Last"', 'title = "Last"\nend = 3'))
        out = self.folder / "short"
        done = run("album", self.folder / "short.toml", "-o", out, "--medium", "cd")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"short\.toml:\d+: .*four seconds")
        self.assertFalse((out / "manifest.json").exists())
        (self.folder / "cd.toml").write_text(ALBUM.replace("[album]", '[album]\nmedium = "cd"').replace('title = "Last"', 'end = 3'))
        done = run("validate", self.folder / "cd.toml")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"cd\.toml:\d+: ")
        self.assertEqual(run("validate", self.folder / "album.toml").returncode, 0)


if __name__ == "__main__":
    unittest.main()
