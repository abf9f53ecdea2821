#!/usr/bin/env python3
"""Tests of the count behind the last line of ./test."""
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import unittest

import summary


def log(*tests):
    return [json.dumps({"name": name, "result": result, "stdout": stdout}) for name, result, stdout in tests]


DOCTEST = "[doctest] test cases:  {0} |  {1} passed | {2} failed | 0 skipped\n"


class SummaryTest(unittest.TestCase):
    def test_cases_of_doctest_are_counted_one_by_one(self):
        self.assertEqual(summary.count(log(("dsp", "OK", DOCTEST.format(12, 12, 0)))), (12, 0, []))
        self.assertEqual(summary.count(log(("dsp", "FAIL", DOCTEST.format(12, 9, 3)))), (9, 3, []))

    def test_other_tests_count_as_one(self):
        self.assertEqual(summary.count(log(("tree", "OK", ""), ("tree", "FAIL", ""))), (1, 1, []))

    def test_what_crashed_or_hung_has_failed(self):
        for result in ["FAIL", "ERROR", "TIMEOUT", "INTERRUPT"]:
            self.assertEqual(summary.count(log(("dsp", result, DOCTEST.format(12, 12, 0)))), (12, 1, []))

    def test_skipped_tests_are_named_and_not_counted(self):
        self.assertEqual(summary.count(log(("service", "SKIP", ""))), (0, 0, ["service"]))


if __name__ == "__main__":
    unittest.main()
