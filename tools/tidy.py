# Tidy: what the compilers do not refuse, over the whole tree in about a second.
#
# A line that must break a rule says so beside itself or on the line above, where a reader sees it:
#     // tidy: <rule> because <reason>
# An exception that excuses nothing is itself a problem. The rules stand in tools/tidy_rules.py.
import bisect
import os
import pathlib
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from tidy_rules import BANNED, FORBIDDEN_WORDS, UNSAFE, banned_in  # noqa: E402

FUNCTION_LINES = 70
FILE_LINES = 800
COLUMNS = 100
HEADER_COMMENT_LINES = 8

CPP = (".cpp", ".hpp", ".def")
SCRIPTS = (".py", ".cmake", ".sh")
TEXT = CPP + SCRIPTS + (".txt", ".md", ".json", ".test", ".toml", ".yml", ".yaml", ".ts", ".tsx")
SKIPPED_FOLDERS = {".git", "build", "node_modules", ".cache", "__pycache__", "corpus"}
EXCUSE = re.compile(r"tidy: ([a-z-]+) because \S+")
TOKENS = re.compile(
    r'R"(?P<mark>[^\s()\\]{0,16})\(.*?\)(?P=mark)"'  # a raw string
    r'|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\''
    r"|//[^\n]*|/\*.*?\*/",
    re.DOTALL,
)
REJECT = re.compile(r'^REJECT\(\s*(\d+),\s*(\w+),\s*"[^"]+"\s*\)', re.MULTILINE)
DEAD_CODE = re.compile(
    r"^\s*//\s*(?:(?:if|for|while|return|switch|auto|const)\b.*[;{]"
    r"|[\w:.>()\[\]-]+(?:\(.*\)| = .*);|#\s*include.*)\s*$"
)


def without(text, comments_only=False):
    """The text with comments (and strings) blanked, each on as many lines as before."""

    def blank(found):
        token = found[0]
        if comments_only and not token.startswith("/"):
            return token
        return re.sub(r"[^\n]", " ", token)

    return TOKENS.sub(blank, text)


class File:
    """One text file and its excuses."""

    def __init__(self, path, text):
        self.path, self.text = path, text
        self.lines = text.split("\n")
        self.suffix = pathlib.PurePosixPath(path).suffix
        name = pathlib.PurePosixPath(path).name
        self.is_code = self.suffix in CPP + SCRIPTS or name in ("run", "CMakeLists.txt")
        self.excuses = {}
        if self.suffix in CPP:
            for number, line in enumerate(self.lines, 1):
                found = EXCUSE.search(line)
                if found:
                    self.excuses[number] = found[1]
        self.used = set()

    def is_excused(self, number, rule):
        for place in (number, number - 1):
            if self.excuses.get(place) == rule:
                self.used.add(place)
                return True
        return False


class Tidy:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.problems = []
        self.notices = []
        self.files = [self.load(path) for path in self.walk()]
        self.unsafe = self.unsafe_list()

    def walk(self):
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(set(folders) - SKIPPED_FOLDERS)
            for name in sorted(names):
                path = os.path.relpath(os.path.join(folder, name), self.root)
                if path.endswith(TEXT) or path == "run":
                    yield path

    def load(self, path):
        return File(path, (self.root / path).read_text(encoding="utf-8"))

    def unsafe_list(self):
        """tools/unsafe.txt: a path, then the reason."""
        listed = {}
        path = self.root / "tools/unsafe.txt"
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            words = line.split(maxsplit=1)
            if words and not line.startswith("#"):
                listed[words[0]] = words[1] if len(words) > 1 else ""
        return listed

    def report(self, file, number, rule, message):
        if not file.is_excused(number, rule):
            self.problems.append(f"{file.path}:{number}: {rule}: {message}")

    def check_form(self, file):
        for number, line in enumerate(file.lines, 1):
            if line.endswith((" ", "\t", "\r")):
                self.report(file, number, "form", "space at the end of the line")
            if "\t" in line:
                self.report(file, number, "form", "a tab")
            if file.is_code and len(line) > COLUMNS:
                self.report(file, number, "form", f"{len(line)} columns, {COLUMNS} are the limit")
            if file.suffix in CPP and DEAD_CODE.match(line):
                self.report(file, number, "dead-code", "commented-out code: delete it")
        for pattern, message in FORBIDDEN_WORDS:
            for found in pattern.finditer(file.text):
                number = file.text.count("\n", 0, found.start()) + 1
                self.report(file, number, "words", message)

    def check_shape(self, file):
        if not file.is_code:
            return
        if len(file.lines) - 1 > FILE_LINES:
            self.report(file, 1, "file-size", f"over {FILE_LINES} lines: split it by idea")
        mark = "//" if file.suffix in CPP else "#"
        body = [line for line in file.lines if not line.startswith(("#!", "#pragma once"))]
        opening = 0
        while opening < len(body) and body[opening].startswith(mark):
            opening += 1
        if not 1 <= opening <= HEADER_COMMENT_LINES:
            limit = f"1 to {HEADER_COMMENT_LINES} lines of comment say what the file is"
            self.report(file, 1, "opening", f"{limit}, here are {opening}")
        if file.suffix == ".hpp" and "\n#pragma once\n" not in "\n" + file.text:
            self.report(file, 1, "opening", "no #pragma once")

    def check_banned(self, file, code):
        for rule in banned_in(file.path):
            for found in rule.pattern.finditer(code):
                number = code.count("\n", 0, found.start()) + 1
                self.report(file, number, rule.name, f"`{found[0].strip()}`: {rule.instead}")

    def check_unsafe(self, file, uncommented):
        used = [(name, found) for name, p in UNSAFE for found in p.finditer(uncommented)]
        if file.path in self.unsafe:
            if not used:
                self.problems.append(f"tools/unsafe.txt: {file.path} is safe: take it off the list")
            return
        for name, found in used:
            number = uncommented.count("\n", 0, found.start()) + 1
            self.report(file, number, "unsafe", f"{name} outside the files of tools/unsafe.txt")

    def check_functions(self, file, code):
        for first, last in functions(code):
            length = last - first + 1
            if length > FUNCTION_LINES:
                message = f"a function of {length} lines, {FUNCTION_LINES} are the limit"
                self.report(file, first, "function-size", message)

    def check_excuses(self, file):
        for number in sorted(set(file.excuses) - file.used):
            rule = file.excuses[number]
            self.problems.append(f"{file.path}:{number}: excuse: nothing here breaks `{rule}`")

    def check_unsafe_list(self):
        known = {file.path for file in self.files}
        for path, reason in self.unsafe.items():
            if path not in known:
                self.problems.append(f"tools/unsafe.txt: {path} does not exist")
            if not reason:
                self.problems.append(f"tools/unsafe.txt: {path} has no reason")

    def check_rejects(self):
        """Numbers rise and are unique; every refusal is seen by some golden test."""
        table = next((file for file in self.files if file.path == "src/protocol/rejects.def"), None)
        golden = [file for file in self.files if re.match(r"tests/golden/.*\.test$", file.path)]
        if table is None:
            return
        last = -1
        seen = set(re.findall(r"\w+", "\n".join(file.text for file in golden)))
        for found in REJECT.finditer(table.text):
            number, name = int(found[1]), found[2]
            line = table.text.count("\n", 0, found.start()) + 1
            if number <= last:
                self.report(table, line, "rejects", f"{number} does not rise above {last}")
            last = number
            if golden and name != "none" and name not in seen:
                self.report(table, line, "rejects", f"no golden test shows `{name}`")
        if not golden:
            self.notices.append("tests/golden has no .test yet: refusals are not looked for")

    def check(self):
        for file in self.files:
            self.check_form(file)
            self.check_shape(file)
            if file.suffix in CPP:
                code = without(file.text)
                self.check_banned(file, code)
                self.check_unsafe(file, without(file.text, comments_only=True))
                self.check_functions(file, code)
        self.check_unsafe_list()
        self.check_rejects()
        for file in self.files:
            self.check_excuses(file)
        return self.problems


SCOPE = re.compile(r"(^|[\s>\])])(namespace|class|struct|union|enum|concept|extern)\b[^()=]*$")


ACCESS = re.compile(r"^(?:\s*(?:public|protected|private):)+")
PREPROCESSOR = re.compile(r"^[ \t]*#(?:.*\\\n)*.*$", re.MULTILINE)


def kind_of_brace(head):
    """What opens after this text. A body's brace follows a space, an initialiser's a name."""
    if head[-1:].isalnum() or head[-1:] in ("_", ">", ")"):
        return "initialiser"
    return "body" if "(" in head and not SCOPE.search(head) else "scope"


def functions(code):
    """First and last line of each outermost function, from braces alone."""
    code = PREPROCESSOR.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), code)
    ends = [found.start() for found in re.finditer("\n", code)]
    stack, head, head_start, after = [], "", 0, 0
    inside = None  # the depth at which the function that we are in was opened
    for brace in re.finditer("[{};]", code):
        between, after = code[after : brace.start()], brace.end()
        if inside is None:
            if not head.strip():
                between = ACCESS.sub("", between)
                head_start = brace.start() - len(between.lstrip())
            head += between
        if brace[0] == "{":
            kind = "inner"
            if inside is None:
                kind = kind_of_brace(head)
                inside = len(stack) if kind == "body" else None
            stack.append((kind, head_start))
            head = head if kind == "initialiser" else ""
        elif brace[0] == "}" and stack:
            kind, start = stack.pop()
            head = head if kind == "initialiser" else ""
            if inside == len(stack):
                inside = None
                yield bisect.bisect_left(ends, start) + 1, bisect.bisect_left(ends, after) + 1
        elif inside is None:
            head = ""


def main():
    if sys.argv[1:] == ["--self-test"]:
        from tidy_test import self_test

        problems, count = self_test(Tidy)
        summary = f"tidy: {count} cases of the self test"
    else:
        tidy = Tidy(pathlib.Path(__file__).resolve().parent.parent)
        problems = tidy.check()
        for notice in tidy.notices:
            print(f"notice: {notice}")
        print(f"unsafe files: {len(tidy.unsafe)}")
        summary = f"tidy: {len(tidy.files)} files, {len(BANNED)} bans"
    for problem in problems:
        print(problem)
    print(f"{summary}, {len(problems)} problems")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
