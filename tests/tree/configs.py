#!/usr/bin/env python3
"""Has mixrig validate every file that it ships, next to a demo band that it renders itself."""
# SPDX-License-Identifier: GPL-3.0-or-later
import pathlib
import shutil
import subprocess
import sys
import tempfile


def main():
    root, program = pathlib.Path(sys.argv[1]), sys.argv[2]
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        configs = pathlib.Path(name) / "configs"
        shutil.copytree(root / "configs", configs)
        band = pathlib.Path(name) / "demo"
        subprocess.run([program, "demo", band, "--seconds", "3"], check=True, timeout=120)
        files = sorted(p for p in configs.rglob("*") if p.suffix in {".toml", ".scene", ".auto"})
        for file in files:
            done = subprocess.run([program, "validate", file], capture_output=True, text=True, timeout=60)
            if done.returncode != 0:
                failed += 1
                print(f"{file.relative_to(configs)}: {(done.stdout + done.stderr).strip()}")
        print(f"{len(files)} files, {failed} refused")
        if len(files) < 8 or len(list(band.glob("*.wav"))) != 9:
            print("files are missing")
            failed += 1
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
