# The wheel goes into a fresh environment without a network, works there, and is the same bytes when
# it is made again.
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import miletus
from miletus import _miletus

PACKAGE = pathlib.Path(miletus.__file__).parent
QUESTION = "import miletus; print(miletus.__file__, miletus.price(100, 100, 1, 0.2))"


def told(*command):
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(done.stdout + done.stderr)
    return done.stdout.strip()


def make_wheel(folder):
    return pathlib.Path(told(sys.executable, "bindings/python/wheel.py", str(PACKAGE), folder))


class Wheel(unittest.TestCase):
    def test_it_installs_and_works(self):
        with tempfile.TemporaryDirectory() as folder:
            wheel = make_wheel(folder)
            fresh = f"{folder}/fresh"
            told(sys.executable, "-m", "venv", "--without-pip", "--system-site-packages", fresh)
            python = f"{fresh}/bin/python"
            pip = (sys.executable, "-m", "pip", "--python", python)
            told(*pip, "install", "--no-index", "--no-cache-dir", str(wheel))
            file, number = told(python, "-c", QUESTION).split()
            self.assertTrue(file.startswith(folder), file)
            self.assertEqual(float(number), miletus.price(100, 100, 1, 0.2))
            self.assertIn(f"Version: {miletus.__version__}", told(*pip, "show", "miletus"))

    def test_it_holds_the_whole_package(self):
        with tempfile.TemporaryDirectory() as folder:
            wheel = make_wheel(folder)
            names = told(sys.executable, "-m", "zipfile", "-l", str(wheel))
            sources = pathlib.Path("bindings/python/miletus")
            expected = {path.name for path in sources.iterdir()} - {"__pycache__"}
            for name in expected | {pathlib.Path(_miletus.__file__).name}:
                self.assertIn(f"miletus/{name} ", names)

    def test_it_is_the_same_bytes_again(self):
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
            self.assertEqual(make_wheel(one).read_bytes(), make_wheel(other).read_bytes())


if __name__ == "__main__":
    unittest.main()
