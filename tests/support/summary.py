#!/usr/bin/env python3
"""Counts what passed and failed in a meson test log: doctest's cases one by one, other tests as one each."""
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import re
import sys

CASES = re.compile(r"\[doctest\] test cases:\s*(\d+)\s*\|\s*(\d+) passed\s*\|\s*(\d+) failed")


def count(lines):
    """Passed, failed and the names of what was skipped."""
    passed = failed = 0
    skipped = []
    for line in lines:
        test = json.loads(line)
        if test["result"] == "SKIP":
            skipped.append(test["name"])
            continue
        good = test["result"] in ("OK", "EXPECTEDFAIL")
        runs = CASES.findall(test.get("stdout", ""))
        cases_passed = sum(int(run[1]) for run in runs)
        cases_failed = sum(int(run[2]) for run in runs)
        # One that crashed or hung has no case that failed, and has failed all the same.
        if not good and cases_failed == 0:
            cases_failed = 1
        if good and not runs:
            cases_passed = 1
        passed += cases_passed
        failed += cases_failed
    return passed, failed, skipped


def main():
    passed, failed, skipped = count(open(sys.argv[1], encoding="utf-8"))
    print(passed, failed, *skipped)


if __name__ == "__main__":
    main()
