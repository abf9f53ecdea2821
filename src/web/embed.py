#!/usr/bin/env python3
"""Writes the source that puts files into the program: embed.py OUTPUT FILE..."""
# SPDX-License-Identifier: GPL-3.0-or-later
import pathlib
import sys

HEAD = """// The page's files; made by src/web/embed.py.
#include "src/web/page_files.h"

#include <array>
"""


def main():
    output, files = pathlib.Path(sys.argv[1]), [pathlib.Path(name).resolve() for name in sys.argv[2:]]
    lines = [HEAD]
    for i, file in enumerate(files):
        lines.append(
            f'asm(".section .rodata\\n'
            f".global mixrig_page_{i}_begin\\n.global mixrig_page_{i}_end\\n"
            f'mixrig_page_{i}_begin:\\n.incbin \\"{file}\\"\\n'
            f'mixrig_page_{i}_end:\\n.byte 0\\n.previous\\n");\n'
            f'extern "C" const char mixrig_page_{i}_begin[], mixrig_page_{i}_end[];\n'
        )
    lines.append("std::span<const mixrig::web::PageFile> mixrig::web::page_files() {")
    lines.append(f"    static const std::array<PageFile, {len(files)}> files = {{{{")
    for i, file in enumerate(files):
        size = f"static_cast<std::size_t>(mixrig_page_{i}_end - mixrig_page_{i}_begin)"
        lines.append(f'        {{"{file.name}", {{mixrig_page_{i}_begin, {size}}}}},')
    lines.append("    }};\n    return files;\n}")
    output.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
