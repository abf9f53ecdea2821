#!/usr/bin/env python3
"""syntax.py BUILD [FOLDER...]: reads, without making code of it, what a build has not built, so that its compiler warns here too."""
# SPDX-License-Identifier: GPL-3.0-or-later
import concurrent.futures
import json
import pathlib
import shlex
import subprocess
import sys


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


def check(folder, entry):
    done = subprocess.run(command_of(entry), cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stderr


def main():
    folder = pathlib.Path(sys.argv[1])
    entries = json.loads((folder / "compile_commands.json").read_text())
    root = pathlib.Path(__file__).resolve().parents[2]
    wanted = tuple(name + "/" for name in sys.argv[2:]) or ("",)
    rest = [
        e
        for e in entries
        if not (folder / e["output"]).exists()
        and (folder / e["file"]).resolve().relative_to(root).as_posix().startswith(wanted)
    ]
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for code, said in pool.map(lambda entry: check(folder, entry), rest):
            if code != 0 or said:
                bad += 1
                print(said)
    print(f"{len(rest)} files read, {bad} with complaints")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
