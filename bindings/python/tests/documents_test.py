# Every example in the documentation is true, to the last digit.
import doctest
import importlib
import pathlib
import pkgutil
import re
import unittest

import miletus

PAGE = pathlib.Path("docs/python.md")
OPTIONS = doctest.NORMALIZE_WHITESPACE
NUMBER = re.compile(r"-?\d+\.\d*(?:e[-+]?\d+)?")


class Checker(doctest.OutputChecker):
    """Takes numbers for equal that have the same fourteen digits: the last ones are the business
    of other tests."""

    def check_output(self, want, got, options):
        numbers = [[float(text) for text in NUMBER.findall(told)] for told in (want, got)]
        if len(numbers[0]) != len(numbers[1]):
            return False
        is_near = all(abs(a - b) <= 1e-14 * abs(a) for a, b in zip(*numbers))
        rest = [" ".join(NUMBER.sub("#", told).split()) for told in (want, got)]
        return is_near and super().check_output(*rest, options)


def failures(test):
    told = []
    runner = doctest.DocTestRunner(checker=Checker(), optionflags=OPTIONS)
    runner.run(test, out=told.append)
    return "".join(told)


def modules():
    yield miletus
    for found in pkgutil.iter_modules(miletus.__path__, "miletus."):
        yield importlib.import_module(found.name)


def public_functions():
    for module in modules():
        if module.__name__.rsplit(".", 1)[-1].startswith("_"):
            continue
        for name, thing in vars(module).items():
            is_own = getattr(thing, "__module__", None) == module.__name__
            if is_own and callable(thing) and not name.startswith("_"):
                yield module, name, thing


class Documents(unittest.TestCase):
    def test_examples_in_modules_are_true(self):
        tried = 0
        for module in modules():
            for test in doctest.DocTestFinder().find(module):
                self.assertEqual(failures(test), "", test.name)
                tried += len(test.examples)
        self.assertGreater(tried, 40)

    def test_every_function_has_an_example(self):
        for module, name, thing in public_functions():
            if isinstance(thing, type) and issubclass(thing, Exception):
                self.assertTrue(thing.__doc__, name)
            else:
                self.assertIn(">>> ", thing.__doc__ or "", f"{module.__name__}.{name}")

    def test_examples_on_the_page_are_true(self):
        page = doctest.DocTestParser().get_doctest(PAGE.read_text(), {}, PAGE.name, PAGE.name, 0)
        self.assertGreater(len(page.examples), 10)
        self.assertEqual(failures(page), "")


if __name__ == "__main__":
    unittest.main()
