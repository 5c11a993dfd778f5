"""Runs all tests of this folder; fails also where one was skipped, or there was none."""

import pathlib
import sys
import unittest

FOLDER = str(pathlib.Path(__file__).parent)

program = unittest.main(
    module=None,
    argv=["unittest", "discover", "--verbose", "--start-directory", FOLDER],
    exit=False,
)
result = program.result
sys.exit(0 if result.wasSuccessful() and result.testsRun and not result.skipped else 1)
