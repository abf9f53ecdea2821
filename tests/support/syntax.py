#!/usr/bin/env python3
"""syntax.py BUILD [FOLDER...]: reads, without making code of it, what a build has not built, so that its compiler warns here too."""
# SPDX-License-Identifier: GPL-3.0-or-later
import collections
import concurrent.futures
import json
import pathlib
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADERS = ROOT / "src/base/pch/std.h"
# Fewer files are read faster than the headers are.
WORTH_IT = 3


def command_of(entry):
    """The compiler's words, without what names an output."""
    words = shlex.split(entry["command"])
    out = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in ("-o", "-MF", "-MQ", "-MT"):
            skip = True
        elif word not in ("-MD", "-c", "ccache"):
            out.append(word)
    return out + ["-fsyntax-only"]


def place_of(folder, entry):
    """In the tree; what the build has put together from several files counts as where it stands in its folder."""
    file = (folder / entry["file"]).resolve()
    return file.relative_to(folder.resolve() if file.is_relative_to(folder.resolve()) else ROOT).as_posix()


def without_source(words):
    """What two files must have in common to be read with the same headers."""
    return tuple(word for word in words if not word.endswith(".cpp"))


def headers_for(folder, words, number):
    """The usual headers, read once for all files of these words; none if that does not work."""
    made = folder / f"syntax-{number}.pch"
    common = [word for word in words if word != "-fsyntax-only"]
    done = subprocess.run([*common, "-x", "c++-header", str(HEADERS), "-o", str(made)], cwd=folder, capture_output=True)
    return ["-include-pch", str(made)] if done.returncode == 0 else []


def check(folder, words, headers):
    done = subprocess.run([*words, *headers], cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stderr


def in_parallel(do, items):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return list(pool.map(do, items))


def main():
    folder = pathlib.Path(sys.argv[1])
    entries = json.loads((folder / "compile_commands.json").read_text())
    wanted = tuple(name + "/" for name in sys.argv[2:]) or ("",)
    rest = [
        command_of(e)
        for e in entries
        if not (folder / e["output"]).exists()
        and place_of(folder, e).startswith(wanted)
    ]
    counts = collections.Counter(map(without_source, rest))
    often = [words for words, count in counts.items() if count >= WORTH_IT]
    headers = dict(zip(often, in_parallel(lambda i: headers_for(folder, often[i], i), range(len(often)))))
    bad = 0
    for code, said in in_parallel(lambda words: check(folder, words, headers.get(without_source(words), [])), rest):
        if code != 0 or said:
            bad += 1
            print(said)
    print(f"{len(rest)} files read, {bad} with complaints")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
