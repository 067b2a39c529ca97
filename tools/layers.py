# The layer check: every #include is declared, public, and in its place.
#
# A module is what a module(…) call in a CMakeLists.txt declares. A file may include its own module,
# and the public headers of the modules in its DEPS: in base, protocol and host every header,
# elsewhere the one of the folder's name. Third parties and the system stay in the folders listed
# below.
import pathlib
import re
import sys
import tempfile

# Who may include what is neither ours nor the standard library's. First match wins.
EXTERNAL = [
    (r"openssl/", ["src/base/hash.", "src/edge/"]),
    (r"xxhash\.h$", ["src/base/hash."]),
    (
        r"immintrin\.h$|x86intrin\.h$|cpuid\.h$",
        ["src/pricing/", "src/host/", "bench/pricing/", "src/edge/gateway/deribit/rpc/"],
    ),
    (r"llvm(-c)?/", ["src/wasm/compiler"]),
    (r"boost/", ["src/edge/web/request.", "bench/gateway/beast_server.cpp"]),
    (r"simdjson\.h$", ["src/edge/gateway/deribit/"]),
    (r"quickfix/", ["src/edge/gateway/fix/"]),
    (r"sqlite3\.h$|libpq-fe\.h$", ["src/edge/history/"]),
    (r"liburing\.h$", ["src/host/"]),
    (r"grpc(pp)?/|google/protobuf/", ["src/journal/cluster/"]),
    (r"CLI/", ["src/main.cpp", "src/admin/command_line."]),
    (r"toml\+\+/", ["src/serve/config"]),
    (r"pybind11/", ["bindings/python/"]),
    (r"benchmark/", ["bench/"]),
    (r"ql/|sleef\.h$", ["bench/", "tests/"]),
    (r"gtest/|gmock/|rapidcheck", ["tests/"]),
]
# The operating system, and each file outside src/host that may call it, with its reason.
SYSTEM = re.compile(
    r"^(sys|net|netinet|arpa|linux|asm)/|^(unistd|fcntl|poll|pthread|sched|signal|dlfcn|spawn|"
    r"termios|time|dirent|syslog|netdb|ucontext|execinfo)\.h$"
)
SYSTEM_EXCEPTIONS = {
    ("src/base/memory.cpp", "sys/mman.h"): "memory is mapped once, at start, with huge pages",
}
# Modules that meet only through values: none of a row may reach another of it.
STRANGERS = [("edge", "journal", "engine"), ("risk", "matching", "clearing")]
# A pure module reaches none of these.
PURE = ("base", "protocol", "pricing", "prepared", "wasm", "engine")
IMPURE = ("host", "journal", "edge", "telemetry")

# Vocabularies and primitives: each of their headers is public.
ALL_PUBLIC = ("base", "protocol", "host")

SOURCES = (".cpp", ".hpp", ".def")
CALL = re.compile(r"^[ \t]*(module|program)\s*\(([^)]*)\)", re.MULTILINE)
FUZZER = re.compile(r"^fuzzer\((\w+)\s+([\w/]+)", re.MULTILINE)
KEYWORDS = ("SOURCES", "HEADERS", "DEPS", "TESTS", "LIBRARIES", "TEST_LIBRARIES")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


class Unit:
    """One module(…) or program(…) call."""

    def __init__(self, kind, folder, words):
        self.kind, self.folder, self.name = kind, folder, words[0]
        self.lists = {keyword: [] for keyword in KEYWORDS}
        current = []
        for word in words[1:]:
            current = self.lists[word] if word in self.lists else current
            if word not in self.lists:
                current.append(word)

    @property
    def deps(self):
        return self.lists["DEPS"]

    def files(self):
        names = self.lists["SOURCES"] + self.lists["HEADERS"] + self.lists["TESTS"]
        return {f"{self.folder}/{name}" for name in names}

    def public_headers(self):
        last = self.folder.rsplit("/", 1)[-1]
        return {f"{self.folder}/{last}.hpp", f"{self.folder}/{self.name}.hpp"}

    def has_public(self, path):
        return self.name in ALL_PUBLIC or path in self.public_headers()


class Tree:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.problems = []
        self.units = []
        self.files = []
        for top in ("src", "sim", "bench", "tests", "fuzz", "bindings"):
            self.read(self.root / top)
        self.modules = {unit.name: unit for unit in self.units if unit.kind == "module"}
        self.owner_of = {file: unit for unit in self.units for file in unit.files()}
        fuzz_list = self.root / "fuzz/CMakeLists.txt"
        fuzz_text = fuzz_list.read_text(encoding="utf-8") if fuzz_list.exists() else ""
        self.fuzzers = set(FUZZER.findall(fuzz_text))
        self.modules_in = {}
        for unit in self.modules.values():
            self.modules_in.setdefault(unit.folder, []).append(unit)

    def read(self, top):
        for path in sorted(top.rglob("*")):
            relative = path.relative_to(self.root).as_posix()
            if path.name == "CMakeLists.txt":
                text = re.sub(r"#.*", "", path.read_text(encoding="utf-8"))
                for kind, words in CALL.findall(text):
                    self.units.append(Unit(kind, relative.rsplit("/", 1)[0], words.split()))
            elif path.suffix in SOURCES:
                self.files.append(relative)

    def report(self, place, message):
        self.problems.append(f"{place}: {message}")

    def owner(self, file):
        """The unit that lists the file, or the module of the nearest folder above."""
        if file in self.owner_of:
            return self.owner_of[file]
        folder = file.rsplit("/", 1)[0]
        while True:
            if folder in self.modules_in:
                return self.modules_in[folder][0]
            if "/" not in folder:
                return None
            folder = folder.rsplit("/", 1)[0]

    def reach(self, name):
        """Every module that `name` can reach through DEPS."""
        seen, waiting = set(), list(self.modules[name].deps)
        while waiting:
            dep = waiting.pop()
            if dep not in seen and dep in self.modules:
                seen.add(dep)
                waiting.extend(self.modules[dep].deps)
        return seen

    def check_graph(self):
        for unit in self.units:
            for dep in unit.deps:
                if dep not in self.modules:
                    self.report(unit.folder, f"`{unit.name}` DEPS on `{dep}`, which is no module")
        for name, unit in self.modules.items():
            reached = self.reach(name)
            if name in reached:
                self.report(unit.folder, f"module `{name}` is in a cycle of DEPS")
            for row in STRANGERS:
                for other in reached.intersection(row) - {name} if name in row else ():
                    self.report(unit.folder, f"`{name}` must not reach `{other}`")
            folder = unit.folder.removeprefix("src/").split("/", 1)[0]
            for other in reached.intersection(IMPURE) if folder in PURE else ():
                self.report(unit.folder, f"`{name}` is pure and must not reach `{other}`")

    def check_listed(self):
        for file in self.files:
            folder, name = file.rsplit("/", 1)
            if folder not in self.modules_in or file in self.owner_of:
                continue
            if name.endswith((".def", "_bench.cpp")) or name == "main.cpp":
                continue
            fuzzer = (name.removesuffix("_fuzz.cpp"), folder.removeprefix("src/"))
            if name.endswith("_fuzz.cpp") and fuzzer in self.fuzzers:
                continue
            self.report(file, "no module lists this file (fuzz/CMakeLists.txt a _fuzz.cpp)")

    def check_external(self, file, line, header):
        if "." not in header and "/" not in header:
            return
        if header.endswith(".h") and (file, header) in SYSTEM_EXCEPTIONS:
            return
        is_test = file.endswith(("_test.cpp", "_test.hpp"))
        for pattern, places in EXTERNAL:
            if re.match(pattern, header):
                allowed = any(file.startswith(place) for place in places)
                allowed |= is_test and "tests/" in places
                allowed |= file.endswith("_bench.cpp") and "bench/" in places
                if not allowed:
                    self.report(f"{file}:{line}", f"<{header}> belongs to {' '.join(places)}")
                return
        if SYSTEM.match(header):
            if not file.startswith("src/host/"):
                self.report(f"{file}:{line}", f"<{header}> is the operating system: src/host only")
            return
        self.report(f"{file}:{line}", f"<{header}> is not known to tools/layers.py")

    def resolve(self, header):
        for candidate in (f"src/{header}", header):
            if (self.root / candidate).is_file():
                return candidate
        return None

    def check_own(self, file, line, header):
        place = f"{file}:{line}"
        target = self.resolve(header)
        if target is None:
            self.report(place, f'"{header}" is no path from src/')
            return
        unit, other = self.owner(file), self.owner(target)
        if other is None or other is unit or file.startswith("tests/must_not_compile/"):
            return
        is_outside = unit is None
        allowed = set() if is_outside else {unit.name, *unit.deps}
        if not is_outside and re.search(r"_(test|fuzz|bench)\.[ch]pp$", file):
            allowed.update(unit.lists["TEST_LIBRARIES"])
        if not is_outside and other.name not in allowed:
            self.report(place, f"`{unit.name}` does not declare `{other.name}` in its DEPS")
        elif not other.has_public(target):
            self.report(place, f'"{header}" is private to `{other.name}`')

    def check_includes(self):
        for file in self.files:
            text = (self.root / file).read_text(encoding="utf-8")
            for found in INCLUDE.finditer(text):
                line = text.count("\n", 0, found.start()) + 1
                check = self.check_external if found[1] == "<" else self.check_own
                check(file, line, found[2])

    def check(self):
        self.check_graph()
        self.check_listed()
        self.check_includes()
        return self.problems


# A tree without fault; each case of the self test breaks it in one way.
SOUND = {
    "src/base/CMakeLists.txt": "module(base SOURCES memory.cpp HEADERS units.hpp)",
    "src/base/units.hpp": "#include <cstdint>",
    "src/base/memory.cpp": "#include <sys/mman.h>",
    "src/engine/matching/CMakeLists.txt": "module(matching HEADERS matching.hpp book.hpp\n"
    "  SOURCES book.cpp DEPS base TESTS book_test.cpp)  # a comment",
    "src/engine/matching/matching.hpp": '#include "base/units.hpp"',
    "src/engine/matching/book.hpp": "",
    "src/engine/matching/book.cpp": '#include "engine/matching/book.hpp"',
    "src/engine/matching/book_test.cpp": "#include <gtest/gtest.h>",
    "src/engine/CMakeLists.txt": "module(engine HEADERS engine.hpp SOURCES engine.cpp\n"
    "  DEPS matching)",
    "src/engine/engine.hpp": "",
    "src/engine/engine.cpp": '#include "engine/matching/matching.hpp"',
    "src/engine/matching/book_fuzz.cpp": "",
    "fuzz/CMakeLists.txt": "fuzzer(book engine/matching)",
    "src/host/CMakeLists.txt": "module(host HEADERS host.hpp DEPS base)",
    "src/host/host.hpp": "#include <unistd.h>",
}
RED = [
    ("an undeclared module", "src/engine/engine.cpp", '#include "base/units.hpp"', "not declare"),
    (
        "a private header from outside",
        "src/engine/engine.cpp",
        '#include "engine/matching/book.hpp"',
        "private to `matching`",
    ),
    ("a cycle", "src/base/CMakeLists.txt", "module(base DEPS matching)", "cycle"),
    ("an unknown module", "src/base/CMakeLists.txt", "module(base DEPS ghost)", "no module"),
    (
        "a pure module that reaches the system",
        "src/engine/CMakeLists.txt",
        "module(engine HEADERS engine.hpp SOURCES engine.cpp DEPS matching host)",
        "is pure",
    ),
    (
        "strangers that meet",
        "src/engine/risk/CMakeLists.txt",
        "module(risk HEADERS risk.hpp DEPS matching)",
        "`risk` must not reach `matching`",
    ),
    ("a third party", "src/engine/engine.cpp", "#include <openssl/evp.h>", "belongs to"),
    ("a test library in a source", "src/base/memory.cpp", "#include <gtest/gtest.h>", "belongs"),
    ("the operating system", "src/base/units.hpp", "#include <fcntl.h>", "src/host only"),
    ("an unknown library", "src/base/units.hpp", "#include <zlib.h>", "not known"),
    ("a relative path", "src/engine/engine.cpp", '#include "engine.hpp"', "no path from src/"),
    ("a file of no module", "src/base/lost.cpp", "", "no module lists"),
    ("a fuzz body that nothing runs", "src/base/lost_fuzz.cpp", "", "no module lists"),
]


def problems_of(files):
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = pathlib.Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n", encoding="utf-8")
        return Tree(root).check()


def self_test():
    failed = [f"the sound tree is refused: {problem}" for problem in problems_of(SOUND)]
    for cause, name, text, expected in RED:
        problems = problems_of({**SOUND, name: text})
        if not any(expected in problem for problem in problems):
            failed.append(f"{cause} passes: {problems}")
    return failed, len(RED) + 1


def main():
    if sys.argv[1:] == ["--self-test"]:
        problems, count = self_test()
        summary = f"layers: {count} cases of the self test"
    else:
        tree = Tree(pathlib.Path(__file__).resolve().parent.parent)
        problems = tree.check()
        summary = f"layers: {len(tree.modules)} modules, {len(tree.files)} files"
    for problem in problems:
        print(problem)
    print(f"{summary}, {len(problems)} problems")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
