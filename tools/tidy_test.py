# The self test of tidy: a sound tree passes, and each rule goes red on the tree that breaks it.
import pathlib
import tempfile

LONG_BODY = "    step();\n" * 69
SOUND = {
    "run": "#!/usr/bin/env bash\n# What it is.\n",
    "tools/unsafe.txt": "# The list.\nsrc/base/raw.cpp  reads bytes\n",
    "src/base/raw.cpp": "// Bytes.\nvoid f(P* to, P* from) { memcpy(to, from, 8); }\n",
    "src/base/assert.cpp": "// Prints.\nvoid g() { std::fprintf(stderr, X); }\n",
    "src/base/a.hpp": "// A type.\n#pragma once\n\nstruct A {\n    A(const A&) = delete;\n};\n",
    "src/engine/a.cpp": "// Words like new, throw and float in a comment are free.\n"
    "#include <new>\n\n"
    'const char* text = "double new try {";\n'
    "Long::Long() : first_{1}, second_(2) {\n" + "    step();\n" * 68 + "}\n"
    "class Money {\n    int short() { return 1; }\n" + "    int x;\n" * 90 + "};\n"
    "// tidy: floating-point because the wire carries one\nusing Wire = double;\n"
    "int number = 1'000'000;\n",
    "src/engine/a_test.cpp": "// A test may print.\nvoid f() { std::printf(X); }\n",
    "src/protocol/rejects.def": '// R.\nREJECT(100, none, "A.")\nREJECT(101, worn, "B.")\n',
    "tests/golden/first.test": "place  worn\n",
    "sim/a.cpp": "// Simulation.\nstd::unordered_map<int, int> map;\n",
}

# (the rule, the file, its text, a piece of what tidy must say)
RED = [
    ("trailing space", "sim/a.cpp", "// A. \n", "form: space"),
    ("tab", "sim/a.cpp", "// A.\n\tint x;\n", "form: a tab"),
    ("long line", "sim/a.cpp", "// A.\n// " + "x" * 99 + "\n", "102 columns"),
    ("dead code", "sim/a.cpp", "// A.\nint x;\n// place(order);\n", "dead-code"),
    ("no opening comment", "sim/a.cpp", "int x;\n", "here are 0"),
    ("endless opening comment", "sim/a.cpp", "// A.\n" * 9, "here are 9"),
    ("a script without comment", "cmake/a.cmake", "set(x 1)\n", "opening"),
    ("no pragma once", "src/base/a.hpp", "// A.\nint x;\n", "no #pragma once"),
    ("a long file", "sim/a.cpp", "// A.\n" + "int x;\n" * 800, "file-size"),
    ("a long function", "sim/a.cpp", "// A.\nvoid f() {\n" + LONG_BODY + "}\n", "of 71 lines"),
    (
        "a long member function",
        "sim/a.cpp",
        "// A.\nclass A : B {\n  public:\n    A() : a_{1} {\n" + LONG_BODY + "    }\n};\n",
        "of 71 lines",
    ),
    ("clock", "src/engine/a.cpp", "// A.\nauto t = std::chrono::steady_clock::now();\n", "clock:"),
    ("time()", "src/engine/a.cpp", "// A.\nauto t = time(nullptr);\n", "clock:"),
    ("random", "src/base/b.cpp", "// A.\nstd::random_device d;\n", "random:"),
    ("thread", "src/engine/a.cpp", "// A.\nstd::mutex m;\n", "thread:"),
    ("printing", "src/protocol/a.cpp", "// A.\nvoid f() { std::printf(X); }\n", "input-output:"),
    ("hash order", "src/engine/a.cpp", "// A.\nstd::unordered_map<A, B> m;\n", "hash-order:"),
    ("locale", "src/engine/a.cpp", "// A.\nstd::locale l;\n", "locale:"),
    ("malloc", "sim/a.cpp", "// A.\nvoid* p = malloc(8);\n", "allocation:"),
    ("new", "sim/a.cpp", "// A.\nA* a = new A;\n", "allocation:"),
    ("delete", "sim/a.cpp", "// A.\nvoid f(A* a) { delete a; }\n", "allocation:"),
    ("shared pointer", "src/engine/a.cpp", "// A.\nstd::shared_ptr<A> a;\n", "shared-pointer:"),
    ("std::function", "src/engine/a.cpp", "// A.\nstd::function<void()> f;\n", "function-object:"),
    ("throw", "src/engine/a.cpp", "// A.\nvoid f() { throw 1; }\n", "exceptions:"),
    ("assert", "sim/a.cpp", "// A.\nvoid f() { assert(true); }\n", "assert:"),
    ("exit", "src/engine/a.cpp", "// A.\nvoid f() { std::exit(1); }\n", "abort:"),
    ("dynamic_cast", "src/engine/a.cpp", "// A.\nauto& b = dynamic_cast<B&>(a);\n", "rtti:"),
    ("virtual", "src/engine/a.cpp", "// A.\nstruct S { virtual void f(); };\n", "virtual:"),
    ("double", "src/engine/a.cpp", "// A.\ndouble price;\n", "floating-point:"),
    ("long double", "sim/a.cpp", "// A.\nlong double price;\n", "long-double:"),
    ("const_cast", "sim/a.cpp", "// A.\nauto& b = const_cast<B&>(a);\n", "const-cast:"),
    ("goto", "sim/a.cpp", "// A.\nvoid f() { goto end; }\n", "goto:"),
    ("using namespace", "sim/a.cpp", "// A.\nusing namespace std;\n", "using-namespace:"),
    ("a silenced warning", "sim/a.cpp", "// A.\n#pragma GCC diagnostic ignored X\n", "pragma:"),
    ("memcpy", "sim/a.cpp", "// A.\nvoid f() { std::memcpy(a, b, 8); }\n", "unsafe: memcpy"),
    ("reinterpret_cast", "sim/a_test.cpp", "// A.\nauto b = reinterpret_cast<B*>(a);\n", "unsafe:"),
    ("unsafe island", "sim/a.cpp", "// A.\n#pragma clang unsafe_buffer_usage begin\n", "unsafe:"),
    ("placement new", "sim/a.cpp", "// A.\nvoid f() { new (place) A; }\n", "unsafe: placement"),
    ("a listed file that is safe", "src/base/raw.cpp", "// Bytes.\nint x;\n", "is safe"),
    ("a listed file that is gone", "tools/unsafe.txt", "src/gone.cpp  why\n", "does not exist"),
    ("a listed file without reason", "tools/unsafe.txt", "src/base/raw.cpp\n", "no reason"),
    ("a needless excuse", "sim/a.cpp", "// A.\nint x;  // tidy: clock because so\n", "excuse:"),
    ("unfinished", "sim/a.cpp", "// A.\n// TO" "DO later\n", "words: finish it"),
    ("a machine's path", "docs/a.md", "see /ho" "me/someone/x\n", "words: a path"),
    ("a private registry", "a.json", '"https://x.y/arti' 'factory/npm"\n', "words: a private"),
    ("an unmerged file", "a.md", "<<<<" "<<< HEAD\n", "words: the mark"),
    (
        "numbers that do not rise",
        "src/protocol/rejects.def",
        '// R.\nREJECT(101, worn, "A.")\nREJECT(101, none, "B.")\n',
        "does not rise",
    ),
    (
        "a refusal no test shows",
        "src/protocol/rejects.def",
        '// R.\nREJECT(101, unseen, "A.")\n',
        "no golden test shows `unseen`",
    ),
]


def problems_of(checker, files):
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = pathlib.Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return checker(root).check()


def self_test(checker):
    failed = [f"the sound tree is refused: {each}" for each in problems_of(checker, SOUND)]
    for cause, name, text, expected in RED:
        problems = problems_of(checker, {**SOUND, name: text})
        if not any(expected in problem for problem in problems):
            failed.append(f"{cause} passes: {problems}")
    return failed, len(RED) + 1
