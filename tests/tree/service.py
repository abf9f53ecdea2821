#!/usr/bin/env python3
"""Has systemd judge the service: no warning, and an exposure that is not above what it was made for."""
# SPDX-License-Identifier: GPL-3.0-or-later
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

EXPOSURE = 18  # tenths: 1.8 when it was written
SKIP = 77  # meson's word for "not here"


def ran(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    text = (done.stdout + done.stderr).strip()
    return done.returncode == 0, text


def main():
    root = pathlib.Path(sys.argv[1])
    if not shutil.which("systemd-analyze"):
        print("no systemd-analyze here")
        sys.exit(SKIP)
    failures = []
    with tempfile.TemporaryDirectory() as name:
        unit = pathlib.Path(name) / "mixrig.service"
        text = (root / "systemd/mixrig.service").read_text()
        # The program may not be installed here; the unit must be good apart from that.
        text, replaced = re.subn(r"(?m)^ExecStart=/usr/bin/mixrig ", "ExecStart=/bin/true ", text)
        if replaced != 1:
            failures.append("the unit does not start /usr/bin/mixrig")
        unit.write_text(re.sub(r"(?m)^Documentation=.*\n", "", text))
        good, said = ran("systemd-analyze", "verify", str(unit))
        if not good or said:
            failures.append("systemd-analyze verify: " + said)
        good, said = ran("systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE}", str(unit))
        print(said.splitlines()[-1] if said else "no answer")
        if not good:
            failures.append(f"the exposure is above {EXPOSURE / 10}")
        for setting in ["RestrictRealtime=yes", "PrivateDevices=yes", "RemoveIPC=yes", "DynamicUser=yes"]:
            if re.search(rf"(?m)^{setting}", text):
                failures.append(f"{setting} keeps the desk from its work")
    for failure in failures:
        print(failure)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
