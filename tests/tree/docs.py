#!/usr/bin/env python3
"""Reads every page of documentation: links and paths exist, and what is generated is up to date."""
# SPDX-License-Identifier: GPL-3.0-or-later
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")
CODE = re.compile(r"`([^`\n]+)`")
# A word in code style that names a place of the tree: dsp/svf.h, tests/tree, ./run.
PLACE = re.compile(r"^(?:\./)?((?:dsp|src|control|tests|docs|configs|systemd)/[\w./+-]*|run|test)$")
FENCE = re.compile(r"^(```|~~~)")


def pages(root):
    for pattern in ["*.md", "docs/**/*.md", "dsp/*.md", "configs/**/*.md"]:
        yield from sorted(root.glob(pattern))


def offences(root):
    out = []
    for page in pages(root):
        name, fenced = page.relative_to(root), False
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
            if FENCE.match(line):
                fenced = not fenced
                continue
            if fenced:
                continue
            for target, _ in LINK.findall(line):
                if "://" not in target and not (page.parent / target).exists():
                    out.append(f"{name}:{number}: link to {target}, which is not there")
            for words in CODE.findall(line):
                for word in words.split():
                    place = PLACE.match(word.rstrip(",;:"))
                    if place and word.count(".") <= 2 and not (root / place.group(1)).exists():
                        out.append(f"{name}:{number}: names {word}, which is not there")
    return out


# What the program itself writes.
GENERATED = {
    "docs/parameters.md": ["params", "--markdown"],
    "docs/check.md": ["check", "--rules", "--markdown"],
}


def check_generated(root, program):
    out = []
    for name, words in GENERATED.items():
        made = subprocess.run([program, *words], capture_output=True, text=True, timeout=60)
        command = f"`mixrig {' '.join(words)}`"
        page = root / name
        if made.returncode != 0:
            out.append(f"{command} failed: {made.stderr.strip()}")
        elif not page.is_file() or page.read_text(encoding="utf-8") != made.stdout:
            out.append(f"{name} is not what {command} prints; write it anew")
    return out


class SelfTest(unittest.TestCase):
    def found(self, text):
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name)
            (root / "dsp").mkdir()
            (root / "dsp/a.h").write_text("")
            (root / "README.md").write_text(text)
            return offences(root)

    def test_a_good_page_has_no_offence(self):
        self.assertEqual(self.found("[a](dsp/a.h) `dsp/a.h` [w](https://a.b/c) `/ch/1/pan`\n```\n`dsp/gone.h`\n```\n"), [])

    def test_every_planted_offence_is_found(self):
        for text in ["[a](dsp/gone.h)\n", "see `dsp/gone.h`.\n", "run `./run`\n"]:
            with self.subTest(text):
                self.assertEqual(len(self.found(text)), 1)


def main():
    if sys.argv[1:] == ["--self-test"]:
        unittest.main(argv=sys.argv[:1])
    root = pathlib.Path(sys.argv[1])
    found = offences(root)
    if len(sys.argv) > 2:
        found += check_generated(root, sys.argv[2])
    for line in found:
        print(line)
    print(f"{sum(1 for _ in pages(root))} pages, {len(found)} offences")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
