"""Runs all tests of this folder. Fails also if one was skipped or if there are none."""

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
