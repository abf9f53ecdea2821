#!/usr/bin/env python3
"""Reads every #include of the tree and holds it to the layers: downwards only, one folder a library."""
# SPDX-License-Identifier: GPL-3.0-or-later
import pathlib
import re
import sys
import tempfile
import unittest

SUFFIXES = {".h", ".cpp"}
CODE = ["dsp", "src", "control", "tests"]

# Lowest first. What stands on one line does not know its neighbours, and nothing but src/app sees
# the engine.
BELOW_ENGINE = ["dsp", "src/base", "src/param", "src/link"]
BESIDE_CONTROL = ["control", "src/session", "src/monitor", "src/backend", "src/disk", "src/midi",
                  "src/convolution", "src/restore", "src/tune", "src/web"]
# A library behind a small header, for whoever of those needs it.
FOR_THEM = ["src/fft"]
APP = "src/app"
# Folders inside of it, lowest line first; what stands in src/app itself is below all of them.
INSIDE_APP = [["song", "flight", "demo", "derived"], ["show", "bounce"], ["master"], ["check"], ["live"], ["tools"], ["commands"]]


def allowed():
    """Folder -> the folders of ours that it may include."""
    sees = {}
    for i, folder in enumerate(BELOW_ENGINE):
        sees[folder] = set(BELOW_ENGINE[: i + 1])
    sees["src/engine"] = set(BELOW_ENGINE) | {"src/engine"}
    for folder in FOR_THEM:
        sees[folder] = {"dsp", "src/base", folder}
    for folder in BESIDE_CONTROL:
        sees[folder] = set(BELOW_ENGINE) | set(FOR_THEM) | {folder}
    sees[APP] = set(BELOW_ENGINE) | {"src/engine", APP} | set(BESIDE_CONTROL) | set(FOR_THEM)
    return sees


SEES = allowed()


def line_of_app(path):
    """The line of a file inside src/app, from 0; None elsewhere and for a folder that stands in no line."""
    parts = path.split("/")
    if "/".join(parts[:2]) != APP:
        return None
    if len(parts) == 3:
        return 0
    return next((n for n, line in enumerate(INSIDE_APP, 1) if parts[2] in line), None)


def is_above_inside_app(path, header):
    """Whether a header of src/app stands above a file of it, or beside it in another folder of its line."""
    here, there = line_of_app(path), line_of_app(header)
    if here is None or there is None:
        return False
    return there > here or (there == here > 0 and path.split("/")[2] != header.split("/")[2])

# The C++ standard library, by name: all that dsp may see besides Highway.
STANDARD = set(
    """algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv cfloat charconv chrono
    cinttypes climits clocale cmath compare complex concepts condition_variable coroutine csetjmp csignal
    cstdarg cstddef cstdint cstdio cstdlib cstring ctime cwchar cwctype deque exception execution
    filesystem format forward_list fstream functional future initializer_list iomanip ios iosfwd iostream
    istream iterator latch limits list locale map memory memory_resource mutex new numbers numeric
    optional ostream queue random ranges ratio regex scoped_allocator semaphore set shared_mutex
    source_location span sstream stack stdexcept stop_token streambuf string string_view strstream
    syncstream system_error thread tuple type_traits typeindex typeinfo unordered_map unordered_set
    utility valarray variant vector version""".split()
)
# The processor's own: subnormal flags, cycle counters.
PROCESSOR = {"immintrin.h", "xmmintrin.h", "pmmintrin.h", "x86intrin.h", "cpuid.h", "arm_neon.h"}
# The operating system: not for what runs on the audio thread.
SYSTEM = re.compile(
    r"^(sys|arpa|netinet|net|linux)/|^(unistd|pthread|sched|signal|poll|fcntl|time|errno|dlfcn|dirent|netdb|"
    r"ifaddrs|spawn|malloc|execinfo|termios|glob|pwd|grp|stdlib|string|stdio|stdint|ucontext|link)\.h$"
)
WITHOUT_SYSTEM = {"dsp", "src/param", "src/link", "src/engine"}

# Where a library belongs; one that is not here may be included by one folder of the code, whichever.
HOME = {
    "hwy": "dsp",
    "lo": "control",
    "usrsctp.h": "control",
    "jack": "src/backend",
    "rtaudio": "src/backend",
    "pulse": "src/backend",
    "sndfile.h": "src/disk",
    "soxr.h": "src/disk",
    "zip.h": "src/disk",
    "toml++": "src/session",
    "ebur128.h": "src/monitor",
    "fftw3.h": "src/fft",
    "zita-convolver.h": "src/convolution",
    "rubberband": "src/tune",
    "nlohmann": APP,
    "qrencode.h": APP,
    "CLI": APP,
    "libwebsockets.h": "src/web",
    "zlib.h": "src/web",
    "avahi-client": "src/web",
    "avahi-common": "src/web",
    "concurrentqueue": "src/base",
    "readerwriterqueue": "src/base",
}
# Of these, one header stands for libraries of several trades: sound cards, and the sequencer; digests, and encryption. And
# JSON is written by the one for programs, and by the other for whoever asks by network.
SHARED = {"alsa": {"src/backend", "src/midi"}, "nlohmann": {APP, "src/web"}, "openssl": {"src/disk", "control"}}
# An include of the audio device library may be written with or without its folder.
SPELLED = {"RtAudio.h": "rtaudio", "RtAudio": "rtaudio", "ebur128": "ebur128.h"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')


def folder_of(path):
    """The layer that a file of the code belongs to: dsp/a.h -> dsp, src/base/b.h -> src/base."""
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] == "src" else parts[0]


def mirrored(path):
    """The layer that a test tests: tests/src/engine/x.cpp -> src/engine; None for the whole desk."""
    inner = "/".join(path.split("/")[1:])
    folder = folder_of(inner)
    return folder if folder in SEES else None


def library_of(header):
    first = header.split("/")[0]
    return SPELLED.get(first, first)


def is_third_party(header):
    return not (header in STANDARD or header in PROCESSOR or SYSTEM.search(header))


def files(root):
    for top in CODE:
        for path in sorted((root / top).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file():
                yield path.relative_to(root).as_posix()


def check_own(root, path, header):
    """What is wrong with including one of our own headers; None if nothing is."""
    if not (root / header).is_file():
        return "is not a file, named from the root of the tree"
    if path.startswith("tests/"):
        folder = mirrored(path)
        if header.startswith("tests/") or folder is None:
            return None
        if folder_of(header) not in SEES[folder]:
            return f"tests of {folder} see what {folder} sees"
        return None
    if header.startswith("tests/"):
        return "the code does not see its tests"
    folder = folder_of(path)
    if folder not in SEES:
        return f"{folder} stands in no layer"
    if folder_of(header) not in SEES[folder]:
        return f"{folder} does not see {folder_of(header)}"
    if is_above_inside_app(path, header):
        return "stands above or beside it inside src/app"
    if folder == APP and line_of_app(path) is None:
        return "its own folder stands in no line of src/app"
    return None


def offences(root):
    """Every offence of the tree below `root`, as `file:line: text`."""
    out = []
    homes = {}  # library -> {folder: first place}
    for path in files(root):
        text = (root / path).read_text(encoding="utf-8")
        in_tests = path.startswith("tests/")
        folder = folder_of(path)
        for number, line in enumerate(text.splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            mark, header = match.groups()
            place = f"{path}:{number}"
            if mark == '"':
                wrong = check_own(root, path, header)
                if wrong:
                    out.append(f'{place}: "{header}": {wrong}')
                continue
            if in_tests:
                continue
            if SYSTEM.search(header) and folder in WITHOUT_SYSTEM:
                out.append(f"{place}: <{header}>: {folder} does not see the operating system")
            if is_third_party(header):
                homes.setdefault(library_of(header), {}).setdefault(folder, place)
    for library, folders in sorted(homes.items()):
        home = HOME.get(library, sorted(folders)[0])
        for folder, place in sorted(folders.items()):
            if folder not in SHARED.get(library, {home}):
                out.append(f"{place}: <{library}...>: belongs to {home} only")
    return out


class SelfTest(unittest.TestCase):
    """Plants one offence at a time in a small tree and expects to be told of it."""

    def planted(self, more):
        tree = {
            "dsp/a.h": "#include <cmath>\n#include <hwy/highway.h>\n",
            "src/base/b.h": '#include "dsp/a.h"\n#include <unistd.h>\n',
            "src/engine/e.h": '#include "src/base/b.h"\n#include "dsp/a.h"\n',
            "src/disk/d.h": '#include "src/base/b.h"\n',
            "control/c.h": '#include "src/base/b.h"\n#include <lo/lo.h>\n',
            "src/app/m.cpp": '#include "src/engine/e.h"\n#include "control/c.h"\n',
            "tests/dsp/t.cpp": '#include "dsp/a.h"\n#include <ebur128.h>\n',
        }
        for path, text in more.items():
            tree[path] = tree.get(path, "") + text
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name)
            for path, text in tree.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)
            return offences(root)

    def test_a_good_tree_has_no_offence(self):
        self.assertEqual(self.planted({}), [])

    def test_every_planted_offence_is_found_once(self):
        planted = {
            "upwards": {"dsp/a.h": '#include "src/base/b.h"\n'},
            "neighbours": {"src/disk/d.h": '#include "control/c.h"\n'},
            "engine beside app": {"control/c.h": '#include "src/engine/e.h"\n'},
            "engine looks at control": {"src/engine/e.h": '#include "control/c.h"\n'},
            "app is seen by nothing": {"src/disk/d.h": '#include "src/app/m.cpp"\n'},
            "system in engine": {"src/engine/e.h": "#include <pthread.h>\n"},
            "system in dsp": {"dsp/a.h": "#include <sys/mman.h>\n"},
            "shared library in a third folder": {
                "src/backend/b.h": "#include <alsa/a.h>\n",
                "src/midi/m.h": "#include <alsa/a.h>\n",
                "src/disk/d.h": "#include <alsa/a.h>\n",
            },
            "library in a second folder": {"src/app/m.cpp": "#include <lo/lo.h>\n"},
            "unlisted library in two folders": {
                "src/disk/d.h": "#include <zita/z.h>\n",
                "src/app/m.cpp": "#include <zita/z.h>\n",
            },
            "relative path": {"src/disk/e.h": '#include "d.h"\n'},
            "code sees tests": {"src/app/m.cpp": '#include "tests/dsp/t.cpp"\n'},
            "test sees above its folder": {"tests/dsp/t.cpp": '#include "src/engine/e.h"\n'},
            "upwards inside app": {"src/app/song/s.h": '#include "src/app/live/l.h"\n', "src/app/live/l.h": ""},
            "beside inside app": {"src/app/song/s.h": '#include "src/app/demo/d.h"\n', "src/app/demo/d.h": ""},
            "a folder of no line": {"src/app/odd/o.h": '#include "dsp/a.h"\n'},
            "a folder of no layer": {"src/util/u.h": '#include "dsp/a.h"\n'},
        }
        for name, more in planted.items():
            with self.subTest(name):
                self.assertEqual(len(self.planted(more)), 1, self.planted(more))


def main():
    if len(sys.argv) == 2 and sys.argv[1] == "--self-test":
        unittest.main(argv=sys.argv[:1])
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    found = offences(root)
    for line in found:
        print(line)
    count = sum(1 for _ in files(root))
    print(f"{count} files read, {len(found)} offences")
    if count == 0:
        print(f"no code below {root}")
    sys.exit(1 if found or count == 0 else 0)


if __name__ == "__main__":
    main()
