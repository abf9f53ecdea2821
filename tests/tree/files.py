#!/usr/bin/env python3
"""Holds every file of the code to its shape: opening sentence, licence line, length, nothing unfinished."""
# SPDX-License-Identifier: GPL-3.0-or-later
import pathlib
import re
import sys
import tempfile
import unittest

CODE = ["dsp", "src", "control", "tests"]
LICENCE = "SPDX-License-Identifier: GPL-3.0-or-later"
MOST_LINES = 400
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def offences(root):
    out = []
    for top in CODE:
        for path in sorted((root / top).rglob("*")):
            if path.suffix not in {".h", ".cpp"}:
                continue
            name = path.relative_to(root).as_posix()
            lines = path.read_text(encoding="utf-8").splitlines()
            opening = lines.index(f"// {LICENCE}") if f"// {LICENCE}" in lines else 0
            if not 1 <= opening <= 2:
                out.append(f"{name}: after an opening sentence comes the line `// {LICENCE}`")
            elif not re.match(r"// \S.*\.\)?$", " ".join(lines[:opening])):
                out.append(f"{name}:1: the file opens with a sentence that says what it is")
            # Highway includes its -inl.h files once an instruction set.
            # What is precompiled is a main file, in which g++ warns of the pragma.
            guarded = path.suffix == ".h" and not name.endswith("-inl.h") and "/pch/" not in name
            if guarded and "#pragma once" not in lines:
                out.append(f"{name}: `#pragma once` is missing")
            if len(lines) > MOST_LINES:
                out.append(f"{name}: {len(lines)} lines, more than {MOST_LINES}")
            for number, line in enumerate(lines, 1):
                if UNFINISHED.search(line):
                    out.append(f"{name}:{number}: unfinished work is no comment")
                if "\t" in line or line != line.rstrip():
                    out.append(f"{name}:{number}: a tab, or blanks at the end")
    return out


class SelfTest(unittest.TestCase):
    GOOD = f"// What it is.\n// {LICENCE}\n#pragma once\n"

    def found(self, text):
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name)
            (root / "dsp").mkdir()
            (root / "dsp/a.h").write_text(text)
            return offences(root)

    def test_a_good_file_has_no_offence(self):
        self.assertEqual(self.found(self.GOOD), [])

    def test_every_planted_offence_is_found(self):
        planted = {
            "no sentence": self.GOOD.replace("is.", "is"),
            "no licence": self.GOOD.replace("SPDX", "LICENCE"),
            "no pragma": self.GOOD.replace("#pragma once\n", ""),
            "too long": self.GOOD + "\n" * 400,
            "unfinished": self.GOOD + "// " + "TO" + "DO\n",
            "tab": self.GOOD + "\tint a;\n",
            "blank": self.GOOD + "int a; \n",
        }
        for name, text in planted.items():
            with self.subTest(name):
                self.assertEqual(len(self.found(text)), 1)


def main():
    if sys.argv[1:] == ["--self-test"]:
        unittest.main(argv=sys.argv[:1])
    found = offences(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "."))
    for line in found:
        print(line)
    print(f"{len(found)} offences")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
