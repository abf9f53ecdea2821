#!/usr/bin/env python3
"""A song becomes mixes, stems that add up, and tracks: one pass, read back here."""
# SPDX-License-Identifier: GPL-3.0-or-later
import array
import hashlib
import json
import math
import os
import pathlib
import random
import struct
import subprocess
import tempfile
import time
import unittest
import wave

MIXRIG = os.environ.get("MIXRIG", "mixrig")
RATE = 48000
SECONDS = 1.0
# Name, channels, base in Hz (0: noise), amplitude, stem, role.
TRACKS = [
    ("kick", 1, 55, 0.5, "Kick", "kick"),
    ("snare", 1, 0, 0.3, "SnareDrum", "snare"),
    ("hats", 2, 0, 0.1, "OtherDrums", "drums"),
    ("toms", 1, 90, 0.2, "OtherDrums", "drums"),
    ("bass", 1, 65, 0.4, "BassLine", "bass"),
    ("strings", 2, 440, 0.2, "StringSynth", "none"),
    ("arp", 1, 880, 0.2, "ArpeggiatorSynth", "none"),
    ("voice", 1, 300, 0.4, "Singer", "lead_vocal"),
    ("choir", 2, 400, 0.2, "Singer", "vocal"),
]
STEMS = ["Kick", "SnareDrum", "OtherDrums", "BassLine", "StringSynth", "ArpeggiatorSynth", "Singer"]
# What all stems share is nonlinear wherever it can be: groups, effects, the whole master chain.
SCENE = """# mixrig scene 1
/ch/1/to sub/1
/ch/2/to sub/1
/ch/3/to sub/1
/ch/4/to sub/1
/ch/8/insert fx/3
/ch/1/gate/on on
/ch/5/comp/1/on on
/ch/5/comp/1/key ch/1
/ch/2/send/fx/1/level -6 dB
/ch/8/send/fx/1/level -3 dB
/ch/9/send/fx/1/level -3 dB
/ch/7/send/fx/2/level 0 dB
/ch/8/send/fx/2/level -6 dB
/fx/1/type plate
/fx/1/reverb/decay 700 ms
/fx/2/type saturation
/fx/2/saturation/curve tube
/fx/3/type chorus
/sub/1/comp/1/on on
/sub/1/comp/1/threshold -24 dB
/sub/1/limiter/on on
/sub/1/limiter/ceiling -9 dB
/main/comp/1/on on
/main/comp/1/threshold -20 dB
/main/master/ms/on on
/main/master/ms/1/gain 1 dB
/main/master/comp/1/on on
/main/master/comp/1/threshold -24 dB
/main/master/multiband/on on
/main/master/multiband/1/threshold -30 dB
/main/master/field/on on
/main/master/field/3/width 1.2
/main/master/saturator/on on
/main/master/saturator/drive 4 dB
/main/master/clipper/on on
/main/master/clipper/drive 3 dB
/main/limiter/on on
/main/limiter/ceiling -9 dB
"""
AUTO = "0.3s /ch/8/fader -3 dB\n0.5s /main/master/comp/1/threshold -30 dB\n0.7s /ch/5/comp/1/on off\n"


def run(*words):
    return subprocess.run([MIXRIG, *map(str, words)], capture_output=True, text=True, timeout=120)


def write_track(path, channels, base, level, late):
    noise, frames = random.Random(7), round(SECONDS * RATE)
    samples = array.array("h")
    for n in range(frames):
        t = n / RATE - late
        beat = math.exp(-6 * (t % 0.5)) if t >= 0 else 0.0
        for side in range(channels):
            tone = noise.uniform(-1, 1) if base == 0 else math.sin(2 * math.pi * base * (1 + 0.01 * side) * t)
            samples.append(round(32767 * level * beat * tone))
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, 2, RATE, frames, "NONE", ""))
        file.writeframes(samples.tobytes())


def chunks(path):
    data, at, found = path.read_bytes(), 12, {}
    while at + 8 <= len(data):
        size = struct.unpack("<I", data[at + 4 : at + 8])[0]
        found[data[at : at + 4].decode()] = data[at + 8 : at + 8 + size]
        at += 8 + (size + 1) // 2 * 2
    return found


def samples_of(path):
    """As floats, whatever the format."""
    parts = chunks(path)
    bits, data = struct.unpack("<H", parts["fmt "][14:16])[0], parts["data"]
    if bits == 32:
        return array.array("f", data)
    whole = bytearray(len(data) // 3 * 4)
    for byte in range(3):
        whole[byte + 1 :: 4] = data[byte::3]
    return [x / 2**31 for x in array.array("i", bytes(whole))]


def residual_dB(mix, stems):
    """The largest sample of the mix less the sum of its stems, by this program's own arithmetic."""
    worst = max(abs(x - sum(parts)) for x, *parts in zip(mix, *stems))
    return 20 * math.log10(worst) if worst > 0 else -math.inf


class Song(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.scratch.name)
        for i, (name, channels, base, level, _, _) in enumerate(TRACKS):
            write_track(cls.folder / f"{name}.wav", channels, base, level, 0.08 * i)
        (cls.folder / "mix.scene").write_text(SCENE)
        (cls.folder / "mix.auto").write_text(AUTO)
        cls.song = cls.write_song("song.toml", TRACKS)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    @classmethod
    def write_song(cls, file, tracks, stems=True, scene="mix.scene"):
        text = f'[song]\nartist = "A"\ntitle = "T"\nscene = "{scene}"\nautomation = "mix.auto"\n[desk]\nsubgroups = 1\neffects = 3\n'
        for i, (name, _, _, _, stem, role) in enumerate(tracks):
            text += f'[[track]]\nfile = "{name}.wav"\nchannel = {i + 1}\nrole = "{role}"\n'
            text += f'stem = "{stem}"\n' if stems else ""
        path = cls.folder / file
        path.write_text(text)
        return path

    def bounce(self, *words, song=None, code=0):
        out = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        done = run("bounce", song or self.song, "-o", out, *words)
        self.assertEqual(done.returncode, code, done.stderr)
        return out, done

    def test_stems_add_up_to_the_master(self):
        for format, limit in (("wav32f", -120.0), ("wav24", -120.0)):
            with self.subTest(format):
                out, done = self.bounce("--stems", "--format", format)
                files = [out / f"A-T-Stem{i + 1}-{name}.wav" for i, name in enumerate(STEMS)]
                mix = samples_of(out / "A-T-FullMix.wav")
                stems = [samples_of(file) for file in files]
                self.assertEqual({len(x) for x in stems}, {len(mix)})
                self.assertAlmostEqual(max(map(abs, mix)), 10 ** (-9 / 20), 2)  # the limiter works
                residual = residual_dB(mix, stems)
                self.assertLess(residual, limit)
                certificate = json.loads((out / "A-T-Null.json").read_text())
                self.assertTrue(certificate["passes"])
                # To its own arithmetic in doubles.
                self.assertAlmostEqual(certificate["residual_dBFS"], residual, 3)
                for entry, file in zip(certificate["stems"], files):
                    self.assertEqual(entry["sha256"], hashlib.sha256(file.read_bytes()).hexdigest())
                # EBU Tech 3285: TimeReference stands behind 338 bytes of texts.
                for file in files:
                    self.assertEqual(struct.unpack("<Q", chunks(file)["bext"][338:346])[0], 0)

    def test_stems_through_chains_of_their_own_do_not(self):
        """What the gains of the full mix are for: the same desk, but each part hears itself."""
        mix = samples_of(self.bounce("--tail", "0", "--format", "wav32f")[0] / "A-T-FullMix.wav")
        parts = []
        for stem in STEMS:
            scene = SCENE + "".join(f"/ch/{i + 1}/mute on\n" for i, track in enumerate(TRACKS) if track[4] != stem)
            (self.folder / "part.scene").write_text(scene)
            song = self.write_song("part.toml", TRACKS, scene="part.scene")
            out, _ = self.bounce("--tail", "0", "--format", "wav32f", song=song)
            parts.append(samples_of(out / "A-T-FullMix.wav"))
        self.assertGreater(residual_dB(mix, parts), -30.0)

    def test_mixes_are_those_of_other_scenes(self):
        out, _ = self.bounce("--premaster", "--no-limiter", "--instrumental", "--tail", "0", "--format", "wav32f")
        no_chain = "".join(line + "\n" for line in SCENE.splitlines() if not line.startswith(("/main/master", "/main/limiter")))
        others = {
            "PreMaster": no_chain,
            "NoLimiter": SCENE.replace("/main/limiter/on on", "/main/limiter/on off"),
        }
        for what, scene in others.items():
            with self.subTest(what):
                (self.folder / "other.scene").write_text(scene)
                song = self.write_song("other.toml", TRACKS, scene="other.scene")
                there, _ = self.bounce("--tail", "0", "--format", "wav32f", song=song)
                a, b = samples_of(out / f"A-T-{what}.wav"), samples_of(there / "A-T-FullMix.wav")
                self.assertLess(max(map(abs, a)), 1.0)  # below the ceiling, which only the others pass
                self.assertEqual(list(a), list(b))
        # The voices and what they leave in effects and compressors are gone.
        for name in ("voice", "choir"):
            write_track(self.folder / f"no-{name}.wav", 2 if name == "choir" else 1, 300, 0.0, 0.0)
        tracks = [(f"no-{t[0]}" if t[5] in ("vocal", "lead_vocal") else t[0], *t[1:]) for t in TRACKS]
        there, _ = self.bounce("--tail", "0", "--format", "wav32f", song=self.write_song("band.toml", tracks))
        self.assertEqual(chunks(out / "A-T-Instrumental.wav")["data"], chunks(there / "A-T-FullMix.wav")["data"])

    def test_all_files_are_the_same_for_any_block_and_number_of_threads(self):
        words = ("--stems", "--instrumental", "--tracks", "--format", "wav32f")
        first, _ = self.bounce(*words)
        names = sorted(file.name for file in first.iterdir() if file.suffix == ".wav")
        out, _ = self.bounce(*words, "--block", "37", "--threads", "2")
        self.assertEqual(sorted(file.name for file in out.iterdir() if file.suffix == ".wav"), names)
        for name in names:
            with self.subTest(name):
                self.assertEqual((out / name).read_bytes(), (first / name).read_bytes())

    def test_tracks_come_clean_and_effects_apart(self):
        out, _ = self.bounce("--tracks", "--tail", "0", "--format", "wav32f")
        names = {file.name for file in out.iterdir()}
        self.assertIn("A-T-Track08-Singer.wav", names)
        self.assertIn("A-T-Track08-Singer-chorus.wav", names)
        self.assertIn("A-T-FX1-plate.wav", names)
        self.assertIn("A-T-FX2-saturation.wav", names)
        self.assertFalse(any("FX3" in name for name in names))  # it stands in channel 8
        with wave.open(str(self.folder / "kick.wav")) as file:
            kick = array.array("h", file.readframes(file.getnframes()))
        # A gate and a compressor are on in these strips; the tracks come as they went in.
        self.assertEqual(list(samples_of(out / "A-T-Track01-Kick.wav")), [x / 32768 for x in kick])
        dry, wet = (samples_of(out / f"A-T-Track08-Singer{s}.wav") for s in ("", "-chorus"))
        self.assertGreater(max(abs(a - b) for a, b in zip(dry, wet)), 0.01)

    def test_the_tail_ends_when_it_has_decayed(self):
        long = samples_of(self.bounce("--format", "wav32f")[0] / "A-T-FullMix.wav")
        short = samples_of(self.bounce("--format", "wav32f", "--tail", "0")[0] / "A-T-FullMix.wav")
        self.assertEqual(len(short), 2 * round(SECONDS * RATE))
        self.assertEqual(list(long[: len(short)]), list(short))
        last = max(n for n, x in enumerate(long) if abs(x) >= 10 ** (-90 / 20)) // 2
        # Rule N11: a second behind the last sample above -90 dBFS, of the pre-master or of this.
        self.assertAlmostEqual(len(long) / 2 - last, RATE, delta=2)
        self.assertGreater(last, len(short) // 2)
        (self.folder / "dry.scene").write_text("# mixrig scene 1\n")
        dry = self.write_song("dry.toml", TRACKS, scene="dry.scene")
        plain = samples_of(self.bounce("--format", "wav32f", song=dry)[0] / "A-T-FullMix.wav")
        self.assertEqual(len(plain), len(short))  # nothing rings: no tail

    def test_a_pre_roll_is_silence_before_everything(self):
        with_it = samples_of(self.bounce("--pre-roll", "0.25", "--tail", "0", "--format", "wav32f")[0] / "A-T-FullMix.wav")
        without = samples_of(self.bounce("--tail", "0", "--format", "wav32f")[0] / "A-T-FullMix.wav")
        margin = 2 * RATE // 4
        self.assertEqual(set(with_it[:margin]), {0.0})
        self.assertEqual(with_it[margin:], without)

    def test_a_listening_copy_is_as_loud_as_asked_for(self):
        out, _ = self.bounce("--listen", "--lufs", "-18", "--format", "wav16")
        measured = json.loads(run("measure", "--json", out / "A-T-Listen.wav").stdout)
        self.assertAlmostEqual(measured[0]["integrated_lufs"], -18.0, delta=0.1)
        self.assertFalse([file for file in out.iterdir() if "tmp" in file.name])

    def test_what_cannot_be_is_refused(self):
        many = [(*t[:4], f"S{i}", t[5]) for i, t in enumerate(TRACKS)]
        for words, song, said in (
            (("--stems", "--format", "wav16"), self.song, "dither"),
            (("--stems",), self.write_song("many.toml", many), "9 stems"),
            (("--instrumental",), self.write_song("no.toml", [(*t[:5], "other") for t in TRACKS]), "vocal"),
        ):
            with self.subTest(said):
                out, done = self.bounce(*words, song=song, code=1)
                self.assertIn(said, done.stderr)
                self.assertEqual(list(out.iterdir()), [])

    def test_a_song_that_names_no_stems_gets_the_usual_ones(self):
        out, _ = self.bounce("--stems", "--tail", "0", song=self.write_song("unsaid.toml", TRACKS, stems=False))
        names = sorted(file.name for file in out.iterdir() if "Stem" in file.name)
        usual = ["Kick", "SnareDrum", "OtherDrums", "BassLine", "ArpeggiatorSynth", "StringSynth", "Singer"]
        self.assertEqual(names, [f"A-T-Stem{i + 1}-{name}.wav" for i, name in enumerate(usual)])


    def test_the_oscillator_is_in_one_stem(self):
        (self.folder / "tone.scene").write_text(SCENE + "/oscillator/on on\n/main/oscillator on\n/sub/1/oscillator on\n")
        self.bounce("--stems", "--tail", "0", song=self.write_song("tone.toml", TRACKS, scene="tone.scene"))

    def test_what_is_stopped_leaves_nothing_behind(self):
        out = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        bounce = subprocess.Popen([MIXRIG, "bounce", self.song, "-o", out, "--stems", "--tail", "600"], stderr=subprocess.PIPE)
        while not list(out.iterdir()):
            time.sleep(0.01)
        bounce.terminate()
        self.assertIn(b"stopped", bounce.communicate(timeout=20)[1])
        self.assertEqual((bounce.returncode, list(out.iterdir())), (130, []))


if __name__ == "__main__":
    unittest.main()
