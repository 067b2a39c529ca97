# Compiles one case right and wrong: check_case.py CASE.cpp COMPILER FLAGS…
# The case says what the compiler must complain about, in a comment: `// expect: fragment`, or
# `// expect clang: fragment` for one family (a case that only clang can tell has no other line).
import os
import pathlib
import re
import subprocess
import sys


def compile_case(command):
    # Without a locale the compilers quote with plain apostrophes.
    environment = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def expected_fragment(text, compiler):
    family = "clang" if "clang" in compiler else "gcc"
    found = dict(
        (which.strip() or "any", fragment.strip())
        for which, fragment in re.findall(r"^// expect( gcc| clang)?: (.+)$", text, re.MULTILINE)
    )
    return found.get(family, found.get("any"))


def main(case, compiler, flags):
    text = pathlib.Path(case).read_text(encoding="utf-8")
    if "#ifdef WRONG" not in text:
        sys.exit("the case has no `#ifdef WRONG`")
    fragment = expected_fragment(text, pathlib.Path(compiler).name)
    if fragment is None:
        sys.exit("the case has no `// expect: fragment` for this compiler")
    right = compile_case([compiler, *flags, case])
    if right.returncode != 0:
        sys.exit(f"the right half must compile:\n{right.stderr}")
    wrong = compile_case([compiler, *flags, "-DWRONG", case])
    if wrong.returncode == 0:
        sys.exit("the wrong half compiles")
    if fragment not in wrong.stderr:
        sys.exit(f"it fails, but not with `{fragment}`:\n{wrong.stderr}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
