# Stubs say what is there: stubtest compares them with the package, and strict mypy reads both the
# package and a program that uses it.
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import miletus

PACKAGE = pathlib.Path(miletus.__file__).parent
PROGRAM = """
import numpy as np
import miletus

number: float = miletus.price(100, 100, 1, 0.2)
column = miletus.price(100, [90.0, 100.0], 1, 0.2, ["call", "put"], threads=2)
reveal_type(number)
reveal_type(column)
reveal_type(miletus.iv(8, 100, 100, 1, status=True))
reveal_type(miletus.iv(column, 100, 100, 1, status=True))
reveal_type(miletus.greeks(100, column, 1, 0.2))
miletus.price(100, 100, 1)
"""
EXPECTED = [
    'type is "builtins.float"',
    'type is "numpy.ndarray[Any, numpy.dtype[numpy.floating[numpy._typing._64Bit]]]"',
    'type is "Tuple[builtins.float, miletus.results.Status]"',
    "Tuple[numpy.ndarray[Any, numpy.dtype[numpy.floating[numpy._typing._64Bit]]], numpy.ndarray[",
    'type is "Tuple[Any, Any, Any, Any, Any, Any, Any, Any, Any, Any, '
    'fallback=miletus.results.Greeks]"',
    'No overload variant of "price" matches argument types "int", "int", "int"',
]


ALLOWED = str(pathlib.Path("bindings/python/tests/stubtest.txt").absolute())
# stubtest keeps its cache where it runs, whatever it is told.
CACHE = tempfile.TemporaryDirectory()


def run_module(*arguments):
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=CACHE.name,
        env={**os.environ, "MYPYPATH": str(PACKAGE.parent), "MYPY_CACHE_DIR": CACHE.name},
        capture_output=True,
        text=True,
    )


class Stubs(unittest.TestCase):
    def test_stubs_are_those_of_the_package(self):
        done = run_module("mypy.stubtest", "miletus", "--allowlist", ALLOWED)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_package_is_typed(self):
        done = run_module("mypy", "--strict", "-p", "miletus")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_program_is_told_what_it_gets(self):
        with tempfile.NamedTemporaryFile("w", suffix=".py") as program:
            program.write(PROGRAM)
            program.flush()
            told = [line for line in run_module("mypy", program.name).stdout.splitlines()]
        notes = [line for line in told if "Revealed type" in line or "error: No overload" in line]
        self.assertEqual(len(notes), len(EXPECTED), "\n".join(told))
        for note, expected in zip(notes, EXPECTED):
            self.assertIn(expected, note)


if __name__ == "__main__":
    unittest.main()
